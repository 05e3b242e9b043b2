"""Memory doesn't grow with the cluster: 150 MB at most, whatever is collected."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from omg.embedded.corpus import demo_corpus
from tests.cluster.gathers import MB, Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load, load_objects

MOST = 150 * MB
GROWTH = 25 * MB
"""A guard above what is measured (docs/performance.md), which depends on how much of the logs waits in memory while the
machine is busy. Without the audit, which holds an automaton of its own over the learned values at the end."""

LIMIT = 512 * 1024 * 1024
"""Bytes that the gather at ten times the size may take at all: what a pod is often given."""

LARGE = 600
"""Config maps of 1 MB each: etcd takes little more in one object."""


@pytest.fixture
def large_config_maps(cluster: Cluster) -> Iterator[str]:
    namespace = "large-config-maps"
    load_objects(cluster, [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}])
    chance = random.Random(1)
    lines = [f"{chance.choice(('debug', 'info', 'option'))}_{number} = {chance.random()}\n" for number in range(33_000)]
    text = "".join(lines)[:1_000_000]

    def create(number: int) -> None:
        body = {"metadata": {"name": f"nova-{number:03}"}, "data": {"nova.conf": f"[{number}]\n{text}"}}
        cluster.api.send("POST", f"/api/v1/namespaces/{namespace}/configmaps", body)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(LARGE)))
    yield namespace
    cluster.api.send("DELETE", f"/api/v1/namespaces/{namespace}/configmaps")


def test_600_config_maps_of_1_mb_fit(cluster: Cluster, place: Place, large_config_maps: str) -> None:
    settings = {"ADDITIONAL_NAMESPACES": large_config_maps}
    ended = place.gather("large", "--only=config_maps", user=cluster.new_user(), settings=settings)
    assert ended.code == 0, ended.explain()
    written = list(ended.root.glob(f"namespaces/{large_config_maps}/configmaps/*.yaml"))
    assert len(written) == LARGE
    assert min(path.stat().st_size for path in written) > 1_000_000
    assert ended.peak <= MOST, f"{ended.peak / MB:.0f} MB"


@pytest.fixture(scope="module")
def ten_times(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gathered]:
    """A gather of 10,000 objects and 1 GB of logs, under a memory limit of 512 MiB."""
    corpus = demo_corpus(scale=10, log_bytes=1_000 * MB)
    with Cluster(tmp_path_factory.mktemp("ten-times")) as cluster:
        load(cluster, corpus)
        place = Place(cluster.kubeconfig, tmp_path_factory.mktemp("ten-times-tree"))
        yield place.gather("tree", user=cluster.new_user(), memory=LIMIT, settings={"AUDIT": "0"})


def test_scale_1_fits(full: Gathered) -> None:
    assert full.peak <= MOST, f"{full.peak / MB:.0f} MB"


def test_scale_10_fits_and_grows_little(cluster: Cluster, place: Place, ten_times: Gathered) -> None:
    full = place.gather("once", user=cluster.new_user(), settings={"AUDIT": "0"})
    assert ten_times.code == 0, ten_times.explain()
    logs = sum(path.stat().st_size for path in ten_times.root.rglob("*.log"))
    assert logs > 900 * MB
    figures = f"{full.peak / MB:.0f} MB, at ten times the size {ten_times.peak / MB:.0f} MB, {ten_times.seconds:.0f} s"
    assert ten_times.peak <= MOST, figures
    assert ten_times.peak - full.peak <= GROWTH, figures
