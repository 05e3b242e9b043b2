"""A report on its way: fetched from where it was cut, at most three times more, and compared with what the node has."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from omg.errors import CommandFailed, OmgError, TimedOut, Truncated, Unreachable
from omg.sos.options import Wanted, dropped_sentence, known_of, options_for
from omg.sos.script import ON_THE_MACHINE, Made, Sos, asking, failure, made_by, making, removing, sending

RESUMED = 3
"""How often a stream that broke is taken up again."""

MAKING_LIMIT = 3600.0
"""Seconds for sos: it has time limits for its plugins, but none for the whole."""

ANSWER_LIMIT = 4 * 1024 * 1024
"""Bytes of what a script prints, beside a report."""

HASHED_TOGETHER = 1 << 20
"""Bytes for which a hop to a thread is worth it."""

_MAY_PASS = (Truncated, TimedOut, Unreachable)


class Running(Protocol):
    """A script that runs on a machine."""

    def stdout(self) -> AsyncIterator[bytes]:
        """What it prints, as it comes; TimedOut or Truncated when nothing comes for too long."""

    async def wait(self) -> None:
        """Return when it has ended with 0; CommandFailed for another status, Truncated where the connection broke."""


class Machine(Protocol):
    """What runs a script as root. Each call may be a new connection."""

    @property
    def name(self) -> str:
        """For sentences."""

    def run(self, script: str) -> AbstractAsyncContextManager[Running]:
        """Start it; it has ended, or its stdin has, when the block is left."""


async def make(machine: Machine, wanted: Wanted, sos: Sos = ON_THE_MACHINE) -> tuple[Made, str]:
    """Make a report there; it, and a sentence on what its sos doesn't know.

    Raises:
        OmgError: there is none, and why; nothing of it is left there.
    """
    try:
        known = known_of((await printed_by(machine, asking(sos))).decode("utf-8", "replace"))
        options, dropped = options_for(wanted, known)
        async with asyncio.timeout(MAKING_LIMIT):
            printed = await printed_by(machine, making(options, sos))
    except TimeoutError:
        raise TimedOut(f"{machine.name}: sos did not end within {MAKING_LIMIT:g} s.") from None
    return made_by(printed), dropped_sentence(dropped)


async def fetch(machine: Machine, made: Made, note: Callable[[str], None]) -> AsyncIterator[bytes]:
    """The bytes of a report, each once, whatever happens to the connection; `note` hears of what happened.

    Raises:
        Truncated: it broke once too often, or what came is not what is there.
    """
    digest, offset, breaks = _Digest(), 0, 0
    while True:
        try:
            async with machine.run(sending(made, offset)) as running:
                async for chunk in running.stdout():
                    await digest.update(chunk)
                    offset += len(chunk)
                    yield chunk
                if offset != made.size:
                    await running.wait()
            break
        except CommandFailed as error:
            raise Truncated(f"{failure(machine.name, error)} {offset:,} of {made.size:,} bytes had come.") from error
        except _MAY_PASS as error:
            breaks += 1
            if breaks > RESUMED:
                reason = (
                    f"{machine.name}: the stream broke {breaks} times, last after {offset:,} of {made.size:,} bytes"
                )
                raise Truncated(f"{reason}: {error}") from error
            note(f"The stream broke after {offset:,} bytes and was taken up again there.")
    if (offset, await digest.hexdigest()) != (made.size, made.sha256):
        raise Truncated(f"{machine.name}: {offset:,} bytes came, which are not the {made.size:,} that the node has.")


class _Digest:
    """SHA-256 in a thread, a piece at a time, while the next one comes."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._size = 0
        self._running: asyncio.Future[None] | None = None

    async def update(self, chunk: bytes) -> None:
        """Take on what comes next."""
        self._waiting.append(chunk)
        self._size += len(chunk)
        if self._size >= HASHED_TOGETHER:
            await self._hash()

    async def hexdigest(self) -> str:
        """Of all that came."""
        await self._hash()
        await self._over()
        return self._digest.hexdigest()

    async def _hash(self) -> None:
        await self._over()
        pieces, self._waiting, self._size = self._waiting, [], 0
        self._running = asyncio.get_running_loop().run_in_executor(None, self._feed, pieces)

    async def _over(self) -> None:
        if self._running is not None:
            await self._running

    def _feed(self, pieces: list[bytes]) -> None:
        for piece in pieces:
            self._digest.update(piece)


async def remove(machine: Machine, made: Made) -> None:
    """Remove the report there.

    Raises:
        OmgError: it is still there, until it removes itself.
    """
    try:
        await printed_by(machine, removing(made))
    except OmgError as error:
        raise type(error)(f"{machine.name}: the report stays there for an hour: {error}") from error


async def printed_by(machine: Machine, script: str) -> bytes:
    """What a script prints, its last 4 MiB.

    Raises:
        CommandFailed: it failed, in a sentence.
    """
    printed = bytearray()
    try:
        async with machine.run(script) as running:
            async for chunk in running.stdout():
                printed += chunk
                del printed[:-ANSWER_LIMIT]
            await running.wait()
    except CommandFailed as error:
        raise failure(machine.name, error) from error
    return bytes(printed)
