"""Kubernetes objects as the API server gives them back: with the fields that it fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from omg.embedded.corpus.draws import uid_of
from omg.embedded.corpus.times import DEPLOYED, before, born

Object = dict[str, Any]
OPENSTACK = "openstack"
OPERATORS = "openstack-operators"

BUILT_IN = {
    "Deployment": "apps/v1",
    "ReplicaSet": "apps/v1",
    "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1",
    "Job": "batch/v1",
    "CronJob": "batch/v1",
    "PodDisruptionBudget": "policy/v1",
}


def made(
    kind: str,
    name: str,
    namespace: str = "",
    *,
    api: str = "",
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    owner: Object | None = None,
    age: float = DEPLOYED,
    **rest: Any,
) -> Object:
    """An object; api "" is that of a built-in kind. ``metadata`` in rest extends the metadata."""
    metadata: Object = {"name": name}
    if namespace:
        metadata["namespace"] = namespace
    metadata["creationTimestamp"] = born(kind, namespace, name, age=age)
    if labels:
        metadata["labels"] = dict(labels)
    if annotations:
        metadata["annotations"] = dict(annotations)
    if owner:
        metadata["ownerReferences"] = [owned_by(owner)]
    metadata |= rest.pop("metadata", {})
    return {"apiVersion": api or BUILT_IN.get(kind, "v1"), "kind": kind, "metadata": metadata, **rest}


def owned_by(owner: Object) -> Object:
    """The reference to an owner; its uid is what this corpus calls it, a loader puts the server's in its place."""
    metadata = owner["metadata"]
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": metadata["name"],
        "uid": uid_of(owner["kind"], metadata.get("namespace", ""), metadata["name"]),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def condition(
    kind: str, *, ok: bool = True, reason: str = "", message: str = "", age: float = DEPLOYED - 30, **rest: Any
) -> Object:
    """One entry of a status's conditions, as OpenStack's operators write it."""
    found: Object = {"type": kind, "status": "True" if ok else "False", "lastTransitionTime": before(age)}
    found |= {"reason": reason or ("Ready" if ok else "Error")}
    return found | ({"message": message} if message else {}) | rest
