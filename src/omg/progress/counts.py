"""What a view counts."""

import time
from collections import Counter, deque
from collections.abc import Callable

from omg.engine import Record
from omg.gather.summary import human_size
from omg.gather.views import Pulse

SHOWN = 20
"""Failures that are shown as they come; the summary counts them all."""

SPAN = 4.0
"""Seconds over which the rate is taken: long enough to be readable, short enough to be of now."""


class Count:
    """The state of a run, from what a view hears."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.began = now()
        self.objects = 0
        self.items = 0
        self.tasks = 0
        self.problems = 0
        self._running: Counter[str] = Counter()
        self._sizes: deque[tuple[float, int]] = deque()

    def started(self, task: str, key: str) -> None:
        """Count a start."""
        if key:
            self._running[task] += 1

    def ended(self, record: Record) -> bool:
        """Count an end; whether it is a failure that is shown."""
        if record.key:
            self._running[record.task] -= bool(self._running[record.task])
            self.items += 1
        else:
            self.tasks += 1
        self.objects += record.objects
        self.problems += not record.outcome.is_fine
        return not record.outcome.is_fine and self.problems <= SHOWN

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return self._now() - self.began

    def rate(self, size: int) -> float:
        """Bytes a second over the last seconds; `size` is what is written by now."""
        now = self._now()
        self._sizes.append((now, size))
        while len(self._sizes) > 1 and now - self._sizes[0][0] > SPAN:
            self._sizes.popleft()
        first, before = self._sizes[0]
        return (size - before) / (now - first) if now > first else 0.0

    def line(self, pulse: Pulse) -> str:
        """The state of the run in a line."""
        busy = ", ".join(f"{task} {count}" if count > 1 else task for task, count in (+self._running).items())
        return (
            f"{self.seconds:.1f} s  {self.items:,} items  {self.objects:,} objects  {human_size(pulse.written)}"
            + (f"  {self.problems:,} not collected" if self.problems else "")
            + (f"  now: {busy}" if busy else f"  {in_line(pulse)}" if pulse.waiting else "")
            + "".join(f"  {limit}" for limit in pulse.near)
        )


def in_line(pulse: Pulse) -> str:
    """How many items wait, and for what where it isn't a slot; "" where none does."""
    waiting = sum(pulse.waiting.values())
    if not waiting:
        return ""
    said = f"{waiting:,} more {'is' if waiting == 1 else 'are'} waiting"
    reasons = {what: count for what, count in pulse.waiting.items() if what}
    if len(reasons) == len(pulse.waiting) == 1:
        return f"{said} for {next(iter(reasons))}"
    return ", ".join((said, *(f"{count:,} for {what}" for what, count in reasons.items())))


def problem(record: Record) -> str:
    """One line about something that was not collected."""
    what = f"{record.task} {record.key}".rstrip()
    return f"{record.outcome.value}: {what}: {record.reason}"
