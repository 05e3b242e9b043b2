"""The live view on a terminal: what runs now, what is done, and the limits when they are near.

It has the same height from the first moment to the last, so nothing jumps; failures scroll above it, and it goes away
at the end.
"""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from omg.engine import Graph, Record
from omg.engine.vitals import Running
from omg.gather.summary import human_size
from omg.gather.views import Pulse, no_pulse
from omg.progress.counts import Count, in_line, problem

ROWS = 5
"""Running items that are shown: as many as there are slots by default."""

BAR = 24
"""Characters of the bar."""

NARROW = 60
"""Columns below which a row has no size and time, so that its item has room, and the bar a third of its length."""

TASK, SIZE, TIME, GAPS = 20, 10, 6, 5
"""Columns of a row; what is left is the item's. Of the gaps, older versions of rich take two more than newer ones."""


class LiveView:
    """A few lines at the foot of a terminal."""

    def __init__(self, console: Console, now: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._now = now
        self._count = Count(now)
        self._pulse = no_pulse
        self._tasks = 0
        self._phase = ""
        self._live = Live(console=console, get_renderable=self.picture, refresh_per_second=8, transient=True)

    def begin(self, graph: Graph, directory: Path, pulse: Callable[[], Pulse]) -> None:
        """Show the view."""
        self._count = Count(self._now)
        self._pulse = pulse
        self._tasks = len(graph.tasks)
        self._console.print(f"Collecting into {directory}", highlight=False, markup=False, soft_wrap=True)
        self._live.start()

    def started(self, task: str, key: str) -> None:
        """Count."""
        self._count.started(task, key)

    def ended(self, record: Record) -> None:
        """Count, and show what was not collected."""
        if self._count.ended(record):
            outcome, rest = problem(record).split(":", 1)
            self._console.print(Text.assemble((f"{outcome}:", "red"), rest), highlight=False)

    def say(self, line: str) -> None:
        """Show a sentence above."""
        self._console.print(Text(line), highlight=False)

    def phase(self, name: str) -> None:
        """Show it in the place of what waits."""
        self._phase = name

    def end(self) -> None:
        """Take the view away."""
        self._live.stop()

    def picture(self) -> Group:
        """The view at this moment."""
        pulse = self._pulse()
        lines: list[RenderableType] = [self._state(pulse), self._totals(pulse), *islice(self._running(pulse), ROWS)]
        if self._phase:
            lines.append(_fitting(Text(f"  {self._phase} …", "bold")))
        elif waiting := in_line(pulse):
            lines.append(_fitting(Text(f"  {waiting}", "dim")))
        missing = 2 + ROWS + 1 - len(lines)
        return Group(*lines, *(Text("") for _ in range(missing)))

    def _state(self, pulse: Pulse) -> Text:
        """How far it is, by tasks, and which limit is near."""
        done = min(self._count.tasks, self._tasks)
        length = BAR if self._console.width >= NARROW else BAR // 3
        filled = length * done // max(self._tasks, 1)
        line = Text.assemble(
            ("━" * filled, "green"),
            ("━" * (length - filled), "bright_black"),
            f"  {done} of {self._tasks} tasks  ",
            (f"{_clock(self._count.seconds)}", "bold"),
        )
        for limit in pulse.near:
            line.append(f"  {limit}", "yellow")
        return _fitting(line)

    def _totals(self, pulse: Pulse) -> Text:
        count = self._count
        line = Text.assemble(
            (f"{count.objects:,}", "bold"),
            " objects  ",
            (f"{count.items:,}", "bold"),
            " items  ",
            (human_size(pulse.written), "bold"),
            f"  {human_size(count.rate(pulse.written))}/s",
        )
        if count.problems:
            line.append(f"  {count.problems:,} not collected", "red")
        return _fitting(line)

    def _running(self, pulse: Pulse) -> Iterator[Table]:
        """Each running item: its task, what it is, how long and how much."""
        for one in sorted(pulse.running, key=lambda one: -one.seconds):
            yield _row(one, self._console.width)


def _row(one: Running, width: int) -> Table:
    row = Table.grid(expand=True, padding=(0, 1))
    row.add_column(width=TASK, no_wrap=True, overflow="ellipsis")
    row.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    if width < NARROW:
        row.add_row(Text(f"  {one.task}", "cyan"), Text(_shortened(one.key, width - TASK - 2)))
        return row
    row.add_column(width=SIZE, justify="right", no_wrap=True)
    row.add_column(width=TIME, justify="right", no_wrap=True)
    room = width - TASK - SIZE - TIME - GAPS
    size = human_size(one.received) if one.received else ""
    row.add_row(
        Text(f"  {one.task}", "cyan"), Text(_shortened(one.key, room)), Text(size), Text(_clock(one.seconds), "dim")
    )
    return row


def _shortened(key: str, room: int) -> str:
    """A key that fits; its end tells more than its middle."""
    if len(key) <= room:
        return key
    end = max((room - 1) * 2 // 3, 0)
    return f"{key[: max(room - 1 - end, 0)]}…{key[len(key) - end :]}"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def _fitting(line: Text) -> Text:
    line.no_wrap, line.overflow = True, "ellipsis"
    return line
