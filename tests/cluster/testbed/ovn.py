"""OVN's two databases from the distribution's packages: clustered servers of one member each, filled by ovn-northd."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cluster.testbed.process import Program, free_port

MISSING = [
    name for name in ("ovsdb-server", "ovsdb-tool", "ovn-nbctl", "ovn-northd", "ovn-appctl") if not shutil.which(name)
]
"""Programs of the packages ovn-central and openvswitch-common that this machine doesn't have."""

SCHEMAS = Path("/usr/share/ovn")

FOLDERS = {"nb": "etc/ovn", "sb": "tmp"}
"""Where each side has its control socket: clusters of the field know both."""


class Ovn:
    """The servers; a context manager.

    Args:
        directory: stands for the root of both servers' file systems.
    """

    def __init__(self, directory: Path) -> None:
        self._root = directory
        self._running: list[Program] = []

    def __enter__(self) -> Self:
        for folder in ("etc/ovn", "tmp"):
            (self._root / folder).mkdir(parents=True)
        try:
            for side in FOLDERS:
                self._start(side)
            northd = ["ovn-northd", f"--ovnnb-db={self._remote('nb')}", f"--ovnsb-db={self._remote('sb')}"]
            self._run("northd", [*northd, f"--unixctl={self._root}/northd.ctl"])
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End all of it."""
        for program in reversed(self._running):
            program.stop()
        self._running.clear()

    def file(self, side: str) -> Path:
        """The database's file."""
        return self._root / "etc/ovn" / f"ovn{side}_db.db"

    def control(self, *arguments: str) -> str:
        """What ovn-nbctl prints; it waits until the southbound side has what it changes."""
        return run("ovn-nbctl", f"--db={self._remote('nb')}", "--timeout=30", "--wait=sb", *arguments)

    def programs(self) -> Mapping[str, str]:
        """What a shell runs for the programs of the servers' pods."""
        appctl = shutil.which("ovn-appctl")
        return {
            "cat": f'exec /bin/cat "{self._root}$1"\n',
            "ovn-appctl": f'exec {appctl} -t "{self._root}$2" "$3" "$4"\n',
        }

    def _start(self, side: str) -> None:
        file = self.file(side)
        member = f"tcp:127.0.0.1:{free_port()}"
        run("ovsdb-tool", "create-cluster", str(file), str(SCHEMAS / f"ovn-{side}.ovsschema"), member)
        socket = self._root / FOLDERS[side] / f"ovn{side}_db.ctl"
        listen = f"--remote=p{self._remote(side)}"
        program = self._run(side, ["ovsdb-server", listen, f"--unixctl={socket}", str(file)])
        program.wait_until(lambda: socket.exists() and self._socket(side).exists())

    def _run(self, name: str, command: list[str]) -> Program:
        program = Program(self._root / f"{name}.log", command)
        self._running.append(program)
        return program

    def _socket(self, side: str) -> Path:
        return self._root / f"{side}.sock"

    def _remote(self, side: str) -> str:
        return f"unix:{self._socket(side)}"


def run(program: str, *arguments: str) -> str:
    """What a program prints.

    Raises:
        AssertionError: it failed.
    """
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout.decode()
