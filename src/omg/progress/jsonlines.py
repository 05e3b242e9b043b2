"""JSON lines, for programs: one object a line, each with `event` and `seconds` since the beginning.

Events: `begin` (directory, tasks), `problem` (task, key, outcome, reason), `progress` (items, objects, bytes, problems,
limits that are near), `said` (text), `phase` (name).
"""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from omg.engine import Graph, Record
from omg.gather.views import Pulse, no_pulse
from omg.progress.counts import Count
from omg.progress.plain import INTERVAL
from omg.progress.unfailing import Unfailing


class JsonView:
    """Every failure and, now and then, the state, as objects."""

    def __init__(self, stream: TextIO, *, quiet: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        self._stream = Unfailing(stream)
        self._quiet = quiet
        self._now = now
        self._count = Count(now)
        self._pulse = no_pulse
        self._printed = now()

    def begin(self, graph: Graph, directory: Path, pulse: Callable[[], Pulse]) -> None:
        """Say what begins."""
        self._count = Count(self._now)
        self._pulse = pulse
        self._print("begin", directory=str(directory), tasks=[task.name for task in graph.tasks])

    def started(self, task: str, key: str) -> None:
        """Count."""
        self._count.started(task, key)
        self._tick()

    def ended(self, record: Record) -> None:
        """Count, and tell what was not collected, all of it."""
        self._count.ended(record)
        if not record.outcome.is_fine:
            outcome = record.outcome.value
            self._print("problem", task=record.task, key=record.key, outcome=outcome, reason=record.reason)
        self._tick()

    def say(self, line: str) -> None:
        """Tell a sentence."""
        self._print("said", text=line)

    def phase(self, name: str) -> None:
        """Tell what is done now."""
        self._print("phase", name=name)

    def end(self) -> None:
        """Nothing is left to be told."""

    def _tick(self) -> None:
        if self._now() - self._printed >= INTERVAL:
            count, pulse = self._count, self._pulse()
            self._print(
                "progress",
                items=count.items,
                objects=count.objects,
                bytes=pulse.written,
                problems=count.problems,
                waiting=sum(pulse.waiting.values()),
                waiting_for={what: count for what, count in pulse.waiting.items() if what},
                near=list(pulse.near),
            )

    def _print(self, event: str, **values: Any) -> None:
        self._printed = self._now()
        if not self._quiet:
            self._stream.write(json.dumps({"event": event, "seconds": round(self._count.seconds, 3), **values}) + "\n")
            self._stream.flush()
