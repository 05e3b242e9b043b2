"""omg beside a bare fetch of the same bytes, on a real API server: medians of alternating pairs.

    python -m benchmarks.gather [--pairs 5] [--scale 1] [--log-bytes 200000000]

The first gather notes its requests, with the headers that decide what is answered, and the fetch makes the same. A
ratio of 1.25 means that omg takes a quarter longer than fetching alone. Nothing else should run on the machine, and the
disk needs room for a tree of each gather: they are removed at the end, for a file system that has just freed thousands
of inodes is slow to give new ones.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.cluster.gathers import MB, Gathered, Place
from tests.cluster.testbed.audit import Request
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load

from omg.embedded.corpus import demo_corpus

BARS = {"omg": 1.25, "omg with archive and audit": 1.5}
"""Times the bare fetch, at most."""


def main() -> None:
    """Print the figures; exit with 1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--log-bytes", type=int, default=200 * MB)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="omg-benchmark-") as folder:
        directory = Path(folder)
        (directory / "cluster").mkdir()
        with Cluster(directory / "cluster") as cluster:
            load(cluster, demo_corpus(scale=told.scale, log_bytes=told.log_bytes))
            sys.exit(0 if _Contest(cluster, directory, told.pairs).run() else 1)


class _Contest:
    def __init__(self, cluster: Cluster, directory: Path, pairs: int) -> None:
        self._cluster = cluster
        self._place = Place(cluster.kubeconfig, directory)
        self._pairs = pairs
        self._requests = directory / "requests"
        self._user = cluster.new_user()
        self._written = directory / "fetched"
        self._trees = 0
        self._last: Gathered | None = None

    def run(self) -> bool:
        """Whether every bar was kept."""
        noted = self._place.directory / "noted"
        first = self._gather(("benchmarks.recorded", str(noted)), ARCHIVE="none", AUDIT="0")
        _say(f"first gather: exit {first.code}, {first.seconds:.2f} s")
        requests = self._cluster.requests_of(self._user)
        self._requests.write_text("".join(_first_pages(noted)))
        runs: dict[str, Callable[[], float]] = {
            "bare fetch": self._fetch,
            "omg": lambda: self._gather(ARCHIVE="none", AUDIT="0").seconds,
            "bare fetch to disk": lambda: self._fetch(self._written),
            "omg with archive and audit": lambda: self._gather(ARCHIVE="gz", AUDIT="1").seconds,
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        for pair in range(self._pairs):
            for name, run in runs.items():
                times[name].append(run())
            _say(f"{pair + 1}: " + ", ".join(f"{name} {taken[-1]:.2f} s" for name, taken in times.items()))
        return self._report(times, requests)

    def _report(self, times: dict[str, list[float]], requests: list[Request]) -> bool:
        kept = True
        for name, taken in times.items():
            ratio = statistics.median(one / bare for one, bare in zip(taken, times["bare fetch"], strict=True))
            bar = BARS.get(name)
            kept = kept and (bar is None or ratio <= bar)
            allowed = f" (at most {bar})" if bar else ""
            _say(f"{name}: median {statistics.median(taken):.2f} s, {ratio:.2f} times the bare fetch{allowed}")
        counted = {
            "LIST pages": sum(request.is_list for request in requests),
            "logs": sum(request.is_log for request in requests),
            "execs": sum(request.is_exec for request in requests),
        }
        others = len(requests) - sum(counted.values())
        _say(
            ", ".join(f"{count} {name}" for name, count in counted.items()) + f", {others} other requests (at most 20)"
        )
        assert self._last is not None
        _say(f"peak memory of omg: {self._last.peak / MB:.0f} MB (at most 150)")
        return kept and others <= 20

    def _gather(self, through: tuple[str, ...] = ("omg",), **settings: str) -> Gathered:
        self._trees += 1
        self._last = self._place.gather(f"tree-{self._trees}", user=self._user, settings=settings, through=through)
        if self._last.code not in {0, 1}:
            raise RuntimeError(self._last.explain())
        return self._last

    def _fetch(self, to: Path | None = None) -> float:
        command = [sys.executable, "-m", "benchmarks.bare_fetch", str(self._cluster.kubeconfig), self._user]
        command.append(str(self._requests))
        if to is not None:
            to = to / str(self._trees)
            to.mkdir(parents=True)
            command.append(f"--to={to}")
        began = time.monotonic()
        subprocess.run(
            command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=600, env=os.environ
        )
        return time.monotonic() - began


def _first_pages(noted: Path) -> Iterator[str]:
    """Each request in omg's order, but for further pages, which the fetch finds itself; what is asked twice stays."""
    for line in noted.read_text().splitlines(keepends=True):
        query = parse_qs(urlsplit(json.loads(line)["uri"]).query)
        # A command that waits for what is sent to it would wait for ever.
        if "continue" not in query and "stdin" not in query:
            yield line


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
