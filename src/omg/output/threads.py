"""Threads that mask and write, and how the event loop waits for them without leaving half a step behind."""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

FINISH_LIMIT = 8.0
"""Seconds that a step in a thread may still take after its item was cancelled: less than the engine's grace period."""

_Job = tuple["Future[Any]", Callable[[], Any]]


class Threads(Executor):
    """A few threads that don't keep the process: one that is stuck in a dead file system ends with it.

    (The standard library's executor waits for its threads when the interpreter ends.)
    """

    def __init__(self, count: int) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"omg-output-{number}", daemon=True) for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
        """Have `fn` called by the next thread that is free."""
        future: Future[T] = Future()
        self._jobs.put((future, lambda: fn(*args, **kwargs)))
        return future

    async def call(self, act: Callable[[], T]) -> T:
        """Have `act` called by a thread, and wait for its result."""
        return await asyncio.wrap_future(self.submit(act))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - nothing waits at the end
        """Let the threads end when they have done what was submitted; without waiting for them, whatever is asked."""
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, act = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(act())
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
                future.set_exception(error)
            del job, future, act  # what they hold must not live until the next job


async def to_its_end(
    step: Awaitable[T],
    *,
    limit: float = FINISH_LIMIT,
    within: float | None = None,
    hurry: Callable[[], object] = lambda: None,
) -> T:
    """Wait for a short step that must not be left half done, even if the waiting is cancelled; then be cancelled.

    Args:
        step: it runs in a thread, so that cancelling it would only lose sight of it.
        limit: seconds that it may still take after a cancellation.
        within: seconds that it may take in any case; None: as long as it takes.
        hurry: called when the waiting is cancelled; asks the step to end early.

    Raises:
        TimeoutError: it took longer than `within`.
    """
    loop = asyncio.get_running_loop()
    running = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    until = None if within is None else loop.time() + within
    while not running.done() and (until is None or loop.time() < until):
        try:
            await asyncio.wait({running}, timeout=None if until is None else until - loop.time())
        except asyncio.CancelledError as error:
            cancelled = cancelled or error
            hurry()
            until = loop.time() + limit if until is None else until
    if cancelled is not None or not running.done():
        running.add_done_callback(_looked_at)  # the cancellation is what counts
    if cancelled is not None:
        raise cancelled
    if not running.done():
        raise TimeoutError
    return running.result()


def _looked_at(ended: "asyncio.Future[Any]") -> None:
    """Take note of how it ended, or asyncio complains that nobody did."""
    if not ended.cancelled():
        ended.exception()
