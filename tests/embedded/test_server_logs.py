from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedded.sample import pod, status
from tests.embedded.serving import NS, Given, Text, serving

from omg.embedded.logs import Options, selected

START = datetime(2026, 11, 22, tzinfo=UTC)
NOW = START + timedelta(hours=12)
TIMED = b"".join(f"2026-11-22 10:00:{number:02}.250 {number}\n  more\n".encode() for number in range(20))
LOGS = {
    ("openstack", "nova-api-0", "api", False): Text(TIMED, chunk=7),
    ("openstack", "nova-api-0", "log", False): Text(b"plain\n"),
    ("openstack", "nova-api-1", "api", True): Text(b"before\n"),
}


async def log(name: str, query: str = "") -> Given:
    async with serving(logs=LOGS, clock=lambda: NOW) as (_, client):
        return await client.get(f"{NS}/pods/{name}/log?{query}")


async def test_a_log_comes_whole_as_plain_text() -> None:
    given_back = await log("nova-api-0", "container=api")
    assert (given_back.status, given_back.headers["Content-Type"], given_back.body) == (200, "text/plain", TIMED)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tailLines=2", b"2026-11-22 10:00:19.250 19\n  more\n"),
        ("tailLines=0", b""),
        ("limitBytes=10", b"2026-11-22"),
        ("limitBytes=1000000", TIMED),
        ("tailLines=1&limitBytes=4", b"  mo"),
        ("tailLines=1&timestamps=true", b"2026-11-22T10:00:19.250000000Z   more\n"),
        ("sinceTime=2026-11-22T10:00:19Z", b"2026-11-22 10:00:19.250 19\n  more\n"),
        ("sinceTime=2026-11-22T12:00:19%2B02:00", b"2026-11-22 10:00:19.250 19\n  more\n"),
        ("sinceSeconds=7181", b"2026-11-22 10:00:19.250 19\n  more\n"),
        ("follow=true&previous=false&timestamps=0", TIMED),
    ],
)
async def test_the_options_choose_a_part_of_it(query: str, expected: bytes) -> None:
    assert (await log("nova-api-0", f"container=api&{query}")).body == expected


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("glance-creating-0", "", 'container "main" in pod "glance-creating-0" is waiting to start: ContainerCreating'),
        (
            "glance-image-0",
            "",
            'container "main" in pod "glance-image-0" is waiting to start: trying and failing to pull image',
        ),
        ("glance-image-1", "", 'container "main" in pod "glance-image-1" is waiting to start: image can\'t be pulled'),
        ("init-running-0", "", 'container "main" in pod "init-running-0" is waiting to start: PodInitializing'),
        (
            "nova-api-0",
            "container=api&previous=true",
            'previous terminated container "api" in pod "nova-api-0" not found',
        ),
        ("keystone-evicted-x1", "", 'container "main" in pod "keystone-evicted-x1" is not available'),
        ("gates-9", "", 'container "main" in pod "gates-9" is waiting to start - no logs yet'),
        ("ended-9", "", 'container "main" in pod "ended-9" is terminated'),
    ],
)
async def test_where_there_is_none_the_kubelets_sentence_says_why(name: str, query: str, sentence: str) -> None:
    odd = status("main") | {"state": {}}
    gone = status("main", terminated={"exitCode": 1})
    more = [pod("gates-9", [odd]), pod("ended-9", [gone])]
    async with serving() as (cluster, client):
        for one in more:
            cluster.store.put(one)
        given_back = await client.get(f"{NS}/pods/{name}/log?{query}")
        assert (given_back.status, given_back.json["message"]) == (400, sentence)


async def test_previous_logs_are_there_after_a_restart() -> None:
    assert (await log("nova-api-1", "previous=true")).body == b"before\n"
    # The container waits in a crash loop: what ended last is what its log shows.
    assert (await log("nova-api-1")).body == b""


async def test_a_container_that_runs_and_has_said_nothing_has_an_empty_log() -> None:
    given_back = await log("mixed-done-0", "container=b")
    assert (given_back.status, given_back.body) == (200, b"")


async def test_a_time_without_a_zone_is_a_bad_request() -> None:
    assert (await log("nova-api-0", "container=api&sinceTime=2026-11-22T10:00:19")).status == 400


def test_a_log_is_made_while_it_is_read() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"2026-11-22 10:00:00.000 again\n"

    for options in (Options(), Options(limit_bytes=50), Options(since=START), Options(timestamps=True)):
        assert list(islice(selected(endless(), options, START), 2))


def test_what_only_looks_like_a_time_takes_the_time_of_the_line_before() -> None:
    text = [b"first\n2026-11-22 10:00:00 a\n2026-99-99 10:00:00 b\nlast"]
    found = b"".join(selected(text, Options(timestamps=True), START)).splitlines()
    assert [line.split(b" ")[0][11:19] for line in found] == [b"00:00:00", b"10:00:00", b"10:00:00", b"10:00:00"]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.binary(max_size=6), max_size=10), st.integers(0, 5), st.integers(1, 30))
def test_where_the_chunks_of_a_log_are_cut_changes_nothing(parts: list[bytes], tail: int, limit: int) -> None:
    for options in (Options(tail_lines=tail), Options(limit_bytes=limit), Options(timestamps=True, tail_lines=tail)):
        assert b"".join(selected(parts, options, START)) == b"".join(selected([b"".join(parts)], options, START))
