"""Roles as the API server's RBAC authorizer reads them, for the embedded cluster: what no rule allows is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from omg.embedded import Rbac
from omg.embedded.asked import Asked
from omg.embedded.rbac import forbidden

OPEN_TO_ALL = ("/api", "/apis", "/version")


@dataclass(frozen=True)
class Right:
    """One thing that one rule of one role allows; a namespace of "" is the whole cluster."""

    namespace: str
    group: str
    resource: str
    verb: str

    def covers(self, asked: Asked) -> bool:
        return (
            self.namespace in ("", asked.namespace)
            and self.group == asked.group
            and self.resource in ("*", asked.resource)
            and self.verb == asked.verb
        )


@dataclass(frozen=True)
class Rule:
    """One rule of one role."""

    namespace: str
    text: str
    rights: frozenset[Right]


def documents(text: str) -> list[dict[str, Any]]:
    """The manifests of a stream of YAML."""
    return [one for one in yaml.safe_load_all(text) if one]


def rules(text: str) -> list[Rule]:
    """The rules of all roles that are bound, in the order of the text."""
    found = documents(text)
    bound = {
        (one["metadata"].get("namespace", ""), one["roleRef"]["kind"], one["roleRef"]["name"])
        for one in found
        if one["kind"].endswith("Binding")
    }
    return list(_rules(found, bound))


def _rules(found: Iterable[dict[str, Any]], bound: set[tuple[str, str, str]]) -> Iterator[Rule]:
    for one in found:
        namespace = one["metadata"].get("namespace", "")
        if (namespace, one["kind"], one["metadata"]["name"]) in bound:
            for rule in one["rules"]:
                rights = frozenset(
                    Right(namespace, group, resource, verb)
                    for group in rule["apiGroups"]
                    for resource in rule["resources"]
                    for verb in rule["verbs"]
                )
                yield Rule(namespace, f"{namespace or 'cluster'}: {rule}", rights)


@dataclass
class Granted(Rbac):
    """Allows what the rights say, and remembers which of them were used."""

    rights: frozenset[Right] = frozenset()
    used: set[Right] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def check(self, asked: Asked, user: str) -> None:
        if not asked.plural and asked.path.startswith(OPEN_TO_ALL):
            return
        covering = {right for right in self.rights if right.covers(asked)}
        if not covering:
            raise forbidden(asked, user)
        self.used |= covering


def all_rights(found: Iterable[Rule]) -> frozenset[Right]:
    return frozenset(right for rule in found for right in rule.rights)
