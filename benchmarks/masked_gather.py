"""A gather with masking beside one with DO_NOT_MASK=1: medians of the ratios of alternating pairs.

    python -m benchmarks.masked_gather [--pairs 5] [--scale 1] [--log-bytes 60000000] [--real]

Against the embedded cluster, or with --real against a real API server. Neither packs an archive nor audits: an audit
has a share of the run of its own. Nothing else should run on the machine.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cluster.gathers import MB, Place
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load

from omg.embedded.corpus import Corpus, demo_corpus
from omg.embedded.server import EmbeddedCluster
from omg.embedded.threaded import in_thread

BAR = 1.3
"""Times a gather that hides nothing, at most."""

PLAIN = {"ARCHIVE": "none", "AUDIT": "0"}


def main() -> None:
    """Print the figures; exit with 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--log-bytes", type=int, default=60 * MB)
    parser.add_argument("--real", action="store_true", help="a real API server")
    told = parser.parse_args()
    corpus = demo_corpus(scale=told.scale, log_bytes=told.log_bytes)
    with tempfile.TemporaryDirectory(prefix="omg-benchmark-") as folder:
        serve = real if told.real else embedded
        with serve(corpus, Path(folder)) as (place, user):
            _seconds(place, user, masked=True)
            ratio = contest(place, user, told.pairs)
    sys.exit(0 if ratio <= BAR else 1)


def contest(place: Place, user: str, pairs: int) -> float:
    """The median of the ratios; each pair begins with the other one."""
    ratios, loads = [], []
    for pair in range(pairs):
        order = (True, False) if pair % 2 else (False, True)
        took = {masked: _seconds(place, user, masked=masked) for masked in order}
        (masked, busy), (bare, bare_busy) = took[True], took[False]
        ratios.append(masked / bare)
        loads.append(busy / bare_busy)
        print(
            f"{pair + 1}: masked {masked:.2f} s, not masked {bare:.2f} s: {ratios[-1]:.2f} times, CPU {loads[-1]:.2f}"
        )
    median = statistics.median(ratios)
    print(
        f"masking: {median:.2f} times a gather that hides nothing (at most {BAR}); CPU {statistics.median(loads):.2f}"
    )
    return median


def _seconds(place: Place, user: str, *, masked: bool) -> tuple[float, float]:
    """Seconds of the clock, and of the CPU."""
    before = os.times()
    shutil.rmtree(place.directory / "tree", ignore_errors=True)
    gathered = place.gather("tree", user=user, settings={**PLAIN, "DO_NOT_MASK": "0" if masked else "1"})
    if gathered.code not in {0, 1}:
        raise RuntimeError(gathered.explain())
    after = os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    return gathered.seconds, busy


@contextmanager
def embedded(corpus: Corpus, directory: Path) -> Iterator[tuple[Place, str]]:
    """The cluster in this process, in a thread."""
    with in_thread(EmbeddedCluster(corpus)) as server:
        server.write_kubeconfig(directory / "kubeconfig")
        yield Place(directory / "kubeconfig", directory), server.kubeconfig()["current-context"]


@contextmanager
def real(corpus: Corpus, directory: Path) -> Iterator[tuple[Place, str]]:
    """A real API server with kwok as every kubelet."""
    (directory / "cluster").mkdir()
    with Cluster(directory / "cluster") as cluster:
        load(cluster, corpus)
        yield Place(cluster.kubeconfig, directory), cluster.new_user()


if __name__ == "__main__":
    main()
