"""Thousands of secrets in a real cluster, and none of them in anything that a gather leaves or shows.

The seed is new in each run; a failure names it, and OMG_PLANTING_SEED plants the same again.
"""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.api import Refused, in_namespace
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load
from tests.planting.drawing import seed_of_this_run
from tests.planting.planted_corpus import Planted, planted_corpus
from tests.planting.searching import Search, told
from tests.planting.watching import Watch

SEED = seed_of_this_run()

AT_LEAST = 2000
"""Planted secrets."""

MOMENTS = 3
"""At which a run is killed."""


@dataclass
class Changes:
    """Makes and changes Secrets in the cluster as soon as a run has read them; `look` says when that is.

    Attributes:
        made: how many so far.
    """

    cluster: Cluster
    planted: Planted
    journal: Path
    made: int = 0
    _thread: threading.Thread | None = None
    _failures: list[BaseException] = field(default_factory=list)

    def look(self) -> None:
        if (
            self._thread is None
            and self.journal.exists()
            and _has_ended("secret_values", "secrets/openstack", self.journal)
        ):
            self._thread = threading.Thread(target=self._make)
            self._thread.start()

    def end(self) -> None:
        assert self._thread is not None, "the run ended before its Secrets could be changed"
        self._thread.join()
        assert self._failures == []

    def _make(self) -> None:
        try:
            for secret in self.planted.late:
                self._put(secret)
                self.made += 1
        except (OSError, Refused) as error:
            self._failures.append(error)

    def _put(self, secret: dict[str, object]) -> None:
        metadata = secret["metadata"]
        assert isinstance(metadata, dict)
        path = in_namespace("/api/v1/secrets", metadata["namespace"])
        try:
            self.cluster.api.send("PUT", f"{path}/{metadata['name']}", secret)
        except Refused as error:
            if error.status != 404:
                raise
            self.cluster.api.send("POST", path, secret)


def _has_ended(task: str, key: str, journal: Path) -> bool:
    for line in journal.read_bytes().splitlines():
        try:
            entry = msgspec.json.decode(line)
        except msgspec.DecodeError:  # it is being written
            return False
        if entry.get("event") == "ended" and (entry["task"], entry["key"]) == (task, key):
            return True
    return False


@pytest.fixture(scope="module")
def planted() -> Planted:
    return planted_corpus(SEED, per_place=150, rounds=4, log_bytes=2_000_000)


@pytest.fixture(scope="module")
def search(planted: Planted) -> Search:
    return Search(planted.plants)


@pytest.fixture(scope="module")
def planting_cluster(planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of its own: the plants would be in every other test's way."""
    with Cluster(tmp_path_factory.mktemp("planting")) as running:
        load(running, planted.corpus)
        yield running


@dataclass
class Ended:
    """A whole gather, and what was seen of it while it ran."""

    gathered: Gathered
    watch: Watch
    home: Path


@pytest.fixture(scope="module")
def ended(planting_cluster: Cluster, planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    place = Place(planting_cluster.kubeconfig, tmp_path_factory.mktemp("planted-trees"))
    home = tmp_path_factory.mktemp("home")
    changes = Changes(planting_cluster, planted, place.directory / "whole" / "omg-manifest.jsonl")
    watch = Watch(place.leftovers("whole"), changes.look)
    settings = {"ARCHIVE": "gz", "READ_ONLY": "0", "SOS_SERVICES": "", "HOME": str(home)}
    gathered = place.gather("whole", settings=settings, look=watch)
    changes.end()
    return Ended(gathered, watch, home)


def test_there_are_enough_of_them(planted: Planted) -> None:
    assert len({one.value for one in planted.plants}) >= AT_LEAST
    assert len({one.value for one in planted.late_plants}) >= 200


def test_no_planted_secret_is_in_the_tree_or_the_archive(ended: Ended, search: Search) -> None:
    root = ended.gathered.root
    assert {"omg-manifest.jsonl", "run.log", "must-gather.tar.gz"} <= ended.gathered.files()
    found = search.under(root)
    assert not found, told(found, SEED)


def test_no_planted_secret_was_shown_while_it_ran(ended: Ended, search: Search) -> None:
    assert any(b"omg gather" in line for line in ended.watch.arguments)
    seen = {
        "stdout": search.in_bytes(ended.gathered.stdout.encode()),
        "stderr": search.in_bytes(ended.gathered.stderr.encode()),
        "command lines and temporary files": search.in_bytes(ended.watch.seen()),
    }
    found = {where: plants for where, plants in {**seen, **search.under(ended.home)}.items() if plants}
    assert not found, told(found, SEED)


def test_nothing_was_written_elsewhere(ended: Ended) -> None:
    root = ended.gathered.root
    allowed = (str(root), f"{root}.tmp", f"{root}.output", f"{root}.errors")
    assert any(path.startswith(f"{root}/") for path in ended.watch.written)
    assert {path for path in ended.watch.written if not path.startswith(allowed)} == set()


def test_the_audit_at_the_end_and_afterwards_finds_nothing(ended: Ended, planting_cluster: Cluster) -> None:
    assert ended.gathered.code == 0, (SEED, ended.gathered.explain())
    assert "nothing found" in ended.gathered.stdout


def test_a_killed_run_has_written_none(
    planting_cluster: Cluster, ended: Ended, planted: Planted, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = Place(planting_cluster.kubeconfig, tmp_path_factory.mktemp("planted-killed"))
    forgotten = set(planted.former_plants)
    search = Search(plant for plant in planted.plants if plant not in forgotten)
    chance = random.Random(SEED)
    for number in range(MOMENTS):
        moment = chance.uniform(0, ended.gathered.seconds)
        killed = place.gather(f"killed-{number}", kill_after=moment, settings={"ARCHIVE": "gz"})
        found = search.under(killed.root)
        assert not found, f"killed after {moment:.2f} s\n{told(found, SEED)}"
