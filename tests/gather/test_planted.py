"""Secrets planted in every place that a run against the embedded cluster reads: none of them is anywhere afterwards."""

from pathlib import Path

import pytest

from omg.embedded.server import EmbeddedCluster
from tests.gathering import Gathering
from tests.planting.drawing import seed_of_this_run
from tests.planting.planted_corpus import planted_corpus
from tests.planting.searching import Search, told

SEED = seed_of_this_run()


@pytest.mark.slow
async def test_no_planted_secret_is_in_the_tree(tmp_path: Path) -> None:
    planted = planted_corpus(SEED, per_place=100, rounds=2, log_bytes=100_000, borders=(64 * 1024, 128 * 1024))
    forgotten = set(planted.former_plants)
    plants = [one for one in planted.plants if one not in forgotten]
    async with EmbeddedCluster(planted.corpus) as cluster:
        for secret in planted.late:
            cluster.store.put(secret)
        cluster.write_kubeconfig(tmp_path / "kubeconfig")
        gathering = Gathering(cluster, tmp_path / "kubeconfig", tmp_path / "out")
        result = await gathering.run(archive="gz")
    assert len(plants) > 1000
    search = Search(plants)
    found = search.under(gathering.root)
    assert not found, told(found, SEED)
    shown = search.in_bytes("\n".join([*result.lines, *gathering.view.said]).encode())
    assert not shown, told({"what was shown": shown}, SEED)
    assert result.exit_code == 0, result.lines
