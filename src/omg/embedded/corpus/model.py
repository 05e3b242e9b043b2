"""What a corpus holds: the objects, logs and command answers that an embedded cluster serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class LogSource(Protocol):
    """A log that is made while it is read."""

    @property
    def size(self) -> int:
        """Bytes in all."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The log from its beginning, the same in each reading; chunks end at a line."""
        ...


@dataclass(frozen=True, slots=True)
class ExecAnswer:
    """What a command in a container answers. namespace, pod and container are globs, command is a prefix."""

    namespace: str = "*"
    pod: str = "*"
    container: str = "*"
    command: tuple[str, ...] = ()
    stdout: bytes = b""
    stderr: bytes = b""
    exit_code: int = 0
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Planted:
    """A secret value that was put into the corpus, and the net of masking that must catch it."""

    value: bytes
    net: str
    where: str


@dataclass
class Corpus:
    """Everything that a cluster serves; objects are in an order in which a server can take them."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    logs: Mapping[tuple[str, str, str, bool], LogSource] = field(default_factory=dict)
    execs: list[ExecAnswer] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
