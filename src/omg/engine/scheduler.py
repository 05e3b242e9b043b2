"""Runs a graph: tasks when their turn comes, items as slots allow, and every item to exactly one record."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Protocol

from omg.engine.graph import Graph, Progress
from omg.engine.items import CURRENT, SHARED, Item
from omg.engine.records import Outcome, Record, Tally, outcome_of, reason_of
from omg.engine.routes import Admission, Route, Routes
from omg.engine.run import OpenDoors, Run
from omg.engine.slots import Pool
from omg.engine.task import Task
from omg.engine.vitals import Running
from omg.errors import DeclarationError, LimitReached, TimedOut
from omg.settings import Settings


class Observer(Protocol):
    """Hears of every start and every end, in the order in which they happen."""

    def started(self, task: str, key: str) -> None:
        """An item got its slot; with an empty key, a task began."""

    def ended(self, record: Record) -> None:
        """An item, a part of it or (with an empty key) a task has ended."""


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds.

    Args:
        ready: how long an item may wait before it starts.
        silence: an item that neither asks, receives nor writes for so long is ended; the doors' own limits are
            shorter, so this one catches what they can't: a thread stuck in a dead file system.
        cleanup: of an item's cleanup.
        grace: from the order to stop until everything has stopped.
        probe: from the moment when a route is out to its one probe.
    """

    ready: float = 60.0
    silence: float = 90.0
    cleanup: float = 10.0
    grace: float = 10.0
    probe: float = 5.0


WATCH_INTERVAL = 0.25
"""Seconds between two looks at the running items: short beside every limit that a person would set."""


class Scheduler:
    """Runs one graph once.

    Args:
        graph: what to run.
        settings: handed to the tasks.
        slots: pool → number of items at a time.
        open_doors: opens the doors for an item.
        observer: hears of everything.
        hide: masks a sentence: a reason may quote what a server or a command said.
        limits: see `TimeLimits`.
        began: when the run began, by the clock on the wall; now unless given.
        now: a monotonic clock in seconds.
        kept: tasks whose results are asked for when the run is over; others go when no task needs them any more.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        settings: Settings,
        slots: Mapping[str, int],
        open_doors: OpenDoors,
        observer: Observer,
        hide: Callable[[str], str],
        limits: TimeLimits | None = None,
        began: datetime | None = None,
        now: Callable[[], float] = time.monotonic,
        kept: Iterable[Task[Any]] = (),
    ) -> None:
        self.settings = settings
        self.open_doors = open_doors
        self.now = now
        self.began = began or datetime.now(UTC)
        self._began_at = now()
        self.tally = Tally()
        self.stopped_by: str | None = None
        self._graph = graph
        self._observer = observer
        self._hide = hide
        self._limits = limits or TimeLimits()
        self._pools = {name: Pool(size) for name, size in slots.items()}
        self._routes = Routes()
        self._progress = Progress(graph)
        self._results: dict[Task[Any], Any] = {}
        self._kept = frozenset(kept)
        self._users = graph.followers()
        self._skipped: dict[Task[Any], str] = {}
        self._mistake: Exception | None = None
        self._keys: set[tuple[str, str]] = set()
        self._numbers = count()
        self._bodies: dict[asyncio.Task[None], Task[Any]] = {}
        self._items: set[Item] = set()
        self._stuck: list[asyncio.Task[None]] = []
        self._all_over = asyncio.Event()

    # for gather

    async def run(self) -> bool:
        """Run everything; False when something would not stop within the grace period after `stop`.

        Raises:
            Exception: what the observer raised first, when everything else is over.
        """
        watch = asyncio.create_task(self._watch())
        try:
            self._start_tasks()
            await self._all_over.wait()
        finally:
            watch.cancel()
        if self._mistake is not None:
            raise self._mistake
        leftover = [body for body in self._bodies if not body.done()]
        leftover += [item.running for item in self._items if item.running is not None] + self._stuck
        if leftover:
            await asyncio.wait(leftover, timeout=self._limits.grace)
        return all(one.done() for one in leftover)

    def stop(self, reason: str) -> None:
        """End the collection now: running items are cancelled, waiting ones never start, each with this reason."""
        if self.stopped_by is not None:
            return
        self.stopped_by = reason
        for pool in self._pools.values():
            for item in pool.drain():
                self._end(item, Outcome.CANCELLED, reason)
        for route in self._routes:
            for item in route.take_parked():
                self._end(item, Outcome.CANCELLED, reason)
        for item in tuple(self._items):
            item.cancel(Outcome.CANCELLED, reason)
        for body in self._bodies:
            body.cancel(reason)
        self._start_tasks()
        asyncio.get_running_loop().call_later(self._limits.grace, self._all_over.set)

    # for Run

    def has_result(self, task: Task[Any]) -> bool:
        """Whether a task has returned."""
        return task in self._results

    def result_of(self, task: Task[Any]) -> Any:
        """The result of a task that has ended."""
        if task not in self._results:
            raise DeclarationError(f"The task {task.name} has no result.")
        return self._results[task]

    def forget(self, *, but: Iterable[Task[Any]]) -> None:
        """Let the results of all other tasks go: what follows the graph needs the memory, and not them."""
        kept = set(but)
        self._results = {task: result for task, result in self._results.items() if task in kept}

    def moment(self) -> datetime:
        """Now, as the clock on the wall showed it when the run began, and what has passed since."""
        return self.began + timedelta(seconds=self.now() - self._began_at)

    def running(self) -> list[Running]:
        """The items that have a slot now."""
        now = self.now()
        return [
            Running(item.task.name, item.key, item.received_bytes, now - (item.started or now))
            for item in tuple(self._items)
            if item.holds_slot
        ]

    def waiting(self) -> dict[str, int]:
        """How many items wait for what; for a slot under ""."""
        waiting = Counter(item.waits_for for item in tuple(self._items) if item.started is None)
        waiting[""] += sum(map(len, self._pools.values()))
        return +waiting

    def plans(self, task: Task[Any]) -> bool:
        """Whether a task is part of the graph and the settings don't switch it off."""
        return task in self._graph.order and task.off(self.settings) is None

    def give_back_slot(self, item: Item) -> None:
        """Take a running item's slot back; the item goes on without."""
        self._pools[item.pool].give_back(item)
        self._lend(item.pool)

    def rank(self, task: Task[Any], priority: float) -> tuple[float, int, int]:
        """The place in the heap of an item that is announced now."""
        return (priority, self._graph.order[task], next(self._numbers))

    def announce(self, item: Item) -> None:
        """Take an item on: it waits for `ready`, then for a slot."""
        identity = (item.task.name, item.key)
        if identity in self._keys:
            raise DeclarationError(f"The task {item.task.name} announces two items with the key {item.key}.")
        if item.pool not in self._pools:
            raise DeclarationError(f"The task {item.task.name} asks for slots of an unknown pool, {item.pool}.")
        self._keys.add(identity)
        item.batch.announced += 1
        item.batch.open += 1
        if self.stopped_by is not None:
            self._end(item, Outcome.CANCELLED, self.stopped_by)
        elif item.ready is None:
            self._queue(item)
        else:
            self._items.add(item)
            item.running = asyncio.create_task(self._make_ready(item), name=f"ready {item.key}")

    # tasks

    def _start_tasks(self) -> None:
        for task in self._progress.startable():
            self._start_task(task)
        if self._progress.finished:
            self._all_over.set()

    def _start_task(self, task: Task[Any]) -> None:
        culprit = self._progress.culprit(task)
        reason = task.off(self.settings) or next(
            (
                f"it needs {need.name}: {self._skipped[need]}"
                for need in self._graph.needs(task)
                if need in self._skipped
            ),
            None,
        )
        if self.stopped_by is not None:
            self._end_task(task, Outcome.CANCELLED, self.stopped_by)
        elif reason is not None:
            self._skipped[task] = reason
            self._end_task(task, Outcome.SKIPPED, reason)
        elif culprit is not None:
            self._end_task(task, Outcome.BLOCKED, f"It needs {culprit.name}, which failed.", failed_by=culprit)
        else:
            body = asyncio.create_task(self._run_body(task), name=f"task {task.name}")
            self._bodies[body] = task
            body.add_done_callback(self._bodies.pop)

    async def _run_body(self, task: Task[Any]) -> None:
        started = self.now()
        self._observer.started(task.name, "")
        outcome, reason, failed_by = Outcome.COLLECTED, "", None
        try:
            self._results[task] = await task.body(Run(self, task))
        except asyncio.CancelledError as error:
            outcome, reason, failed_by = Outcome.CANCELLED, self.stopped_by or str(error), task
        except Exception as error:  # noqa: BLE001 - a task's bug is recorded, and the run goes on
            outcome, reason, failed_by = outcome_of(error), reason_of(error), task
        self._end_task(task, outcome, reason, failed_by=failed_by, seconds=self.now() - started)

    def _end_task(
        self,
        task: Task[Any],
        outcome: Outcome,
        reason: str,
        *,
        failed_by: Task[Any] | None = None,
        seconds: float = 0.0,
    ) -> None:
        try:
            self._tell(Record(task.name, "", outcome, reason, seconds))
        finally:
            self._progress.over(task, failed_by=failed_by)
            self._let_go_of_what(task)
            self._start_tasks()

    def _let_go_of_what(self, task: Task[Any]) -> None:
        """Drop the results that only this task still waited to use: lists of a whole cluster are large."""
        for before in self._graph.predecessors(task):
            self._users[before].discard(task)
            if not self._users[before] and before not in self._kept:
                self._results.pop(before, None)

    # items

    def _queue(self, item: Item) -> None:
        self._pools[item.pool].push(item)
        self._lend(item.pool)

    def _lend(self, pool: str) -> None:
        while self.stopped_by is None and (item := self._pools[pool].lend()) is not None:
            admission = self._routes.admit(item)
            if admission is Admission.GO:
                self._items.add(item)
                item.started = item.last_sign = self.now()
                item.running = asyncio.create_task(self._run_item(item), name=f"item {item.key}")
                continue
            self._pools[pool].give_back(item)
            route = self._routes.of(item)
            assert route is not None  # noqa: S101 - only a route holds an item back
            if admission is Admission.PARK:
                route.parked.append(item)
            else:
                self._end(item, Outcome.BLOCKED, _broken(route))

    async def _make_ready(self, item: Item) -> None:
        CURRENT.set(item)
        assert item.ready is not None  # noqa: S101 - announce() starts this only with one
        try:
            async with asyncio.timeout(self._limits.ready):
                await item.ready(Run(self, item.task).within(item), item.value)
        except TimeoutError:
            reason = f"It was not ready to start within {self._limits.ready:g} s."
            self._end(item, Outcome.TIMED_OUT, reason)
        except asyncio.CancelledError as error:
            self._end(item, *(item.verdict or (Outcome.CANCELLED, str(error))))
        except Exception as error:  # noqa: BLE001 - the item's end is its record
            self._fail(item, error)
        else:
            self._items.discard(item)
            item.running = None
            self._queue(item)

    async def _run_item(self, item: Item) -> None:
        CURRENT.set(item)
        self._observer.started(item.task.name, item.key)
        run = Run(self, item.task).within(item)
        try:
            try:
                result = await item.act(run, item.value)
            finally:
                if item.cleanup is not None:
                    await self._clean_up(run, item)
        except asyncio.CancelledError as error:
            outcome, reason = item.verdict or (Outcome.CANCELLED, str(error))
            if item.size and outcome is Outcome.CANCELLED:
                outcome, reason = Outcome.TRUNCATED, f"Cut after {item.size} bytes: {reason}"
            if outcome is Outcome.TIMED_OUT:
                self._note_route(item, TimedOut(reason))
            self._end(item, outcome, reason)
        except Exception as error:  # noqa: BLE001 - the item's end is its record
            self._fail(item, error)
        else:
            item.batch.results[item.place] = result
            self._note_route(item, None)
            self._end(item, Outcome.EMPTY if _is_empty(item, result) else Outcome.COLLECTED)

    async def _clean_up(self, run: Run, item: Item) -> None:
        assert item.cleanup is not None  # noqa: S101 - the caller asked
        cleaning = asyncio.ensure_future(item.cleanup(run, item.value))
        deadline = self.now() + self._limits.cleanup
        while not cleaning.done() and (left := deadline - self.now()) > 0:
            try:
                await asyncio.wait({cleaning}, timeout=left)
            except asyncio.CancelledError as cancelled:
                item.verdict = item.verdict or (Outcome.CANCELLED, str(cancelled))
        if not cleaning.done():
            cleaning.cancel()
            item.lost("cleanup", TimedOut(f"The clean-up did not end within {self._limits.cleanup:g} s."))
        elif (error := cleaning.exception()) is not None:
            item.lost("cleanup", error if isinstance(error, Exception) else RuntimeError(str(error)))

    def _fail(self, item: Item, error: Exception) -> None:
        if isinstance(error, DeclarationError):
            item.batch.mistake = item.batch.mistake or error
        reason = reason_of(error)
        self._note_route(item, error)
        self._end(item, outcome_of(error), reason)
        if isinstance(error, LimitReached):
            self.stop(reason)

    def _note_route(self, item: Item, error: Exception | None) -> None:
        route = self._routes.of(item)
        if route is None:
            return
        effect = self._routes.ended(item, error, reason_of(error) if error else "")
        for freed in effect.freed:
            self._pools[freed.pool].push(freed)
        for blocked in effect.blocked:
            self._end(blocked, Outcome.BLOCKED, _broken(route))
        if effect.suspected:
            asyncio.get_running_loop().call_later(self._limits.probe, self._probe, route)

    def _probe(self, route: Route) -> None:
        if self.stopped_by is None:
            for item in self._routes.due(route):
                self._queue(item)

    def _end(self, item: Item, outcome: Outcome, reason: str = "") -> None:
        if item.ended:
            return
        item.ended = True
        try:
            for one in (*item.losses, item.record(outcome, reason)):
                self._tell(one)
        finally:
            self._items.discard(item)
            item.running = None
            item.batch.open -= 1
            item.batch.settle()
            self._pools[item.pool].give_back(item)
            self._lend(item.pool)

    def _tell(self, record: Record) -> None:
        masked = replace(record, reason=self._hide(record.reason)) if record.reason else record
        self.tally.add(masked)
        try:
            self._observer.ended(masked)
        except Exception as error:  # noqa: BLE001 - raised by `run`; what waits for this end must not wait for ever
            self._mistake = self._mistake or error

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_INTERVAL)
            for item in tuple(self._items):
                silent = self.now() - item.last_sign
                if item.holds_slot and item.verdict is None and silent > self._limits.silence:
                    item.cancel(Outcome.TIMED_OUT, f"Nothing happened for {self._limits.silence:g} s.")
                elif item.verdict is not None and silent > self._limits.silence + self._limits.grace:
                    self._abandon(item)

    def _abandon(self, item: Item) -> None:
        """Record an item that was cancelled and would not end; what it is stuck in can't be reached."""
        if item.running is not None:
            self._stuck.append(item.running)
        self._end(item, *(item.verdict or (Outcome.TIMED_OUT, "It would not end.")))


def _is_empty(item: Item, result: Any) -> bool:
    """An item of a writing task is empty when it wrote and returned nothing; of an inventory, when it found nothing."""
    if item.task.writes:
        return item.size == 0 and item.objects_written == 0 and not result
    return result is not None and hasattr(result, "__len__") and len(result) == 0


def _broken(route: Route) -> str:
    return f"{route.name} does not answer: {route.reason}"


def default_slots(settings: Settings) -> dict[str, int]:
    """The pools of slots that the settings ask for."""
    return {SHARED: settings.concurrency, "sos": settings.sos_concurrency, "openstack": min(settings.concurrency, 8)}
