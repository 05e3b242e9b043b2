"""A report on its way: fetched from where it was cut, at most three times more, and compared with what the node has."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from typing import Protocol

from omg.errors import CommandFailed, OmgError, RequestFailed, TimedOut, Truncated, Unreachable
from omg.sos.options import Wanted, dropped_sentence, known_of, options_for
from omg.sos.script import NO_ANSWER, SENDS, Made, Sos, asking, failure, made_by, making, removing, sending

RESUMED = 3
"""How often a stream that broke is taken up again."""

MAKING_LIMIT = 3600.0
"""Seconds for sos: it has time limits for its plugins, but none for the whole."""

ANSWER_LIMIT = 4 * 1024 * 1024
"""Bytes of what a script prints, beside a report."""

GREETING_LIMIT = 64 * 1024
"""Bytes that a login shell may print before a script does."""

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


async def ask(machine: Machine, wanted: Wanted, sos: Sos) -> tuple[list[str], str]:
    """The options for a report there, and a sentence on what its sos doesn't know; nothing is made yet.

    Raises:
        OmgError: it can't be asked, and why.
    """
    known = known_of((await printed_by(machine, asking(sos))).decode("utf-8", "replace"))
    options, dropped = options_for(wanted, known)
    return options, dropped_sentence(dropped)


async def make(machine: Machine, options: Sequence[str], sos: Sos) -> Made:
    """Make a report there.

    Raises:
        CommandFailed: there is none, and why; nothing of it is left there.
        OmgError: nobody knows; what may be there is in the folder of `sos`.
    """
    try:
        async with asyncio.timeout(MAKING_LIMIT):
            return made_by(await printed_by(machine, making(options, sos)))
    except TimeoutError:
        raise TimedOut(f"{machine.name}: sos did not end within {MAKING_LIMIT:g} s.") from None


class Arrival:
    """What has come of a report: told each piece in the thread that writes it, so that hashing takes no hop more."""

    def __init__(self, machine: Machine, made: Made) -> None:
        self._name = machine.name
        self._made = made
        self._digest = hashlib.sha256()
        self._size = 0

    def take(self, piece: bytes | memoryview) -> None:
        """The next bytes."""
        self._digest.update(piece)
        self._size += len(piece)

    def check(self) -> None:
        """Compare all that came with what the node has.

        Raises:
            Truncated: it is not the same.
        """
        if (self._size, self._digest.hexdigest()) != (self._made.size, self._made.sha256):
            came = f"{self._size:,} bytes came, which are not the {self._made.size:,} that the node has"
            raise Truncated(f"{self._name}: {came}.")


async def fetch(machine: Machine, made: Made, note: Callable[[str], None]) -> AsyncIterator[bytes]:
    """The bytes of a report, each once, whatever happens to the connection; `note` hears of what happened.

    Raises:
        Truncated: it broke once too often.
    """
    offset, breaks = 0, 0
    while True:
        try:
            async with machine.run(sending(made, offset)) as running:
                async with aclosing(_after_greeting(running.stdout())) as chunks:
                    async for chunk in chunks:
                        offset += len(chunk)
                        yield chunk
                if offset >= made.size:
                    break
                await running.wait()
                raise Truncated(f"{machine.name}: the stream ended before the report did.")
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


async def _after_greeting(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """What comes after `SENDS`.

    Raises:
        RequestFailed: far too much came before it.
    """
    greeting: bytes | None = b""
    async for chunk in chunks:
        if greeting is None:
            yield chunk
            continue
        greeting += chunk
        before, mark, rest = greeting.partition(SENDS)
        if mark:
            greeting = None
            if rest:
                yield rest
        elif len(before) > GREETING_LIMIT:
            raise RequestFailed(NO_ANSWER)


async def remove(machine: Machine, folder: str) -> None:
    """Remove a directory with a report there; it need not be there.

    Raises:
        OmgError: it is still there, until it removes itself.
    """
    try:
        await printed_by(machine, removing(folder))
    except OmgError as error:
        raise type(error)(f"{machine.name}: a report stays there for an hour at most: {error}") from error


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
        raise failure(machine.name, error, bytes(printed)) from error
    return bytes(printed)
