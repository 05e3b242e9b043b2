"""One cluster for the OpenStack side, apart from the session's: its pods' programs are real ones of this machine."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from omg.embedded.corpus import Corpus, ExecAnswer
from tests.cluster.controlplane.objects import corpus
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.keystone import Keystone
from tests.cluster.testbed.loader import load


@dataclass(frozen=True)
class Plane:
    """The cluster, and what is in it; `look` is called with omg's process, again and again while it runs."""

    cluster: Cluster
    corpus: Corpus
    place: Place
    look: Callable[[int], None] = lambda _process: None

    def serve(self, programs: Mapping[str, str], recorded: Iterable[ExecAnswer] = ()) -> None:
        """From now on the pods have these programs and these recorded answers, and no others; see Kubelet.serve."""
        self.cluster.kubelet.serve(replace(self.corpus, execs=list(recorded)), programs)

    def gather(self, name: str, *tasks: str, **settings: str) -> Gathered:
        """Run some tasks, as a user of their own."""
        wanted = [word for task in tasks for word in ("--only", task)]
        user = self.cluster.new_user()
        return self.place.gather(name, *wanted, user=user, settings={"READ_ONLY": "0", **settings}, look=self.look)


def outcomes(gathered: Gathered, task: str) -> dict[str, tuple[str, str]]:
    """The outcome and the reason of each item of a task."""
    found: dict[str, tuple[str, str]] = {}
    record: dict[str, Any]
    for record in gathered.records():
        if record["task"] == task and record["key"]:
            found[record["key"]] = (record["outcome"], record.get("reason") or "")
    return found


@pytest.fixture(scope="package")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plane]:
    """The cluster of all tests of this folder; each module says which programs its pods have."""
    directory: Path = tmp_path_factory.mktemp("plane")
    with Cluster(directory) as running:
        known = corpus()
        load(running, known)
        yield Plane(running, known, Place(running.kubeconfig, tmp_path_factory.mktemp("plane-trees")))


@pytest.fixture(scope="package")
def bootstrapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keystone]:
    """A Keystone with nothing but itself in its catalogue; who adds services takes them out again."""
    with Keystone(tmp_path_factory.mktemp("keystone")) as running:
        yield running
