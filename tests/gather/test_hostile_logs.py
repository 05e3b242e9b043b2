"""Logs as a broken or hostile container writes them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from omg.embedded.corpus import Corpus
from omg.embedded.server import EmbeddedCluster
from tests.gathering import Gathering

MB = 1_000_000
LINE = 50 * MB
MOST = 150 * MB
PASSWORD = b"kn8RwqYp2LzX"


class OneLine:
    """A line of 50 MB with a password in its middle and bytes that are no UTF-8, then an ordinary one."""

    size = LINE + 40

    def chunks(self) -> Iterator[bytes]:
        piece = (b"x" * 90 + b" \xff\xfe\x80 ") * 700
        for number in range(LINE // len(piece)):
            yield piece
            if number == 400:
                yield b" password=" + PASSWORD + b" "
        yield b"\n\xc3\x28 the end\n"


@pytest.fixture
async def hostile(corpus: Corpus, tmp_path: Path) -> AsyncIterator[Gathering]:
    place = next(place for place in corpus.logs if place[0] == "openstack" and not place[3])
    logs = {place: OneLine()}
    changed = Corpus([*corpus.objects], logs, corpus.execs, corpus.planted)
    async with EmbeddedCluster(changed) as cluster:
        cluster.write_kubeconfig(tmp_path / "kubeconfig")
        yield Gathering(cluster, tmp_path / "kubeconfig", tmp_path / "out")


async def test_a_line_of_50_mb_is_masked_whole_and_in_bounded_memory(hostile: Gathering) -> None:
    process = await hostile.start("gather", str(hostile.root), "--only", "pod_logs")
    peak = 0
    while process.returncode is None:
        peak = max(peak, _peak_of(process.pid))
        await asyncio.sleep(0.02)
    await process.communicate()
    largest = max(hostile.root.rglob("*.log"), key=lambda path: path.stat().st_size)
    text = largest.read_bytes()
    assert len(text) > LINE * 0.9
    assert text.endswith(b"\n\xc3\x28 the end\n")
    assert b"\xff\xfe\x80" in text
    assert PASSWORD not in text
    assert b"password=__hidden_" in text
    assert 0 < peak <= MOST


def _peak_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)
