"""The body of an answer as it comes, chunk by chunk."""

import asyncio
from typing import Self

import aiohttp

from omg.cluster.connections import NETWORK_ERRORS, failure_of
from omg.cluster.ticket import Ticket


class Interrupted(Exception):
    """An answer broke, or stalled, before its end.

    Args:
        reason: follows a colon.
        silent: nothing came for the stall limit.
    """

    def __init__(self, reason: str, *, silent: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.silent = silent


class _Silent(Exception):
    """Nothing came for the stall limit."""


class Answer:
    """An open answer: status, and its body chunk by chunk.

    One timer looks whether anything comes, however many chunks do: a timeout around each costs as much as reading it.
    """

    def __init__(self, response: aiohttp.ClientResponse, ticket: Ticket, *, stall: float, server: str) -> None:
        self._response = response
        self._ticket = ticket
        self._stall = stall
        self._server = server
        self.status = response.status
        self.is_handed_over = False
        self._waits_since: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def chunk(self) -> bytes:
        """The bytes that came, as they came; empty at the end.

        Raises:
            Interrupted: the connection broke, or nothing came for the stall limit.
        """
        try:
            data = self._response.content.read_nowait() or await self._next()
        except _Silent as error:
            raise Interrupted(f"no byte for {self._stall:g} s", silent=True) from error
        except NETWORK_ERRORS as error:
            raise Interrupted(failure_of(error, self._server).reason) from error
        self._ticket.received(len(data))
        return data

    async def _next(self) -> bytes:
        loop = asyncio.get_running_loop()
        self._waits_since = loop.time()
        if self._timer is None:
            self._timer = loop.call_later(self._stall, self._look, loop)
        try:
            return await self._response.content.readany()
        finally:
            self._waits_since = None

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the waiting if it lasts too long; else look again when it may."""
        waits = 0.0 if self._waits_since is None else loop.time() - self._waits_since
        if waits < self._stall:
            self._timer = loop.call_later(self._stall - waits, self._look, loop)
        else:
            self._response.content.set_exception(_Silent())

    async def body(self, cap: int) -> bytearray:
        """The whole body, or its beginning when it is longer than the cap.

        Raises:
            Interrupted: see `chunk`.
        """
        body = bytearray()
        while len(body) <= cap and (data := await self.chunk()):
            body += data
        return body

    def hand_over(self, *, stall: float | None = None) -> Self:
        """From now on the caller closes it; with a stall limit of its own, if there is one."""
        self.is_handed_over = True
        self._stall = stall or self._stall
        self._stop_looking()
        return self

    def close(self) -> None:
        """End it; a connection with nothing left to come goes back to the pool, any other is closed."""
        self._stop_looking()
        self._response.close()

    def _stop_looking(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
