import asyncio
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from aiohttp import web

from omg.cluster.door import Cluster
from omg.cluster.ticket import Unlimited
from omg.errors import Absent, Denied, TimedOut, Truncated, Unreachable
from tests.cluster_door.serving import Api, reset, said, session, status, streamed

PATH = "/api/v1/namespaces/ns/pods/p/log"


async def hang(_: web.BaseRequest) -> None:
    await asyncio.sleep(60)


async def read(api: Api, *, stall: float = 2.0, ticket: Unlimited | None = None, **how: Any) -> bytes:
    async with session(api, stall=stall) as opened:
        return b"".join([chunk async for chunk in Cluster(opened, ticket or Unlimited()).log("ns", "p", "c", **how)])


async def test_a_log_is_the_bytes_that_came(api: Api) -> None:
    noise = bytes(range(256)) * 4000
    api.on(PATH, streamed(noise, b"\r\n", noise))
    ticket = Unlimited()
    assert await read(api, ticket=ticket) == noise + b"\r\n" + noise
    assert ticket.permitted == [("", "pods/log", "get")]
    assert ticket.size == 2 * len(noise) + 2
    assert dict(api.seen[0].query) == {"container": "c"}
    assert api.seen[0].headers["Accept-Encoding"] == "identity"


async def test_options_are_asked_as_the_api_has_them(api: Api) -> None:
    api.on(PATH, said(b""))
    since = datetime(2026, 1, 31, 9, 30, 15, 999, tzinfo=timezone(timedelta(hours=1)))
    assert await read(api, previous=True, since=since, limit_bytes=0, tail_lines=7) == b""
    assert dict(api.seen[0].query) == {
        "container": "c",
        "previous": "true",
        "sinceTime": "2026-01-31T08:30:15Z",
        "limitBytes": "0",
        "tailLines": "7",
    }
    assert await read(api, since=datetime(2026, 1, 31, tzinfo=UTC)) == b""


async def test_what_the_kubelet_says_instead_of_a_log_is_passed_on(api: Api) -> None:
    text = b"unable to retrieve container logs for cri-o://abc"
    api.on(PATH, said(text))
    assert await read(api) == text


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (status(400, 'container "c" in pod "p" is waiting to start: PodInitializing'), Absent),
        (status(400, 'previous terminated container "c" in pod "p" not found'), Absent),
        (status(404, 'pods "p" not found'), Absent),
        (said(b"", status=204), Absent),
        (status(403), Denied),
        (status(500, "dial tcp 10.0.0.1:10250: connect: connection refused"), Unreachable),
    ],
)
async def test_a_log_that_can_not_be_had_says_why(api: Api, answer: Any, kind: type[Exception]) -> None:
    api.on(PATH, answer)
    with pytest.raises(kind, match="read the log of ns/p/c"):
        await read(api)


async def test_a_log_that_breaks_before_its_first_byte_is_asked_for_again(api: Api) -> None:
    api.on(PATH, streamed(end=reset), status(500), streamed(b"whole"))
    assert await read(api) == b"whole"


@pytest.mark.parametrize("chunked", [True, False])
async def test_a_log_that_breaks_later_is_cut_and_not_begun_again(api: Api, chunked: bool) -> None:
    async def cut(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={} if chunked else {"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"first part\n")
        await asyncio.sleep(0.05)
        return await reset(request)

    api.on(PATH, cut)
    async with session(api) as opened:
        chunks = Cluster(opened, Unlimited()).log("ns", "p", "c")
        assert await anext(chunks) == b"first part\n"
        with pytest.raises(Truncated, match="it broke after 11 bytes: "):
            await anext(chunks)
    assert len(api.seen) == 1


async def test_a_log_that_stalls_is_cut(api: Api) -> None:
    api.on(PATH, streamed(b"first part\n", end=hang))
    with pytest.raises(Truncated, match=r"it broke after 11 bytes: no byte for 0\.2 s"):
        await read(api, stall=0.2)


async def test_a_log_that_does_not_begin_is_asked_for_once_more(api: Api) -> None:
    api.on(PATH, streamed(end=hang), streamed(b"first part\n", end=hang))
    with pytest.raises(Truncated, match=r"it broke after 11 bytes: no byte for 0\.3 s"):
        await read(api, stall=0.3)


async def test_a_log_that_never_begins_times_out(api: Api) -> None:
    api.on(PATH, streamed(end=hang))
    with pytest.raises(TimedOut, match=r"read the log of ns/p/c: no (byte for 0\.1|answer within 0\.2) s"):
        await read(api, stall=0.2)


async def test_a_slow_reader_is_no_stall(api: Api) -> None:
    api.on(PATH, streamed(*[b"x" * 100_000] * 100))
    size = 0
    async with session(api, stall=0.2) as opened:
        async for chunk in Cluster(opened, Unlimited()).log("ns", "p", "c"):
            if size == 0:
                await asyncio.sleep(0.4)
            size += len(chunk)
    assert size == 10_000_000
