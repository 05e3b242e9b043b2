"""The overviews beside `kubectl get` on the same server: the same lines, ages apart."""

import re
from collections import Counter
from itertools import zip_longest

import msgspec
import pytest

from tests.cluster.gathers import Gathered
from tests.cluster.testbed.cluster import Cluster

_AGE = re.compile(r"\b\d+[ydhms](?:\d+[dhms])?\b")
_GAP = re.compile(r" {3,}")

Cells = tuple[str, ...]


def _lines(text: str) -> list[Cells]:
    """The cells of each line; how wide a column is depends on the ages in it."""
    return [tuple(_GAP.split(_AGE.sub("AGE", line).rstrip())) for line in text.splitlines()]


def _shown(cluster: Cluster, namespace: str, *arguments: str) -> list[Cells]:
    printed = cluster.kubectl("get", *arguments, f"--namespace={namespace}").decode()
    return _lines(printed or f"No resources found in {namespace} namespace.\n")


def _written(full: Gathered, namespace: str, name: str) -> list[Cells]:
    return _lines((full.root / "namespaces" / namespace / name).read_text())


@pytest.fixture(scope="module")
def scope(full: Gathered) -> list[str]:
    """The namespaces that were collected."""
    names = sorted(path.name for path in (full.root / "namespaces").iterdir() if (path / "all_resources.log").exists())
    assert "openstack" in names
    return names


def test_everything_is_what_kubectl_get_all_prints(cluster: Cluster, full: Gathered, scope: list[str]) -> None:
    wrong = {}
    for namespace in scope:
        ours, theirs = _written(full, namespace, "all_resources.log"), _shown(cluster, namespace, "all")
        if ours != theirs:
            wrong[namespace] = (
                list((Counter(ours) - Counter(theirs)) + (Counter(theirs) - Counter(ours)))[:10] or "order"
            )
    assert wrong == {}


def test_claims_are_what_kubectl_get_pvc_prints(cluster: Cluster, full: Gathered, scope: list[str]) -> None:
    shown = {namespace: _shown(cluster, namespace, "pvc") for namespace in scope}
    assert {namespace: _written(full, namespace, "pvc.log") for namespace in scope} == shown
    assert sum(map(len, shown.values())) > len(scope) + 10


def test_events_are_what_kubectl_prints_but_for_what_is_hidden(
    cluster: Cluster, full: Gathered, scope: list[str]
) -> None:
    for namespace in scope:
        ours = _written(full, namespace, "events.log")
        theirs = _shown(cluster, namespace, "events", "--sort-by=.lastTimestamp")
        assert [lines for lines in zip_longest(ours, theirs, fillvalue=()) if not _same(*lines)] == [], namespace


def _same(ours: Cells, theirs: Cells) -> bool:
    """Whether the cells are the same, what is hidden apart."""
    shape = "\0".join(re.sub("__hidden_[A-Z2-7]{8}__", ".+", re.escape(cell)) for cell in ours)
    return re.fullmatch(shape, "\0".join(theirs)) is not None


def test_events_go_from_the_oldest_to_the_newest(cluster: Cluster, full: Gathered) -> None:
    listed = msgspec.json.decode(cluster.kubectl("get", "events", "--namespace=openstack", "--output=json"))
    times: dict[str, set[str]] = {}
    for event in listed["items"]:
        times.setdefault(event["message"], set()).add(event["lastTimestamp"] or "")
    order = [
        next(iter(times[message]))
        for *_, message in _written(full, "openstack", "events.log")
        if len(times.get(message, ())) == 1
    ]
    assert len(order) > 50
    assert order == sorted(order)
