"""How fast an EDPM report comes to disk, against `ssh cat` in the same run; needs root, sshd and ssh.

python benchmarks/sos_stream.py [MB] [ROUNDS]

Beside the time, the CPU that each end took: on a machine that does other work, that is what can be compared. With two
cores for both ends, a pair can't be faster than half of their sum.
"""

import asyncio
import base64
import hashlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from omg.allocator import return_large_buffers
from omg.edpm.door import Address, Node
from omg.edpm.login import login_of
from omg.masking import Masker
from omg.output import Journal, Sink
from omg.sos.script import Made
from omg.sos.transfer import Arrival, fetch

PORT = 42878
PIECE = 1 << 20


class Meter:
    """Nothing is counted."""

    def wrote(self, path: str, size: int) -> None:
        """A file is there."""

    def objects(self, count: int) -> None:
        """Objects are there."""

    def lost(self, _key: str, error: Exception) -> None:
        """Something is not."""
        raise error


@dataclass
class Took:
    """Seconds: on the wall, and of CPU here and at the server with what it runs."""

    wall: float = 0.0
    here: float = 0.0
    there: float = 0.0

    def __str__(self) -> str:
        return f"{self.wall:.2f} s (CPU {self.here:.2f} s here, {self.there:.2f} s there)"


@contextmanager
def taking(server: int) -> Iterator[Took]:
    """Measure a block; what it started has ended with it."""
    took, cpu, theirs, started = Took(), _cpu_here(), _cpu_of_children(server), time.monotonic()
    yield took
    took.wall, took.here = time.monotonic() - started, _cpu_here() - cpu
    while _has_children(server):
        time.sleep(0.01)
    took.there = _cpu_of_children(server) - theirs


def _cpu_here() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _cpu_of_children(pid: int) -> float:
    """Of those that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def _has_children(pid: int) -> bool:
    return bool(Path(f"/proc/{pid}/task/{pid}/children").read_text().strip())


def by_ssh(home: Path, report: Path, server: int) -> Took:
    """What `ssh cat` takes to a file."""
    options = "-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
    with taking(server) as took, (home / "by-ssh").open("wb") as out:
        command = ["ssh", *options.split(), "-i", str(home / "user"), "-p", str(PORT), "root@127.0.0.1"]
        subprocess.run([*command, f"cat {report}"], stdout=out, check=True)
    (home / "by-ssh").unlink()
    return took


def by_omg(home: Path, made: Made, server: int) -> Took:
    """What omg takes through its sink, its checksum included."""
    masker = Masker()
    with (
        Journal.open(home / "tree", masker, {"omg": "bench"}) as journal,
        Sink(home / "tree", masker, journal) as sink,
        taking(server) as took,
    ):
        asyncio.run(stream(home, made, sink))
    shutil.rmtree(home / "tree")
    return took


async def stream(home: Path, made: Made, sink: Sink) -> None:
    """Log in, fetch, log out."""
    key = base64.b64encode((home / "user").read_bytes()).decode()
    login = login_of({"metadata": {"name": "key"}, "data": {"ssh-privatekey": key}})
    address = Address("node", "127.0.0.1", PORT, "root")
    node = Node(address, login, stall=60.0, heard=lambda _size: None, note=lambda _text: None)
    output, chunks = sink.for_item("edpm_sos", Meter()), fetch(node, made, print)
    await output.report("sosreport-node.tar.xz", chunks=chunks, check=Arrival(node, made))
    await node.close()


def main() -> None:
    """Alternate the two, and print what they reached."""
    return_large_buffers()  # as the command does
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / name)], check=True)
        report, digest = home / "report", hashlib.sha256()
        with report.open("wb") as out:
            for _ in range(megabytes):
                piece = os.urandom(PIECE)
                digest.update(piece)
                out.write(piece)
        made = Made(str(report), megabytes * PIECE, digest.hexdigest())
        Path("/run/sshd").mkdir(exist_ok=True)
        given: tuple[str, ...] = (
            "ListenAddress=127.0.0.1",
            f"HostKey={home}/host",
            "PidFile=none",
            "UsePAM=no",
            "StrictModes=no",
        )
        given += (f"AuthorizedKeysFile={home}/user.pub", "PermitRootLogin=yes")
        words = [word for one in given for word in ("-o", one)]
        command = ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", str(PORT), *words]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
            try:
                assert server.stderr is not None
                server.stderr.readline()
                ratios = []
                for _ in range(rounds):
                    ssh, omg = by_ssh(home, report, server.pid), by_omg(home, made, server.pid)
                    ratios.append(ssh.wall / omg.wall)
                    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                    print(f"ssh cat {ssh}; omg {omg}: {ratios[-1]:.0%}, peak {peak:.0f} MiB", flush=True)
                print(f"{megabytes} MiB: {min(ratios):.0%} at least, {statistics.median(ratios):.0%} in the middle")
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
