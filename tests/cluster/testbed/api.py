"""Plain requests to the real API server, for the tests themselves: no code of omg is in it."""

import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TIMEOUT = 60.0
"""Seconds; an API server whose etcd is gone hangs."""


class Refused(Exception):
    """The server's answer was not a success."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"{status}: {body[:500].decode(errors='replace')}")
        self.status = status


class Api:
    """One server and one identity; may be used from many threads, and keeps as many connections."""

    def __init__(self, port: int, ca: Path, certificate: Path, key: Path) -> None:
        self._port = port
        self._context = ssl.create_default_context(cafile=str(ca))
        self._context.load_cert_chain(certificate, key)
        self._idle: list[http.client.HTTPSConnection] = []

    def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            self._idle.pop().close()

    def send(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> bytes:
        """One request; a connection that the server closed meanwhile is opened again once.

        Raises:
            Refused: the status is 400 or above.
        """
        payload = None if body is None else json.dumps(body).encode()
        try:
            return self._once(method, path, payload, content_type)
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            self.close()
            return self._once(method, path, payload, content_type)

    def _once(self, method: str, path: str, payload: bytes | None, content_type: str) -> bytes:
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context, timeout=TIMEOUT)
        try:
            connection.request(method, path, payload, {"Content-Type": content_type, "Accept": "application/json"})
            answer = connection.getresponse()
            data: bytes = answer.read()
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        if answer.status >= 400:
            raise Refused(answer.status, data)
        return data

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """One object or list."""
        answer: dict[str, Any] = json.loads(self.send("GET", f"{path}?{urlencode(query)}" if query else path))
        return answer

    def items(self, path: str, **query: str) -> Iterator[dict[str, Any]]:
        """The objects of a list, page by page."""
        page = self.get(path, limit="500", **query)
        yield from page["items"]
        while token := page["metadata"].get("continue"):
            page = self.get(path, **{"limit": "500", "continue": token, **query})
            yield from page["items"]

    def resources(self) -> dict[tuple[str, str], tuple[str, bool, bool]]:
        """What is served: (apiVersion, kind) → (path of the collection everywhere, namespaced, has a status)."""
        groups = [("v1", "/api/v1")]
        for group in self.get("/apis")["groups"]:
            groups += [(one["groupVersion"], f"/apis/{one['groupVersion']}") for one in group["versions"]]
        found: dict[tuple[str, str], tuple[str, bool, bool]] = {}
        for version, path in groups:
            try:
                resources = self.get(path)["resources"]
            except Refused as error:
                if error.status != 404:
                    raise
                continue  # a definition's group is in the list a moment before it is served
            names = {one["name"] for one in resources}
            for one in resources:
                if "/" not in one["name"]:
                    entry = (f"{path}/{one['name']}", one["namespaced"], f"{one['name']}/status" in names)
                    found[version, one["kind"]] = entry
        return found


def in_namespace(collection: str, namespace: str) -> str:
    """The path of a collection in one namespace."""
    head, _, plural = collection.rpartition("/")
    return f"{head}/namespaces/{namespace}/{plural}"
