"""The real cluster, started once for each worker, and the gathers that several tests look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omg.embedded.corpus import Corpus, demo_corpus
from omg.embedded.server import EmbeddedCluster
from omg.embedded.threaded import in_thread
from tests.cluster import hostile
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load

HERE = Path(__file__).parent

ACTING = {"READ_ONLY": "0", "SOS_SERVICES": ""}
"""Every act but the debug pods: no kubelet starts them here; test_cluster_sos.py has one."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the real cluster."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.cluster)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The demo's corpus, with what is hard to write down."""
    demo = demo_corpus()
    return Corpus(objects=[*demo.objects, *hostile.objects()], logs=demo.logs, execs=demo.execs, planted=demo.planted)


@pytest.fixture(scope="session")
def cluster(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The real cluster with the corpus in it; a test that adds something uses a namespace of its own."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as running:
        load(running, corpus)
        yield running


@pytest.fixture(scope="session")
def place(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Where gathers of the real cluster go."""
    return Place(cluster.kubeconfig, tmp_path_factory.mktemp("trees"))


@pytest.fixture(scope="session")
def full(cluster: Cluster, place: Place) -> Gathered:
    """A full gather of the real cluster; its memory is measured."""
    return place.gather("full", user=cluster.new_user(), settings=ACTING)


@pytest.fixture(scope="session")
def alone(cluster: Cluster, place: Place) -> Gathered:
    """The same, one item at a time; counted in the coverage."""
    return place.gather("alone", user=cluster.new_user(), covered=True, settings={"CONCURRENCY": "1", **ACTING})


@pytest.fixture(scope="session")
def embedded(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """A full gather of the same corpus from the embedded cluster."""
    directory = tmp_path_factory.mktemp("embedded")
    with in_thread(EmbeddedCluster(corpus)) as server:
        server.write_kubeconfig(directory / "kubeconfig")
        context = server.kubeconfig()["current-context"]
        return Place(directory / "kubeconfig", directory).gather("tree", user=context, settings=ACTING)
