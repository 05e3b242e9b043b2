"""One net of masking switched off: the audit fails the run, and names what came through."""

import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from functools import partial
from pathlib import Path

import pytest

from omg.audit import audit
from omg.embedded.server import EmbeddedCluster
from omg.masking import ALL_NETS, Masker
from tests.gathering import Gathering
from tests.planting.drawing import Plant, seed_of_this_run
from tests.planting.planted_corpus import Planted, planted_corpus
from tests.planting.searching import Search, read

SEED = seed_of_this_run()

AT_LEAST = 50
"""Plants that come through without a net."""

UNNAMED = 0.05
"""The share of what came through that an audit may miss: it has rules of its own, and misses other things."""

Place = tuple[str, int]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def planted() -> Planted:
    return planted_corpus(SEED, per_place=60, rounds=1, log_bytes=50_000, borders=(64 * 1024,))


@pytest.fixture(scope="module")
def search(planted: Planted) -> Search:
    forgotten = set(planted.former_plants)
    return Search(one for one in planted.plants if one not in forgotten)


@pytest.fixture
async def gathering(planted: Planted, tmp_path: Path) -> AsyncIterator[Gathering]:
    async with EmbeddedCluster(planted.corpus) as cluster:
        for secret in planted.late:
            cluster.store.put(secret)
        cluster.write_kubeconfig(tmp_path / "kubeconfig")
        yield Gathering(cluster, tmp_path / "kubeconfig", tmp_path / "out")


def came_through(root: Path, search: Search) -> dict[Plant, set[Place]]:
    """Where each plant came through: file and line."""
    found: defaultdict[Plant, set[Place]] = defaultdict(set)
    for path in sorted(root.rglob("*")):
        if path.is_file() and search.in_bytes(content := read(path)):
            for number, line in enumerate(content.splitlines(), start=1):
                for plant in search.in_bytes(line):
                    found[plant].add((str(path.relative_to(root)), number))
    return found


def is_named(plant: Plant, places: set[Place], named: set[Place]) -> bool:
    """Whether one of its lines was named, or the line of its key or frame, which stands above."""
    above = plant.value.count("\n") + 3
    return any((file, line - up) in named for file, line in places for up in range(above + 1))


def summed_up(plants: Iterable[Plant]) -> str:
    """Forms and kinds of value, most frequent first; no value."""
    return "\n".join(
        f"{n} x {what}" for what, n in Counter(one.where.split(": ", 1)[1] for one in plants).most_common()
    )


def _made(maskers: list[Masker], net: int) -> Masker:
    maskers.append(Masker(nets=ALL_NETS - {net}))
    return maskers[-1]


@pytest.mark.parametrize("net", sorted(ALL_NETS))
async def test_without_a_net_the_audit_fails_and_names_what_came_through(
    gathering: Gathering, search: Search, net: int
) -> None:
    maskers: list[Masker] = []
    result = await gathering.run(make_masker=partial(_made, maskers, net))
    assert result.exit_code == 1
    assert any(line.startswith("! The audit found") for line in result.lines)
    through = {plant: places for plant, places in came_through(gathering.root, search).items() if plant.net == net}
    assert len(through) >= AT_LEAST, SEED
    told = json.loads((gathering.root / "omg-manifest.json").read_text())["end"]["audit"]
    assert told["findings"]
    report = audit(gathering.root, values=maskers[0].learned_values())
    named = {(one.file, one.line) for one in report.findings}
    assert {(one["file"], one["line"]) for one in told["findings"]} <= named
    unnamed = [plant for plant, places in through.items() if not is_named(plant, places, named)]
    assert len(unnamed) <= len(through) * UNNAMED, f"{SEED}: of {len(through)}:\n{summed_up(unnamed)}"


@pytest.mark.parametrize("net", [1, 2])
async def test_shapes_and_keys_are_found_afterwards_too(gathering: Gathering, search: Search, net: int) -> None:
    await gathering.run("config_maps", "custom_resources", make_masker=partial(Masker, nets=ALL_NETS - {net}))
    ended = await gathering.command("audit", str(gathering.root), "--format", "json")
    assert ended.code == 1
    found = json.loads(ended.stdout)
    named = {(one["file"], one["line"]) for one in found["findings"]}
    through = {plant: places for plant, places in came_through(gathering.root, search).items() if plant.net == net}
    unnamed = [plant for plant, places in through.items() if not is_named(plant, places, named)]
    assert len(unnamed) <= len(through) * UNNAMED, f"{SEED}: of {len(through)}:\n{summed_up(unnamed)}"
    assert search.in_bytes(ended.stdout.encode()) == set()
