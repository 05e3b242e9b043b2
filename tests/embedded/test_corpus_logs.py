"""The corpus's logs: as long as they say, whole lines, in the order of time, cheap to make."""

import re
import time

import pytest

from omg.embedded.corpus import Corpus, demo_corpus

MB = 1_000_000
TIME = re.compile(rb"^(2026-01-\d\d[ T]\d\d:\d\d)", re.MULTILINE)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return demo_corpus(log_bytes=40 * MB)


def test_every_log_is_as_long_as_it_says_and_ends_with_a_line(corpus: Corpus) -> None:
    for key, log in corpus.logs.items():
        chunks = list(log.chunks())
        assert sum(map(len, chunks)) == log.size, key
        assert all(chunk.endswith(b"\n") for chunk in chunks)
        assert max(map(len, chunks), default=0) < 80_000
    assert 39 * MB < sum(log.size for log in corpus.logs.values()) < 41 * MB


def test_sizes_vary_from_nothing_to_millions(corpus: Corpus) -> None:
    sizes = sorted(log.size for log in corpus.logs.values())
    assert sizes[0] == 0
    assert sizes[len(sizes) // 2] < 500_000
    assert sizes[-1] > MB


def test_a_log_of_nothing_but_its_story_has_it_all() -> None:
    logs = demo_corpus(log_bytes=0).logs
    assert 0 < sum(log.size for log in logs.values()) < MB
    assert b"No route to host" in b"".join(logs["openstack", "cinder-volume-netapp-0", "cinder-volume", True].chunks())


def test_times_rise_and_no_placeholder_is_left(corpus: Corpus) -> None:
    for log in corpus.logs.values():
        text = b"".join(log.chunks())
        assert b"@@" not in text
        assert b"@#" not in text
        times = [one.replace(b"T", b" ") for one in TIME.findall(text)]
        assert times == sorted(times)


def test_logs_are_where_a_container_has_run_and_nowhere_else(corpus: Corpus) -> None:
    previous, current = set(), set()
    for pod in (one for one in corpus.objects if one["kind"] == "Pod"):
        metadata, told = pod["metadata"], pod["status"]
        for one in [*told.get("initContainerStatuses", ()), *told.get("containerStatuses", ())]:
            key = (metadata["namespace"], metadata["name"], one["name"])
            if "terminated" in one["lastState"]:
                previous.add(key)
            if "terminated" in one["lastState"] or "waiting" not in one["state"]:
                current.add(key)
    assert {key[:3] for key in corpus.logs if key[3]} == previous
    assert {key[:3] for key in corpus.logs if not key[3]} == current


def test_two_pods_of_a_service_have_different_logs(corpus: Corpus) -> None:
    first, second = (corpus.logs["openstack", f"nova-api-{at}", "nova-api-api", False] for at in (0, 1))
    assert next(iter(first.chunks())) != next(iter(second.chunks()))


def test_making_a_log_costs_little() -> None:
    log = max(demo_corpus(log_bytes=200 * MB).logs.values(), key=lambda one: one.size)
    next(iter(log.chunks()))
    began = time.process_time()
    made = sum(map(len, log.chunks()))
    # A fifth of what it does on an idle core: the bar is for a busy one.
    assert made / (time.process_time() - began) > 80 * MB
