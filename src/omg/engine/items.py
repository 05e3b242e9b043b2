"""One item: what is to be done, with what it has used so far."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from omg.engine.records import Outcome, Record, outcome_of, reason_of
from omg.engine.task import Task
from omg.errors import DeclarationError

if TYPE_CHECKING:
    from omg.engine.run import Run


class Work(Enum):
    """What an item keeps busy."""

    REQUEST = "request"
    """This process: what it fetches is short, and objects have to be masked and written."""
    STREAM = "stream"
    """The network and the server, for as long as bytes arrive."""
    COMMAND = "command"
    """A pod, in which something is run; what it prints is short."""


Phase = Callable[["Run", Any], Awaitable[Any]]

SHARED = "items"
"""The pool of slots that items use unless they name another one."""


@dataclass(slots=True)
class Batch:
    """The items of one `each`: results by place of announcement, and how many are still open."""

    results: dict[int, Any] = field(default_factory=dict)
    announced: int = 0
    open: int = 0
    complete: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)
    mistake: DeclarationError | None = None

    def settle(self) -> None:
        """Wake the task when nothing is open and nothing more will be announced."""
        if self.complete and self.open == 0:
            self.done.set()


@dataclass(slots=True, eq=False)
class Item:
    """One request stream of a task, from its announcement to its record.

    It is also what the doors ask and tell while it runs: the cluster door's ticket and the output's meter.

    Args:
        key: unique in its task, stable across runs, readable, free of secrets.
        rank: its place in the heap: (priority, order of its task, announcement); the lowest goes first.
        work: what it keeps busy; a stream may last as long as bytes arrive.
        via: what it goes through and may find broken, in words for a person ("node worker-1").
        pool: whose slots it uses.
        waits_for: what `ready` waits for, in words for a person; "" without it.
    """

    task: Task[Any]
    key: str
    value: Any
    act: Phase
    rank: tuple[float, int, int]
    batch: Batch
    place: int
    work: Work = Work.REQUEST
    via: str | None = None
    pool: str = SHARED
    ready: Phase | None = None
    waits_for: str = ""
    cleanup: Phase | None = None
    now: Callable[[], float] = field(kw_only=True)

    started: float | None = None
    last_sign: float = 0.0
    requests: int = 0
    received_bytes: int = 0
    size: int = 0
    objects_written: int = 0
    paths: list[str] = field(default_factory=list)
    losses: list[Record] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    verdict: tuple[Outcome, str] | None = None
    running: asyncio.Task[None] | None = None
    holds_slot: bool = False
    ended: bool = False

    def __lt__(self, other: "Item") -> bool:
        return self.rank < other.rank

    # the cluster door's ticket

    def permit(self, group: str, resource: str, verb: str, namespace: str | None = None) -> None:
        """Refuse a request that the task did not declare; without a namespace it is one to the whole cluster."""
        if not self.task.permits(group, resource, verb, namespace):
            what = f"{verb} {resource}" + (f".{group}" if group else "")
            what += " in the whole cluster" if namespace is None else f" in {namespace}"
            raise DeclarationError(f"The task {self.task.name} did not declare that it does: {what}.")

    def sent(self) -> None:
        """Count one request."""
        self.requests += 1
        self.last_sign = self.now()

    def received(self, size: int) -> None:
        """Note that bytes of an answer came."""
        if size:
            self.received_bytes += size
            self.last_sign = self.now()

    # the output's meter

    def wrote(self, path: str, size: int) -> None:
        """Note a file that is complete, or as complete as it will be."""
        self.paths.append(path)
        self.size += size
        self.last_sign = self.now()

    def objects(self, count: int) -> None:
        """Count objects that were written."""
        self.objects_written += count
        self.last_sign = self.now()

    def lost(self, key: str, error: Exception) -> None:
        """Give an object that could not be collected a record of its own; the rest of the list goes on."""
        self.losses.append(Record(self.task.name, f"{self.key}/{key}", outcome_of(error), reason_of(error)))

    # its end

    def cancel(self, outcome: Outcome, reason: str) -> None:
        """End it early; the doors find the reason in the CancelledError's message."""
        if self.verdict is None:
            self.verdict = (outcome, reason)
        if self.running is not None:
            self.running.cancel(reason)

    def record(self, outcome: Outcome, reason: str = "") -> Record:
        """The one record of its end."""
        return Record(
            task=self.task.name,
            key=self.key,
            outcome=outcome,
            reason=" ".join(one for one in (reason, *self.notes) if one),
            seconds=0.0 if self.started is None else self.now() - self.started,
            size=self.size,
            requests=self.requests,
            objects=self.objects_written,
            paths=tuple(self.paths),
        )


CURRENT: ContextVar[Item | None] = ContextVar("CURRENT", default=None)
"""The item in whose context the code runs; None in a task's body."""
