"""A command in a container, over a WebSocket: stdin, stdout, stderr and the exit status kept apart.

Messages are binary, their first byte is the channel: k8s.io/apimachinery/pkg/util/remotecommand/constants.go. In v5 the
message [255, 0] ends stdin; v4, which OpenShift 4.16 speaks, has no way to end it.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import aiohttp
from aiohttp import WSMsgType

from omg.cluster.answers import sentence, shortened
from omg.cluster.asks import Ask
from omg.cluster.connections import NETWORK_ERRORS
from omg.cluster.logs import pod_path
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import CommandFailed, OmgError, RequestFailed, TimedOut, Truncated, Unreachable

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")

STDIN, STDOUT, STDERR, STATUS, CLOSE = 0, 1, 2, 3, 255

STDERR_KEPT = 64 * 1024
"""Bytes of stderr that are kept: its end says why a command failed."""

SENT_AT_ONCE = 32 * 1024
"""Bytes of stdin in a message, as many as the kubelet's own have."""

PING_EVERY = 10.0
"""Seconds of silence after which a ping goes out, so that no load balancer takes the connection for idle."""

UNANSWERED_PINGS = 3
"""Pings in a row without an answer, on a connection that has answered before, after which it is dead."""

AFTER_STATUS = 2.0
"""Seconds without output after the exit status; the server closes the connection then."""

CLOSE_LIMIT = 2.0
"""Seconds for saying goodbye."""

DEAD_NODE = ("dialing backend", "dial tcp", "connection refused", "no route to host", "i/o timeout")
"""What the status of a command says when the API server can't reach the node's kubelet, in v5 after the handshake."""


_NUMBER = re.compile(r"\d{1,9}", re.ASCII).fullmatch

_EXIT_STATUS = re.compile(r"(?:exit status|exit code) (\d+)$")
"""How a runtime that doesn't name the exit code as a cause ends its message; kwok is one."""


class Execution:
    """A command that runs. One reader at a time: `stdout`, then `wait`.

    Args:
        stall: seconds without output after which it is given up.
    """

    def __init__(
        self, socket: "aiohttp.ClientWebSocketResponse[bool]", ticket: Ticket, *, what: str, stall: float
    ) -> None:
        self._socket = socket
        self._ticket = ticket
        self._what = what
        self._stall = stall
        self._errors = bytearray()
        self._status: dict[str, Any] | None = None
        self._ended_at: float | None = None
        self._received = 0
        self._is_over = False
        self._answers_pings = False
        self._unanswered = 0

    @property
    def protocol(self) -> str:
        """`v5` or `v4`."""
        return (self._socket.protocol or "").partition(".")[0]

    @property
    def stderr(self) -> bytes:
        """What has come on stderr so far, its last 64 KiB."""
        return bytes(self._errors[-STDERR_KEPT:])

    async def stdout(self) -> AsyncIterator[bytes]:
        """The output as it comes, until the command ends or its connection breaks: `wait` tells which.

        Raises:
            TimedOut, Truncated: there was no output for the stall limit: none at all, or no more.
        """
        while (frame := await self._frame()) is not None:
            channel, data = frame
            if channel == STDOUT:
                yield data

    async def send(self, data: bytes) -> None:
        """Write to stdin; returns when the network has taken it.

        Raises:
            Truncated: the connection is broken.
        """
        for start in range(0, len(data), SENT_AT_ONCE):
            await self._send(bytes([STDIN]) + data[start : start + SENT_AT_ONCE])

    async def close_stdin(self) -> bool:
        """End stdin; False where the protocol can't: the command must know by itself when it has everything."""
        if self.protocol != "v5":
            return False
        await self._send(bytes([CLOSE, STDIN]))
        return True

    async def wait(self) -> None:
        """Read what is left, and return when the command has ended well.

        Raises:
            CommandFailed: it ended otherwise, or could not be started; with its exit status, if it has one, and stderr.
            Unreachable: the node doesn't answer.
            TimedOut, Truncated: see `stdout`; Truncated, too, when the connection broke before the exit status.
        """
        while await self._frame() is not None:
            pass
        if self._status is None:
            raise Truncated(sentence(self._what, "the connection broke before the command ended"))
        error = verdict(self._what, self._status, self.stderr)
        if error is not None:
            raise error

    async def _send(self, message: bytes) -> None:
        try:
            async with asyncio.timeout(self._stall):
                await self._socket.send_bytes(message)
        except TimeoutError:
            raise Truncated(sentence(self._what, f"it reads nothing for {self._stall:g} s")) from None
        except NETWORK_ERRORS as error:
            raise Truncated(sentence(self._what, "the connection broke while it was written to")) from error

    async def _frame(self) -> tuple[int, bytes] | None:
        """The next channel with data; None when nothing more comes.

        What isn't output, such as pings and empty messages, is no sign of life of the command.
        """
        clock = asyncio.get_running_loop().time
        pinged = began = clock()
        while not self._is_over:
            now, until = clock(), self._until(began)
            if now >= until:
                if self._ended_at is None:
                    raise self._stalled()
                break
            if self._ended_at is None:
                if now - pinged >= PING_EVERY:
                    pinged = now
                    await self._probe()
                    continue
                until = min(until, pinged + PING_EVERY)
            try:
                message = await self._socket.receive(timeout=max(until - now, 0.001))
            except TimeoutError:
                continue
            if message.type is not WSMsgType.BINARY:
                await self._control(message.type, message.data)
            elif (frame := self._taken(message.data)) is not None:
                return frame
        self._is_over = True
        return None

    def _until(self, began: float) -> float:
        """The moment until which output is waited for, when nothing has come since `began`."""
        if self._ended_at is None:
            return began + self._stall
        return min(max(began, self._ended_at) + AFTER_STATUS, self._ended_at + self._stall)

    async def _control(self, kind: WSMsgType, data: bytes) -> None:
        """What is no output: pings and pongs, words, or the end."""
        if kind is WSMsgType.PING:
            await self._say(partial(self._socket.pong, data))
        elif kind is WSMsgType.PONG:
            self._answers_pings, self._unanswered = True, 0
        elif kind is not WSMsgType.TEXT:
            self._is_over = True

    async def _probe(self) -> None:
        """Send a ping; a connection that has answered some and answers no more is over."""
        self._unanswered += 1
        if self._answers_pings and self._unanswered > UNANSWERED_PINGS:
            self._is_over = True
        else:
            await self._say(self._socket.ping)

    def _taken(self, message: bytes) -> tuple[int, bytes] | None:
        """Sort a message; None for one without anything in it, such as the one that greets."""
        if len(message) < 2:
            return None
        channel, data = message[0], message[1:]
        if channel == STATUS:
            self._status = _status(data)
            self._ended_at = asyncio.get_running_loop().time()
            return channel, data
        self._unanswered = 0
        self._received += len(data)
        self._ticket.received(len(data))
        if channel == STDERR:
            self._errors += data
            del self._errors[: -2 * STDERR_KEPT]
        return channel, data

    def _stalled(self) -> OmgError:
        reason = f"no output for {self._stall:g} s"
        if self._received:
            return Truncated(sentence(self._what, f"{reason} after {self._received:,} bytes"))
        return TimedOut(sentence(self._what, reason))

    async def _say(self, act: Callable[[], Awaitable[None]]) -> None:
        """Send a ping or a pong; a connection that doesn't take it in time is over."""
        try:
            async with asyncio.timeout(PING_EVERY):
                await act()
        except TimeoutError:
            self._is_over = True
        except NETWORK_ERRORS:
            pass  # the other side has closed it: what it said before that, and that it did, is still to be read


def _status(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"message": data.decode("utf-8", "replace")}


def verdict(what: str, status: dict[str, Any], stderr: bytes) -> OmgError | None:
    """What the status on the error channel means; None: the command ended with 0."""
    if status.get("status") == "Success":
        return None
    whole = str(status.get("message") or "no reason given")
    message = shortened(whole)
    details = status.get("details")
    causes = details.get("causes") if isinstance(details, dict) else None
    told = [cause for cause in causes if isinstance(cause, dict)] if isinstance(causes, list) else []
    codes = [str(cause.get("message")) for cause in told if cause.get("reason") == "ExitCode"]
    codes += _EXIT_STATUS.findall(whole)  # some put the command, which may be long, before it
    if codes and _NUMBER(codes[0]):
        said = shortened(stderr.decode("utf-8", "replace"))
        reason = f"exit status {codes[0]}" + (f": {said}" if said else "")
        return CommandFailed(sentence(what, reason), exit_code=int(codes[0]), stderr=stderr)
    if any(text in message for text in DEAD_NODE):
        return Unreachable(sentence(what, message))
    return CommandFailed(sentence(what, message), stderr=stderr)


@asynccontextmanager
async def execution(
    session: Session,
    ticket: Ticket,
    *,
    namespace: str,
    pod: str,
    container: str | None,
    command: Sequence[str],
    stdin: bool = False,
    stall: float | None = None,
) -> AsyncIterator[Execution]:
    """Start a command; its connection is closed at the end of the block, whether it has ended or not.

    Without a container it runs in the pod's first, or in the one that its annotation names. `stdin` says whether
    something will be sent to it; `stall` is in seconds without output, the session's limit where it is None.

    Raises:
        Absent: there is no such pod or container, or the pod doesn't run.
        OmgError: see Session.use.
    """
    program = command[0].rpartition("/")[2]  # arguments may hold secrets
    ask = Ask(f"run {program} in {namespace}/{pod}", pod_path(namespace, pod, "exec"), of_pod=True).asking(
        ("container", container or ""),
        ("stdin", "true" if stdin else ""),
        ("stdout", "true"),
        ("stderr", "true"),
    )
    ask = ask.running(command)
    ticket.permit("", "pods/exec", "create", namespace)
    socket = await session.upgrade(ask, ticket, PROTOCOLS)
    try:
        if socket.protocol not in PROTOCOLS:
            raise RequestFailed(sentence(ask.what, "the server speaks no protocol for commands that omg knows"))
        yield Execution(socket, ticket, what=ask.what, stall=stall or session.limits.stall)
    finally:
        with suppress(TimeoutError):  # whoever reads nothing doesn't hear of the end either
            async with asyncio.timeout(CLOSE_LIMIT):
                await socket.close()
