"""OpenStack's services behind Keystone's catalogue, as far as the client asks them: recorded bodies over HTTP.

What the services answer is in services.json: service → path → body. In a path `$PROJECT` is the id of any project, in a
body `$URL` is the address of the service. What isn't there is answered with 404, and kept in `unknown`.
"""

import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from socketserver import ThreadingMixIn
from types import TracebackType
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.cluster.testbed.process import free_port

RECORDED = Path(__file__).with_name("services.json")

SERVICES = {
    "nova": ("compute", "/v2.1"),
    "neutron": ("network", ""),
    "cinderv3": ("volumev3", "/v3"),
    "glance": ("image", ""),
    "placement": ("placement", ""),
    "heat": ("orchestration", "/v1"),
    "ironic": ("baremetal", ""),
    "manilav2": ("sharev2", "/v2"),
    "aodh": ("alarming", ""),
    "ceilometer": ("metering", ""),
    "octavia": ("load-balancer", ""),
    "designate": ("dns", ""),
    "watcher": ("infra-optim", ""),
    "cloudkitty": ("rating", ""),
}
"""Name in the catalogue → type, and the path of its endpoint."""

_PROJECT = re.compile(r"/[0-9a-f]{32}(?=/|$)")
"""The id of a project in a path, other in each run."""

Respond = Callable[[str, list[tuple[str, str]]], Any]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """Nothing: what is asked is kept in `asked`."""


class Services:
    """The services on a port of this machine; a context manager.

    Attributes:
        asked: service and path of each request so far.
        unknown: those that have no recorded body.
        when: service and path → what happens before it is answered.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.asked: list[str] = []
        self.unknown: list[str] = []
        self.when: dict[str, Callable[[], object]] = {}
        self._recorded: Mapping[str, Mapping[str, Any]] = json.loads(RECORDED.read_text())
        self._server = make_server("127.0.0.1", self.port, self._answer, _Server, _Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def catalogue(self, names: Iterable[str] = SERVICES) -> dict[str, tuple[str, str]]:
        """Name → type and URL, for Keystone."""
        return {name: (SERVICES[name][0], f"{self._url(name)}{SERVICES[name][1]}") for name in names}

    def _url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def _answer(self, environ: dict[str, Any], respond: Respond) -> Iterable[bytes]:
        _, name, *rest = environ["PATH_INFO"].split("/", 2)
        path = _PROJECT.sub("/$PROJECT", "/" + "".join(rest))
        self.asked.append(f"{name} {path}?{environ['QUERY_STRING']}")
        if (happens := self.when.get(f"{name} {path}")) is not None:
            happens()
        bodies = self._recorded.get(name, {})
        body = bodies.get(path, bodies.get(path.rstrip("/")))
        if body is None:
            self.unknown.append(self.asked[-1])
        status, body = (404, {"error": "not recorded"}) if body is None else (200, body)
        text = json.dumps(body).replace("$URL", self._url(name)).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(text)))]
        asked_for = environ.get("HTTP_OPENSTACK_API_VERSION", "")
        if asked_for:
            headers += [("OpenStack-API-Version", asked_for), ("Vary", "OpenStack-API-Version")]
        if name == "ironic":
            headers += [(f"X-OpenStack-Ironic-API-{one}", number) for one, number in _IRONIC.items()]
        respond(f"{status} {'OK' if status == 200 else 'Not Found'}", headers)
        return [text]


_IRONIC = {"Minimum-Version": "1.1", "Maximum-Version": "1.95", "Version": "1.95"}
