"""A run's output without a cluster: a masker that replaces what it was taught, pages made by hand, a noting meter."""

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from omg.output import DiskLimit, Journal, Output, Sink
from omg.output.layouts import Layout
from omg.output.tree import no_step

SECRET = b"hunter2-hunter2"
HIDDEN = b"__hidden_AAAAAAAA__"


class LineStream:
    """Masks whole lines; what follows the last line's end waits."""

    def __init__(self, masker: "ReplacingMasker") -> None:
        self._masker = masker
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        data = self._held + chunk
        end = data.rfind(b"\n") + 1
        self._held = data[end:]
        return self._masker.text(data[:end])

    def finish(self) -> bytes:
        held, self._held = self._held, b""
        return self._masker.text(held)


class ReplacingMasker:
    """Replaces the values it knows; each one learned is a generation."""

    def __init__(self, *values: bytes) -> None:
        self.values = list(values)

    @property
    def generation(self) -> int:
        return len(self.values)

    def learn(self, value: bytes) -> None:
        self.values.append(value)

    def text(self, data: bytes) -> bytes:
        for value in self.values:
            data = data.replace(value, HIDDEN)
        return data

    def object(self, obj: dict[str, Any]) -> dict[str, Any]:
        masked: dict[str, Any] = json.loads(self.text(json.dumps(obj).encode()))
        return masked

    def stream(self) -> LineStream:
        return LineStream(self)


@dataclass(frozen=True)
class Kind:
    group: str
    plural: str
    kind: str


CONFIG_MAPS = Kind("", "configmaps", "ConfigMap")
SECRETS = Kind("", "secrets", "Secret")


class Pages:
    """A page of JSON texts, decoded one by one, as the cluster's are."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def objects(self) -> Iterator[dict[str, Any]]:
        yield from map(json.loads, self._texts)

    def batches(self, size: int) -> Iterator["Pages"]:
        for start in range(0, len(self._texts), size):
            yield Pages(self._texts[start : start + size])


@dataclass
class Meter:
    """Notes what an item wrote."""

    files: dict[str, int] = field(default_factory=dict)
    count: int = 0
    losses: dict[str, str] = field(default_factory=dict)

    def wrote(self, path: str, size: int) -> None:
        self.files[path] = size

    def objects(self, count: int) -> None:
        self.count += count

    def lost(self, key: str, error: Exception) -> None:
        self.losses[key] = str(error)


@dataclass
class Desk:
    """An open sink with what is around it."""

    root: Path
    masker: ReplacingMasker
    journal: Journal
    sink: Sink
    meter: Meter = field(default_factory=Meter)

    def output(self, task: str = "pod_logs", layout: Layout | None = None) -> Output:
        return self.sink.for_item(task, self.meter, layout)

    def files(self) -> dict[str, bytes]:
        """What was collected: every file but omg's own."""
        return {path: data for path, data in tree(self.root).items() if not path.startswith("omg-manifest")}

    def lines(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.journal.lines() if line["event"] == event]

    def listed(self) -> dict[str, Any]:
        return {path: held for line in self.lines("files") for path, held in line["files"].items()}


@contextmanager
def desk(
    root: Path,
    *,
    masker: ReplacingMasker | None = None,
    step: Callable[[str], None] = no_step,
    disk_limit: DiskLimit | None = None,
    **limits: Any,
) -> Iterator[Desk]:
    masker = masker or ReplacingMasker(SECRET)
    with (
        Journal.open(root, masker, {"omg": "test"}, step=step) as journal,
        Sink(root, masker, journal, disk_limit=disk_limit or DiskLimit(), step=step, **limits) as sink,
    ):
        yield Desk(root, masker, journal, sink)


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def config_map(name: str, *, namespace: str | None = "openstack", **data: str) -> dict[str, Any]:
    metadata = {"name": name, "managedFields": [{"manager": "kubectl"}]} | (
        {"namespace": namespace} if namespace else {}
    )
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


async def pages(*lists: Iterable[Any]) -> AsyncIterator[Pages]:
    for objects in lists:
        yield Pages([one if isinstance(one, bytes) else json.dumps(one).encode() for one in objects])


async def chunks(*parts: bytes, then: BaseException | None = None) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    if then is not None:
        raise then


def cut_line(data: bytes) -> str:
    """The reason in the closing line of a text that was cut."""
    found = re.search(rb"(?:\A|\n)-- omg: cut after (\d+) bytes: (.*) --\n\Z", data)
    assert found is not None, data[-200:]
    assert int(found[1]) in (found.start(), found.start() + 1)
    return found[2].decode()
