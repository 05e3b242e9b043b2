"""A command on a node: what it prints, held until it is taken, and how it ends. Imports asyncssh, which takes time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import asyncssh

from omg.errors import CommandFailed, OmgError, TimedOut, Truncated

T = TypeVar("T")

WINDOW = 4 * 1024 * 1024
"""Bytes that a node may send ahead."""

HELD = 4 * 1024 * 1024
"""Bytes that are held for the taker before the node has to wait."""

TAKEN = 1024 * 1024
"""Bytes that are taken at once."""

STDERR_KEPT = 64 * 1024


class Printed(asyncssh.SSHClientSession[bytes]):
    """What a command prints, held until it is taken; the node waits when too much is held.

    asyncssh's own streams grow without an end when bytes come faster than they are read: whenever reading goes on, the
    window is opened as if nothing of it were still held by the channel. Here reading is not paused again before the
    channel has handed everything over, so at most two windows and HELD are in memory.
    """

    def __init__(self) -> None:
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._is_paused = False
        self._is_over = False
        self._news = asyncio.Event()
        self._error: Exception | None = None
        self.stderr = bytearray()

    async def take(self) -> bytes:
        """The next bytes, TAKEN or a little more at most; none at the end.

        Raises:
            asyncssh.Error, OSError: what broke the connection.
        """
        while not self._pieces and not self._is_over:
            self._news.clear()
            await self._news.wait()
        if not self._pieces and self._error is not None:
            raise self._error
        taken, size = [], 0
        while self._pieces and size < TAKEN:
            taken.append(self._pieces.popleft())
            size += len(taken[-1])
        self._size -= size
        if self._is_paused and self._size < HELD // 2 and self._channel is not None:
            self._is_paused = False
            self._channel.resume_reading()
        return b"".join(taken)

    # for asyncssh

    def connection_made(self, chan: "asyncssh.SSHClientChannel[bytes]") -> None:
        """The command is about to run."""
        self._channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Bytes came."""
        if datatype == asyncssh.EXTENDED_DATA_STDERR:
            self.stderr += data
            del self.stderr[:-STDERR_KEPT]
            return
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= HELD and not self._is_paused:
            self._is_paused = True
            # Later, or the channel would keep the rest of what it is handing over.
            asyncio.get_running_loop().call_soon(self._pause)
        self._news.set()

    def eof_received(self) -> bool:
        """Nothing more comes; True: what goes to the command stays open."""
        self._end(None)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The command is over, or the connection."""
        self._end(exc)

    def _pause(self) -> None:
        if self._is_paused and self._channel is not None:
            self._channel.pause_reading()

    def _end(self, error: Exception | None) -> None:
        if not self._is_over:
            self._is_over, self._error = True, error
        self._news.set()


class Command:
    """A script that runs on a node.

    Args:
        name: of the node.
        stall: seconds without a byte after which it is given up.
        heard: is told of the bytes that come.
    """

    def __init__(
        self,
        name: str,
        channel: "asyncssh.SSHClientChannel[bytes]",
        printed: Printed,
        stall: float,
        heard: Callable[[int], None],
    ) -> None:
        self._name = name
        self._channel = channel
        self._printed = printed
        self._stall = stall
        self._heard = heard
        self._received = 0

    async def stdout(self) -> AsyncIterator[bytes]:
        """What it prints, as it comes.

        Raises:
            TimedOut, Truncated: there was no output for the stall limit: none at all, or no more.
        """
        while chunk := await self._limited(self._printed.take()):
            self._received += len(chunk)
            self._heard(len(chunk))
            yield chunk

    async def wait(self) -> None:
        """Return when it has ended well.

        Raises:
            CommandFailed: it ended otherwise, with its exit status and stderr.
            TimedOut, Truncated: see `stdout`; Truncated, too, when the connection broke.
        """
        async for _ in self.stdout():
            pass
        await self._limited(self._channel.wait_closed())
        status = self._channel.get_exit_status()
        if status is None or status < 0:
            raise Truncated(f"{self._name}: the connection broke before the command ended.")
        if status:
            stderr = bytes(self._printed.stderr)
            raise CommandFailed(f"{self._name}: the command ended with {status}.", exit_code=status, stderr=stderr)

    async def _limited(self, step: Coroutine[Any, Any, T]) -> T:
        try:
            async with asyncio.timeout(self._stall):
                return await step
        except TimeoutError:
            raise self._stalled() from None
        except (asyncssh.Error, OSError) as error:
            raise Truncated(f"{self._name}: the connection broke ({error}).") from error

    def _stalled(self) -> OmgError:
        if self._received:
            return Truncated(f"{self._name}: no byte for {self._stall:g} s after {self._received:,}.")
        return TimedOut(f"{self._name}: it hung after the login, for {self._stall:g} s.")
