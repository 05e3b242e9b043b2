import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from omg.cluster import exec as execs
from omg.cluster.door import Cluster
from omg.cluster.exec import STDERR_KEPT, Execution, verdict
from omg.cluster.login import Login
from omg.cluster.session import Session
from omg.cluster.ticket import Unlimited
from omg.errors import (
    Absent,
    CommandFailed,
    Denied,
    OmgError,
    RequestFailed,
    TimedOut,
    Truncated,
    Unreachable,
)
from tests.cluster_door.serving import Api, Time, reset, session, status

PATH = "/api/v1/namespaces/ns/pods/p/exec"
V5, V4 = "v5.channel.k8s.io", "v4.channel.k8s.io"
OUT, ERR, STATUS = b"\x01", b"\x02", b"\x03"
SUCCESS = STATUS + b'{"metadata":{},"status":"Success"}'

Playing = Callable[[web.WebSocketResponse], Awaitable[object]]


def failure(code: int) -> dict[str, Any]:
    causes = [{"reason": "Other", "message": "x"}, {"reason": "ExitCode", "message": str(code)}]
    return {
        "status": "Failure",
        "reason": "NonZeroExitCode",
        "message": "command terminated",
        "details": {"causes": causes},
    }


def playing(play: Playing, *, protocols: tuple[str, ...] = (V5, V4), autoping: bool = True) -> Any:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        channel = web.WebSocketResponse(protocols=protocols, autoping=autoping)
        await channel.prepare(request)
        await play(channel)
        await channel.close()
        return channel

    return answer


def sending(*messages: bytes) -> Playing:
    async def play(channel: web.WebSocketResponse) -> None:
        for message in messages:
            await channel.send_bytes(message)

    return play


def command(opened: Session, *words: str, stdin: bool = False) -> AbstractAsyncContextManager[Execution]:
    return Cluster(opened, Unlimited()).exec("ns", "p", "c", words, stdin=stdin)


class Ran:
    """What came of a command."""

    def __init__(self) -> None:
        self.stdout = self.stderr = b""
        self.protocol = ""
        self.error: OmgError | None = None


async def run(
    api: Api, *, stall: float = 2.0, limit: float | None = None, ticket: Unlimited | None = None, **more: Any
) -> Ran:
    ran = Ran()
    async with session(api, stall=stall, **more) as opened:
        cluster = Cluster(opened, ticket or Unlimited())
        async with cluster.exec("ns", "p", "c", ["/bin/run", "--now", ""], stall=limit) as execution:
            ran.protocol = execution.protocol
            try:
                async for data in execution.stdout():
                    ran.stdout += data
                await execution.wait()
            except OmgError as error:
                ran.error = error
            ran.stderr = execution.stderr
    return ran


async def test_stdout_stderr_and_the_status_are_kept_apart(api: Api) -> None:
    api.on(PATH, playing(sending(OUT, OUT + b"one\n", ERR + b"bad\n", b"", OUT + b"two\n", b"\x07?", SUCCESS)))
    ticket = Unlimited()
    ran = await run(api, ticket=ticket)
    assert (ran.stdout, ran.stderr, ran.error, ran.protocol) == (b"one\ntwo\n", b"bad\n", None, "v5")
    assert ticket.permitted == [("", "pods/exec", "create")]
    assert ticket.requests == 1
    sent = api.seen[0]
    assert sent.query.getall("command") == ["/bin/run", "--now", ""]
    assert {name: sent.query[name] for name in ("container", "stdout", "stderr")} == {
        "container": "c",
        "stdout": "true",
        "stderr": "true",
    }
    assert "stdin" not in sent.query
    assert sent.headers["Authorization"] == "Bearer t"


async def test_an_exit_status_is_an_error_with_what_the_command_said(api: Api) -> None:
    api.on(PATH, playing(sending(OUT + b"some", ERR + b"no\nsuch", STATUS + json.dumps(failure(3)).encode())))
    ran = await run(api)
    assert isinstance(ran.error, CommandFailed)
    assert (ran.error.exit_code, ran.error.stderr) == (3, b"no\nsuch")
    assert str(ran.error) == "Could not run run in ns/p: exit status 3: no such."
    assert ran.stdout == b"some"


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ({"message": "error executing: executable file not found"}, CommandFailed, None),
        ({"message": "command terminated with exit code 137"}, CommandFailed, 137),
        ({"message": "cmd wait: x: exit status 4"}, CommandFailed, 4),
        ({"message": "error dialing backend: dial tcp 10.0.0.1:10250: connect: refused"}, Unreachable, None),
        ({}, CommandFailed, None),
        ({"details": {"causes": [{"reason": "ExitCode", "message": "?"}]}}, CommandFailed, None),
    ],
)
def test_a_status_says_how_a_command_ended(said: dict[str, Any], kind: type[OmgError], code: int | None) -> None:
    error = verdict("run x", said, b"")
    assert isinstance(error, kind)
    assert getattr(error, "exit_code", None) == code


@pytest.mark.parametrize(
    "status_said",
    [
        b"[" * 200_000,
        b'{"status": 7, "details": [], "message": {"a": 1}}',
        b'{"status": "Failure", "details": {"causes": 7}}',
        b'{"status": "Failure", "details": {"causes": [7, {"reason": "ExitCode", "message": "\xc2\xb2"}]}}',
        b'{"status": "Failure", "details": {"causes": [{"reason": "ExitCode", "message": "' + b"9" * 5000 + b'"}]}}',
    ],
)
async def test_a_status_of_any_shape_is_a_failure_of_the_command(api: Api, status_said: bytes) -> None:
    api.on(PATH, playing(sending(OUT + b"x", STATUS + status_said)))
    ran = await run(api)
    assert isinstance(ran.error, CommandFailed)
    assert (ran.error.exit_code, len(str(ran.error)) < 400) == (None, True)


async def test_a_status_that_is_no_json_is_a_failure(api: Api) -> None:
    api.on(PATH, playing(sending(STATUS + b"it went wrong")))
    ran = await run(api)
    assert isinstance(ran.error, CommandFailed)
    assert "it went wrong" in str(ran.error)


async def test_the_end_of_stderr_is_kept(api: Api) -> None:
    api.on(PATH, playing(sending(*[ERR + bytes([65 + number]) * 30_000 for number in range(9)], SUCCESS)))
    ran = await run(api)
    assert ran.stderr == (b"G" * 30_000 + b"H" * 30_000 + b"I" * 30_000)[-STDERR_KEPT:]


async def test_output_after_the_status_is_not_lost(api: Api) -> None:
    api.on(PATH, playing(sending(SUCCESS, OUT + b"late")))
    assert (await run(api)).stdout == b"late"


async def test_a_server_that_stays_after_the_status_is_not_waited_for(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stay(channel: web.WebSocketResponse) -> None:
        await channel.send_bytes(SUCCESS)
        await channel.receive()

    monkeypatch.setattr(execs, "AFTER_STATUS", 0.1)
    api.on(PATH, playing(stay))
    assert (await run(api)).error is None


async def test_a_server_that_goes_on_after_the_status_is_not_listened_to_for_ever(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go_on(channel: web.WebSocketResponse) -> None:
        await channel.send_bytes(SUCCESS)
        while not channel.closed:
            await channel.send_bytes(OUT + b"x")
            await asyncio.sleep(0.02)

    monkeypatch.setattr(execs, "AFTER_STATUS", 60.0)
    api.on(PATH, playing(go_on))
    assert (await run(api, limit=0.3)).error is None


@pytest.mark.parametrize("size", [5_000_000, 20_000_000])
async def test_a_big_message_is_a_message(api: Api, size: int) -> None:
    api.on(PATH, playing(sending(OUT + b"x" * size, SUCCESS)))
    assert len((await run(api)).stdout) == size


async def test_a_slow_reader_holds_the_command_back(api: Api) -> None:
    sent = 0

    async def flood(channel: web.WebSocketResponse) -> None:
        nonlocal sent
        for _ in range(1000):
            await channel.send_bytes(OUT + b"x" * 32_768)
            sent += 32_768
        await channel.send_bytes(SUCCESS)

    api.on(PATH, playing(flood))
    size = 0
    async with session(api) as opened, Cluster(opened, Unlimited()).exec("ns", "p", None, ["x"]) as execution:
        async for data in execution.stdout():
            if not size:
                await asyncio.sleep(0.3)
                assert sent < 24_000_000
            size += len(data)
        await execution.wait()
    assert size == 32_768_000
    assert "container" not in api.seen[0].query


async def test_waiting_reads_what_nobody_read(api: Api) -> None:
    api.on(PATH, playing(sending(OUT + b"x" * 1000, SUCCESS)))
    async with session(api) as opened, command(opened, "x") as execution:
        await execution.wait()


# stdin


async def cat(channel: web.WebSocketResponse) -> None:
    """Echo until stdin ends."""
    async for message in channel:
        if message.data == b"\xff\x00":
            break
        await channel.send_bytes(OUT + message.data[1:])
        if message.data.endswith(b"."):
            break
    await channel.send_bytes(SUCCESS)


@pytest.mark.parametrize("protocol", [V5, V4])
async def test_stdin_is_sent_and_ended_where_the_protocol_can(api: Api, protocol: str) -> None:
    api.on(PATH, playing(cat, protocols=(protocol,)))
    data = b"x" * 100_000 + b"."
    async with session(api) as opened, command(opened, "cat", stdin=True) as execution:
        await execution.send(data[: -1 if protocol == V5 else None])
        assert await execution.close_stdin() is (protocol == V5)
        assert execution.protocol == protocol[:2]
        echoed = b"".join([part async for part in execution.stdout()])
        await execution.wait()
    assert data.startswith(echoed)
    assert len(echoed) >= 100_000
    assert api.seen[0].query["stdin"] == "true"


async def test_writing_to_a_command_that_is_gone_is_a_cut(api: Api) -> None:
    api.on(PATH, playing(sending(SUCCESS)))
    async with session(api) as opened, command(opened, "cat", stdin=True) as execution:
        await execution.wait()
        with pytest.raises(Truncated, match="the connection broke while it was written to"):
            await execution.send(b"x" * 10_000_000)


# connections that break or fall silent


async def abort(channel: web.WebSocketResponse) -> None:
    await channel.send_bytes(OUT + b"half")
    transport = channel._req.transport  # type: ignore[union-attr]
    assert transport is not None
    transport.abort()


async def test_a_connection_that_breaks_before_the_status_is_a_cut(api: Api) -> None:
    api.on(PATH, playing(abort))
    ran = await run(api)
    assert isinstance(ran.error, Truncated)
    assert ran.stdout in {b"half", b""}


async def test_an_end_without_a_status_is_a_cut(api: Api) -> None:
    api.on(PATH, playing(sending(OUT + b"half")))
    ran = await run(api)
    assert isinstance(ran.error, Truncated)
    assert ran.stdout == b"half"
    assert str(ran.error) == "Could not run run in ns/p: the connection broke before the command ended."


async def silent(channel: web.WebSocketResponse) -> None:
    await channel.receive()


async def test_a_command_without_any_output_times_out(api: Api) -> None:
    api.on(PATH, playing(silent))
    ran = await run(api, stall=0.2)
    assert isinstance(ran.error, TimedOut)
    assert "no output for 0.2 s" in str(ran.error)


async def test_a_command_that_falls_silent_is_cut(api: Api) -> None:
    async def half(channel: web.WebSocketResponse) -> None:
        await channel.send_bytes(OUT + b"half")
        await silent(channel)

    api.on(PATH, playing(half))
    ran = await run(api, limit=0.2)
    assert isinstance(ran.error, Truncated)
    assert "no output for 0.2 s after 4 bytes" in str(ran.error)


async def work_silently(channel: web.WebSocketResponse) -> None:
    """Do something for a while without a word, and don't answer pings either."""
    pinged = 0
    while pinged < 8:
        message = await channel.receive()
        assert message.type is WSMsgType.PING
        pinged += 1
    await channel.send_bytes(OUT + b"done")
    await channel.send_bytes(SUCCESS)


async def test_a_server_that_answers_no_pings_is_not_dead(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execs, "PING_EVERY", 0.03)
    api.on(PATH, playing(work_silently, autoping=False))
    ran = await run(api)
    assert (ran.stdout, ran.error) == (b"done", None)


async def test_a_server_that_stops_to_answer_pings_is_dead(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def die(channel: web.WebSocketResponse) -> None:
        await channel.pong((await channel.receive()).data)
        for _ in range(20):
            await channel.receive()

    monkeypatch.setattr(execs, "PING_EVERY", 0.03)
    api.on(PATH, playing(die, autoping=False))
    ran = await run(api, limit=60)
    assert isinstance(ran.error, Truncated)


async def chatter(channel: web.WebSocketResponse) -> None:
    while not channel.closed:
        await channel.ping(b"still here")
        await channel.send_str("words")
        await channel.send_bytes(OUT)
        await asyncio.sleep(0.02)


async def test_what_is_no_output_does_not_keep_a_silent_command(api: Api) -> None:
    api.on(PATH, playing(chatter))
    ran = await run(api, limit=0.3)
    assert isinstance(ran.error, TimedOut)
    assert str(ran.error) == "Could not run run in ns/p: no output for 0.3 s."


async def test_a_server_that_reads_nothing_is_not_written_to_for_ever(api: Api) -> None:
    released = asyncio.Event()

    async def be_deaf(channel: web.WebSocketResponse) -> None:
        reader = channel._req.transport  # type: ignore[union-attr]
        assert isinstance(reader, asyncio.ReadTransport)
        reader.pause_reading()
        await released.wait()

    api.on(PATH, playing(be_deaf))
    async with session(api) as opened:
        cluster = Cluster(opened, Unlimited())
        async with cluster.exec("ns", "p", "c", ["cat"], stdin=True, stall=0.3) as execution:
            with pytest.raises(Truncated, match=r"it reads nothing for 0\.3 s"):
                await execution.send(b"x" * 100_000_000)
    released.set()


async def test_pings_of_the_server_are_answered(api: Api) -> None:
    async def ping(channel: web.WebSocketResponse) -> None:
        await channel.ping(b"are you there")
        message = await channel.receive()
        await channel.send_bytes(OUT + message.data)
        await channel.send_str("text is none of ours")
        await channel.send_bytes(SUCCESS)

    api.on(PATH, playing(ping, autoping=False))
    assert (await run(api)).stdout == b"are you there"


async def test_what_was_said_before_the_connection_was_closed_is_read_though_it_takes_no_pong(api: Api) -> None:
    is_closed = asyncio.Event()

    async def end_at_once(channel: web.WebSocketResponse) -> None:
        await channel.ping(b"are you there")
        await channel.send_bytes(OUT + b"done")
        await channel.send_bytes(SUCCESS)
        transport = channel._req.transport  # type: ignore[union-attr]
        assert isinstance(transport, asyncio.WriteTransport)
        transport.close()
        is_closed.set()

    api.on(PATH, playing(end_at_once, autoping=False))
    async with session(api) as opened:
        cluster = Cluster(opened, Unlimited())
        async with cluster.exec("ns", "p", "c", ["true"]) as execution:
            await is_closed.wait()
            await asyncio.sleep(0.2)  # until it is known on this side, too
            assert [data async for data in execution.stdout()] == [b"done"]
            await execution.wait()


# commands that don't begin


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (status(403, 'pods "p" is forbidden'), Denied, 'Not allowed to run run in ns/p: pods "p" is forbidden'),
        (status(404, 'pods "p" not found'), Absent, 'pods "p" not found'),
        (status(400, "pod p does not have a host assigned"), Absent, "does not have a host assigned"),
        (status(400, "you must specify a command"), RequestFailed, "answers 400: you must specify a command"),
        (status(500, "dial tcp 10.0.0.1:10250"), Unreachable, "answers 500: dial tcp 10.0.0.1:10250"),
        (status(401, "Unauthorized"), Denied, "the credentials were refused: Unauthorized"),
        (status(200), RequestFailed, "answers 200"),
        (reset, Unreachable, "closed the connection|connection reset"),
    ],
)
async def test_a_refused_handshake_is_told_in_the_servers_words(
    api: Api, answer: Any, kind: type[OmgError], reason: str
) -> None:
    api.on(PATH, answer)
    with pytest.raises(kind, match=reason):
        await run(api)


async def test_a_refusal_whose_body_breaks_is_still_that_refusal(api: Api) -> None:
    async def denied(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(status=403)
        await response.prepare(request)
        await response.write(b"{")
        return await reset(request)

    api.on(PATH, denied)
    with pytest.raises(Denied):
        await run(api)


async def test_a_handshake_that_is_none_is_a_failure(api: Api) -> None:
    async def wrong(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 101 Switching\r\nUpgrade: other\r\nConnection: upgrade\r\n\r\n")
        await asyncio.sleep(0.1)
        return web.Response()

    api.on(PATH, wrong)
    with pytest.raises(RequestFailed, match="the WebSocket handshake failed: Invalid upgrade header"):
        await run(api)


async def test_a_server_without_a_known_protocol_is_a_failure(api: Api) -> None:
    api.on(PATH, playing(sending(), protocols=("v9",)))
    with pytest.raises(RequestFailed, match="speaks no protocol for commands that omg knows"):
        await run(api)


async def test_a_handshake_that_may_pass_is_made_again(api: Api) -> None:
    api.on(PATH, status(500), reset, status(429, headers={"Retry-After": "1"}), playing(sending(SUCCESS)))
    time, ticket = Time(), Unlimited()
    assert (await run(api, time=time, ticket=ticket)).error is None
    assert time.slept[-1] == 1.0
    assert ticket.requests >= 3


async def test_a_handshake_without_an_answer_is_made_again(api: Api) -> None:
    async def never(request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    api.on(PATH, never, playing(sending(SUCCESS)))
    assert (await run(api, stall=0.4)).error is None
    api.on(PATH, never)
    with pytest.raises(TimedOut, match="Could not run run in ns/p: "):
        await run(api, stall=0.2)


async def test_a_refused_login_is_renewed_for_a_command_too(api: Api) -> None:
    class Renewed:
        async def login(self, *, anew: bool) -> Login:
            return Login("Bearer new" if anew else "Bearer old")

    api.on(PATH, status(401), playing(sending(SUCCESS)))
    assert (await run(api, source=Renewed())).error is None
    assert [seen.headers["Authorization"] for seen in api.seen] == ["Bearer old", "Bearer new"]


async def test_leaving_early_ends_the_connection(api: Api) -> None:
    closed = asyncio.Event()

    async def listen(channel: web.WebSocketResponse) -> None:
        await channel.send_bytes(OUT + b"first")
        async for _ in channel:
            pass
        closed.set()

    api.on(PATH, playing(listen))
    async with session(api) as opened:
        async with Cluster(opened, Unlimited()).exec("ns", "p", "c", ["x"]) as execution:
            async for _ in execution.stdout():
                break
        async with asyncio.timeout(2):
            await closed.wait()
