"""A real SIGKILL at every step of the sink; see killing.py for what runs."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from omg.output import read_journal
from omg.output.names import PARTIAL
from tests.gathering import UNCOUNTED
from tests.output.desk import HIDDEN, SECRET, ReplacingMasker, desk, tree
from tests.output.killing import LATE, LINE, LOG, collect

OWN = ("omg-manifest.json", "omg-manifest.jsonl")
OWN_OR_PARTIAL = {*OWN, *(name + PARTIAL for name in OWN)}
ITEMS = 7
CLEARING = 40
"""Steps at the beginning of a run into a directory that is full: each file is removed."""


class Killer:
    """The program that kills itself."""

    def __init__(self, root: Path) -> None:
        self.root = root / "runs"
        self.root.mkdir()
        self.elsewhere = root / "elsewhere"
        self.elsewhere.mkdir()
        places = {name: str(self.elsewhere) for name in ("HOME", "TMPDIR", "TMP", "TEMP", "XDG_CACHE_HOME")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.output.killing", str(self.root)],
            cwd=Path(__file__).parents[2],
            env={**os.environ, **places, "PYTHONDONTWRITEBYTECODE": "1", **UNCOUNTED},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.steps = list(iter(self._line, ""))

    def run(self, name: str, last: int = 0) -> int:
        stdin = self.process.stdin
        assert stdin is not None
        stdin.write(f"{name} {last}\n")
        stdin.flush()
        return int(self._line())

    def _line(self) -> str:
        stdout: IO[str] | None = self.process.stdout
        assert stdout is not None
        return stdout.readline().strip()


@pytest.fixture(scope="module")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    killer = Killer(tmp_path_factory.mktemp("killer"))
    yield killer
    assert killer.process.stdin is not None
    assert killer.process.stdout is not None
    killer.process.stdin.close()
    killer.process.stdout.close()
    assert killer.process.wait(10) == 0


@pytest.fixture(scope="module")
def allowed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[bytes]]:
    """Path → what a whole file may hold: before the late secret was hidden in it, or after."""
    found: dict[str, set[bytes]] = {}
    for mend in (False, True):
        root = tmp_path_factory.mktemp("whole")
        with desk(root, masker=ReplacingMasker(SECRET)) as here:
            asyncio.run(collect(here, mend=mend))
        for path, data in tree(root).items():
            found.setdefault(path, set()).add(data)
    return found


def assert_is_trustworthy(root: Path, allowed: dict[str, set[bytes]], *, is_fresh: bool) -> None:
    files = tree(root)
    lines = list(read_journal(root))
    listed = {path for line in lines if line["event"] == "files" for path in line["files"]}
    for path, data in files.items():
        assert SECRET not in data, path
        if path not in OWN and not path.endswith(PARTIAL):
            assert data in allowed[path], path
            assert path in listed
    in_flight = {line["key"] for line in lines if line["event"] == "started"} - {
        line["key"] for line in lines if line["event"] == "ended"
    }
    if is_fresh and sum(line["event"] == "ended" for line in lines) == ITEMS:  # nothing is taken away any more
        assert {path for path in files if "omg-swap" not in path} - OWN_OR_PARTIAL == allowed.keys() - OWN_OR_PARTIAL
    is_whole = any(line["event"] == "end" for line in lines)
    assert len(in_flight) <= (0 if is_whole else 1)


def assert_is_whole(root: Path, allowed: dict[str, set[bytes]]) -> None:
    files = tree(root)
    assert files.keys() == allowed.keys()
    assert not any(LATE in data for data in files.values())


@pytest.mark.slow
def test_a_kill_at_every_step_leaves_a_tree_that_can_be_trusted_and_used_again(
    killer: Killer, allowed: dict[str, set[bytes]]
) -> None:
    assert len(killer.steps) > 100
    for number, step in enumerate(killer.steps, start=1):
        root = killer.root / "again"
        assert killer.run("again", number) == -signal.SIGKILL, step
        assert_is_trustworthy(root, allowed, is_fresh=True)
        assert killer.run("again") == 0, step
        assert_is_whole(root, allowed)
        if number <= CLEARING or number % 5 == 0:  # the same in a directory that another run has filled
            assert killer.run("again", number) == -signal.SIGKILL
            assert_is_trustworthy(root, allowed, is_fresh=False)
            assert killer.run("again") == 0
            assert_is_whole(root, allowed)
        shutil.rmtree(root)
    assert list(killer.elsewhere.iterdir()) == []


def test_what_was_streamed_before_a_kill_is_there_as_partial(killer: Killer) -> None:
    log = "namespaces/n/pods/p/logs/c.log"
    writes = [number for number, step in enumerate(killer.steps, start=1) if step == f"after write {log}"]
    assert len(writes) >= 2
    masked = (LOG + LINE).replace(SECRET, HIDDEN)
    for place, number in enumerate(writes):
        name = f"streamed-{number}"
        assert killer.run(name, number) == -signal.SIGKILL
        files = tree(killer.root / name)
        assert log not in files
        data = files[log + PARTIAL]
        assert masked.startswith(data)
        assert data.endswith(b"\n")
        assert len(data) == len(masked) or place < len(writes) - 1
        lines = list(read_journal(killer.root / name))
        started = [line["key"] for line in lines if line["event"] == "started"]
        ended = [line["key"] for line in lines if line["event"] == "ended"]
        assert [key for key in started if key not in ended] == ["log"]
