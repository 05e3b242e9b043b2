"""What a collector may touch: its items, the results it needs, the settings and, inside an item, the doors."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from omg.engine.items import CURRENT, SHARED, Batch, Item, Work
from omg.engine.records import Record
from omg.engine.task import Task
from omg.errors import DeclarationError
from omg.settings import Settings

if TYPE_CHECKING:  # the engine passes the doors on and uses none of them
    from omg.cluster.door import Cluster
    from omg.engine.scheduler import Scheduler
    from omg.masking import AnyMasker
    from omg.output import Output

T = TypeVar("T")
V = TypeVar("V")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Doors:
    """The doors as one item sees them."""

    cluster: "Cluster"
    output: "Output"
    masker: "AnyMasker"


class OpenDoors(Protocol):
    """Opens the doors for an item, bound to it."""

    def __call__(self, item: Item, /) -> Doors:
        """The doors, bound to this item: they ask it what is permitted and tell it what they do."""


class Run:
    """A run as one task, or one item of it, sees it."""

    def __init__(self, scheduler: "Scheduler", task: Task[Any], item: Item | None = None) -> None:
        self._scheduler = scheduler
        self._task = task
        self._item = item
        self._doors: Doors | None = None

    @property
    def settings(self) -> Settings:
        """The settings of this run."""
        return self._scheduler.settings

    @property
    def began(self) -> datetime:
        """When the run began, in UTC."""
        return self._scheduler.began

    @property
    def now(self) -> datetime:
        """The present moment, in UTC, by the clock that measures the run."""
        return self._scheduler.moment()

    @property
    def cluster(self) -> "Cluster":
        """The door to the Kubernetes API; inside an item only."""
        return self._open().cluster

    @property
    def output(self) -> "Output":
        """The door to the disk; inside an item only."""
        return self._open().output

    @property
    def masker(self) -> "AnyMasker":
        """What hides secrets; `secret_values` teaches it."""
        return self._open().masker

    def lost(self, key: str, error: Exception) -> None:
        """Record a part of this item that could not be had; the item goes on."""
        self._running("lost").lost(key, error)

    def result_of(self, task: Task[T]) -> T:
        """The result of a task that this one needs.

        Raises:
            DeclarationError: this task does not need that one.
        """
        if task not in self._task.needs:
            raise DeclarationError(
                f"The task {self._task.name} asks for the result of {task.name} without naming it in needs."
            )
        result: T = self._scheduler.result_of(task)
        return result

    def result_if_any(self, task: Task[T]) -> T | None:
        """The result of a task that this one follows or needs; None where it has none, or isn't part of the run.

        Raises:
            DeclarationError: this task neither needs nor follows that one.
        """
        if task not in (*self._task.needs, *self._task.after):
            raise DeclarationError(
                f"The task {self._task.name} asks for the result of {task.name} without following it."
            )
        if not self._scheduler.has_result(task):
            return None
        result: T = self._scheduler.result_of(task)
        return result

    def plans(self, task: Task[Any]) -> bool:
        """Whether a task is part of this run and not switched off by its settings."""
        return self._scheduler.plans(task)

    def give_back_slot(self) -> None:
        """Go on as a long-lived session: without a slot, without doors, and not ended for its silence.

        What it has opened stays open. It has to end by itself, and ends with the run.
        """
        self._scheduler.give_back_slot(self._running("its slot"))
        self._doors = None

    def heard(self, size: int) -> None:
        """Tell that bytes came for this item through a session that another item holds."""
        self._running("a session").received(size)

    def note(self, sentence: str) -> None:
        """Say something in this item's record that isn't a fault, such as what was left out; nothing: no note."""
        if sentence:
            self._running("a note").notes.append(sentence)

    def gaps_in(self, task: Task[Any]) -> tuple[Record, ...]:
        """What is missing from the result of a task: its items that were denied, failed, timed out or cut."""
        return tuple(self._scheduler.tally.problems_of(task.name))

    async def each(
        self,
        items: Iterable[V] | AsyncIterable[V],
        act: Callable[["Run", V], Awaitable[R]],
        *,
        key: Callable[[V], str] = str,
        priority: Callable[[V], float] = lambda _: 0.0,
        ready: Callable[["Run", V], Awaitable[object]] | None = None,
        waits_for: str = "what they need",
        cleanup: Callable[["Run", V], Awaitable[object]] | None = None,
        via: Callable[[V], str | None] = lambda _: None,
        work: Work = Work.REQUEST,
        pool: str = SHARED,
    ) -> list[R]:
        """Do `act` for every item, each with a slot, limits and a record of its own; return when all have ended.

        Args:
            items: what to act on; an async iterator may wait, but not call a door.
            act: what is done with one item; it gets the run as this item sees it.
            key: names an item; unique in this task, stable across runs, readable, free of secrets.
            priority: lower goes first, across all tasks.
            ready: waits until the item may start, under the item's limit, without a slot and without doors.
            waits_for: what that is, as whoever watches reads it: "3 more are waiting for the services' reports".
            cleanup: runs after `act` however it ended, shielded, with a short limit.
            via: what the item goes through and may find broken ("node worker-1").
            work: what an item keeps busy; slots are shared out by it.
            pool: whose slots it uses.

        Returns:
            The results of the items that ended well, in the order of announcement.

        Raises:
            DeclarationError: called inside an item, or two items have one key.
        """
        if CURRENT.get() is not None or self._item is not None:
            raise DeclarationError(f"The task {self._task.name} calls run.each inside an item of its own.")
        batch = Batch()

        def announce(value: V) -> None:
            self._scheduler.announce(
                Item(
                    task=self._task,
                    key=key(value),
                    value=value,
                    act=act,
                    rank=self._scheduler.rank(self._task, priority(value)),
                    batch=batch,
                    place=batch.announced,
                    work=work,
                    via=via(value),
                    pool=pool,
                    ready=ready,
                    waits_for=waits_for if ready is not None else "",
                    cleanup=cleanup,
                    now=self._scheduler.now,
                )
            )

        try:
            if isinstance(items, AsyncIterable):
                async for value in items:
                    announce(value)
            else:
                for value in items:
                    announce(value)
        finally:  # what was announced ends, and is recorded, before this task does
            batch.complete = True
            batch.settle()
            await batch.done.wait()
        if batch.mistake is not None:
            raise batch.mistake
        return [batch.results[place] for place in sorted(batch.results)]

    def within(self, item: Item) -> "Run":
        """The run as this item sees it."""
        return Run(self._scheduler, self._task, item)

    def _running(self, what: str) -> Item:
        if self._item is None:
            raise DeclarationError(f"The task {self._task.name} uses {what} outside an item: call it in run.each.")
        if not self._item.holds_slot:
            raise DeclarationError(f"The task {self._task.name} uses {what} while its item waits without a slot.")
        return self._item

    def _open(self) -> Doors:
        item = self._running("a door")
        if self._doors is None:
            self._doors = self._scheduler.open_doors(item)
        return self._doors
