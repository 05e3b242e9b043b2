"""SOS reports of the cluster's nodes, and the rotated logs of their pods, from a debug pod on each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from omg.cluster.debug_pod import START_LIMIT, DebugPod, create, remove, wait_until_running
from omg.cluster.node_shell import NodeShell
from omg.engine import Run, Work, task
from omg.errors import Absent, LimitReached, OmgError, Unreachable
from omg.settings import Settings
from omg.sos import transfer
from omg.sos.options import Wanted
from omg.sos.script import Made, made_by, removing
from omg.sos.toolbox import NOTHING, keeping, packing, preparing, toolbox_sos, watched
from omg.tasks.debug_namespace import CHANGES, READS, DebugNamespace, debug_namespace
from omg.tasks.listed_nodes import listed_nodes
from omg.tasks.namespaces import namespaces
from omg.tasks.pods import Pod, pods
from omg.tasks.rotated_logs import unpacked_logs
from omg.tasks.services import SERVICES
from omg.tasks.unpacked_report import unpacked

LABEL = "service"
"""Of a pod: which service's it is."""


@dataclass(slots=True)
class Visit:
    """One node, with what has to be removed there.

    Args:
        pods: the names of its pods, by the service that it gets a link under.
        pod: None: not yet made.
        has_run: it has been seen running, so its process has something to tidy up.
    """

    node: str
    pods: Mapping[str, list[str]]
    home: DebugNamespace = field(repr=False)
    pod: DebugPod | None = None
    has_run: bool = False

    def __str__(self) -> str:
        return self.node


def why_not(settings: Settings) -> str | None:
    """The setting that asks for none."""
    if settings.read_only:
        return "READ_ONLY=1"
    return "SOS_SERVICES" if settings.sos_services == () else None


@task(needs=(pods, listed_nodes, namespaces), reads=READS, changes=CHANGES, off=why_not)
async def cluster_sos(run: Run) -> None:
    """Make a SOS report on each node that runs a pod of the services, and bring it here with the pods' rotated logs."""
    nodes = services_by_node(run.result_of(pods), run.settings)
    found = {service.lower() for its_pods in nodes.values() for service in its_pods}
    named = {one.lower(): one for one in run.settings.sos_services or ()}
    lacking = [one for folded, one in named.items() if folded not in found]
    await run.each(lacking, say_nobody_runs, key=lambda service: f"services/{service}")
    if not nodes:
        return
    async with debug_namespace(run) as home:
        visits = [Visit(node, its_pods, home) for node, its_pods in sorted(nodes.items())]
        await run.each(visits, save, cleanup=leave, via=lambda visit: f"node {visit}", work=Work.STREAM, pool="sos")


async def say_nobody_runs(run: Run, service: str) -> None:
    """End the item of a service that SOS_SERVICES names and no pod is of."""
    raise Absent(f"No pod in {run.settings.osp_ns} that runs on a node has {service} in its label `{LABEL}`.")


async def save(run: Run, visit: Visit) -> None:
    """Make one report, stream it to disk, and the rotated logs after it."""
    node, settings = visit.node, run.settings
    if (said := run.result_of(listed_nodes).silent.get(node)) is not None:
        raise Unreachable(f"No debug pod can start on the node {node}, which is not ready: {said}")
    namespace, owner = visit.home.enter(node)
    pod = DebugPod(node, namespace, settings.support_tools, keeping, owner)
    visit.pod = pod
    await create(run.cluster, pod)
    await wait_until_running(run.cluster, pod, within=START_LIMIT)
    visit.has_run = True
    shell = NodeShell(run.cluster, pod, runner=watched(pod.token), stall=settings.stall_timeout)
    await transfer.printed_by(shell, preparing(pod.token, settings.support_tools))
    sos = toolbox_sos(pod.token)
    options, dropped = await transfer.ask(shell, Wanted(settings.sos_only_plugins), sos)
    run.note(dropped)
    made = await transfer.make(shell, options, sos)
    name = f"sosreport-{node}{made.ending}"
    report = transfer.fetch(shell, made, run.note)
    path = await run.output.report(name, chunks=report, check=transfer.Arrival(shell, made))
    if not settings.sos_decompress:
        await link(run, visit, to=path.rpartition("/")[2])
    await discard(run, shell, made)
    logs = ""
    try:
        logs = await save_rotated_logs(run, shell, pod)
    except LimitReached:
        raise
    except OmgError as error:  # the report is there, and is worth its own outcome
        run.lost("podlogs", error)
    if settings.sos_decompress:  # last: it may take longer than a debug pod waits for the next command
        await link(run, visit, to=await unpacked(run, path))
        if logs:
            await unpacked_logs(run, logs, path, run.result_of(namespaces))


async def link(run: Run, visit: Visit, *, to: str) -> None:
    """Make the links of the services' pods to their node's report."""
    for service, names in visit.pods.items():
        for one in names:
            await run.output.link(service, f"sos-report-{one}", to=to)


async def save_rotated_logs(run: Run, shell: NodeShell, pod: DebugPod) -> str:
    """Bring the rotated logs of the node's pods here, masked; their path in the tree, empty where there are none."""
    printed = await transfer.printed_by(shell, packing(pod.token))
    if NOTHING in printed:
        run.note("The node has no rotated logs of pods.")
        return ""
    packed = made_by(printed)
    logs, check = transfer.fetch(shell, packed, run.note), transfer.Arrival(shell, packed)
    path, refused = await run.output.packed_logs(f"podlogs-{pod.node}.tar.gz", chunks=logs, check=check)
    for one in refused:
        run.note(f"Left out of the rotated logs: {one}")
    await discard(run, shell, packed)
    return path


async def discard(run: Run, shell: NodeShell, made: Made) -> None:
    """Remove a file on the node at once: what follows may take long, and the node's disk is not omg's."""
    try:
        await transfer.printed_by(shell, removing(made.folder))
    except OmgError as error:
        run.note(f"It goes with the debug pod: {error}")


async def leave(run: Run, visit: Visit) -> None:
    """Remove the pod, whose process removes what was made on the node."""
    try:
        if visit.pod is not None:
            await remove(run.cluster, visit.pod, has_run=visit.has_run)
    finally:
        visit.home.leave(visit.node)


def services_by_node(found: Iterable[Pod], settings: Settings) -> dict[str, dict[str, list[str]]]:
    """The nodes that run a pod of the wanted services, each with the names of those pods by service."""
    wanted = {one.lower(): one for one in (SERVICES if settings.sos_services is None else settings.sos_services)}
    nodes: dict[str, dict[str, list[str]]] = {}
    for pod in found:
        label = pod.labels.get(LABEL, "").lower()
        if pod.namespace == settings.osp_ns and pod.node and label:
            for folded, service in wanted.items():
                if folded in label:
                    nodes.setdefault(pod.node, {}).setdefault(service, []).append(pod.name)
    return nodes
