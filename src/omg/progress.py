"""What a person sees while a run goes on: one live line on a terminal, plain lines elsewhere."""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from omg.engine import Graph, Record
from omg.gather import View
from omg.gather.summary import human_size

INTERVAL = 5.0
"""Seconds between two plain lines: often enough to see that it lives, seldom enough for a pod's log."""

SHOWN = 20
"""Failures that are printed as they come; the summary counts them all."""


def fall_silent(stream: TextIO) -> None:
    """Let a stream whose far end has gone away lead nowhere, so that its last flush can't fail either."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return  # no descriptor beneath: nothing is left that could fail


class Unfailing:
    """A text stream whose far end may go away: a closed terminal doesn't end a run."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, or lose the text."""
        try:
            return self._stream.write(text)
        except (OSError, ValueError):
            fall_silent(self._stream)
            return len(text)

    def flush(self) -> None:
        """Flush, or lose the text."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            fall_silent(self._stream)

    def isatty(self) -> bool:
        """Whether a terminal is there."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor beneath."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:
        """The stream's encoding."""
        return self._stream.encoding


class Count:
    """What a view counts."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.began = now()
        self.size = 0
        self.objects = 0
        self.done = 0
        self.problems = 0
        self.running: Counter[str] = Counter()

    def started(self, task: str, key: str) -> None:
        """Count a start."""
        if key:
            self.running[task] += 1

    def ended(self, record: Record) -> None:
        """Count an end."""
        if record.key and self.running[record.task]:
            self.running[record.task] -= 1
        self.done += bool(record.key)
        self.size += record.size
        self.objects += record.objects
        self.problems += not record.outcome.is_fine

    def line(self) -> str:
        """The state of the run in a line."""
        busy = ", ".join(f"{task} {count}" if count > 1 else task for task, count in (+self.running).items())
        seconds = self._now() - self.began
        return (
            f"{seconds:6.1f} s  {self.done:,} items  {self.objects:,} objects  {human_size(self.size)}"
            + (f"  {self.problems:,} not collected" if self.problems else "")
            + (f"  now: {busy}" if busy else "")
        )


class PlainView:
    """Plain lines, for a pod's log, a pipe or a file."""

    def __init__(self, stream: TextIO, *, quiet: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        self._stream = Unfailing(stream)
        self._quiet = quiet
        self._now = now
        self._count = Count(now)
        self._printed = now()

    def begin(self, graph: Graph, directory: Path) -> None:
        """Say what begins."""
        self._count = Count(self._now)
        self._print(f"Collecting into {directory}: {len(graph.tasks)} tasks.")

    def started(self, task: str, key: str) -> None:
        """Count."""
        self._count.started(task, key)
        self._tick()

    def ended(self, record: Record) -> None:
        """Count, and say what was not collected."""
        self._count.ended(record)
        if not record.outcome.is_fine and self._count.problems <= SHOWN:
            self._print(problem(record))
        self._tick()

    def say(self, line: str) -> None:
        """Print a sentence."""
        self._print(line)

    def end(self) -> None:
        """Nothing is left on the screen."""

    def _tick(self) -> None:
        if self._now() - self._printed >= INTERVAL:
            self._print(self._count.line().strip())

    def _print(self, line: str) -> None:
        self._printed = self._now()
        if not self._quiet:
            self._stream.write(line + "\n")
            self._stream.flush()


class LiveView:
    """One line at the foot of a terminal; failures scroll above it."""

    def __init__(self, console: Console, now: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._now = now
        self._count = Count(now)
        self._live = Live(console=console, get_renderable=self._render, refresh_per_second=8, transient=True)

    def begin(self, graph: Graph, directory: Path) -> None:
        """Show the line."""
        self._count = Count(self._now)
        self._console.print(f"Collecting into {directory}: {len(graph.tasks)} tasks.", highlight=False, soft_wrap=True)
        self._live.start()

    def started(self, task: str, key: str) -> None:
        """Count."""
        self._count.started(task, key)

    def ended(self, record: Record) -> None:
        """Count, and say what was not collected."""
        self._count.ended(record)
        if not record.outcome.is_fine and self._count.problems <= SHOWN:
            self.say(problem(record))

    def say(self, line: str) -> None:
        """Print a sentence above the line."""
        self._console.print(Text(line), highlight=False)

    def end(self) -> None:
        """Take the line away."""
        self._live.stop()

    def _render(self) -> Text:
        return Text(self._count.line(), overflow="ellipsis", no_wrap=True)


def problem(record: Record) -> str:
    """One line about something that was not collected."""
    return f"{record.outcome.value}: {record.task} {record.key}: {record.reason}".replace(" : ", ": ")


def view_for(stream: TextIO, environment: Mapping[str, str], *, quiet: bool = False) -> View:
    """The view that fits where the person is."""
    if quiet or not stream.isatty() or environment.get("TERM") == "dumb":
        return PlainView(stream, quiet=quiet)
    return LiveView(Console(file=Unfailing(stream), no_color="NO_COLOR" in environment))  # type: ignore[arg-type]
