"""What the cluster serves, told in both ways: aggregated (apidiscovery.k8s.io/v2) and document by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from omg.embedded.answers import JSON, Answer
from omg.embedded.kinds import Kind, Kinds, Subresource

Object = dict[str, Any]
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
VERSION = {
    "major": "1",
    "minor": "36",
    "emulationMajor": "1",
    "emulationMinor": "36",
    "minCompatibilityMajor": "1",
    "minCompatibilityMinor": "35",
    "gitVersion": "v1.36.3",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "go1.26.8",
    "compiler": "gc",
    "platform": "linux/amd64",
}
HEALTH = ("/readyz", "/healthz", "/livez")


def document(kinds: Kinds, path: str, *, aggregated: bool, server: str) -> Answer | None:
    """The answer to a path that isn't a resource; None when there is none.

    aggregated: the client prefers one document about everything to one for each group. server: this server's host and
    port, which /api tells.
    """
    if path in HEALTH:
        return Answer(200, [b"ok"], "text/plain; charset=utf-8")
    if path == "/version":
        return _json(VERSION)
    parts = path.strip("/").split("/")
    if aggregated and parts in (["api"], ["apis"]):
        found = {group: versions for group, versions in kinds.groups().items() if (not group) == (parts == ["api"])}
        return _json(aggregated_document(found), AGGREGATED)
    told = _document(kinds.groups(), parts, server)
    return None if told is None else _json(told)


def _document(groups: Mapping[str, Mapping[str, Sequence[Kind]]], parts: list[str], server: str) -> Object | None:
    """One of the documents of old."""
    match parts:
        case ["api"]:
            address = {"clientCIDR": "0.0.0.0/0", "serverAddress": server}
            return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [address]}
        case ["apis"]:
            listed = [group_document(group, list(versions)) for group, versions in groups.items() if group]
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": listed}
        case ["apis", group] if group in groups:
            return {"kind": "APIGroup", "apiVersion": "v1"} | group_document(group, list(groups[group]))
        case ["api", version] if version in groups[""]:
            return resource_document(groups[""][version])
        case ["apis", group, version] if version in groups.get(group, {}):
            return resource_document(groups[group][version])
    return None


def aggregated_document(groups: Mapping[str, Mapping[str, Sequence[Kind]]]) -> dict[str, Any]:
    """An APIGroupDiscoveryList."""
    items = []
    for group, versions in groups.items():
        told = [
            {"version": version, "resources": [_discovered(one) for one in kinds], "freshness": "Current"}
            for version, kinds in versions.items()
        ]
        items.append({"metadata": {"name": group} if group else {}, "versions": told})
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def _discovered(kind: Kind) -> dict[str, Any]:
    # The built-in kinds leave group and version of the response empty (they are the enclosing ones); CRDs name them.
    own = (kind.group, kind.version) if kind.custom else ("", "")
    parts = [
        {"subresource": one.name, "responseKind": _response(one.group, one.version, one.kind, own), "verbs": one.verbs}
        for one in kind.subresources
    ]
    return {
        "resource": kind.plural,
        "responseKind": _response("", "", kind.kind, own),
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.singular,
        "verbs": kind.verbs,
        **({"shortNames": kind.short_names} if kind.short_names else {}),
        **({"categories": kind.categories} if kind.categories else {}),
        **({"subresources": parts} if parts else {}),
    }


def _response(group: str, version: str, kind: str, own: tuple[str, str]) -> dict[str, str]:
    return {"group": group or own[0], "version": version or own[1], "kind": kind}


def group_document(group: str, versions: Sequence[str]) -> dict[str, Any]:
    """One group: its versions, the preferred one first."""
    told = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
    return {"name": group, "versions": told, "preferredVersion": told[0]}


def resource_document(kinds: Sequence[Kind]) -> dict[str, Any]:
    """An APIResourceList: each kind, then its subresources."""
    api_version = kinds[0].api_version
    head = {"kind": "APIResourceList"} | ({"apiVersion": "v1"} if kinds[0].group else {})
    resources = [told for kind in kinds for told in (_resource(kind), *(_part(kind, one) for one in kind.subresources))]
    return head | {"groupVersion": api_version, "resources": resources}


def _resource(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": kind.verbs,
        **({"shortNames": kind.short_names} if kind.short_names else {}),
        **({"categories": kind.categories} if kind.categories else {}),
        **({"storageVersionHash": kind.storage_hash} if kind.storage_hash else {}),
    }


def _part(kind: Kind, one: Subresource) -> dict[str, Any]:
    return {
        "name": f"{kind.plural}/{one.name}",
        "singularName": "",
        "namespaced": kind.namespaced,
        **({"group": one.group, "version": one.version} if one.group else {}),
        "kind": one.kind,
        "verbs": one.verbs,
    }


def _json(value: object, content_type: str = JSON) -> Answer:
    return Answer(200, [msgspec.json.encode(value) + b"\n"], content_type)
