"""How fast an EDPM report comes to disk, against `ssh cat` in the same run; needs root, sshd and ssh.

python benchmarks/sos_stream.py [MB] [ROUNDS]
"""

import asyncio
import base64
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from omg.allocator import return_large_buffers
from omg.edpm.door import Address, Node, login_of
from omg.masking import Masker
from omg.output import Journal, Sink
from omg.sos.script import Made
from omg.sos.transfer import fetch

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


def by_ssh(home: Path, report: Path) -> float:
    """Seconds that `ssh cat` takes to a file."""
    options = "-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
    started = time.monotonic()
    with (home / "by-ssh").open("wb") as out:
        command = ["ssh", *options.split(), "-i", str(home / "user"), "-p", str(PORT), "root@127.0.0.1"]
        subprocess.run([*command, f"cat {report}"], stdout=out, check=True)
    took = time.monotonic() - started
    (home / "by-ssh").unlink()
    return took


async def by_omg(home: Path, made: Made) -> float:
    """Seconds that omg takes through its sink, its checksum included."""
    key = base64.b64encode((home / "user").read_bytes()).decode()
    login = login_of({"metadata": {"name": "key"}, "data": {"ssh-privatekey": key}})
    address = Address("node", "127.0.0.1", PORT, "root")
    node = Node(address, login, stall=60.0, heard=lambda _size: None, note=lambda _text: None)
    masker = Masker()
    with Journal.open(home / "tree", masker, {"omg": "bench"}) as journal, Sink(home / "tree", masker, journal) as sink:
        started = time.monotonic()
        chunks = fetch(node, made, print)
        await sink.for_item("edpm_sos", Meter()).report("sosreport-node.tar.xz", chunks=chunks)
        took = time.monotonic() - started
    await node.close()
    shutil.rmtree(home / "tree")
    return took


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
        given = ("ListenAddress=127.0.0.1", f"HostKey={home}/host", "PidFile=none", "UsePAM=no", "StrictModes=no")
        given += (f"AuthorizedKeysFile={home}/user.pub", "PermitRootLogin=yes")
        words = [word for one in given for word in ("-o", one)]
        command = ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", str(PORT), *words]
        with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
            try:
                assert server.stderr is not None
                server.stderr.readline()
                for _ in range(rounds):
                    ssh, omg = by_ssh(home, report), asyncio.run(by_omg(home, made))
                    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                    speeds = f"ssh cat {megabytes / ssh:.0f} MiB/s, omg {megabytes / omg:.0f} MiB/s"
                    print(f"{speeds}: {ssh / omg:.0%}, peak {peak:.0f} MiB", flush=True)
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
