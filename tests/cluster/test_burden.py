"""What a gather costs the API server: how many requests, and how many at a time."""

from collections import Counter

import pytest

from tests.cluster.gathers import Gathered
from tests.cluster.testbed.audit import Request, peak_overlap, seconds_beyond
from tests.cluster.testbed.cluster import Cluster

OTHERS = 20
"""Requests beside LIST pages, logs and execs: version, discovery, and little else."""

STAMPED_LATE = 0.1
"""Seconds, of a run of many, in which requests may overlap because their ends are stamped late."""


@pytest.fixture(scope="module")
def requests(cluster: Cluster, full: Gathered) -> list[Request]:
    return cluster.requests_of(full.user)


def test_a_full_gather_collects_everything(full: Gathered) -> None:
    assert full.code == 0, full.explain()
    assert full.outcomes()["collected"] > 100


def test_never_more_than_five_requests_are_under_way(requests: list[Request]) -> None:
    assert all(request.ended for request in requests)
    assert peak_overlap(requests) >= 5
    assert seconds_beyond(requests, 5) < STAMPED_LATE


def test_with_concurrency_1_one_request_is_under_way(cluster: Cluster, alone: Gathered) -> None:
    assert seconds_beyond(cluster.requests_of(alone.user), 1) < STAMPED_LATE


def test_requests_are_pages_logs_and_execs_and_twenty_others_at_most(requests: list[Request]) -> None:
    others = [request.uri for request in requests if not (request.is_list or request.is_log or request.is_exec)]
    assert len(others) <= OTHERS, others


AGAIN = ("/secrets", "/namespaces/openstack/configmaps")
"""Secrets are listed twice on purpose; of config maps the second list is of their metadata only, for annotations."""


def test_nothing_is_asked_twice_but_secrets_and_annotations(requests: list[Request]) -> None:
    answered = (one for one in requests if one.code == 200 and not one.is_exec)
    asked = Counter(one.uri for one in answered if not any(path in one.path for path in AGAIN))
    assert [uri for uri, times in asked.items() if times > 1] == []


def test_the_burden_is_what_the_journal_says(full: Gathered, requests: list[Request]) -> None:
    counted = sum(record.get("requests", 0) for record in full.records())
    assert abs(len(requests) - counted) <= OTHERS
