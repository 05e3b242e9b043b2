"""A driver that runs in the client's pod, as omg sees it: commands go in, output and exit statuses come out.

The driver's own text says what is spoken. It is sent over stdin with its length before it, because a cluster that
speaks v4 has no way to end stdin.
"""

import asyncio
import json
import math
import struct
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import count
from typing import Any, Protocol

from omg.errors import CommandFailed, OmgError, TimedOut, Truncated

PATIENCE = 60
"""Seconds without a word from omg after which the driver ends itself."""

PING_EVERY = 10.0
"""Seconds between two words to the driver, far below its patience."""

PARALLEL = 8
"""Commands at a time in the pod, at most; the engine's slots are what usually bounds them."""

LONGEST = 64 * 1024 * 1024
"""Bytes that one command may print: a table of a hundred thousand rows has 20 MB."""

STDERR_KEPT = 64 * 1024

LATE = 10.0
"""Seconds after a command's limit within which the driver must have said that it ended."""

FAREWELL = 3.0
"""Seconds that the driver has to end when it was told to."""

_READER = (
    "import os,sys\n"
    "n,t={size},b''\n"
    "while len(t)<n:\n"
    " d=os.read(0,n-len(t))\n"
    " if not d: sys.exit(1)\n"
    " t+=d\n"
    "exec(compile(t,'omg-driver','exec'))\n"
)
"""Reads a program of so many bytes and not one more from stdin, and runs it."""


_BY_SHELL = (
    'read -r line <"$(command -v openstack)" && case $line in "#!"*py*) exec ${line#??} -B -c "$0";; esac; '
    "echo 'openstack names no Python' >&2; exit 127"
)
"""For a pod without `python3`: runs a program by the interpreter that the first line of `openstack` names."""


def driver_text(login: float = 60) -> bytes:
    """The driver, with the call that starts it; `login` is in seconds."""
    options = {"patience": PATIENCE, "parallel": PARALLEL, "longest": LONGEST, "login": math.ceil(login)}
    return f"{_source('driver')}\n\nmain({options!r})\n".encode()


def starting_commands(text: bytes) -> tuple[tuple[str, ...], ...]:
    """The commands in the pod that take the driver from stdin; each is for where the ones before it aren't there."""
    reader = _READER.format(size=len(text))
    return ("python3", "-B", "-c", _source("interpreter"), reader), ("sh", "-c", _BY_SHELL, reader)


def _source(name: str) -> str:
    return files("omg.openstack").joinpath(f"{name}.py").read_text(encoding="utf-8")


def framed(head: dict[str, Any]) -> bytes:
    """One frame to the driver."""
    text = json.dumps(head).encode()
    return struct.pack(">I", len(text)) + text


class Frames:
    """Takes the driver's frames out of bytes that come in any pieces."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
        """The frames that are whole now, each with the bytes that belong to it.

        Raises:
            ValueError: it is no frame.
        """
        self._held += data
        while len(self._held) >= 4:
            (size,) = struct.unpack_from(">I", self._held)
            if size > LONGEST:
                raise ValueError("a frame is too long")
            if len(self._held) < 4 + size:
                return
            head = json.loads(self._held[4 : 4 + size])
            end = 4 + size + int(head.get("size", 0))
            if len(self._held) < end:
                return
            body = bytes(self._held[4 + size : end])
            del self._held[:end]
            yield head, body


class Execution(Protocol):
    """The command in the pod; see omg.cluster.exec."""

    @property
    def stderr(self) -> bytes:
        """Its end."""

    def stdout(self) -> AsyncIterator[bytes]:
        """As it comes."""

    async def send(self, data: bytes, /) -> None:
        """To stdin."""

    async def wait(self) -> None:
        """Return when it has ended well; else raise why it did not."""


class Refused(Exception):
    """The driver can't run there: commands have to be run one by one."""


class NotStarted(Refused):
    """Nothing of it was heard: what should have started it isn't there."""


class LoginFailed(Exception):
    """The client can't authenticate: no command can be run in any way."""


@dataclass(slots=True)
class _Command:
    """One command under way."""

    end: "asyncio.Future[dict[str, Any]]"
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)


class Batch:
    """The session with a driver.

    Attributes:
        commands: that have ended so far.
        is_loaded: the client is, in the pod.
    """

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._stdout = execution.stdout()
        self._frames = Frames()
        self._early: list[tuple[dict[str, Any], bytes]] = []
        self._commands: dict[int, _Command] = {}
        self._numbers = count(1)
        self._broken: str | None = None
        self.commands = 0
        self.is_loaded = False

    async def start(self, text: bytes, *, within: float) -> None:
        """Send the driver and wait until it has authenticated.

        Raises:
            Refused: it can't run there.
            LoginFailed: it runs, and can't authenticate within the limit.
        """
        try:
            async with asyncio.timeout(within):
                with suppress(Truncated):  # where nothing was started, the end says why
                    await self._execution.send(text)
                async for head, _ in self._arriving():
                    if head.get("event") == "loaded":
                        self.is_loaded = True
                    elif head.get("event") == "ready":
                        return
                    elif head.get("event") == "denied":
                        raise LoginFailed(str(head.get("reason")))
                    else:
                        raise Refused(str(head.get("reason")))
                await self._execution.wait()
        except (TimeoutError, TimedOut):
            if self.is_loaded:
                raise LoginFailed(f"no answer within {within:g} s") from None
            raise Refused(f"it was not ready within {within:g} s") from None
        except (OmgError, ValueError) as error:
            raise self._ended_early(str(error)) from error
        raise self._ended_early("it ended at once")

    def _ended_early(self, reason: str) -> Refused:
        return (Refused if self.is_loaded else NotStarted)(self._last_words() or reason)

    def _last_words(self) -> str:
        said = self._execution.stderr.decode("utf-8", "replace").strip().splitlines()
        return said[-1] if said else ""

    async def serve(self, until: asyncio.Event) -> None:
        """Listen to the driver and keep it awake until told to end it; commands that are open then fail."""
        listening = asyncio.create_task(self._listen())
        pinging = asyncio.create_task(self._ping())
        ending = asyncio.create_task(until.wait())
        try:
            await asyncio.wait({listening, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            pinging.cancel()
            ending.cancel()
            try:
                if not listening.done():
                    with suppress(OmgError, TimeoutError):
                        async with asyncio.timeout(FAREWELL):
                            await self._execution.send(framed({"end": True}))
                            await asyncio.shield(listening)
            finally:
                listening.cancel()
                self._break("the session was ended")
        if self._broken and not until.is_set():
            raise Truncated(f"The driver in the client's pod broke off: {self._broken}.")

    async def run(self, arguments: Sequence[str], *, limit: float) -> tuple[bytes, OmgError | None]:
        """Run one command; what it printed, and why it failed, if it did.

        Raises:
            Truncated: the driver is gone; whether the command has run is unknown.
        """
        if self._broken is not None:
            raise Truncated(f"The driver in the client's pod is gone: {self._broken}.")
        number = next(self._numbers)
        command = self._commands[number] = _Command(asyncio.get_running_loop().create_future())
        words = f"openstack {' '.join(arguments)}"
        try:
            await self._execution.send(framed({"id": number, "arguments": list(arguments), "limit": limit}))
            async with asyncio.timeout(limit + LATE):
                end = await command.end
                self.commands += 1
        except TimeoutError:
            return bytes(command.stdout), TimedOut(f"{words}: no answer from the driver within {limit + LATE:g} s.")
        finally:
            self._commands.pop(number, None)
        return bytes(command.stdout), _failure(words, end, bytes(command.stderr), limit)

    async def _arriving(self) -> AsyncIterator[tuple[dict[str, Any], bytes]]:
        while self._early:
            yield self._early.pop(0)
        async for chunk in self._stdout:
            self._early += self._frames.feed(chunk)
            while self._early:
                yield self._early.pop(0)

    async def _listen(self) -> None:
        reason = "its connection broke or it was ended"
        try:
            async for head, body in self._arriving():
                self._take(head, body)
        except (OmgError, ValueError) as error:
            reason = str(error)
        finally:
            self._break(reason)

    def _take(self, head: dict[str, Any], body: bytes) -> None:
        command = self._commands.get(head.get("id", 0))
        if command is None:
            return
        if "stream" in head:
            if head["stream"] == "stdout":
                command.stdout += body
            else:
                command.stderr += body
                del command.stderr[:-STDERR_KEPT]
        elif not command.end.done():
            command.end.set_result(head)

    async def _ping(self) -> None:
        with suppress(OmgError):
            while True:
                await asyncio.sleep(PING_EVERY)
                await self._execution.send(framed({"ping": True}))

    def _break(self, reason: str) -> None:
        self._broken = self._broken or reason
        for command in self._commands.values():
            if not command.end.done():
                command.end.set_exception(Truncated(f"The driver in the client's pod broke off: {reason}."))


def _failure(words: str, end: dict[str, Any], stderr: bytes, limit: float) -> OmgError | None:
    """What the end of a command means; None: it ended with 0."""
    if end.get("ended") == "time limit":
        return TimedOut(f"{words}: it had not ended after {limit:g} s.")
    if end.get("ended"):
        return Truncated(f"{words}: it printed more than {LONGEST >> 20} MiB.")
    code = int(end.get("code", 1))
    if code == 0:
        return None
    said = " ".join(stderr.decode("utf-8", "replace").split())
    reason = f"exit status {code}" + (f": {said}" if said else "")
    return CommandFailed(f"{words}: {reason}", exit_code=code, stderr=stderr)
