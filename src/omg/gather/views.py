"""What a run shows of itself while it goes on, and to whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from omg.engine import Graph, Record
from omg.engine.vitals import Running


@dataclass(frozen=True, slots=True)
class Pulse:
    """A run at one moment.

    Args:
        running: the items that have a slot.
        waiting: how many items wait for what, in words; for a slot under "".
        written: bytes in the tree.
        near: limits that are near, in words.
    """

    running: Sequence[Running] = ()
    waiting: Mapping[str, int] = field(default_factory=dict)
    written: int = 0
    near: Sequence[str] = field(default=())


def no_pulse() -> Pulse:
    """Of a run that has not begun."""
    return Pulse()


class View(Protocol):
    """Where a person watches; must not raise."""

    def begin(self, graph: Graph, directory: Path, pulse: Callable[[], Pulse]) -> None:
        """The run starts; `pulse` may be asked at any time, also by another thread."""

    def started(self, task: str, key: str) -> None:
        """An item started."""

    def ended(self, record: Record) -> None:
        """An item ended."""

    def say(self, line: str) -> None:
        """A sentence for the person."""

    def phase(self, name: str) -> None:
        """What is done after everything was collected; several seconds of it, where there is much."""

    def end(self) -> None:
        """Nothing more is coming but the summary."""


class Both:
    """Two views that see the same."""

    def __init__(self, first: View, second: View) -> None:
        self._views = (first, second)

    def begin(self, graph: Graph, directory: Path, pulse: Callable[[], Pulse]) -> None:
        """Tell both."""
        for view in self._views:
            view.begin(graph, directory, pulse)

    def started(self, task: str, key: str) -> None:
        """Tell both."""
        for view in self._views:
            view.started(task, key)

    def ended(self, record: Record) -> None:
        """Tell both."""
        for view in self._views:
            view.ended(record)

    def say(self, line: str) -> None:
        """Tell both."""
        for view in self._views:
            view.say(line)

    def phase(self, name: str) -> None:
        """Tell both."""
        for view in self._views:
            view.phase(name)

    def end(self) -> None:
        """Tell both."""
        for view in self._views:
            view.end()
