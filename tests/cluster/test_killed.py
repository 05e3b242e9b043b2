"""SIGKILL at any moment of a run against the real cluster."""

from typing import Any

import pytest
from ahocorasick_rs import BytesAhoCorasick

from omg.embedded.corpus import Corpus
from tests.cluster.gathers import Gathered, Place, moments
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.trees import comparable, different_files

MOMENTS = 4
"""The fast tests kill at thirty moments and at every step of the sink; these few are the real cluster's."""


@pytest.fixture(scope="module")
def whole(full: Gathered) -> dict[str, Any]:
    return comparable(full.root)


def test_a_killed_run_leaves_whole_masked_files_and_the_next_one_finishes(
    cluster: Cluster, place: Place, full: Gathered, whole: dict[str, Any], corpus: Corpus
) -> None:
    planted = BytesAhoCorasick([one.value for one in corpus.planted])
    for moment in moments(MOMENTS, full.seconds):
        killed = place.gather("killed", user=cluster.new_user(), kill_after=moment)
        files = [path for path in killed.root.rglob("*") if path.is_file()]
        assert [path for path in files if planted.find_matches_as_indexes(path.read_bytes())] == []
        left = {name: content for name, content in comparable(killed.root).items() if not name.endswith(".partial")}
        assert different_files(left, {name: whole[name] for name in left if name in whole}) == [], moment
    ended = place.gather("killed", user=cluster.new_user())
    assert ended.code == 0, ended.explain()
    assert different_files(comparable(ended.root), whole) == []
