"""Plain lines, for a pod's log, a pipe, a file."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from omg.engine import Graph, Record
from omg.gather.views import Pulse, no_pulse
from omg.progress.counts import Count, problem
from omg.progress.unfailing import Unfailing

INTERVAL = 5.0
"""Seconds between two lines: often enough to see that it lives, seldom enough for a pod's log."""


class PlainView:
    """A line for the beginning, for each failure, for each phase, and now and then for the state."""

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
        self._print(f"Collecting into {directory}: {len(graph.tasks)} tasks.")

    def started(self, task: str, key: str) -> None:
        """Count."""
        self._count.started(task, key)
        self._tick()

    def ended(self, record: Record) -> None:
        """Count, and say what was not collected."""
        if self._count.ended(record):
            self._print(problem(record))
        self._tick()

    def say(self, line: str) -> None:
        """Print a sentence."""
        self._print(line)

    def phase(self, name: str) -> None:
        """Print it, where the run has lasted long enough for a person to wonder."""
        if self._count.seconds >= INTERVAL:
            self._print(f"{name}.")

    def end(self) -> None:
        """Nothing is left on the screen."""

    def _tick(self) -> None:
        if self._now() - self._printed >= INTERVAL:
            self._print(self._count.line(self._pulse()))

    def _print(self, line: str) -> None:
        self._printed = self._now()
        if not self._quiet:
            self._stream.write(line + "\n")
            self._stream.flush()
