"""Container logs: which one is meant, whether there is one, and which of its bytes are asked for.

The refusals are those of the API server 1.36 (container names, options) and of its kubelet (validateContainerLogStatus
in pkg/kubelet/kubelet_pods.go: what waits, has ended, or never ran before).
"""

from __future__ import annotations

import itertools
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from omg.embedded.answers import Answer
from omg.embedded.corpus.model import LogSource
from omg.embedded.lists import whole_number
from omg.embedded.statuses import bad_request, invalid

Object = Mapping[str, Any]
Logs = Mapping[tuple[str, str, str, bool], LogSource]

CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
STATUSES = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
# The time at a line's beginning, as OpenStack's services, Kubernetes' components and databases write it.
LINE_TIME = re.compile(rb"\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)?")
TEXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Options:
    """Which part of a log is asked for."""

    container: str = ""
    previous: bool = False
    timestamps: bool = False
    tail_lines: int | None = None
    limit_bytes: int | None = None
    since: datetime | None = None


def read_options(pod: str, query: Mapping[str, str], now: datetime) -> Options:
    """The options of a log request; ``follow`` is not among them: what there is, is all.

    Raises:
        Refused: 400 or 422, in the real server's words.
    """
    seconds = _number(pod, query, "sinceSeconds", least=1)
    since = _time(query["sinceTime"]) if query.get("sinceTime") else None
    if since is not None and seconds is not None:
        sentence = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
        raise invalid("PodLogOptions", pod, "[]", "FieldValueForbidden", sentence)
    return Options(
        container=query.get("container", ""),
        previous=is_true(query, "previous"),
        timestamps=is_true(query, "timestamps"),
        tail_lines=_number(pod, query, "tailLines", least=0),
        limit_bytes=_number(pod, query, "limitBytes", least=1),
        since=now - timedelta(seconds=seconds) if seconds is not None else since,
    )


def is_true(query: Mapping[str, str], name: str) -> bool:
    """A boolean option as the real server reads it: named without a value is true, and so is all but 0 and false."""
    return name in query and query[name].lower() not in ("0", "false")


def _number(pod: str, query: Mapping[str, str], name: str, *, least: int) -> int | None:
    if name not in query:
        return None
    value = whole_number(query[name])
    if value < least:
        than = "greater than or equal to 0" if least == 0 else "greater than 0"
        raise invalid("PodLogOptions", pod, name, "FieldValueInvalid", f"Invalid value: {value}: must be {than}")
    return value


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise bad_request(f'parsing time "{text}" as "2006-01-02T15:04:05Z07:00": cannot parse "{text}" as "2006"')
    return found


def container_named(pod: Object, name: str) -> str:
    """The container that is meant: the one named, else the only one.

    Raises:
        Refused: 400, there is no such one, or there are several to choose from.
    """
    names = [str(one["name"]) for part in CONTAINERS for one in pod["spec"].get(part) or []]
    if name:
        if name not in names:
            raise bad_request(f"container {name} is not valid for pod {pod['metadata']['name']}")
        return name
    ordinary = pod["spec"]["containers"]
    if len(ordinary) == 1:
        return str(ordinary[0]["name"])
    raise bad_request(
        f"a container name must be specified for pod {pod['metadata']['name']}, choose one of: [{' '.join(names)}]"
    )


def log_answer(pod: Object, options: Options, logs: Logs) -> Answer:
    """The log, made while it is sent.

    Raises:
        Refused: 400, there is none, in the real server's and kubelet's words.
    """
    metadata = pod["metadata"]
    container = container_named(pod, options.container)
    if not pod["spec"].get("nodeName"):
        return Answer(204)
    source = logs.get((metadata["namespace"], metadata["name"], container, options.previous))
    if source is None:
        check_started(pod, container, previous=options.previous)
    chunks = iter(()) if source is None else source.chunks()
    return Answer(200, selected(chunks, options, born(pod)), TEXT)


def check_started(pod: Object, container: str, *, previous: bool) -> None:
    """Whether the kubelet would have a log, by the container's status.

    Raises:
        Refused: 400, it hasn't.
    """
    where = f'"{container}" in pod "{pod["metadata"]["name"]}"'
    told = pod.get("status", {})
    statuses = itertools.chain.from_iterable(told.get(part) or [] for part in STATUSES)
    status = next((one for one in statuses if one["name"] == container), None)
    if status is None:
        raise bad_request(f"container {where} is not available")
    state, last = status.get("state") or {}, (status.get("lastState") or {}).get("terminated") or {}
    if previous:
        if not last.get("containerID"):
            raise bad_request(f"previous terminated container {where} not found")
    elif "running" in state:
        return
    elif "terminated" in state or last:
        if not (state.get("terminated", {}).get("containerID") or last.get("containerID")):
            raise bad_request(f"container {where} is terminated")
    elif "waiting" in state:
        reasons = {"ErrImagePull": "image can't be pulled", "ImagePullBackOff": "trying and failing to pull image"}
        reason = state["waiting"].get("reason", "")
        raise bad_request(f"container {where} is waiting to start: {reasons.get(reason, reason)}")
    else:
        raise bad_request(f"container {where} is waiting to start - no logs yet")


def born(pod: Object) -> datetime:
    """When the pod started: the time of log lines that tell none."""
    text = pod.get("status", {}).get("startTime") or pod["metadata"]["creationTimestamp"]
    return datetime.fromisoformat(text)


def selected(chunks: Iterable[bytes], options: Options, start: datetime) -> Iterator[bytes]:
    """The bytes of a log that the options ask for, lazily: a tail is the only thing that waits for the end."""
    if options.since or options.timestamps or options.tail_lines is not None:
        chunks = chosen_lines(chunks, options, start)
    left = options.limit_bytes
    for chunk in chunks:
        if left is None:
            yield chunk
            continue
        yield chunk[:left]
        left -= len(chunk)
        if left <= 0:
            return


def chosen_lines(chunks: Iterable[bytes], options: Options, start: datetime) -> Iterator[bytes]:
    """The lines from ``since`` on, the last ``tail_lines`` of them, each with its time in front when asked for."""
    timed = timed_lines(chunks, start)
    if options.since is not None:
        timed = ((time, line) for time, line in timed if time >= options.since)
    if options.tail_lines is not None:
        timed = iter(deque(timed, maxlen=options.tail_lines))
    if options.timestamps:
        return (rfc3339_nano(time) + b" " + line for time, line in timed)
    return (line for _, line in timed)


def timed_lines(chunks: Iterable[bytes], start: datetime) -> Iterator[tuple[datetime, bytes]]:
    """Each line with its time: what it begins with, else that of the line before."""
    time = start
    for line in lines(chunks):
        found = LINE_TIME.match(line)
        if found:
            day, clock, fraction, zone = (part.decode() if part else "" for part in found.groups())
            text = f"{day}T{clock}.{fraction[:6] or '0':0<6}{zone or '+00:00'}"
            try:
                time = datetime.fromisoformat(text)
            except ValueError:  # it looks like a time, and isn't one
                time = max(time, start)
        yield time, line


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a text that comes in chunks, each with its end."""
    held = b""
    for chunk in chunks:
        *whole, held = (held + chunk).split(b"\n")
        yield from (one + b"\n" for one in whole)
    if held:
        yield held


def rfc3339_nano(time: datetime) -> bytes:
    """A time as the kubelet writes it before a log line."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}000Z".encode()
