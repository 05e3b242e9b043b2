"""Where things go: a layout is the only author of paths and of how many objects share a file. Pure.

Parts of a path are names as the cluster has them; the sink makes them safe.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Protocol

from omg.output.contracts import Kind

Parts = tuple[str, ...]


class Granularity(Enum):
    """How many objects share a file."""

    ONE_FILE_EACH = auto()
    ONE_LIST = auto()
    BOTH = auto()


@dataclass(frozen=True, slots=True)
class Document:
    """What becomes YAML."""

    data: Any


@dataclass(frozen=True, slots=True)
class Text:
    """What is written as it is; it is part of an object that was masked."""

    data: bytes


@dataclass(frozen=True, slots=True)
class File:
    """One file of an object."""

    parts: Parts
    content: Document | Text


@dataclass(frozen=True, slots=True)
class RotatedLog:
    """An older log of a container, which its node still has.

    Args:
        name: of the file, without `.gz`, such as `0.log.20260101-000000`.
    """

    namespace: str
    pod: str
    container: str
    name: str


class Layout(Protocol):
    """The paths of one way to lay out a collection."""

    def granularity(self, task: str, kind: Kind, /) -> Granularity:
        """Whether the objects that a task collects of a kind share a file."""

    def object_files(self, task: str, kind: Kind, obj: dict[str, Any], under: Sequence[str], /) -> Iterable[File]:
        """The files of one object, which is masked.

        Args:
            task: that collects it.
            kind: of the object.
            obj: masked; metadata.name is there.
            under: what the collector sorts it under, such as services; each gets its files.
        """

    def beside_file(self, task: str, kind: Kind, obj: dict[str, Any], /) -> Parts:
        """The file of what a collector says of an object in words, such as its description."""

    def list_file(self, task: str, kind: Kind, namespace: str | None, /) -> Parts:
        """The file that a list shares; the namespace is None where it is of the whole cluster."""

    def log_file(self, namespace: str, pod: str, container: str, *, previous: bool) -> Parts:
        """The file of a container's log, or of the log of the container before it."""

    def rotated_log_link(self, log: RotatedLog, /) -> Parts:
        """The place of a link to a rotated log, beside the container's other logs."""

    def link_file(self, task: str, names: Sequence[str], /) -> Parts:
        """The place of a link to what a task wrote."""

    def command_file(self, task: str, names: Sequence[str], /) -> Parts:
        """The file of what a command printed, or of any other text that a task names."""
