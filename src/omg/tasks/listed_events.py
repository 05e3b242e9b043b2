"""The events in scope: asked once, for the overviews and for the descriptions of pods."""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from omg.cluster.kept import LEVEL, Kept
from omg.engine import Access, Run, task
from omg.printing.tables import Printed
from omg.tasks.kinds import EVENTS
from omg.tasks.namespaces import namespaces


@dataclass(frozen=True, slots=True)
class EventList:
    """The events of one namespace: whole, and printed from the oldest to the newest."""

    namespace: str
    kept: Kept
    printed: Printed

    def __len__(self) -> int:
        return len(self.kept)


@task(needs=(namespaces,), reads=(Access("", "events", "list"),), writes=False)
async def listed_events(run: Run) -> tuple[EventList, ...]:
    """List the events in scope."""
    found = await run.each(run.result_of(namespaces), list_events, key=lambda namespace: f"events/{namespace}")
    return tuple(found)


async def list_events(run: Run, namespace: str) -> EventList:
    """The events of one namespace, sorted as `oc get events --sort-by=.lastTimestamp` sorts them."""
    kept, printed = Kept(), Printed.of(EVENTS)
    times: list[str] = []
    async for table in run.cluster.table(EVENTS, namespace=namespace):
        printed.add(table.columns, table.cells)
        await kept.add(table.page)
        times += [one.get("lastTimestamp") or "" for one in table.page.objects()]
    return EventList(namespace, kept, printed.sorted_by(times))


class _About(msgspec.Struct):
    """What an event is about."""

    name: str = ""


class _Event(msgspec.Struct):
    """As much of an event as says what it is about."""

    about: _About = msgspec.field(default_factory=_About, name="involvedObject")


class Told:
    """What happened in a namespace, by what it happened to; held packed, because events are many."""

    def __init__(self) -> None:
        self._found: defaultdict[str, list[bytes]] = defaultdict(list)

    def add(self, events: Iterable[msgspec.Raw]) -> None:
        """Take on some events; those about one object mostly come together, and shrink together."""
        by_name: defaultdict[str, list[msgspec.Raw]] = defaultdict(list)
        for event in events:
            by_name[_what(event).about.name].append(event)
        for name, some in by_name.items():
            self._found[name].append(zlib.compress(b"[" + b",".join(some) + b"]", LEVEL))

    def of(self, name: str, uid: str) -> list[dict[str, Any]]:
        """The events about an object; those of any object of this name where no uid is said."""
        some = (msgspec.json.decode(zlib.decompress(packed)) for packed in self._found.get(name, ()))
        events = (event for part in some for event in part)
        return [one for one in events if uid in ("", (one.get("involvedObject") or {}).get("uid"))]


_what = msgspec.json.Decoder(_Event).decode


async def told_in(lists: Iterable[EventList], namespace: str) -> Told | None:
    """What happened in a namespace; None where it could not be listed."""
    listed = next((one for one in lists if one.namespace == namespace), None)
    if listed is None:
        return None
    told = Told()
    async for page in listed.kept.pages():
        told.add(page.items)
    return told
