"""Objects asked for in another group than they are kept in: events, which both core and events.k8s.io serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from omg.embedded.kinds import Kind
from omg.embedded.store import Entry

# events.k8s.io/v1's names of what core calls otherwise; from the API server's conversion of events.
NAMES = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}


def as_asked(kind: Kind, entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries in the words of the kind that was asked for."""
    if kind.group != "events.k8s.io":
        return entries
    return [replace(one, rest=msgspec.json.encode(modern_event(one.object()))[1:]) for one in entries]


def modern_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """A core event in the words of events.k8s.io."""
    return {NAMES.get(key, key): value for key, value in event.items() if value != ""}
