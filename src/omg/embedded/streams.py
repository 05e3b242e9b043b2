"""The streams of a command over WebSocket.

The framing is that of k8s.io/apimachinery's remotecommand: binary messages whose first byte is the channel. v5 adds the
message [255, channel] by which a client says that a channel has ended; in v4 stdin has no end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from aiohttp import WSMsgType, web

from omg.embedded.answers import Answer, blocks
from omg.embedded.corpus.model import ExecAnswer
from omg.embedded.exec import Command, answer_for, exit_status, internal_error, no_program
from omg.embedded.faults import Fault
from omg.embedded.statuses import Refused, bad_request, status
from omg.embedded.wire import forever, hang_up

V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
STDIN, STDOUT, STDERR, ERROR, CLOSE = 0, 1, 2, 3, 255
# As much of a command's output is in one message, as the kubelet's buffers make it.
FRAME = 32 * 1024
# What a client may send in one message.
MESSAGE = 64 * 1024 * 1024


async def serve(
    request: web.BaseRequest,
    command: Command,
    execs: Sequence[ExecAnswer],
    protocols: Sequence[str],
    faults: Mapping[str, Fault],
    ended: Callable[[], None],
    *,
    refused: str = "",
) -> web.StreamResponse:
    """Play a command to a client that asked for a WebSocket; ended is called before its last message.

    refused says why the node's kubelet can't be reached: in v5 it comes on the error channel, in v4 it is a 500.

    Raises:
        Refused: 400, it didn't ask; 403, it speaks none of the protocols; 500, in v4 there is no kubelet.
    """
    offered = [one.strip() for one in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise bad_request("Upgrade request required")
    chosen = next((one for one in protocols if one in offered), "")
    if not chosen:
        raise Refused(Answer(403))
    if refused and chosen != V5:
        raise Refused(status(500, "", refused))
    socket = web.WebSocketResponse(protocols=(chosen,), compress=False, max_msg_size=MESSAGE)
    await socket.prepare(request)
    streams = Streams(socket, command, faults)
    play = asyncio.create_task(streams.play(execs, ended, refused))
    read = asyncio.create_task(streams.read(play))
    try:
        await asyncio.wait([play])
    finally:
        for task in (read, play):
            task.cancel()
        await asyncio.gather(read, play, return_exceptions=True)
    if streams.cut:
        hang_up(request, reset=False)
    else:
        await socket.close()
    return socket


class Streams:
    """A command that runs: what it reads and writes, and where a fault breaks it off."""

    def __init__(self, socket: web.WebSocketResponse, command: Command, faults: Mapping[str, Fault]) -> None:
        self._socket = socket
        self._command = command
        self._slow = faults.get("slow")
        self._broken = faults.get("stall") or faults.get("cut")
        self._left = self._broken.amount if self._broken else 0
        self._stdin: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.cut = False

    async def read(self, play: asyncio.Task[None]) -> None:
        """Take what the client sends, which also answers its pings; when it goes away, the command ends."""
        async for message in self._socket:
            if message.type is not WSMsgType.BINARY or not message.data:
                continue
            channel, data = message.data[0], message.data[1:]
            if channel == STDIN:
                self._stdin.put_nowait(data)
            elif channel == CLOSE and data[:1] == bytes([STDIN]) and self._socket.ws_protocol == V5:
                self._stdin.put_nowait(None)
        play.cancel()

    async def play(self, execs: Sequence[ExecAnswer], ended: Callable[[], None], refused: str) -> None:
        """The scripted answer, or, of ``cat`` with stdin, what the client sends; ends early where a fault says so."""
        command = self._command
        # The empty message by which the real server says that the streams are there.
        await self._send(STDOUT if command.stdout else STDERR if command.stderr else ERROR, b"")
        if refused:
            ended()
            await self._send(ERROR, internal_error(f"error sending request: {refused}"))
            return
        answer = answer_for(command, execs)
        if answer is None and command.argv == ("cat",):
            answer = ExecAnswer()
            while command.stdin and not self.cut and (data := await self._stdin.get()) is not None:
                await self._write(STDOUT, data)
        answer = answer or no_program(command)
        await asyncio.sleep(answer.delay)
        if command.stdout:
            await self._write(STDOUT, answer.stdout)
        if command.stderr:
            await self._write(STDERR, answer.stderr)
        await self._break_off(b"", STDOUT)
        ended()
        if not self.cut:
            await self._send(ERROR, exit_status(answer.exit_code))

    async def _write(self, channel: int, data: bytes) -> None:
        """Output in frames, as far as it may go."""
        for frame in blocks([data], min(FRAME, self._slow.amount) if self._slow else FRAME):
            if self.cut:
                return
            if self._broken and len(frame) >= self._left:
                await self._break_off(frame[: self._left], channel)
                return
            self._left -= len(frame)
            await self._send(channel, frame)
            await asyncio.sleep(len(frame) / self._slow.amount if self._slow else 0)

    async def _break_off(self, last: bytes, channel: int) -> None:
        if self._broken is None or self.cut:
            return
        if last:
            await self._send(channel, last)
        if self._broken.kind == "stall":
            await forever()
        self.cut = True

    async def _send(self, channel: int, data: bytes) -> None:
        await self._socket.send_bytes(bytes([channel]) + data)
