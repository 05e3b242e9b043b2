"""One request as it is sent, and how it is called in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import msgspec

JSON = "application/json"

NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What the reading of an answer raises that is no JSON, or is nested without end."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request.

    Args:
        what: completes "Could not …", such as "list pods in openstack".
        path: quoted, without a query.
        of_pod: a log or a command is asked for, where 400 may mean that the pod has none.
        handed: statuses beside 200 that the caller understands itself.
        compresses: whether the answer may come compressed, where the network is slow.
        method: of HTTP.
        body: JSON that is sent with it.
    """

    what: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    accept: str = JSON
    of_pod: bool = False
    handed: frozenset[int] = frozenset()
    compresses: bool = True
    method: str = "GET"
    body: bytes | None = None

    def asking(self, *more: tuple[str, str]) -> "Ask":
        """The same with more in its query; what is empty is left out."""
        return replace(self, query=self.query + tuple(pair for pair in more if pair[1]))

    def running(self, command: Sequence[str]) -> "Ask":
        """The same with a command and its arguments, empty ones too."""
        return replace(self, query=self.query + tuple(("command", word) for word in command))

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def where(namespace: str | None) -> str:
    """A namespace at the end of a sentence."""
    return f" in {namespace}" if namespace else ""
