"""Trees in a form in which two runs can be compared: YAML as Kubernetes' tools read it, without servers' marks."""

import base64
import binascii
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.cluster.testbed.build import programs

HIDDEN = re.compile(r"__hidden_[A-Z2-7]{8}__")
_HIDDEN_BYTES = re.compile(rb"__hidden_[A-Z2-7]{8}__")

_OF_THE_SERVER = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink")

_TIME_OF_THE_SERVER = "lastPhaseTransitionTime"
"""In the status of a PersistentVolume: when the server saw its phase change."""

_STATUS_OF_THE_SERVER = {"APIService", "CustomResourceDefinition", "Node"}
"""Kinds whose status a server or a kubelet makes itself."""

_AGE = re.compile(rb"(?<=[ (\n])\d+[ydhms](?:\d+[dhms])?(?=[ )\n])")
_OF_A_KUBELET = re.compile(
    rb"^(?:CreationTimestamp:|Lease:|  (?:HolderIdentity|AcquireTime|RenewTime|ExternalIP):).*\n", re.MULTILINE
)
"""Lines of a node's description that kwok, which renews leases, and the loader, which adds an address, make."""

_OF_A_REPAIR = re.compile(rb"^.*ClusterIPNotAllocated.*\n", re.MULTILINE)
"""An event of the API server's own repair of addresses, which a service may meet while it is made."""

_CHECKSUM = re.compile(rb"(?<=^OVSDB )\w+ \d+ [0-9a-f]{40}$", re.MULTILINE)
"""Of a record in a database file, which depends on the placeholders in it."""

_BLANKS = re.compile(rb" {2,}")
_PRINTED = ("all_resources.log", "events.log", "pvc.log", "describe")

OWN_FILES = {"omg-manifest.json", "omg-manifest.jsonl", "run.log"}


def read_yaml(paths: Sequence[Path]) -> list[Any]:
    """What a Go program with sigs.k8s.io/yaml reads in each file."""
    names = "".join(f"{path}\n" for path in paths)
    ended = subprocess.run(
        [programs("yaml2json") / "yaml2json"], input=names.encode(), capture_output=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return [msgspec.json.decode(line) for line in ended.stdout.splitlines()]


def comparable(root: Path) -> dict[str, Any]:
    """Path → content; objects without the server's marks, texts without ages, placeholders without their digest."""
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.name not in OWN_FILES)
    contents = {path: path.read_bytes() for path in files}
    objects = [path for path, content in contents.items() if content.startswith(b"apiVersion: ")]
    texts = contents.keys() - set(objects)
    return {str(path.relative_to(root)): _plain_text(path.name, contents[path]) for path in texts} | {
        str(path.relative_to(root)): plain_object(content)
        for path, content in zip(objects, read_yaml(objects), strict=True)
    }


def _plain_text(name: str, text: bytes) -> bytes:
    """A text without digests; what prints ages without those, and without the blanks that depend on them."""
    plain = _HIDDEN_BYTES.sub(b"__hidden__", text)
    if name.endswith(".db"):
        plain = _CHECKSUM.sub(b"", plain)
    if name.endswith(".describe"):
        plain = _OF_A_KUBELET.sub(b"", plain)
    plain = _BLANKS.sub(b" ", _AGE.sub(b"AGE", plain)) if name.endswith(_PRINTED) else plain
    return _without_repairs(plain) if name == "events.log" else plain


def _without_repairs(events: bytes) -> bytes:
    """Events without the server's own, sorted.

    kubectl's sort isn't stable: one event more changes the order of those that have the same time. That omg has
    kubectl's order is shown where the two are compared on one cluster.
    """
    return b"".join(sorted(_OF_A_REPAIR.sub(b"", events).splitlines(keepends=True)))


def plain_object(obj: Any) -> Any:
    """An object without uid, version, times of the server's, and with placeholders that don't depend on the run."""
    if isinstance(obj, dict) and obj.get("kind") == "List":
        return [plain_object(one) for one in obj["items"]]
    if not isinstance(obj, dict) or "metadata" not in obj:
        return _plain(obj)
    metadata = {name: value for name, value in obj["metadata"].items() if name not in _OF_THE_SERVER}
    if "ownerReferences" in metadata:
        metadata["ownerReferences"] = [{**one, "uid": ""} for one in metadata["ownerReferences"]]
    plain = {**obj, "metadata": metadata}
    if "involvedObject" in plain:
        plain["involvedObject"] = {**plain["involvedObject"], "uid": ""}
    if obj.get("kind") in _STATUS_OF_THE_SERVER:
        plain.pop("status", None)
    elif isinstance(plain.get("status"), dict):
        plain["status"] = {name: value for name, value in plain["status"].items() if name != _TIME_OF_THE_SERVER}
    return _plain(plain)


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {_plain(name): _plain(inner) for name, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case str() if "__hidden_" in value:
            return HIDDEN.sub("__hidden__", value)
        case str() if (inside := hidden_inside(value)) is not None:
            return "base64 of " + HIDDEN.sub("__hidden__", inside)
        case _:
            return value


def hidden_inside(text: str) -> str | None:
    """The decoded text, where a string is base64 of something with a placeholder in it."""
    if len(text) < 16 or len(text) % 4:
        return None
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return decoded.decode("latin-1") if _HIDDEN_BYTES.search(decoded) else None


def differences(masked: Any, original: Any, place: str = "") -> list[str]:
    """Where two values differ, hidden fields apart: a field with a placeholder may hide any string."""
    if isinstance(masked, str) and isinstance(original, str):
        if masked == original or "__hidden_" in masked or hidden_inside(masked) is not None:
            return []
    elif isinstance(masked, dict) and isinstance(original, dict):
        found = [f"{place}.{name} is in one only" for name in masked.keys() ^ original.keys()]
        shared = masked.keys() & original.keys()
        return found + [
            line for name in shared for line in differences(masked[name], original[name], f"{place}.{name}")
        ]
    elif isinstance(masked, list) and isinstance(original, list):
        pairs = zip(masked, original, strict=False)
        found = [f"{place} has {len(masked)}, not {len(original)}"] if len(masked) != len(original) else []
        return found + [line for at, pair in enumerate(pairs) for line in differences(*pair, f"{place}[{at}]")]
    elif type(masked) is type(original) and masked == original:
        return []
    return [f"{place}: {masked!r:.200} instead of {original!r:.200}"]


def different_files(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Where two comparable trees differ, for an assertion's message."""
    found = [f"{name} is in one only" for name in sorted(one.keys() ^ other.keys())]
    for name in sorted(one.keys() & other.keys()):
        if one[name] != other[name]:
            first, second = one[name], other[name]
            if isinstance(first, bytes) or isinstance(second, bytes):
                found.append(f"{name}: {len(first)} and {len(second)} bytes")
            else:
                found.append(f"{name}: {'; '.join(differences(first, second)[:3])}")
    return found
