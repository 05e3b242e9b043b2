"""`omg gather` as a process of its own, watched from outside: how it ended, how long, how much memory."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

PATIENCE = 300.0
"""Seconds that any gather of these tests may take; only a hang reaches it."""

_LOOK = 0.02
"""Seconds between two looks at a process; its peak so far is never forgotten by the kernel."""

_PEAK = re.compile(rb"VmHWM:\s+(\d+) kB")

MB = 1_000_000

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Gathered:
    """A gather that ended. `peak` is VmHWM in bytes; `user` is who it was to the API server."""

    root: Path
    user: str
    code: int
    stdout: str
    stderr: str
    peak: int
    seconds: float

    def records(self) -> Iterator[dict[str, Any]]:
        """The journal's lines that say how something ended."""
        for line in (self.root / "omg-manifest.jsonl").read_bytes().splitlines():
            entry = msgspec.json.decode(line)
            if entry.get("event") == "ended":
                yield entry

    def outcomes(self) -> Counter[str]:
        return Counter(record["outcome"] for record in self.records())

    def files(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}

    def explain(self) -> str:
        """For an assertion's message."""
        return f"exit {self.code} after {self.seconds:.1f} s\n{self.stdout[-3000:]}\n{self.stderr[-3000:]}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where gathers go: a kubeconfig, and a directory for trees and for what they leave in TMPDIR."""

    kubeconfig: Path
    directory: Path

    def leftovers(self, name: str) -> Path:
        """The directory for the temporary files of the gather of this name."""
        return self.directory / f"{name}.tmp"

    def gather(
        self,
        name: str,
        *arguments: str,
        user: str = "admin",
        covered: bool = False,
        kill_after: float | None = None,
        memory: int | None = None,
        settings: Mapping[str, str] = NOTHING,
        look: Callable[[int], None] = lambda _process: None,
        through: Sequence[str] = ("omg",),
    ) -> Gathered:
        """Run to the end, or to a SIGKILL.

        Args:
            name: of the tree's folder.
            covered: count it in the coverage; costs memory and time, so nothing is measured then.
            kill_after: seconds from the start of collecting to the SIGKILL.
            memory: bytes of its own that the process may have (RLIMIT_DATA: its heap, stacks and private mappings).
            settings: the environment of the run, beside what every process needs.
            look: called with the process's number, again and again while it runs.
            through: the module that is run, and what it takes before omg's own arguments.
        """
        root = self.directory / name
        leftovers = self.leftovers(name)
        leftovers.mkdir(parents=True, exist_ok=True)
        limit = [] if memory is None else ["prlimit", f"--data={memory}"]
        command = [*limit, sys.executable, "-m", *through, "gather", str(root), *arguments]
        command += [f"--kubeconfig={self.kubeconfig}", f"--context={user}"]
        env = {
            **_environment(covered=covered),
            "TMPDIR": str(leftovers),
            "ARCHIVE": "none",
            "READ_ONLY": "1",
            **settings,
        }
        output = self.directory / f"{name}.output"
        began = time.monotonic()
        with output.open("wb") as stdout, output.with_suffix(".errors").open("wb") as stderr:
            process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
            try:
                peak = _watch(process, root / "omg-manifest.jsonl", kill_after, look)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        seconds = time.monotonic() - began
        assert not list(leftovers.iterdir()), "temporary files were left"
        texts = (output.read_text(errors="replace"), output.with_suffix(".errors").read_text(errors="replace"))
        return Gathered(root, user, process.returncode, *texts, peak, seconds)


def _watch(
    process: subprocess.Popen[bytes], journal: Path, kill_after: float | None, look: Callable[[int], None]
) -> int:
    """Wait for the end; the peak of the resident memory in bytes."""
    peak, began = 0, time.monotonic()
    kill_at = None
    while process.poll() is None:
        now = time.monotonic()
        assert now - began < PATIENCE, "the gather hangs"
        if kill_after is not None and kill_at is None and journal.exists():
            kill_at = now + kill_after
        if kill_at is not None and now >= kill_at:
            process.send_signal(signal.SIGKILL)
            process.wait()
            break
        look(process.pid)
        try:
            status = Path(f"/proc/{process.pid}/status").read_bytes()
        except OSError:
            continue
        if found := _PEAK.search(status):
            peak = int(found[1]) * 1024
        time.sleep(_LOOK)
    return peak


def _environment(*, covered: bool) -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "PYTHONPATH", "SSL_CERT_FILE", "PYTHONDONTWRITEBYTECODE")
    counted = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")} if covered else {}
    return {name: os.environ[name] for name in kept if name in os.environ} | counted


def moments(count: int, within: float) -> list[float]:
    """Random moments of a run, the same in every session."""
    chance = random.Random(3)
    return sorted(chance.uniform(0, within) for _ in range(count))
