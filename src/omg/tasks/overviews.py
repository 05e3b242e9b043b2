"""Each namespace as `oc get` shows it: everything, the events, the volume claims, the network attachments."""

from collections.abc import Sequence
from dataclasses import dataclass

from omg.cluster.resource import Resource
from omg.engine import Access, Run, task
from omg.errors import Absent, Blocked, Denied, RequestFailed, TimedOut, Unreachable
from omg.printing.tables import Printed, printed
from omg.tasks.api_resources import api_resources
from omg.tasks.custom_resources import ATTACHMENTS, custom_resources
from omg.tasks.everything import ONLY_SHOWN, Everything, is_only_shown
from omg.tasks.kinds import CLAIMS
from omg.tasks.listed_events import listed_events
from omg.tasks.listed_pods import listed_pods
from omg.tasks.namespaces import namespaces
from omg.tasks.network import network
from omg.tasks.workloads import workloads

FILES = ("all_resources", "events", "pvc", "nad")


@dataclass(frozen=True, slots=True)
class Overview:
    """One file of one namespace, and what it is made of."""

    name: str
    namespace: str
    everything: Everything

    def __str__(self) -> str:
        return f"{self.name}/{self.namespace}"


@task(
    needs=(namespaces, api_resources, listed_pods, listed_events, workloads, custom_resources),
    after=(network,),
    reads=(Access("", "persistentvolumeclaims", "list"), *(Access(group, kind, "list") for group, kind in ONLY_SHOWN)),
)
async def overviews(run: Run) -> None:
    """Show each namespace: everything in it, its events and its volume claims as tables, its network attachments."""
    listed = (*run.result_of(workloads), *run.result_of(custom_resources).printed, *(run.result_if_any(network) or ()))
    everything = Everything(run.result_of(api_resources), run.result_of(listed_pods), listed)
    scope = run.result_of(namespaces)
    await run.each([Overview(name, one, everything) for one in scope for name in FILES], show)


async def show(run: Run, wanted: Overview) -> None:
    """Write one file; what it can't show is recorded."""
    namespace = wanted.namespace
    match wanted.name:
        case "all_resources":
            await write(run, wanted, await everything_in(run, namespace, wanted.everything))
        case "events":
            found = [one.printed for one in run.result_of(listed_events) if one.namespace == namespace]
            if not found:
                raise Blocked(f"The events of {namespace} could not be listed.")
            await write(run, wanted, found)
        case "pvc":
            await write(run, wanted, [await table_of(run, CLAIMS, namespace)])
        case "nad":
            await save_attachments(run, namespace)


async def write(run: Run, overview: Overview, tables: Sequence[Printed]) -> None:
    """Write tables as `oc get` prints them, or its sentence where there is nothing."""
    text = printed(tables) or f"No resources found in {overview.namespace} namespace.\n"
    await run.output.text(overview.namespace, f"{overview.name}.log", data=text.encode("utf-8", "replace"))


async def everything_in(run: Run, namespace: str, everything: Everything) -> list[Printed]:
    """The table of each kind that `oc get all` shows, in its order; what could not be listed is recorded."""
    found, missing = [], []
    for kind in everything.kinds:
        table = everything.table(kind, namespace)
        if table is not None:
            found.append(table)
        elif is_only_shown(kind):
            try:
                found.append(await table_of(run, kind, namespace))
            except (Absent, Denied, RequestFailed, TimedOut, Unreachable) as error:
                run.lost(kind.name, error)
        else:
            missing.append(kind.name)
    if missing:
        run.lost("others", Blocked(f"It lacks {', '.join(missing)}, which could not be listed."))
    return found


async def table_of(run: Run, kind: Resource, namespace: str) -> Printed:
    """One kind of one namespace as the server prints it."""
    table = Printed.of(kind)
    async for page in run.cluster.table(kind, namespace=namespace, with_objects=False):
        table.add(page.columns, page.cells)
    return table


async def save_attachments(run: Run, namespace: str) -> None:
    """Write the NetworkAttachmentDefinitions of a namespace, which were listed with the custom resources."""
    kind = run.result_of(api_resources).find(*ATTACHMENTS)
    if kind is None:
        raise Absent("The cluster does not serve network-attachment-definitions.")
    attachments = run.result_of(custom_resources).attachments.pages()
    await run.output.objects(
        kind, attachments, namespace=namespace, keep=lambda one: one["metadata"].get("namespace") == namespace
    )
