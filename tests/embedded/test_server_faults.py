import asyncio
from urllib.parse import quote

import aiohttp
import pytest
from tests.embedded.sample import named
from tests.embedded.serving import NS, Client, Text, serving

from omg.embedded import EmbeddedCluster, Faults

CMS = f"{NS}/configmaps"
MANY = [named("ConfigMap", f"cm-{number:02}", "openstack", data={"x": "y" * 3000}) for number in range(10)]
LOGS = {("openstack", "nova-api-0", "api", False): Text(b"a line\n" * 1000)}
LOG = f"{NS}/pods/nova-api-0/log?container=api"


async def test_too_many_requests_names_when_to_come_back_and_ends_after_its_count() -> None:
    async with serving(MANY) as (cluster, client):
        fault = cluster.faults.status(429, path="configmaps", count=2, retry_after=7)
        answers = [await client.get(CMS) for _ in range(3)]
        assert [one.status for one in answers] == [429, 429, 200]
        assert answers[0].headers["Retry-After"] == "7"
        assert answers[0].json["reason"] == "TooManyRequests"
        assert fault.hits == 2
        assert (await client.get("/version")).status == 200


@pytest.mark.parametrize("code", [500, 502, 503, 504, 418])
async def test_any_status_can_be_asked_for_with_headers(code: int) -> None:
    async with serving(MANY) as (cluster, client):
        cluster.faults.status(code, headers={"Location": "/x"})
        given_back = await client.get(CMS)
        assert (given_back.status, given_back.json["code"], given_back.headers["Location"]) == (code, code, "/x")


async def test_a_share_of_requests_is_struck_the_same_in_every_run_and_a_repetition_is_drawn_anew() -> None:
    def struck(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.status(500, share=0.2)
        return [bool(faults.striking("/a" if number % 2 else f"/{number}")) for number in range(1000)]

    assert struck(1) == struck(1) != struck(2)
    assert 150 < sum(struck(1)) < 250
    assert len(set(struck(1)[1::2])) == 2


async def test_a_reset_breaks_the_connection_without_an_answer() -> None:
    async with serving(MANY) as (cluster, client):
        cluster.faults.reset(path=CMS)
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.get(CMS)
        assert cluster.requests[-1].faults == ("reset",)
        cluster.faults.off()
        assert (await client.get(CMS)).status == 200


async def impatient(client: Client, path: str) -> bytes:
    """What comes in a moment."""
    came = b""
    try:
        async with asyncio.timeout(0.15), client.session.get(client.url + path) as answer:
            async for part in answer.content.iter_any():
                came += part
    except TimeoutError:
        return came
    raise AssertionError("it ended")


async def test_a_stall_sends_nothing_or_a_beginning_and_ends_when_the_client_goes() -> None:
    async with serving(MANY) as (cluster, client):
        silent = cluster.faults.stall()
        assert await impatient(client, CMS) == b""
        cluster.faults.off(silent)
        whole = (await client.get(CMS)).body
        cluster.faults.stall(after=5000)
        assert await impatient(client, CMS) == whole[:5000]
        await until(cluster, lambda: all(one.ended is not None for one in cluster.requests))


async def broken(client: Client, path: str) -> bytes:
    """What comes before the connection breaks."""
    came = b""
    try:
        async with client.session.get(client.url + path) as answer:
            async for part in answer.content.iter_any():
                came += part
    except aiohttp.ClientError:
        return came
    raise AssertionError("it ended well")


async def until(cluster: EmbeddedCluster, condition: object) -> None:
    async with asyncio.timeout(2):
        while not condition():  # type: ignore[operator]
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("after", [0, 100, 5000, 10**9])
async def test_a_cut_body_never_looks_whole(after: int) -> None:
    async with serving(MANY, logs=None) as (cluster, client):
        whole = (await client.get(CMS)).body
        cluster.faults.cut(after)
        came = await broken(client, CMS)
        assert whole.startswith(came)
        assert len(came) <= after


async def test_a_slow_body_takes_its_time_and_is_whole() -> None:
    async with serving(logs=LOGS) as (cluster, client):
        cluster.faults.slow(70_000, path="/log")
        begun = asyncio.get_running_loop().time()
        given_back = await client.get(LOG)
        assert given_back.body == b"a line\n" * 1000
        cluster.faults.off()
        cluster.faults.slow(35_000, path="/log")
        cluster.faults.cut(3500, path="/log")
        with pytest.raises(aiohttp.ClientError):
            await client.get(LOG)
        assert asyncio.get_running_loop().time() - begun >= 0.1 * 0.9


async def test_an_expiry_strikes_only_in_the_middle_of_a_list_and_not_the_token_that_it_offers() -> None:
    async with serving(MANY) as (cluster, client):
        cluster.faults.expire()
        first = await client.get(f"{CMS}?limit=4")
        assert first.status == 200
        expired = await client.get(f"{CMS}?limit=4&continue={quote(first.json['metadata']['continue'])}")
        assert expired.status == 410
        offered = await client.get(f"{CMS}?limit=40&continue={quote(expired.json['metadata']['continue'])}")
        assert first.names + offered.names == [f"cm-{number:02}" for number in range(10)]


async def test_a_limit_can_be_ignored_and_a_token_repeated() -> None:
    async with serving(MANY) as (cluster, client):
        ignoring = cluster.faults.ignore_limit()
        assert len((await client.get(f"{CMS}?limit=1")).names) == 10
        cluster.faults.off(ignoring)
        cluster.faults.repeat_token()
        token = (await client.get(f"{CMS}?limit=1")).json["metadata"]["continue"]
        again = await client.get(f"{CMS}?limit=1&continue={quote(token)}")
        assert again.json["metadata"]["continue"] == token


async def test_a_dead_kubelet_refuses_its_logs_and_a_silent_one_hangs() -> None:
    async with serving(logs=LOGS) as (cluster, client):
        cluster.dead_nodes.add("worker-0")
        refused = await client.get(LOG)
        assert refused.status == 500
        assert refused.json["message"] == (
            'Get "https://worker-0:10250/containerLogs/openstack/nova-api-0/api": '
            "dial tcp worker-0:10250: connect: connection refused"
        )
        cluster.dead_nodes.clear()
        cluster.silent_nodes.add("worker-0")
        assert await impatient(client, LOG) == b""
        assert (await client.get(f"{NS}/pods/nova-api-0")).status == 200
