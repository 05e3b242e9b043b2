"""A program that is asked once: run within limits of time and memory, ended with its children."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

OUTPUT_CAP = 1024 * 1024
"""Bytes of what it prints that are kept; a credential has a few thousand."""

AFTER_EXIT = 0.5
"""Seconds in which what it printed may still arrive after its end. A child that it left behind keeps the pipes open."""

STDOUT, STDERR = 1, 2


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended, and what it printed: the beginning of it, where it is endless."""

    code: int
    stdout: bytes
    stderr: bytes


async def run_program(argv: Sequence[str], environment: Mapping[str, str], *, limit: float) -> Ended:
    """Run a program without a terminal and without input.

    Args:
        argv: the program and its arguments.
        environment: all of it.
        limit: seconds.

    Raises:
        OSError, ValueError: it can't be started.
        TimeoutError: it did not end within the limit; it and its children are killed.
    """
    heard = _Heard()
    transport, _ = await asyncio.get_running_loop().subprocess_exec(
        lambda: heard,
        *argv,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limit):
            await heard.has_ended.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(AFTER_EXIT):
                await heard.is_silent.wait()
    finally:
        if transport.get_returncode() is None:
            with suppress(ProcessLookupError):
                os.killpg(transport.get_pid(), signal.SIGKILL)  # with its children, which hold its pipes
            await heard.has_ended.wait()
        transport.close()
    return Ended(transport.get_returncode() or 0, bytes(heard.said[STDOUT]), bytes(heard.said[STDERR]))


class _Heard(asyncio.SubprocessProtocol):
    """What a program prints, as far as it is kept."""

    def __init__(self) -> None:
        self.said = {STDOUT: bytearray(), STDERR: bytearray()}
        self.has_ended = asyncio.Event()
        self.is_silent = asyncio.Event()
        self._open = set(self.said)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """It printed something."""
        said = self.said[fd]
        said += data[: OUTPUT_CAP - len(said)]

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - either way there is no more
        """It prints no more there."""
        self._open.discard(fd)
        if not self._open:
            self.is_silent.set()

    def process_exited(self) -> None:
        """It has ended; a child of it may still hold the pipes."""
        self.has_ended.set()
