"""The objects of the embedded cluster: serialised once, in the order of etcd's keys, changeable while it runs."""

from __future__ import annotations

import itertools
import uuid
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from omg.embedded.kinds import Kind, Kinds, storage_of

FIRST_REVISION = 1000
# Objects of the corpus that say nothing of their birth were born here: the same in each run.
BORN = "2026-01-01T00:00:00Z"
UIDS = uuid.UUID("5b0cf3a1-92a5-4f5b-9a55-2f4c6de3a6a0")
# States kept for lists that are being paged; the real server keeps them for minutes.
SNAPSHOTS = 256

Object = dict[str, Any]


@dataclass(frozen=True)
class Entry:
    """One object as it is served.

    Attributes:
        key: ``namespace/name``, or ``name`` alone in a kind without namespaces: lists are in the byte order of it.
        revision: its resourceVersion.
        rest: the JSON object after apiVersion and kind: ``"metadata":{…},…}``.
    """

    key: str
    namespace: str
    name: str
    revision: int
    rest: bytes
    labels: Mapping[str, str]

    @cached_property
    def metadata(self) -> bytes:
        """The JSON of metadata alone."""
        return bytes(msgspec.json.decode(b"{" + self.rest, type=_Metadata).metadata)

    def object(self) -> Object:
        """The decoded object, without apiVersion and kind."""
        found: Object = msgspec.json.decode(b"{" + self.rest)
        return found


class _Metadata(msgspec.Struct):
    metadata: msgspec.Raw


class Snapshot:
    """What a collection held at one moment, in key order."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        # Keys are unique, and Python compares text by code point, which is the order of its UTF-8 bytes.
        self.entries: Sequence[Entry] = sorted(entries, key=lambda one: one.key)
        self.keys: Sequence[str] = [one.key for one in self.entries]

    def within(self, namespace: str | None, start: str = "") -> Sequence[Entry]:
        """The entries of a namespace (None: all) whose key is not before ``namespace/`` + start."""
        prefix = "" if namespace is None else namespace + "/"
        first = bisect_left(self.keys, prefix + start)
        last = len(self.keys) if namespace is None else bisect_left(self.keys, namespace + "0")  # "0" follows "/"
        return self.entries[first:last]


class Collection:
    """All objects of one kind."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._now: Snapshot | None = None
        self._past: dict[int, Snapshot] = {}

    def put(self, entry: Entry) -> None:
        """Add or replace an entry."""
        self.entries[entry.key] = entry
        self._now = None

    def drop(self, key: str) -> None:
        """Remove an entry; KeyError when there is none."""
        del self.entries[key]
        self._now = None

    def now(self) -> Snapshot:
        """The present state."""
        if self._now is None:
            self._now = Snapshot(self.entries.values())
        return self._now

    def keep(self, revision: int) -> None:
        """Remember the present state, for the pages that are still to come of a list begun at this revision."""
        self._past[revision] = self.now()
        while len(self._past) > SNAPSHOTS:
            del self._past[min(self._past)]

    def at(self, revision: int) -> Snapshot | None:
        """The state that was remembered; None when it was forgotten."""
        return self._past.get(revision)

    def compact(self) -> None:
        """Forget every past state, as etcd's compaction does."""
        self._past.clear()


class Store:
    """Every object. It gives uid, resourceVersion and, where there is none, creationTimestamp: the same in each run."""

    def __init__(self, objects: Iterable[Mapping[str, Any]] = ()) -> None:
        self.kinds = Kinds()
        self.revision = FIRST_REVISION
        self._collections: dict[tuple[str, str], Collection] = {}
        for one in objects:
            self.put(one)

    def collection(self, kind: Kind) -> Collection:
        """The objects of a kind, whatever version it is asked in."""
        return self._collections.setdefault(storage_of(kind), Collection())

    def find(self, kind: Kind, namespace: str | None, name: str) -> Entry | None:
        """One object."""
        return self.collection(kind).entries.get(_key(namespace, name))

    def put(self, obj: Mapping[str, Any]) -> Entry:
        """Add an object, or replace the one of its name, which keeps its uid; either way the revision rises.

        Raises:
            LookupError: nothing defines its kind.
        """
        kind = self.kinds.of_object(obj["apiVersion"], obj["kind"])
        metadata = dict(obj["metadata"])
        namespace, name = metadata.get("namespace"), metadata["name"]
        self.revision += 1
        former = self.find(kind, namespace, name)
        identity = f"{kind.qualified}/{_key(namespace, name)}"
        born = {"uid": str(uuid.uuid5(UIDS, f"{identity}/{self.revision}")), "creationTimestamp": BORN}
        if former is not None:
            born = {key: value for key, value in former.object()["metadata"].items() if key in born}
        metadata = {"name": name, **born, **metadata, "resourceVersion": str(self.revision)}
        content = {key: value for key, value in obj.items() if key not in ("apiVersion", "kind", "metadata")}
        entry = Entry(
            key=_key(namespace, name),
            namespace=namespace or "",
            name=name,
            revision=self.revision,
            rest=msgspec.json.encode({"metadata": metadata, **content})[1:],
            labels=metadata.get("labels") or {},
        )
        self.collection(kind).put(entry)
        if kind.kind == "CustomResourceDefinition":
            self.kinds.define(obj)
        return entry

    def delete(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> None:
        """Remove an object; the revision rises.

        Raises:
            LookupError: there is no such object.
        """
        found = self.kinds.of_object(api_version, kind)
        self.collection(found).drop(_key(namespace, name))
        self.revision += 1
        if kind == "CustomResourceDefinition":
            self.kinds.forget(name)

    def empty(self, namespace: str) -> None:
        """Remove every object of a namespace; the revision rises."""
        for one in self._collections.values():
            for key in [key for key, entry in one.entries.items() if entry.namespace == namespace]:
                one.drop(key)
        self.revision += 1

    def compact(self) -> None:
        """Forget all past states: every continue token given until now is answered by 410 Expired."""
        for one in self._collections.values():
            one.compact()

    def __len__(self) -> int:
        return sum(len(one.entries) for one in self._collections.values())


def _key(namespace: str | None, name: str) -> str:
    return f"{namespace}/{name}" if namespace else name


def parts_of(entries: Sequence[Entry], head: bytes) -> Iterable[bytes]:
    """The JSON of some objects, each beginning with head, separated by commas; the pieces are not copied."""
    separated = itertools.chain([head], itertools.repeat(b"," + head))
    return itertools.chain.from_iterable((before, one.rest) for before, one in zip(separated, entries, strict=False))
