"""A run against the embedded cluster: in this process, or as the command that a person types."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ahocorasick_rs import BytesAhoCorasick

from omg.embedded.server import EmbeddedCluster
from omg.engine import Graph, Record
from omg.gather import Request, Result, gather
from omg.gather.catalog import graph_of
from omg.gather.views import Pulse, no_pulse
from omg.masking import Masker
from omg.progress import PlainView
from omg.settings import load_settings

UNCOUNTED = {"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": ""}
"""Environment of a command that is killed: what it counts for the coverage would be lost, and takes as long again."""


@dataclass
class Watched:
    """A view that keeps what it was shown."""

    records: list[Record] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    over: bool = False
    on_phase: Callable[[str], object] = lambda _name: None
    pulse: Callable[[], Pulse] = no_pulse
    busiest: Pulse = field(default_factory=Pulse)

    def begin(self, graph: Graph, directory: Path, pulse: Callable[[], Pulse]) -> None:
        self.pulse = pulse
        self.said.append(f"{len(graph.tasks)} into {directory}")

    def started(self, task: str, key: str) -> None:
        self.busiest = max(
            self.busiest, self.pulse(), key=lambda pulse: len(pulse.running) + sum(pulse.waiting.values())
        )

    def ended(self, record: Record) -> None:
        self.records.append(record)

    def say(self, line: str) -> None:
        self.said.append(line)

    def phase(self, name: str) -> None:
        self.said.append(name)
        self.on_phase(name)

    def end(self) -> None:
        self.over = True


@dataclass
class Gathering:
    """One cluster and one directory; `run` may be called again and again."""

    cluster: EmbeddedCluster
    kubeconfig: Path
    root: Path
    view: Watched = field(default_factory=Watched)

    async def run(
        self,
        *only: str,
        graph: Graph | None = None,
        step: Any = None,
        make_masker: Any = Masker,
        on_phase: Any = lambda _name: None,
        **flags: str,
    ) -> Result:
        self.view = Watched(on_phase=on_phase)
        request = Request(
            settings=load_settings({"kubeconfig": str(self.kubeconfig), "archive": "none", "read_only": "1", **flags}),
            graph=graph or graph_of(only),
            directory=self.root,
            log_view=PlainView,
            make_masker=make_masker,
            **({"step": step} if step else {}),
        )
        async with asyncio.timeout(120):
            return await gather(request, self.view)

    async def command(self, *arguments: str, **environment: str) -> "Ended":
        return await self._ended(await self.start(*arguments, **environment))

    async def shell(self, script: str, **environment: str) -> "Ended":
        """A script in which `$OMG` is the command."""
        return await self._ended(await self._start("sh", "-c", script, **environment))

    async def _ended(self, process: asyncio.subprocess.Process) -> "Ended":
        async with asyncio.timeout(120):
            stdout, stderr = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, stdout.decode(), stderr.decode())

    async def start(self, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
        return await self._start(sys.executable, "-m", "omg", *arguments, **environment)

    async def _start(self, *command: str, **environment: str) -> asyncio.subprocess.Process:
        settings = {"KUBECONFIG": str(self.kubeconfig), "ARCHIVE": "none", "READ_ONLY": "1"}
        return await asyncio.create_subprocess_exec(
            *command,
            env={**os.environ, "OMG": f"{sys.executable} -m omg", **settings, **environment},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    def journal(self) -> list[dict[str, Any]]:
        lines = (self.root / "omg-manifest.jsonl").read_bytes().splitlines()
        return [json.loads(line) for line in lines]

    def files(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}

    def outcomes(self) -> Counter[str]:
        return Counter(record.outcome.value for record in self.view.records)

    def outcome(self, task: str, key: str = "") -> str:
        return next(one.outcome.value for one in self.view.records if (one.task, one.key) == (task, key))

    def reason(self, task: str, key: str = "") -> str:
        return next(one.reason for one in self.view.records if (one.task, one.key) == (task, key))

    def found(self, needles: list[bytes]) -> Iterator[tuple[str, bytes]]:
        search = BytesAhoCorasick(needles)
        for path in self.root.rglob("*"):
            if path.is_file():
                hits = search.find_matches_as_indexes(path.read_bytes(), overlapping=True)
                yield from ((str(path.relative_to(self.root)), needles[number]) for number, *_ in hits)


@dataclass(frozen=True)
class Ended:
    """How the command ended."""

    code: int
    stdout: str
    stderr: str
