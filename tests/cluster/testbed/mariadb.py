"""A real MariaDB server from the distribution's packages: a data directory and a socket of its own, and no port."""

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cluster.testbed.process import Program

MISSING = [name for name in ("mariadbd", "mariadb-install-db", "mariadb-dump") if shutil.which(name) is None]
"""Programs of the packages mariadb-server and mariadb-client that this machine doesn't have."""


class MariaDB:
    """A server; a context manager.

    Args:
        directory: for its data, its socket and its log; the socket's path has 107 bytes at most.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.socket = directory / "sock"
        self.pid_file = directory / "pid"
        self._program: Program | None = None

    def __enter__(self) -> Self:
        data = self._directory / "data"
        install = ["--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"]
        command = [_path("mariadb-install-db"), *install, *self._as_root()]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        paths = [f"--datadir={self._directory / 'data'}", f"--socket={self.socket}", f"--pid-file={self.pid_file}"]
        fast = ["--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"]
        command = [_path("mariadbd"), "--no-defaults", *paths, *fast, *self._as_root()]
        self._program = Program(self._directory / "mariadb.log", command)
        self._program.wait_until(self._answers)

    def stop(self) -> None:
        """End it; of one that was killed there is nothing left to end."""
        if self._program is not None:
            self._program.stop()
            self._program = None

    def client(self, program: str) -> str:
        """What a shell runs for a client's program, with the arguments that it was given."""
        return f'exec {_path(program)} --no-defaults --socket={self.socket} "$@"\n'

    def run(self, statements: str, database: str = "", *, password: str = "") -> list[list[str]]:
        """Run statements as root; the rows of what they select."""
        words = [_path("mariadb"), "--no-defaults", f"--socket={self.socket}", "-uroot", "--batch", "--raw"]
        words += [f"--password={password}"] if password else []
        command = [*words, "--skip-column-names", "--max-allowed-packet=64M", *([database] if database else [])]
        done = subprocess.run(command, input=statements.encode(), capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    def restore(self, dump: Path, database: str) -> None:
        """Run a dump, as an administrator would."""
        words = [_path("mariadb"), "--no-defaults", f"--socket={self.socket}", "-uroot", database]
        with dump.open("rb") as file:
            done = subprocess.run(words, stdin=file, capture_output=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr.decode()[-2000:]

    def _answers(self) -> bool:
        words = [_path("mariadb-admin"), "--no-defaults", f"--socket={self.socket}", "-uroot", "ping"]
        return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0

    @staticmethod
    def _as_root() -> list[str]:
        """The server refuses to run as root unless it is told to; to another account the option means nothing."""
        return ["--user=root"]


def _path(program: str) -> str:
    path = shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert path is not None, program
    return path
