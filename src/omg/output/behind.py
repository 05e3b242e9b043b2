"""Blocks that are written behind whoever brings them: in order, by one thread at a time, while the next ones come."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from omg.output.threads import Threads, tell

AHEAD = 3
"""Blocks that may wait for the thread. With none, it waits for the event loop after each for as long as it writes."""


class Behind:
    """The way from an event loop to a file.

    Args:
        threads: one of them writes whenever there is something.
        write: called there with each block, in order.
    """

    def __init__(self, threads: Threads, write: Callable[[bytes], None]) -> None:
        self._threads = threads
        self._write = write
        self._blocks: deque[bytes] = deque()
        self._error: BaseException | None = None
        self._lock = threading.Lock()
        self._news = asyncio.Event()
        self.is_at_work = False
        """Whether a thread is writing, or stuck in it."""

    async def put(self, block: bytes) -> None:
        """Have a block written; returns when there is room for another.

        Raises:
            Exception: what writing this one or one before raised; nothing is written after that.
        """
        with self._lock:
            self._raise()
            self._blocks.append(block)
            starts, self.is_at_work = not self.is_at_work, True
        if starts:
            self._threads.submit(partial(self._work, asyncio.get_running_loop()))
        await self._until(lambda: len(self._blocks) <= AHEAD)

    async def written(self) -> None:
        """Return when every block is written.

        Raises:
            Exception: see `put`.
        """
        await self._until(lambda: not self.is_at_work)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._news.clear()  # what changes from here on is told after this
            await self._news.wait()
        self._raise()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        """Write a block, and get in line again for the next one: others wait for the thread, too."""
        if (block := self._next(loop)) is None:
            return
        try:
            self._write(block)
        except BaseException as error:  # noqa: BLE001 - it is raised where the blocks come from
            with self._lock:
                self._error = error
                self._blocks.clear()
        self._threads.submit(partial(self._work, loop))

    def _next(self, loop: asyncio.AbstractEventLoop) -> bytes | None:
        with self._lock:
            block = self._blocks.popleft() if self._blocks else None
            self.is_at_work = block is not None
        tell(loop, self._news.set)
        return block
