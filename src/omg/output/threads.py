"""Threads that mask and write, and how the event loop waits for them without leaving half a step behind."""

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

FINISH_LIMIT = 8.0
"""Seconds that a step in a thread may still take after its item was cancelled: less than the engine's grace period."""


class Threads:
    """A few threads that don't keep the process: one that is stuck in a dead file system ends with it.

    (The standard library's executor waits for its threads when the interpreter ends, and its futures, which threads can
    wait for, take as long again on each way to a thread and back.)
    """

    def __init__(self, count: int) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        for number in range(count):
            threading.Thread(target=self._work, name=f"omg-output-{number}", daemon=True).start()
        self._count = count

    def submit(self, act: Callable[[], object]) -> None:
        """Have `act`, which raises nothing, called by the next thread that is free."""
        self._jobs.put(act)

    def call(self, act: Callable[[], T]) -> "asyncio.Future[T]":
        """Have `act` called by the next thread that is free; its result, for the event loop that runs here.

        What is cancelled before its turn isn't called.
        """
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[T] = loop.create_future()
        self._jobs.put(partial(_call, act, ended, loop))
        return ended

    def shutdown(self) -> None:
        """Let the threads end when they have done what was submitted; nothing waits for them."""
        for _ in range(self._count):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            del job  # what it holds must not live until the next one


def _call(act: Callable[[], T], ended: "asyncio.Future[T]", loop: asyncio.AbstractEventLoop) -> None:
    """In a thread: call it, and tell the event loop, which may be gone."""
    if ended.cancelled():
        return
    end: Callable[[], None]
    try:
        end = partial(_end, ended, ended.set_result, act())
    except BaseException as error:  # noqa: BLE001 - it is raised where the result is waited for
        end = partial(_end, ended, ended.set_exception, error)
    tell(loop, end)
    del end  # an error knows this frame, and the frame must not know the error


def _end(ended: "asyncio.Future[Any]", end: Callable[[Any], None], what: object) -> None:
    if not ended.done():
        end(what)


def tell(loop: asyncio.AbstractEventLoop, act: Callable[[], object]) -> None:
    """Have `act` called by an event loop, from a thread; by nobody where the loop is gone."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(act)


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
