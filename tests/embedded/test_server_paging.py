from contextlib import suppress
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedded.sample import named
from tests.embedded.serving import NS, Client, serving

from omg.embedded.lists import read_token, write_token
from omg.embedded.statuses import Refused

MANY = [named("ConfigMap", f"cm-{number:02}", "openstack") for number in range(10)]


async def follow(client: Client, path: str, token: str = "") -> list[dict[str, Any]]:
    pages = [(await client.get(f"{path}&continue={quote(token)}")).json]
    while token := pages[-1]["metadata"].get("continue"):
        pages.append((await client.get(f"{path}&continue={quote(token)}")).json)
    return pages


def listed(pages: list[dict[str, Any]]) -> list[str]:
    return [one["metadata"]["name"] for page in pages for one in page["items"]]


async def test_pages_show_the_state_at_their_beginning_whatever_happens_meanwhile() -> None:
    async with serving(MANY) as (cluster, client):
        first = (await client.get(f"{NS}/configmaps?limit=4")).json
        cluster.store.put(named("ConfigMap", "cm-05a", "openstack"))
        cluster.store.delete("v1", "ConfigMap", "cm-09", "openstack")
        rest = (await client.get(f"{NS}/configmaps?limit=40&continue={quote(first['metadata']['continue'])}")).json
        assert listed([first, rest]) == [f"cm-{number:02}" for number in range(10)]
        assert rest["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]
        now = (await client.get(f"{NS}/configmaps")).json
        assert "cm-05a" in listed([now])
        assert "cm-09" not in listed([now])


async def test_after_a_compaction_the_list_expires_and_the_token_offered_goes_on_with_what_there_is() -> None:
    async with serving(MANY) as (cluster, client):
        first = (await client.get(f"{NS}/configmaps?limit=4")).json
        cluster.store.put(named("ConfigMap", "cm-05a", "openstack"))
        cluster.store.compact()
        expired = await client.get(f"{NS}/configmaps?limit=4&continue={quote(first['metadata']['continue'])}")
        assert (expired.status, expired.json["reason"]) == (410, "Expired")
        pages = await follow(client, f"{NS}/configmaps?limit=4", expired.json["metadata"]["continue"])
        assert listed(pages) == ["cm-04", "cm-05", "cm-05a", "cm-06", "cm-07", "cm-08", "cm-09"]


async def test_states_of_old_are_forgotten_after_many_changes() -> None:
    async with serving(MANY) as (cluster, client):
        token = (await client.get(f"{NS}/configmaps?limit=4")).json["metadata"]["continue"]
        for number in range(300):
            cluster.store.put(named("ConfigMap", "cm-00", "openstack", data={"a": str(number)}))
            await client.get(f"{NS}/configmaps?limit=1")
        assert (await client.get(f"{NS}/configmaps?limit=4&continue={quote(token)}")).status == 410


@pytest.mark.parametrize("limit", [1, 3, 10, 11])
async def test_pages_of_any_size_hold_each_object_once_in_order_and_count_the_rest(limit: int) -> None:
    async with serving(MANY) as (_, client):
        pages = await follow(client, f"{NS}/configmaps?limit={limit}")
        assert listed(pages) == sorted(listed(pages))
        assert len(listed(pages)) == 10
        left = 10
        for page in pages:
            left -= len(page["items"])
            assert page["metadata"].get("remainingItemCount", 0) == left


async def test_a_page_is_never_larger_than_the_servers_own_bound() -> None:
    async with serving(MANY, page_cap=3) as (_, client):
        assert [len(one["items"]) for one in await follow(client, f"{NS}/configmaps?limit=500")] == [3, 3, 3, 1]
        assert len((await client.get(f"{NS}/configmaps")).names) == 10


async def test_a_token_that_is_no_token_is_a_bad_request() -> None:
    async with serving(MANY) as (_, client):
        for token in ("nonsense", "%FF", "bnVsbA"):
            given_back = await client.get(f"{NS}/configmaps?limit=1&continue={token}")
            assert given_back.status == 400
            assert "continue key is not valid" in given_back.json["message"]


@settings(deadline=None, max_examples=50)
@given(st.integers(-1, 10**9), st.text().filter(lambda text: not text.startswith("/")))
def test_a_token_reads_back(revision: int, start: str) -> None:
    assert read_token(write_token(revision, start)) == (revision, start)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=20))
def test_a_token_from_nowhere_is_refused_or_read_but_never_breaks(text: str) -> None:
    with suppress(Refused):
        read_token(text)
