"""The tree of a real cluster has every path that docs/output.md promises, and no other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omg.gather.paths import path_rows
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster

NOT_IN_EVERY_TREE = {
    row.path
    for row in path_rows()
    if row.path.startswith(("must-gather.tar.", "dbs/", "sos-reports/")) or row.path.endswith(".N.log.TIME")
}
"""What a setting asks for, which these gathers don't have."""


def test_every_path_is_promised_and_every_promise_kept(full: Gathered) -> None:
    rows = list(path_rows())
    files = full.files()
    assert [path for path in files if not any(row.matches(path) for row in rows)] == []
    kept = {row.path for row in rows if any(row.matches(path) for path in files)}
    assert {row.path for row in rows} - kept == NOT_IN_EVERY_TREE


def test_every_path_is_written_by_the_task_that_the_page_names(full: Gathered) -> None:
    rows = list(path_rows())
    wrong = [
        (path, record["task"])
        for record in full.records()
        for path in record.get("paths", ())
        if record["task"] not in {task for row in rows if row.matches(path) for task in row.tasks}
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, Path]]:
    """A real cluster that serves nothing but Kubernetes."""
    with Cluster(tmp_path_factory.mktemp("bare")) as running:
        yield running, tmp_path_factory.mktemp("bare-tree")


def test_on_a_cluster_without_openstack_everything_is_absent_and_nothing_fails(bare: tuple[Cluster, Path]) -> None:
    cluster, where = bare
    ended = Place(cluster.kubeconfig, where).gather("tree", user=cluster.new_user())
    assert ended.code == 0, ended.explain()
    assert set(ended.outcomes()) <= {"collected", "empty", "absent", "skipped"}
    assert ended.outcomes()["absent"] > 30
    assert "The cluster has no namespace openstack" in ended.stdout
