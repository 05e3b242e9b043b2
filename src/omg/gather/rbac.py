"""The least rights that a run needs, computed from what its tasks declare. Pure.

A right to the whole cluster makes the same right in a namespace superfluous, so that every rule that is printed is
needed by something.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from omg.cluster.resource import Resource
from omg.engine import EVERYWHERE, IN_SCOPE, Access, Graph
from omg.errors import ConfigError, DeclarationError
from omg.gather.known_groups import KNOWN_GROUPS
from omg.gather.plan import plan_of
from omg.settings import Settings
from omg.tasks.namespaces import wanted_namespaces

NAME = "omg-gather"
"""Of every role and binding."""

_API = "rbac.authorization.k8s.io"
_WILD = frozenset("*?[")

_NOT_SERVED = frozenset({"use"})
"""Verbs that nobody asks a server for: they are about what is done with an object, and discovery lists none of them."""

_VERBS = {("", "pods/exec", "create"): ("create", "get")}
"""A command over WebSocket is a GET, which is checked as `get`; servers since Kubernetes 1.35 check `create`, too."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """One right: a verb on a kind of a group, in a namespace or, where that is empty, in the whole cluster.

    Args:
        name: of the one object that it is about; empty: all.
    """

    namespace: str
    group: str
    resource: str
    verb: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a role's rule says."""

    groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The service account that gets the rights."""

    namespace: str
    name: str

    @classmethod
    def parse(cls, text: str) -> "Account":
        """From `NAMESPACE:NAME`.

        Raises:
            ConfigError: it isn't that.
        """
        namespace, colon, name = text.partition(":")
        if not (namespace and colon and name) or ":" in name or any(one in text for one in "/ \n\"'"):
            raise ConfigError(f"--service-account: given {text!r}, expected NAMESPACE:NAME.")
        return cls(namespace, name)


@dataclass(frozen=True, slots=True)
class Served:
    """What a cluster has: the kinds that it serves, and the namespaces in scope."""

    kinds: tuple[Resource, ...]
    namespaces: tuple[str, ...]


def grants_of(graph: Graph, settings: Settings, served: Served | None = None) -> frozenset[Grant]:
    """The rights of a run.

    Args:
        graph: its tasks; those that the settings switch off need nothing.
        settings: the run's.
        served: the cluster's; None: the groups and namespaces that omg knows by name.

    Raises:
        ConfigError: only a cluster can tell which namespaces are in scope.
    """
    if served is None and settings.additional_namespaces:
        raise ConfigError("ADDITIONAL_NAMESPACES: only the cluster knows which namespaces these are; add --live.")
    scope = wanted_namespaces(settings) if served is None else served.namespaces
    found = {
        Grant(namespace, group, resource, verb, access.name)
        for access in _used(graph, settings)
        for group, resource in _kinds(access, served)
        for verb in _VERBS.get((group, resource, access.verb), (access.verb,))
        for namespace in _places(access, settings, scope)
    }
    return frozenset(one for one in found if not _is_covered(one, found))


def _used(graph: Graph, settings: Settings) -> Iterator[Access]:
    off = {one.name for one in plan_of(graph, settings).tasks if one.off is not None}
    for task in graph.tasks:
        if task.name not in off:
            for one in (*task.reads, *task.changes):
                if not one.is_fallback and not (one.unless and _setting(one.unless, settings)):
                    yield one


def _kinds(access: Access, served: Served | None) -> Iterator[tuple[str, str]]:
    """The groups and resources that a right is about."""
    if served is not None:
        plural, slash, subresource = access.resource.partition("/")
        for kind in served.kinds:
            is_meant = fnmatchcase(kind.group, access.group) and fnmatchcase(kind.plural, plural)
            if is_meant and (slash or access.verb in kind.verbs | _NOT_SERVED):
                yield kind.group, kind.plural + slash + subresource
    elif _WILD & set(access.resource) and access.resource != "*":
        raise DeclarationError(f"No role can say {access}: declare the resource by name, or as *.")
    elif _WILD & set(access.group):
        yield from ((group, access.resource) for group in KNOWN_GROUPS if fnmatchcase(group, access.group))
    else:
        yield access.group, access.resource


def _places(access: Access, settings: Settings, scope: Iterable[str]) -> tuple[str, ...]:
    if access.where == EVERYWHERE:
        return ("",)
    if access.where == IN_SCOPE:
        return tuple(scope)
    if access.where.startswith("$"):
        return (_setting(access.where, settings) or "",)
    return (access.where,)


def _setting(name: str, settings: Settings) -> str | None:
    """The value of a setting that a declaration names (`$OSP_NS`)."""
    value: str | None = getattr(settings, name[1:].lower())
    return value


def _is_covered(one: Grant, found: set[Grant]) -> bool:
    """Whether another right says the same and more."""
    wider = (
        Grant(namespace, one.group, resource, one.verb, name)
        for namespace in {one.namespace, ""}
        for resource in (one.resource, "*")
        for name in {one.name, ""}
    )
    return any(other != one and other in found for other in wider)


def rules_of(grants: Iterable[Grant]) -> list[Rule]:
    """The rights of one role in as few rules as say no more."""
    verbs: dict[tuple[str, str, str], set[str]] = {}
    for one in grants:
        verbs.setdefault((one.name, one.group, one.resource), set()).add(one.verb)
    resources: dict[tuple[str, str, tuple[str, ...]], set[str]] = {}
    for (name, group, resource), its_verbs in verbs.items():
        resources.setdefault((name, group, tuple(sorted(its_verbs))), set()).add(resource)
    groups: dict[tuple[str, tuple[str, ...], tuple[str, ...]], set[str]] = {}
    for (name, group, its), found in resources.items():
        groups.setdefault((name, tuple(sorted(found)), its), set()).add(group)
    rules = [Rule(tuple(sorted(found)), its, all_verbs, name) for (name, its, all_verbs), found in groups.items()]
    return sorted(rules, key=lambda rule: (rule.groups, rule.resources))


def manifests(grants: Iterable[Grant], account: Account) -> list[str]:
    """Roles and bindings as YAML, line by line, for `oc apply -f -`."""
    by_namespace: dict[str, list[Grant]] = {}
    for one in grants:
        by_namespace.setdefault(one.namespace, []).append(one)
    lines = [
        "# What omg gather needs with these settings, and no more. Discovery and /version are open to every account.",
        "# A role of a namespace that doesn't exist can't be applied, and isn't needed.",
    ]
    for namespace, its in sorted(by_namespace.items()):
        lines += _role(namespace, rules_of(its))
        lines += _binding(namespace, account)
    return lines


def _role(namespace: str, rules: Iterable[Rule]) -> Iterator[str]:
    yield from _head("Role" if namespace else "ClusterRole", namespace)
    yield "rules:"
    for rule in rules:
        yield f"- apiGroups: {json.dumps(rule.groups)}"
        yield f"  resources: {json.dumps(rule.resources)}"
        if rule.name:
            yield f"  resourceNames: {json.dumps([rule.name])}"
        yield f"  verbs: {json.dumps(rule.verbs)}"


def _binding(namespace: str, account: Account) -> Iterator[str]:
    yield from _head("RoleBinding" if namespace else "ClusterRoleBinding", namespace)
    yield from (
        "roleRef:",
        f"  apiGroup: {_API}",
        f"  kind: {'Role' if namespace else 'ClusterRole'}",
        f"  name: {NAME}",
    )
    yield from (
        "subjects:",
        "- kind: ServiceAccount",
        f"  name: {json.dumps(account.name)}",
        f"  namespace: {json.dumps(account.namespace)}",
    )


def _head(kind: str, namespace: str) -> Iterator[str]:
    yield from ("---", f"apiVersion: {_API}/v1", f"kind: {kind}", "metadata:", f"  name: {NAME}")
    if namespace:
        yield f"  namespace: {json.dumps(namespace)}"
