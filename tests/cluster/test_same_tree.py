"""One corpus, two servers, one tree."""

from tests.cluster.gathers import Gathered
from tests.cluster.trees import comparable, different_files


def test_the_real_and_the_embedded_cluster_give_the_same_tree(full: Gathered, embedded: Gathered) -> None:
    assert full.code == embedded.code, f"{full.explain()}\n{embedded.explain()}"
    assert different_files(comparable(full.root), comparable(embedded.root)) == []


def test_every_item_ends_the_same_way_on_both(full: Gathered, embedded: Gathered) -> None:
    ends = [{(one["task"], one["key"]): one["outcome"] for one in run.records()} for run in (full, embedded)]
    assert ends[0] == ends[1]


def test_one_item_at_a_time_gives_the_same_tree_as_five(full: Gathered, alone: Gathered) -> None:
    assert different_files(comparable(full.root), comparable(alone.root)) == []
