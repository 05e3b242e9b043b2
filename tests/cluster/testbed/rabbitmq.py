"""A real RabbitMQ from the distribution's package: its data, its cookie and its port mapper are its own."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.cluster.testbed.process import Program, free_port, listens

PROGRAMS = Path("/usr/lib/rabbitmq/bin")

MISSING = [name for name in ("rabbitmq-server", "rabbitmqctl") if not (PROGRAMS / name).exists()] + [
    name for name in ("epmd",) if not shutil.which(name)
]
"""Programs of the package rabbitmq-server that this machine doesn't have."""


class RabbitMQ:
    """A server; a context manager.

    Args:
        directory: for everything that it writes, its cookie included.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._mapper, self._port, self._cluster = free_port(), free_port(), free_port()
        self._running: list[Program] = []

    def __enter__(self) -> Self:
        (self._directory / "environment").touch()
        try:
            mapper = Program(self._directory / "epmd.log", ["epmd", "-port", str(self._mapper)], self.environment)
            self._running.append(mapper)
            mapper.wait_until(lambda: listens(self._mapper))
            # A process of its own group: what it starts ends with it.
            server = Program(self._directory / "server.log", [str(PROGRAMS / "rabbitmq-server")], self.environment)
            self._running.append(server)
            server.wait_until(lambda: b"Server startup complete" in server.log.read_bytes(), within=120)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def end_server(self) -> None:
        """End the server; the port mapper stays, for a client that finds none starts one that nobody ends."""
        self._running[-1].stop(within=20)

    def stop(self) -> None:
        """End it, and the port mapper after it."""
        for program in reversed(self._running):
            program.stop(within=20)
        self._running.clear()

    @property
    def environment(self) -> dict[str, str]:
        """Where it finds and leaves everything; nothing of this machine's own."""
        here = self._directory
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(here),
            "LANG": "C.UTF-8",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(self._mapper),
            "RABBITMQ_NODENAME": "omg@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._cluster),
            "RABBITMQ_MNESIA_BASE": str(here / "mnesia"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(here / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(here / "configuration"),
            "RABBITMQ_CONF_ENV_FILE": str(here / "environment"),
            "RABBITMQ_LOGS": "-",
        }

    def programs(self) -> Mapping[str, str]:
        """What a shell runs for `rabbitmqctl` in the server's pod."""
        words = " ".join(f"{name}='{value}'" for name, value in self.environment.items())
        return {"rabbitmqctl": f'exec /usr/bin/env -i {words} {PROGRAMS}/rabbitmqctl "$@"\n'}
