"""The events about a thing, as a description ends with them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from omg.describe.sheet import Sheet
from omg.printing.ages import since
from omg.printing.order import in_go_order

Event = Mapping[str, Any]

NEVER = "0001-01-01T00:00:00Z"
"""What Go takes for no time."""

BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go takes for blanks; Python takes some separators more."""


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
    shown = in_go_order(events, lambda event: event.get("lastTimestamp") or NEVER)
    if not shown:
        sheet.put(0, "Events:\t<none>\n")
        return
    sheet.put(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage\n")
    sheet.put(1, "----\t------\t----\t----\t-------\n")
    for event in shown:
        sheet.put(1, "\t".join(_cells(event, now)) + "\n")


def _cells(event: Event, now: datetime) -> tuple[str, ...]:
    source = (event.get("source") or {}).get("component") or event.get("reportingComponent") or ""
    message = (event.get("message") or "").strip(BLANKS)
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
