"""A run of a graph without doors to anything: what the engine's tests stand on."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from omg.engine import Doors, Graph, Outcome, Record, Scheduler, Task
from omg.engine.items import SHARED, Item
from omg.engine.scheduler import TimeLimits
from omg.settings import Settings

SHORT = TimeLimits(ready=0.2, silence=0.2, cleanup=0.2, grace=0.3, probe=0.01)


@dataclass
class Watched:
    """Everything that an observer hears."""

    starts: list[tuple[str, str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def started(self, task: str, key: str) -> None:
        self.starts.append((task, key))

    def ended(self, record: Record) -> None:
        self.records.append(record)

    def outcomes(self, task: str) -> dict[str, Outcome]:
        return {record.key: record.outcome for record in self.records if record.task == task}

    def reason(self, task: str, key: str = "") -> str:
        return next(record.reason for record in self.records if (record.task, record.key) == (task, key))


def open_doors(item: Item) -> Doors:
    return Doors(cluster=cast(Any, item), output=cast(Any, item), masker=cast(Any, SimpleNamespace()))


def make_scheduler(
    tasks: Iterable[Task[Any]],
    *,
    concurrency: int = 5,
    limits: TimeLimits = SHORT,
    before_writing: Task[Any] | None = None,
    settings: Settings | None = None,
    kept: Iterable[Task[Any]] = (),
) -> tuple[Scheduler, Watched]:
    watched = Watched()
    scheduler = Scheduler(
        Graph(tasks, before_writing=before_writing),
        settings=settings or Settings(),
        slots={SHARED: concurrency, "sos": 1},
        open_doors=open_doors,
        observer=watched,
        hide=lambda text: text.replace("hunter2", "***"),
        limits=limits,
        kept=kept,
    )
    return scheduler, watched


async def run_to_end(scheduler: Scheduler) -> bool:
    async with asyncio.timeout(10):
        return await scheduler.run()
