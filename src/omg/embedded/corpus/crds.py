"""The CustomResourceDefinitions as objects, made of the table in definitions.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from omg.embedded.corpus.definitions import COLUMNS, DEFINED, READY
from omg.embedded.corpus.objects import Object, made
from omg.embedded.corpus.times import INSTALLED, before
from omg.embedded.corpus.world import World


class Defined(NamedTuple):
    """One custom kind."""

    group: str
    version: str
    kind: str
    plural: str
    short_names: tuple[str, ...]
    namespaced: bool
    has_status: bool


def defined_kinds() -> Iterator[Defined]:
    """Every line of the table."""
    for api, lines in DEFINED.items():
        group, _, version = api.partition("/")
        for line in filter(None, map(str.strip, lines.splitlines())):
            marked, plural, *short = line.split()
            kind = marked.lstrip("*-")
            marks = marked[: -len(kind)]
            names = tuple(short[0].split(",")) if short else ()
            yield Defined(group, version, kind, plural, names, "*" not in marks, "-" not in marks)


_LABEL = "backup.openstack.org"

RESTORED = {
    "core": {f"{_LABEL}/restore": "true", f"{_LABEL}/category": "controlplane", f"{_LABEL}/restore-order": "30"},
    "dataplane": {f"{_LABEL}/restore": "true", f"{_LABEL}/category": "dataplane", f"{_LABEL}/restore-order": "60"},
}
"""The labels of definitions whose objects are restored, by the first part of their group."""

API_OF = {one.kind: f"{one.group}/{one.version}" for one in defined_kinds()}


def add_crds(world: World) -> None:
    """Add the definitions, and the APIServices that the server makes for those of OpenStack and RabbitMQ."""
    for one in defined_kinds():
        world.add(_definition(one))
    versions = dict.fromkeys((one.group, one.version) for one in defined_kinds())
    world.add(*(_api_service(*one) for one in versions if one[0].endswith(("openstack.org", "rabbitmq.com"))))


def _definition(one: Defined) -> Object:
    names: Object = {
        "kind": one.kind,
        "listKind": f"{one.kind}List",
        "plural": one.plural,
        "singular": one.kind.lower(),
    }
    if one.short_names:
        names["shortNames"] = list(one.short_names)
    version: Object = {
        "name": one.version,
        "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
        "served": True,
        "storage": True,
    }
    version |= {"subresources": {"status": {}}} if one.has_status else {}
    columns = COLUMNS.get(one.kind, READY if one.group.endswith("openstack.org") else "")
    if columns:
        version["additionalPrinterColumns"] = _columns(columns)
    notes = {"controller-gen.kubebuilder.io/version": "v0.14.0"}
    if one.group.endswith(".k8s.io"):
        notes["api-approved.kubernetes.io"] = "https://github.com/kubernetes-csi/external-snapshotter/pull/814"
    established = before(INSTALLED)
    return made(
        "CustomResourceDefinition",
        f"{one.plural}.{one.group}",
        api="apiextensions.k8s.io/v1",
        annotations=notes,
        labels=_operator_label(one.group),
        age=INSTALLED,
        spec={
            "conversion": {"strategy": "None"},
            "group": one.group,
            "names": names,
            "scope": "Namespaced" if one.namespaced else "Cluster",
            "versions": [version],
        },
        status={
            "acceptedNames": names,
            "conditions": [
                *_approved(notes, established),
                {
                    "lastTransitionTime": established,
                    "message": "no conflicts found",
                    "reason": "NoConflicts",
                    "status": "True",
                    "type": "NamesAccepted",
                },
                {
                    "lastTransitionTime": established,
                    "message": "the initial names have been accepted",
                    "reason": "InitialNamesAccepted",
                    "status": "True",
                    "type": "Established",
                },
            ],
            "storedVersions": [one.version],
        },
    )


def _approved(notes: dict[str, str], when: str) -> list[Object]:
    """What the server says of a definition in one of Kubernetes' own groups."""
    pull = notes.get("api-approved.kubernetes.io")
    if pull is None:
        return []
    told = {"lastTransitionTime": when, "message": f"approved in {pull}", "reason": "ApprovedAnnotation"}
    return [{**told, "status": "True", "type": "KubernetesAPIApprovalPolicyConformant"}]


def _columns(text: str) -> list[Object]:
    found = []
    for column in text.split():
        name, _, path = column.partition("=")
        path, _, kind = path.partition(":")
        found.append({"jsonPath": path, "name": name, "type": kind or "string"})
    return [*found, {"jsonPath": ".metadata.creationTimestamp", "name": "Age", "type": "date"}]


def _operator_label(group: str) -> dict[str, str] | None:
    owner = group.partition(".")[0]
    if not group.endswith("openstack.org"):
        return None
    label = "openstack-operator" if owner in ("core", "operator", "client", "dataplane") else f"{owner}-operator"
    found = {f"operators.coreos.com/{label}.openstack-operators": ""}
    return found | (RESTORED.get(owner, {}))


def _api_service(group: str, version: str) -> Object:
    return made(
        "APIService",
        f"{version}.{group}",
        api="apiregistration.k8s.io/v1",
        labels={"kube-aggregator.kubernetes.io/automanaged": "true"},
        age=INSTALLED,
        spec={"group": group, "groupPriorityMinimum": 1000, "version": version, "versionPriority": 100},
        status={
            "conditions": [
                {
                    "lastTransitionTime": before(INSTALLED),
                    "message": "Local APIServices are always available",
                    "reason": "Local",
                    "status": "True",
                    "type": "Available",
                }
            ]
        },
    )
