import asyncio
import gzip
import json
from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from aiohttp import web

from omg.cluster import paging
from omg.cluster.door import Cluster
from omg.cluster.listing import Page
from omg.cluster.paging import LOSSES
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Unlimited
from omg.errors import DeclarationError, Denied, RequestFailed, TimedOut, Unreachable
from tests.cluster_door.serving import Api, Time, items, listed, reset, said, session, status, streamed

PODS = Resource("", "v1", "pods", "Pod", namespaced=True)
PATH = "/api/v1/namespaces/ns/pods"


async def names(opened: Session, ticket: Unlimited | None = None, **how: Any) -> list[str]:
    pages = Cluster(opened, ticket or Unlimited()).list(PODS, namespace="ns", **how)
    return [one["metadata"]["name"] async for page in pages for one in page.objects()]


# paging


async def test_a_list_is_read_page_by_page(api: Api) -> None:
    api.on(PATH, said(listed(items("a", "b"), token="t1")), said(listed([], token="t2")), said(listed(items("c"))))
    ticket = Unlimited()
    async with session(api) as opened:
        assert await names(opened, ticket, labels="app=x", fields="status.phase=Running") == ["a", "b", "c"]
    assert [seen.query.get("continue") for seen in api.seen] == [None, "t1", "t2"]
    assert {seen.query["limit"] for seen in api.seen} == {"250"}
    assert {(seen.query["labelSelector"], seen.query["fieldSelector"]) for seen in api.seen} == {
        ("app=x", "status.phase=Running")
    }
    assert ticket.permitted == [("", "pods", "list")]


async def test_an_empty_list_is_one_empty_page(api: Api) -> None:
    api.on(PATH, said(b'{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":null}'))
    async with session(api) as opened:
        pages = [page async for page in Cluster(opened, Unlimited()).list(PODS, namespace="ns")]
    assert [(len(page), page.resource_version) for page in pages] == [(0, "7")]


async def test_nothing_is_sent_for_what_was_not_declared(api: Api) -> None:
    class Nothing(Unlimited):
        def permit(self, group: str, resource: str, verb: str, namespace: str | None = None) -> None:
            raise DeclarationError(f"{verb} {resource}")

    async with session(api) as opened:
        with pytest.raises(DeclarationError, match="list pods"):
            await names(opened, Nothing())
    assert api.seen == []


async def test_a_page_that_fails_is_asked_again_from_its_place(api: Api) -> None:
    api.on(PATH, said(listed(items("a"), token="t1")), status(503), reset, said(listed(items("b"))))
    async with session(api) as opened:
        assert await names(opened) == ["a", "b"]
    assert [seen.query.get("continue") for seen in api.seen] == [None, "t1", "t1", "t1"]


async def test_a_token_that_repeats_is_a_failure_not_a_loop(api: Api) -> None:
    api.on(PATH, said(listed(items("a"), token="t")))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="Could not list pods in ns: the server's continue token repeats"):
            await names(opened)


async def test_pages_may_come_compressed(api: Api) -> None:
    body = gzip.compress(json.dumps(listed(items(*map(str, range(1000))))).encode())
    api.on(PATH, said(body, headers={"Content-Encoding": "gzip"}))
    async with session(api, compresses=True) as opened:
        assert len(await names(opened)) == 1000


# 410 Gone


async def test_an_expired_list_goes_on_where_the_server_says(api: Api) -> None:
    api.on(
        PATH,
        said(listed(items("a", "b"), token="t1")),
        status(410, "expired", offers="t2"),
        said(listed(items("b", "c"), version="9")),
    )
    async with session(api) as opened:
        assert await names(opened) == ["a", "b", "c"]
    assert api.seen[-1].query["continue"] == "t2"


async def test_an_expired_list_begins_anew_without_a_token_and_repeats_nothing(api: Api) -> None:
    api.on(
        PATH,
        said(listed(items("a", "b"), token="t1")),
        status(410, "expired"),
        said(listed(items("0", "a", "b"), token="t1")),
        said(listed([*items("c"), {"spec": "without a name"}])),
    )
    ticket = Unlimited()
    async with session(api) as opened:
        assert await names(opened, ticket) == ["a", "b", "0", "c"]
    (lost,) = ticket.losses
    assert str(lost) == "Could not list pods in ns: element 5 is not an object with a name."


@pytest.mark.parametrize("odd", [None, 7, "a", [], {}, {"metadata": None}, {"metadata": {"name": 3}}])
async def test_what_is_no_object_is_lost_and_the_rest_of_the_list_is_not(api: Api, odd: Any) -> None:
    api.on(PATH, said(listed([odd, *items("a"), odd, *items("b")])))
    ticket = Unlimited()
    async with session(api) as opened:
        assert await names(opened, ticket) == ["a", "b"]
    assert [str(one) for one in ticket.losses] == [
        f"Could not list pods in ns: element {number} is not an object with a name." for number in (1, 3)
    ]


async def test_one_object_that_is_nested_too_deeply_does_not_take_the_others_along(api: Api) -> None:
    deep = '{"metadata": {"name": "deep"}, "a": ' + "[" * 4000 + '"]}\\""' + "]" * 4000 + "}"
    whole = json.dumps(listed([*items("a"), "DEEP", *items("b")], token="t")).replace('"DEEP"', deep)
    api.on(PATH, said(whole.encode()), said(listed(items("c"))))
    ticket = Unlimited()
    async with session(api) as opened:
        assert await names(opened, ticket) == ["a", "b", "c"]
    assert [str(one) for one in ticket.losses] == ["Could not list pods in ns: element 2 is not an object with a name."]


async def test_a_list_of_anything_but_objects_is_a_failure(api: Api) -> None:
    api.on(PATH, said(listed(range(LOSSES + 1))))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="more than 20 of its elements are not objects"):
            await names(opened)


async def test_the_same_object_twice_is_given_once_and_two_of_a_name_are_two(api: Api) -> None:
    same = {"metadata": {"name": "a", "namespace": "ns", "uid": "1"}}
    other = {"metadata": {"name": "a", "namespace": "ns", "uid": "2"}}
    api.on(PATH, said(listed([same, same, other, *items("b", "b")], token="t")), said(listed([same, *items("c")])))
    async with session(api) as opened:
        assert await names(opened) == ["a", "a", "b", "b", "c"]


async def test_a_list_that_expires_again_and_again_with_new_tokens_is_a_failure(api: Api) -> None:
    api.on(PATH, *(status(410, "expired", offers=f"t{number}") for number in range(30)))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="the list expired more than 20 times"):
            await names(opened)


async def test_empty_pages_do_not_go_on_for_ever(api: Api) -> None:
    api.on(PATH, *(said(listed([], token=f"t{number}")) for number in range(200)))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="100 pages in a row are empty"):
            await names(opened)


async def test_what_the_server_leaves_null_or_numbers_is_understood(api: Api) -> None:
    metadata = {"resourceVersion": 7, "continue": None}
    api.on(PATH, said({"kind": "PodList", "apiVersion": "v1", "metadata": metadata, "items": items("a")}))
    async with session(api) as opened:
        assert await names(opened) == ["a"]


async def test_a_list_that_expires_again_and_again_is_a_failure(api: Api) -> None:
    api.on(PATH, status(410, "expired"))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="the list expired while it was read, 4 times"):
            await names(opened)


async def test_an_offered_token_that_repeats_is_a_failure(api: Api) -> None:
    api.on(PATH, status(410, "expired", offers="t"))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="continue token repeats"):
            await names(opened)


async def test_twelve_thousand_objects_are_each_given_once_whatever_expires(api: Api) -> None:
    everything = [f"e{number:05}" for number in range(12_000)]

    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        token, limit = request.query.get("continue", ""), int(request.query["limit"])
        state, _, start = token.rpartition(":")
        if state == "old" and int(start) >= 3000:
            return await status(410, "expired", offers=f"new:{start}" if int(start) != 5000 else "")(request)
        first = int(start or 0)
        last = first + limit
        more = f"{state or 'old'}:{last}" if last < len(everything) else ""
        return await said(listed(items(*everything[first:last]), token=more))(request)

    api.on(PATH, serve)
    async with session(api) as opened:
        assert await names(opened) == everything


# long pages


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of 64 KiB, so that long ones are quickly made."""
    monkeypatch.setattr(paging, "PAGE_BYTES", 64 * 1024)
    monkeypatch.setattr(paging, "PAGE_CAP", 1024 * 1024)
    monkeypatch.setattr(paging, "SLICE", 16 * 1024)


def paged(found: list[dict[str, Any]]) -> Any:
    async def serve(request: web.BaseRequest) -> web.StreamResponse:
        start, limit = int(request.query.get("continue", 0)), int(request.query["limit"])
        last = start + limit
        return await said(listed(found[start:last], token=str(last) if last < len(found) else ""))(request)

    return serve


@pytest.mark.usefixtures("small")
async def test_a_page_that_is_too_long_is_asked_for_in_quarters(api: Api) -> None:
    found = [one for number in range(40) for one in items(f"c{number}", data="x" * 9_000)]
    api.on(PATH, paged(found))
    async with session(api) as opened:
        assert await names(opened) == [one["metadata"]["name"] for one in found]
    limits = [seen.query["limit"] for seen in api.seen]
    assert limits == ["250", "62", "15", "3", *["3"] * 13]


@pytest.mark.usefixtures("small")
async def test_one_long_object_is_read_all_the_same(api: Api) -> None:
    api.on(PATH, paged(items("a", data="x" * 200_000) + items("b")))
    async with session(api) as opened:
        assert await names(opened) == ["a", "b"]
    assert [seen.query["limit"] for seen in api.seen] == ["250", "62", "15", "3", "1", "1"]


@pytest.mark.usefixtures("small")
async def test_one_object_without_an_end_is_a_failure(api: Api) -> None:
    api.on(PATH, said(listed(items("a", data="x" * 3_000_000))))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="one object is longer than 1 MiB"):
            await names(opened)


# servers that ignore the limit


def long_list(count: int) -> bytes:
    return json.dumps(listed(items(*(f"p{number}" for number in range(count)), data="x" * 200))).encode()


def cut_into(data: bytes, size: int) -> Iterable[bytes]:
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.usefixtures("small")
async def test_a_list_that_comes_whole_is_split_as_it_comes(api: Api) -> None:
    data = long_list(3000)
    api.on(PATH, streamed(*cut_into(data, 50_000)))
    async with session(api) as opened:
        pages = [page async for page in Cluster(opened, Unlimited()).list(PODS, namespace="ns")]
    objects = [one for page in pages for one in page.objects()]
    assert [one["metadata"]["name"] for one in objects] == [f"p{number}" for number in range(3000)]
    assert len(pages) >= 8
    assert {(page.kind, page.api_version, page.resource_version) for page in pages} == {("Pod", "v1", "7")}
    assert [seen.query["limit"] for seen in api.seen] in (["250"], ["250", "62"])


@pytest.mark.usefixtures("small")
async def test_a_list_that_comes_whole_but_goes_on_is_asked_for_its_rest(api: Api) -> None:
    whole = long_list(3000).replace(b'"resourceVersion": "7"', b'"resourceVersion": "7", "continue": "t"')
    assert b"continue" in whole
    api.on(PATH, streamed(*cut_into(whole, 50_000)), said(listed(items("last"))))
    async with session(api) as opened:
        found = await names(opened)
    assert (len(found), found[-1]) == (3001, "last")
    assert api.seen[-1].query["continue"] == "t"


@pytest.mark.usefixtures("small")
async def test_a_list_that_comes_whole_must_come_in_time(api: Api) -> None:
    async def drip(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(long_list(3000)[:-1])
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.02)

    api.on(PATH, drip)
    async with session(api, request=2.0) as opened:
        with pytest.raises(TimedOut, match=r"bytes of it took longer than 2 s"):
            await names(opened)


@pytest.mark.usefixtures("small")
async def test_a_list_that_breaks_while_it_is_split_begins_anew_and_repeats_nothing(api: Api) -> None:
    data = long_list(3000)
    broken = streamed(*cut_into(data[:400_000], 50_000), end=reset)
    api.on(PATH, broken, broken, streamed(*cut_into(data, 50_000)))
    async with session(api) as opened:
        assert await names(opened) == [f"p{number}" for number in range(3000)]
    api.on(PATH, broken)
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match=", 4 times"):
            await names(opened)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("end", [b"", b"]}}", b"nonsense"])
async def test_a_long_list_without_its_proper_end_is_malformed(api: Api, end: bytes) -> None:
    api.on(PATH, said(long_list(3000)[:-2] + end))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="the list is malformed"):
            await names(opened)


@pytest.mark.usefixtures("small")
async def test_something_long_that_is_no_list_is_malformed(api: Api) -> None:
    api.on(PATH, said(b"<html>" * 100_000))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="the list is malformed"):
            await names(opened)


@pytest.mark.usefixtures("small")
async def test_a_reader_that_stops_leaves_no_connection_behind(api: Api) -> None:
    gone = asyncio.Event()

    async def wait(request: web.BaseRequest) -> None:
        while request.transport is not None and not request.transport.is_closing():
            await asyncio.sleep(0.01)
        gone.set()

    api.on(PATH, streamed(*cut_into(long_list(3000), 50_000), end=wait))
    async with session(api) as opened:
        pages = Cluster(opened, Unlimited()).list(PODS, namespace="ns")
        async for _ in pages:
            break
        await pages.aclose()
        async with asyncio.timeout(5):
            await gone.wait()


# what isn't a list


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not json", "the answer is not a list in JSON"),
        (b'{"items": [1', "the answer is not a list in JSON"),
        (b'{"kind": "Pod"}', "not a list but a Pod"),
        (b"{}", "not a list but a nameless object"),
        (b'{"items": 3}', "the answer is not a list in JSON"),
    ],
)
async def test_what_is_no_list_is_a_failure(api: Api, body: bytes, reason: str) -> None:
    api.on(PATH, said(body))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match=reason):
            await names(opened)


# objects


def raw(*objects: Any) -> list[msgspec.Raw]:
    return [msgspec.Raw(json.dumps(one).encode()) for one in objects]


def test_an_object_begins_with_what_it_is() -> None:
    page = Page("v1", "Pod", raw({"metadata": {}}, {"spec": 1, "kind": "Other", "apiVersion": "o/v1"}))
    assert [list(one.items()) for one in page.objects()] == [
        [("apiVersion", "v1"), ("kind", "Pod"), ("metadata", {})],
        [("apiVersion", "o/v1"), ("kind", "Other"), ("spec", 1)],
    ]


def test_numbers_stay_what_they_are() -> None:
    page = Page("v1", "Pod", [msgspec.Raw(b'{"a":12345678901234567890123,"b":1.0,"c":9007199254740993,"d":-0}')])
    (found,) = page.objects()
    assert (found["a"], found["b"], found["c"]) == (12345678901234567890123, 1.0, 9007199254740993)


def test_something_in_a_list_that_is_no_object_is_a_failure() -> None:
    with pytest.raises(RequestFailed, match="The list of Pod holds something that is not an object"):
        list(Page("v1", "Pod", raw(3)).objects())


def test_a_page_is_dealt_out_in_batches() -> None:
    page = Page("v1", "Pod", raw(*({"n": number} for number in range(5))), "7")
    assert [len(batch) for batch in page.batches(2)] == [2, 2, 1]
    assert [one["n"] for batch in page.batches(2) for one in batch.objects()] == [0, 1, 2, 3, 4]


async def test_metadata_alone_is_asked_for(api: Api) -> None:
    api.on(PATH, said({**listed(items("a"), kind="PartialObjectMetadataList"), "apiVersion": "meta.k8s.io/v1"}))
    async with session(api) as opened:
        pages = [page async for page in Cluster(opened, Unlimited()).list(PODS, namespace="ns", metadata_only=True)]
    assert api.seen[0].headers["Accept"].startswith("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
    assert [(page.api_version, page.kind) for page in pages] == [("meta.k8s.io/v1", "PartialObjectMetadata")]


async def test_a_list_that_does_not_say_of_what_is_of_what_was_asked_for(api: Api) -> None:
    api.on(PATH, said({"kind": "List", "apiVersion": "v1", "items": items("a")}))
    async with session(api) as opened:
        pages = [page async for page in Cluster(opened, Unlimited()).list(PODS, namespace="ns")]
    assert (pages[0].api_version, pages[0].kind) == ("v1", "Pod")


# everywhere


async def everywhere(opened: Session, resource: Resource = PODS) -> list[str]:
    pages = Cluster(opened, Unlimited()).list_everywhere(resource, ["ns", "other"])
    return [one["metadata"]["name"] async for page in pages for one in page.objects()]


async def test_everywhere_is_one_list(api: Api) -> None:
    api.on("/api/v1/pods", said(listed(items("a"))))
    async with session(api) as opened:
        assert await everywhere(opened) == ["a"]


async def test_where_everywhere_is_denied_each_namespace_is_listed(api: Api) -> None:
    api.on("/api/v1/pods", status(403))
    api.on(PATH, said(listed(items("a"))))
    api.on("/api/v1/namespaces/other/pods", said(listed(items("b"))))
    async with session(api) as opened:
        assert await everywhere(opened) == ["a", "b"]


async def test_what_is_denied_everywhere_is_denied(api: Api) -> None:
    api.on("/api/v1/pods", status(403))
    api.on(PATH, status(403))
    api.on("/api/v1/namespaces/other/pods", said(listed(items("b"))))
    async with session(api) as opened:
        pages = Cluster(opened, Unlimited()).list_everywhere(PODS, ["ns", "other"])
        assert [one["metadata"]["name"] for one in (await anext(pages)).objects()] == ["b"]
        with pytest.raises(Denied, match=r"Not allowed to list pods, neither everywhere nor in ns\.$"):
            await anext(pages)


async def test_a_kind_without_namespaces_is_denied_at_once(api: Api) -> None:
    api.on("/api/v1/nodes", status(403))
    async with session(api) as opened:
        with pytest.raises(Denied):
            await everywhere(opened, Resource("", "v1", "nodes", "Node", namespaced=False))
    assert len(api.seen) == 1


async def test_a_list_that_stays_unreachable_is_not_asked_for_ever(api: Api) -> None:
    api.on(PATH, status(500))
    time = Time()
    async with session(api, time=time) as opened:
        with pytest.raises(Unreachable):
            await names(opened)
    assert time.now < 10
