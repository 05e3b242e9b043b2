import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from tests.embedded.serving import NS, Client, serving

from omg.embedded import V4, V5
from omg.embedded.corpus.model import ExecAnswer

EXECS = [
    ExecAnswer(command=("openstack",), stdout=b"any\n"),
    ExecAnswer(command=("openstack", "service", "list"), stdout=b"nova\n", stderr=b"deprecated\n"),
    ExecAnswer(pod="nova-old-*", command=("openstack",), stdout=b"old\n"),
    ExecAnswer(command=("false",), stderr=b"no\n", exit_code=3),
    ExecAnswer(command=("slow",), stdout=b"late\n", delay=0.15),
    ExecAnswer(command=("both",), stdout=b"one\n", stderr=b"two\n"),
    ExecAnswer(command=("dump",), stdout=bytes(range(256)) * 400),
]
SUCCESS = b'\x03{"metadata":{},"status":"Success"}'


def path(*command: str, pod: str = "nova-api-0", **options: str) -> str:
    told = [f"command={one}" for one in command] + [f"{key}={value}" for key, value in options.items()]
    container = [] if "container" in options else ["container=api"]
    return f"{NS}/pods/{pod}/exec?" + "&".join(["stdout=true", "stderr=true", *container, *told])


@asynccontextmanager
async def connected(
    client: Client, where: str, protocols: Sequence[str] = (V5, V4), **options: Any
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with client.session.ws_connect(client.url + where, protocols=protocols, **options) as socket:
        yield socket


async def frames(client: Client, where: str, protocols: Sequence[str] = (V5, V4)) -> list[bytes]:
    async with connected(client, where, protocols) as socket:
        found = [message.data async for message in socket]
        assert socket.close_code == 1000
        return found


def output(found: list[bytes], channel: int) -> bytes:
    return b"".join(one[1:] for one in found if one[0] == channel)


async def test_the_frames_are_those_of_the_real_server() -> None:
    async with serving(execs=EXECS) as (_, client):
        found = await frames(client, path("openstack", "service", "list", "-c", "Name"))
        assert found == [b"\x01", b"\x01nova\n", b"\x02deprecated\n", SUCCESS]
        assert await frames(client, path("openstack", "endpoint")) == [b"\x01", b"\x01any\n", SUCCESS]
        assert await frames(client, path("openstack", pod="nova-old-0")) == [b"\x01", b"\x01any\n", SUCCESS]
        assert await frames(client, f"{NS}/pods/nova-api-0/exec?container=api&command=openstack&stderr=1") == [
            b"\x02",
            SUCCESS,
        ]
        assert await frames(client, f"{NS}/pods/nova-api-0/exec?container=api&command=openstack") == [b"\x03", SUCCESS]


async def test_a_failing_command_tells_its_exit_code_on_the_error_channel() -> None:
    async with serving(execs=EXECS) as (_, client):
        *_, last = await frames(client, path("false"))
        told = json.loads(last[1:])
        assert (told["status"], told["reason"]) == ("Failure", "NonZeroExitCode")
        assert told["details"]["causes"] == [{"reason": "ExitCode", "message": "3"}]


async def test_a_program_that_is_not_there_is_said_so() -> None:
    async with serving(execs=EXECS) as (_, client):
        found = await frames(client, path("nosuch"))
        assert b'exec: "nosuch": executable file not found in $PATH' in output(found, 2)
        assert b'"message":"255"' in output(found, 3)
        assert b'exec: ""' in output(await frames(client, path()), 2)


async def test_long_output_comes_in_many_frames_and_whole() -> None:
    async with serving(execs=EXECS) as (_, client):
        found = await frames(client, path("dump"))
        assert output(found, 1) == bytes(range(256)) * 400
        assert max(map(len, found)) <= 32 * 1024 + 1


@pytest.mark.parametrize(
    ("server", "offered", "chosen"),
    [((V5, V4), (V4, V5), V5), ((V4,), (V5, V4), V4), ((V5, V4), (V4,), V4)],
)
async def test_the_servers_best_protocol_that_the_client_offers_is_spoken(
    server: Sequence[str], offered: Sequence[str], chosen: str
) -> None:
    async with (
        serving(execs=EXECS, exec_protocols=server) as (_, client),
        connected(client, path("openstack"), offered) as socket,
    ):
        assert socket.protocol == chosen


async def test_without_a_common_protocol_or_an_upgrade_there_is_no_conversation() -> None:
    async with serving(execs=EXECS, exec_protocols=(V4,)) as (_, client):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await frames(client, path("openstack"), (V5,))
        assert refused.value.status == 403
        plain = await client.get(path("openstack"))
        assert (plain.status, plain.json["message"]) == (400, "Upgrade request required")


@pytest.mark.parametrize(
    ("where", "status"),
    [
        (path("ls", pod="absent"), 404),
        (path("ls", container="absent"), 400),
        (f"{NS}/pods/nova-api-0/exec?command=ls&stdout=true", 400),
        (path("ls", pod="glance-pending-0", container="main"), 400),
    ],
)
async def test_what_can_not_run_is_refused_before_the_upgrade(where: str, status: int) -> None:
    async with serving(execs=EXECS) as (_, client):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await frames(client, where)
        assert refused.value.status == status


async def test_cat_gives_stdin_back_until_v5_says_that_it_ended() -> None:
    async with serving() as (_, client), connected(client, path("cat", stdin="true")) as socket:
        for one in (b"\x00one ", b"\x00two", b"\x04{}", b"", b"\xff\x01", b"\xff\x00"):
            await socket.send_bytes(one)
        await socket.send_str("text is no frame")
        found = [message.data async for message in socket]
        assert output(found, 1) == b"one two"
        assert found[-1] == SUCCESS


async def test_in_v4_stdin_has_no_end_and_the_command_ends_with_its_client() -> None:
    async with serving(exec_protocols=(V4,)) as (cluster, client):
        async with connected(client, path("cat", stdin="true"), (V4,)) as socket:
            await socket.send_bytes(b"\x00one")
            await socket.send_bytes(b"\xff\x00")
            assert (await socket.receive()).data == b"\x01"
            assert (await socket.receive()).data == b"\x01one"
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.receive(), 0.1)
        async with asyncio.timeout(2):
            while cluster.requests[0].ended is None:
                await asyncio.sleep(0.01)


async def test_cat_without_stdin_ends_at_once() -> None:
    async with serving() as (_, client):
        assert await frames(client, path("cat")) == [b"\x01", SUCCESS]


async def test_a_slow_command_answers_pings_meanwhile() -> None:
    async with serving(execs=EXECS) as (_, client), connected(client, path("slow"), heartbeat=0.05) as socket:
        found = [message.data async for message in socket]
        assert found == [b"\x01", b"\x01late\n", SUCCESS]


@pytest.mark.parametrize("after", [0, 5, 50_000, 10**9])
async def test_a_cut_breaks_the_connection_before_the_status(after: int) -> None:
    async with serving(execs=EXECS) as (cluster, client):
        cluster.faults.cut(after, path="/exec")
        async with connected(client, path("dump")) as socket:
            found = [message.data async for message in socket]
            assert socket.close_code != 1000
        assert output(found, 1) == (bytes(range(256)) * 400)[:after]
        assert not output(found, 3)


async def test_after_a_cut_nothing_more_comes() -> None:
    async with serving(execs=EXECS) as (cluster, client):
        cluster.faults.cut(2, path="/exec")
        async with connected(client, path("both")) as socket:
            assert [message.data async for message in socket] == [b"\x01", b"\x01on"]


async def test_a_cut_ends_an_echo_too() -> None:
    async with serving() as (cluster, client):
        cluster.faults.cut(3, path="/exec")
        async with connected(client, path("cat", stdin="true")) as socket:
            await socket.send_bytes(b"\x00onetwo")
            assert output([message.data async for message in socket], 1) == b"one"


async def test_a_stall_hangs_after_some_output_and_slow_output_takes_its_time() -> None:
    async with serving(execs=EXECS) as (cluster, client):
        stall = cluster.faults.stall(after=3, path="/exec")
        async with connected(client, path("openstack", "endpoint")) as socket:
            assert [(await socket.receive()).data for _ in range(2)] == [b"\x01", b"\x01any"]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(socket.receive(), 0.1)
        cluster.faults.off(stall)
        cluster.faults.slow(1_000_000, path="/exec")
        begun = asyncio.get_running_loop().time()
        assert output(await frames(client, path("dump")), 1) == bytes(range(256)) * 400
        assert asyncio.get_running_loop().time() - begun > 0.09


async def test_a_dead_kubelet_is_told_in_v5_by_a_status_and_in_v4_by_an_error() -> None:
    async with serving(execs=EXECS) as (cluster, client):
        cluster.dead_nodes.add("worker-0")
        *_, last = await frames(client, path("openstack"))
        assert json.loads(last[1:])["reason"] == "InternalError"
        assert b"connection refused" in last
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await frames(client, path("openstack"), (V4,))
        assert refused.value.status == 500
        cluster.dead_nodes.clear()
        cluster.silent_nodes.add("worker-0")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(frames(client, path("openstack")), 0.1)
