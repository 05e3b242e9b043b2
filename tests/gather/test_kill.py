"""Killed at any moment, a run leaves masked bytes only, no half file under a final name, and a readable journal."""

import asyncio
import random

import pytest

from omg.embedded.corpus import Corpus
from tests.gathering import UNCOUNTED, Gathering

MOMENTS = 30


@pytest.mark.slow
async def test_a_kill_at_any_moment_leaves_a_tree_that_can_be_trusted(gathering: Gathering, corpus: Corpus) -> None:
    await gathering.run()
    whole = {name: (gathering.root / name).stat().st_size for name in gathering.files()}
    lasting = await _duration(gathering)
    chance = random.Random(7)
    planted = [one.value for one in corpus.planted]
    for _ in range(MOMENTS):
        process = await gathering.start("gather", str(gathering.root), "--quiet", "--audit", "0", **UNCOUNTED)
        await asyncio.sleep(chance.uniform(0.3, 1.0) * lasting)
        if process.returncode is None:
            process.kill()
        await process.communicate()
        assert list(gathering.found(planted)) == []
        for name in gathering.files():
            if name in whole and name.startswith("namespaces/"):
                assert abs((gathering.root / name).stat().st_size - whole[name]) <= 64, name
    result = await gathering.run()
    assert result.exit_code == 0
    assert gathering.files() == set(whole)


async def _duration(gathering: Gathering) -> float:
    began = asyncio.get_running_loop().time()
    await gathering.command("gather", str(gathering.root), "--quiet", "--audit", "0", **UNCOUNTED)
    return asyncio.get_running_loop().time() - began


@pytest.mark.parametrize("signal_after", [0.05])
async def test_the_journal_of_a_killed_run_names_what_was_in_flight(gathering: Gathering, signal_after: float) -> None:
    gathering.cluster.faults.stall(path=r"/log\?", after=1000)
    process = await gathering.start("gather", str(gathering.root), "--only", "pod_logs")
    async with asyncio.timeout(30):
        while not list(gathering.root.rglob("*.log.partial")):
            await asyncio.sleep(0.02)
    await asyncio.sleep(signal_after)
    process.kill()
    await process.communicate()
    journal = gathering.journal()
    started = {line["key"] for line in journal if line.get("event") == "started" and line["task"] == "pod_logs"}
    ended = {line["key"] for line in journal if line.get("event") == "ended" and line["task"] == "pod_logs"}
    assert started - ended
    assert not any("exit_code" in line for line in journal)
    gathering.cluster.faults.off()
    result = await gathering.run("pod_logs")
    assert result.exit_code == 0
    assert not list(gathering.root.rglob("*.partial"))
