"""The kinds that the embedded cluster serves.

``data/kinds.json`` holds the built-in ones: recorded from the aggregated and legacy discovery of kube-apiserver 1.36
(tests/embedded/record_kinds.py), one line a kind, in the server's order. The corpus's CRDs add theirs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import msgspec

# What a CRD's kind can do, in the order in which the real server's discovery names it.
CUSTOM_VERBS = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
SUBRESOURCE_VERBS = ("get", "patch", "update")


@dataclass(frozen=True, slots=True)
class Subresource:
    """A part of a kind's objects with a path of its own, as ``pods/log``. group and version "" mean: the kind's own."""

    name: str
    group: str
    version: str
    kind: str
    verbs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind in one version, as discovery tells of it."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    verbs: tuple[str, ...]
    singular: str = ""
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    storage_hash: str = ""
    subresources: tuple[Subresource, ...] = ()
    list_kind: str = ""
    custom: bool = False
    columns: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)

    @property
    def api_version(self) -> str:
        """``v1`` or ``apps/v1``."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def root(self) -> str:
        """The path under which this kind's group and version are served."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    @property
    def qualified(self) -> str:
        """``pods`` or ``deployments.apps``, as error sentences name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


@cache
def built_in_kinds() -> tuple[Kind, ...]:
    """Every built-in kind, group by group in the server's order, the preferred version of a group first."""
    lines = msgspec.json.decode(resources.files(__package__).joinpath("data/kinds.json").read_bytes())
    return tuple(_built_in(group, version, told) for group, version, told in lines)


def _built_in(group: str, version: str, told: Mapping[str, Any]) -> Kind:
    return Kind(
        group=group,
        version=version,
        plural=told["resource"],
        kind=told["kind"],
        namespaced=told["namespaced"],
        verbs=tuple(told["verbs"].split()),
        singular=told["singular"],
        short_names=tuple(told.get("short", ())),
        categories=tuple(told.get("categories", ())),
        storage_hash=told.get("hash", ""),
        subresources=tuple(_subresource(*one) for one in told.get("sub", ())),
        list_kind=told["kind"] + "List",
    )


def _subresource(name: str, group: str, version: str, kind: str, verbs: str) -> Subresource:
    return Subresource(name, group, version, kind, tuple(verbs.split()))


def kinds_of_crd(crd: Mapping[str, Any]) -> Iterator[Kind]:
    """What a CustomResourceDefinition makes the server serve: one kind for each served version, newest first."""
    spec, names = crd["spec"], crd["spec"]["names"]
    stored = next((one["name"] for one in spec["versions"] if one.get("storage")), spec["versions"][0]["name"])
    hashed = hashlib.sha256(f"{spec['group']}/{stored}/{names['kind']}".encode()).digest()[:8]
    for version in sorted(spec["versions"], key=lambda one: _version_rank(one["name"])):
        if not version.get("served", True):
            continue
        parts = version.get("subresources", {})
        own = (Subresource("status", "", "", names["kind"], SUBRESOURCE_VERBS),) if "status" in parts else ()
        scale = (Subresource("scale", "autoscaling", "v1", "Scale", SUBRESOURCE_VERBS),) if "scale" in parts else ()
        yield Kind(
            group=spec["group"],
            version=version["name"],
            plural=names["plural"],
            kind=names["kind"],
            namespaced=spec.get("scope", "Namespaced") == "Namespaced",
            verbs=CUSTOM_VERBS,
            singular=names.get("singular", names["kind"].lower()),
            short_names=tuple(names.get("shortNames", ())),
            categories=tuple(names.get("categories", ())),
            storage_hash=base64.b64encode(hashed).decode(),
            subresources=own + scale,
            list_kind=names.get("listKind", names["kind"] + "List"),
            custom=True,
            columns=tuple(version.get("additionalPrinterColumns", ())),
        )


def _version_rank(version: str) -> tuple[int, int, int, str]:
    """Kubernetes' order of versions: v2 before v1 before v1beta2 before v1alpha1 before anything else."""
    stages = {"": 0, "beta": 1, "alpha": 2}
    digits = version[1:]
    for stage in ("alpha", "beta", ""):
        major, found, minor = digits.partition(stage) if stage else (digits, "", "")
        if (
            version.startswith("v")
            and major.isdigit()
            and (minor.isdigit() or not found)
            and bool(found) == bool(stage)
        ):
            return stages[stage], -int(major), -int(minor or 0), ""
    return 3, 0, 0, version


class Kinds:
    """The kinds served now, found by what a request names; CRDs may come and go."""

    def __init__(self) -> None:
        self._custom: dict[str, tuple[Kind, ...]] = {}
        self._index: dict[tuple[str, str, str], Kind] = {}
        self._of_object: dict[tuple[str, str], Kind] = {}
        self._rebuild()

    def define(self, crd: Mapping[str, Any]) -> None:
        """Serve the kinds of this CRD, in place of those of an earlier one of its name."""
        self._custom[crd["metadata"]["name"]] = tuple(kinds_of_crd(crd))
        self._rebuild()

    def forget(self, crd_name: str) -> None:
        """Serve the kinds of this CRD no more."""
        del self._custom[crd_name]
        self._rebuild()

    def find(self, group: str, version: str, plural: str) -> Kind | None:
        """The kind that a path names."""
        return self._index.get((group, version, plural))

    def of_object(self, api_version: str, kind: str) -> Kind:
        """The kind of an object of the corpus.

        Raises:
            LookupError: neither built in nor defined by a CRD that came before.
        """
        try:
            return self._of_object[api_version, kind]
        except KeyError:
            raise LookupError(f"{kind} of {api_version} is neither built in nor defined by an earlier CRD") from None

    def groups(self) -> dict[str, dict[str, list[Kind]]]:
        """By group and version, in the order in which discovery names them; groups of CRDs last, by name."""
        found: dict[str, dict[str, list[Kind]]] = {}
        for one in self:
            found.setdefault(one.group, {}).setdefault(one.version, []).append(one)
        return found

    def __iter__(self) -> Iterator[Kind]:
        yield from built_in_kinds()
        custom = (kind for kinds in self._custom.values() for kind in kinds)
        yield from sorted(custom, key=lambda one: (one.group, _version_rank(one.version), one.plural))

    def _rebuild(self) -> None:
        self._index = {(one.group, one.version, one.plural): one for one in self}
        self._of_object = {(one.api_version, one.kind): one for one in reversed(tuple(self))}


def storage_of(kind: Kind) -> tuple[str, str]:
    """What names a kind's objects in the store: the versions of a group share them, and so do both groups of events."""
    return ("", "events") if kind.plural == "events" and kind.group == "events.k8s.io" else (kind.group, kind.plural)
