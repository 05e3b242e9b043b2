"""Programs of the test cluster as child processes that can't outlive the tests."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

POLL = 0.05
"""Seconds between two looks at whether something is ready."""


class Program:
    """One child process with its output in a file; it is killed by the kernel when its parent dies."""

    def __init__(self, log: Path, command: list[str], env: Mapping[str, str] | None = None) -> None:
        self.log = log
        setpriv = shutil.which("setpriv") or "setpriv"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [setpriv, "--pdeathsig", "KILL", "--", *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=env,
            )

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, such as SIGSTOP."""
        self._process.send_signal(number)

    def stop(self, within: float = 5.0) -> None:
        """End it; by force after `within` seconds, or where it is stopped."""
        self._process.terminate()
        self._process.send_signal(signal.SIGCONT)
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until(self, ready: Callable[[], bool], within: float = 60.0) -> None:
        """Return when `ready` says so.

        Raises:
            RuntimeError: it ended, or the seconds are over; with the end of its output.
        """
        end = time.monotonic() + within
        while not ready():
            if not self.is_running or time.monotonic() > end:
                how = "is not ready in time" if self.is_running else "ended"
                raise RuntimeError(f"{self.log.name} {how}:\n{self.log.read_bytes()[-3000:].decode(errors='replace')}")
            time.sleep(POLL)


def free_port() -> int:
    """A port of loopback that nobody listens on; below those that the kernel gives to outgoing connections."""
    for port in _PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("No port is free.")


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = iter(range(20000 + _WORKER % 4 * 3000 + time.time_ns() // 1000 % 1500, 32000))
"""Never twice the same in one process, and begun elsewhere in each; workers side by side are far apart."""


def listens(port: int) -> bool:
    """Whether somebody listens on a port of loopback."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
