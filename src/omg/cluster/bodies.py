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


class Answer:
    """An open answer: status, and its body chunk by chunk."""

    def __init__(self, response: aiohttp.ClientResponse, ticket: Ticket, *, stall: float, server: str) -> None:
        self._response = response
        self._ticket = ticket
        self._stall = stall
        self._server = server
        self.status = response.status
        self.is_handed_over = False

    async def chunk(self) -> bytes:
        """The bytes that came, as they came; empty at the end.

        Raises:
            Interrupted: the connection broke, or nothing came for the stall limit.
        """
        content = self._response.content
        try:
            data = content.read_nowait()
            if not data:
                async with asyncio.timeout(self._stall):
                    data = await content.readany()
        except TimeoutError as error:
            raise Interrupted(f"no byte for {self._stall:g} s", silent=True) from error
        except NETWORK_ERRORS as error:
            raise Interrupted(failure_of(error, self._server).reason) from error
        self._ticket.received(len(data))
        return data

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
        return self

    def close(self) -> None:
        """End it; a connection with nothing left to come goes back to the pool, any other is closed."""
        self._response.close()
