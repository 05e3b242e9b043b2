"""The events about a thing, as a description ends with them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from omg.describe.sheet import Sheet
from omg.printing.ages import since

Event = Mapping[str, Any]


def describe_events(sheet: Sheet, events: Iterable[Event] | None, now: datetime) -> None:
    """Write events from the oldest to the newest.

    Args:
        sheet: where they are written.
        events: about the thing; None where they could not be read.
        now: from when ages count.
    """
    if events is None:
        sheet.put(0, "Events:\tnot authorized\n")
        return
    shown = sorted(events, key=lambda event: event.get("lastTimestamp") or "")
    if not shown:
        sheet.put(0, "Events:\t<none>\n")
        return
    sheet.put(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n")
    sheet.put(1, "----\t------\t----\t----\t-------\n")
    for event in shown:
        sheet.put(1, "\t".join(_cells(event, now)) + "\n")


def _cells(event: Event, now: datetime) -> tuple[str, ...]:
    source = (event.get("source") or {}).get("component") or event.get("reportingComponent") or ""
    message = (event.get("message") or "").strip()
    field = (event.get("involvedObject") or {}).get("fieldPath")
    return (
        event.get("type") or "",
        event.get("reason") or "",
        _age(event, now),
        source,
        f"{field}: {message}" if field else message,
    )


def _age(event: Event, now: datetime) -> str:
    """When it happened; of what happened several times, last and for how long."""
    first = since(event.get("eventTime") or event.get("firstTimestamp"), now)
    series, count = event.get("series"), event.get("count") or 0
    if series is not None:
        return f"{since(series.get('lastObservedTime'), now)} (x{series.get('count', 0)} over {first})"
    if count > 1:
        return f"{since(event.get('lastTimestamp'), now)} (x{count} over {first})"
    return first
