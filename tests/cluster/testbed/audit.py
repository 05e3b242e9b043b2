"""The API server's audit log: who asked what, from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import msgspec


class _User(msgspec.Struct):
    username: str


class _Status(msgspec.Struct):
    code: int = 0


class _Event(msgspec.Struct, rename="camel"):
    audit_id: str = msgspec.field(name="auditID")
    stage: str
    verb: str
    request_uri: str = msgspec.field(name="requestURI")
    user: _User
    request_received_timestamp: datetime
    stage_timestamp: datetime
    impersonated_user: _User | None = None
    response_status: _Status | None = None


@dataclass(slots=True)
class Request:
    """One request; seconds since the epoch, with the log's microseconds. `ended` is None, `code` 0 while it goes on."""

    verb: str
    uri: str
    began: float
    ended: float | None
    impersonated: str | None
    code: int = 0

    @property
    def path(self) -> str:
        return self.uri.partition("?")[0]

    @property
    def right(self) -> tuple[str, str, str, str]:
        """What the authorizer is asked for: namespace (of the whole cluster: ""), group, resource, verb.

        Discovery has no resource.
        """
        kind, *parts = self.path.strip("/").split("/")
        group, rest = ("", parts[1:]) if kind == "api" else ("".join(parts[:1]), parts[2:])
        namespace = ""
        if len(rest) > 1 and rest[0] == "namespaces":  # a namespace itself is in itself
            namespace, rest = rest[1], rest[2:] or ["namespaces"]
        return namespace, group, "/".join((*rest[:1], *rest[2:3])), self.verb

    @property
    def is_log(self) -> bool:
        return self.path.endswith("/log")

    @property
    def is_exec(self) -> bool:
        return self.path.endswith("/exec")

    @property
    def is_list(self) -> bool:
        return self.verb == "list"


def read_requests(log: Path, user: str) -> list[Request]:
    """One user's requests in the order in which they came in."""
    found: dict[str, Request] = {}
    decoder = msgspec.json.Decoder(_Event)
    for line in log.read_bytes().splitlines():
        if f'"{user}"'.encode() not in line:
            continue
        event = decoder.decode(line)
        if event.user.username != user:
            continue
        request = found.setdefault(
            event.audit_id,
            Request(
                verb=event.verb,
                uri=event.request_uri,
                began=event.request_received_timestamp.timestamp(),
                ended=None,
                impersonated=None,
            ),
        )
        if event.impersonated_user:  # known to the server only after the request was received
            request.impersonated = event.impersonated_user.username
        if event.stage in {"ResponseComplete", "Panic"}:
            request.ended = event.stage_timestamp.timestamp()
            request.code = event.response_status.code if event.response_status else 0
    return sorted(found.values(), key=lambda request: request.began)


def peak_overlap(requests: list[Request]) -> int:
    """How many requests were under way at once at most; one that begins when another ends doesn't overlap it."""
    return max((under_way for _, under_way in _levels(requests)), default=0)


def seconds_beyond(requests: list[Request], allowed: int) -> float:
    """For how long, all in all, more requests than allowed were under way.

    On a busy machine the server may stamp an end some milliseconds after the answer's last byte, when the next request
    is there already. What has a slot too many has it for longer.
    """
    steps = pairwise(_levels(requests))
    return sum(after - moment for (moment, under_way), (after, _) in steps if under_way > allowed)


def _levels(requests: list[Request]) -> Iterator[tuple[float, int]]:
    """The moments when the number of requests under way changes, each with the number from then on."""
    marks = [(request.began, 1) for request in requests]
    marks += [(request.ended, -1) for request in requests if request.ended is not None]
    now = 0
    for moment, step in sorted(marks):
        now += step
        yield moment, now
