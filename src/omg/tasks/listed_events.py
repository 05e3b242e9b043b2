"""The events in scope: asked once, for the overviews and for the descriptions of pods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from omg.cluster.kept import Kept
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


Told = Mapping[tuple[str, str], Sequence[dict[str, Any]]]
"""The events about a thing, by the name and the uid that they give."""


async def told_in(lists: Iterable[EventList], namespace: str) -> Told | None:
    """What happened in a namespace; None where it could not be listed."""
    listed = next((one for one in lists if one.namespace == namespace), None)
    if listed is None:
        return None
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for event in await listed.kept.objects():
        about = event.get("involvedObject") or {}
        found.setdefault((about.get("name", ""), about.get("uid", "")), []).append(event)
    return found
