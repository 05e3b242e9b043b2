"""The pods in scope with their containers, slim: what other tasks must know to read logs and run commands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from omg.engine import Access, Run, task
from omg.tasks.kinds import NODES, PODS
from omg.tasks.namespaces import namespaces


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a pod, of any kind: init, ordinary or ephemeral.

    Args:
        has_run: it runs or has run, so it has a log.
        has_previous: an earlier instance of it terminated, so that one has a log too.
        is_failing: it waits in an error, ended with an error, or has been restarted.
        trouble: what it waits for or how it ended, as the cluster says it; empty where nothing is wrong.
    """

    name: str
    has_run: bool
    has_previous: bool
    is_failing: bool
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod.

    Args:
        node: where it is scheduled; empty when it isn't.
        node_is_ready: as far as the cluster said.
        is_failing: it is neither running well nor completed.
    """

    namespace: str
    name: str
    node: str
    node_is_ready: bool
    labels: dict[str, str]
    is_failing: bool
    containers: tuple[Container, ...]


@task(
    needs=(namespaces,),
    reads=(Access("", "pods", "list"), Access("", "nodes", "list")),
    writes=False,
)
async def pods(run: Run) -> tuple[Pod, ...]:
    """List the pods in scope, and which nodes are not ready."""
    nodes_down = await run.each(["nodes"], list_unready_nodes, priority=lambda _: -1.0)
    down = frozenset(name for names in nodes_down for name in names)
    found = await run.each(
        [(name, down) for name in run.result_of(namespaces)], list_pods, key=lambda scope: f"pods/{scope[0]}"
    )
    return tuple(pod for listed in found for pod in listed)


async def list_unready_nodes(run: Run, _what: str) -> list[str]:
    """The names of the nodes that aren't ready."""
    listed = run.cluster.list(NODES)
    return [one["metadata"]["name"] async for page in listed for one in page.objects() if not is_ready(one)]


async def list_pods(run: Run, scope: tuple[str, frozenset[str]]) -> list[Pod]:
    """The pods of one namespace."""
    namespace, down = scope
    listed = run.cluster.list(PODS, namespace=namespace)
    return [slim(one, nodes_down=down) async for page in listed for one in page.objects()]


def is_ready(thing: dict[str, Any]) -> bool:
    """Whether the condition Ready of a node or pod is True."""
    conditions = thing.get("status", {}).get("conditions") or ()
    return any(one.get("type") == "Ready" and one.get("status") == "True" for one in conditions)


def slim(pod: dict[str, Any], *, nodes_down: frozenset[str] = frozenset()) -> Pod:
    """What omg needs of a Pod object."""
    metadata, status = pod["metadata"], pod.get("status", {})
    containers = tuple(_containers(status))
    node = pod.get("spec", {}).get("nodeName") or ""
    phase = status.get("phase", "Unknown")
    well = phase == "Succeeded" or (phase == "Running" and is_ready(pod))
    return Pod(
        namespace=metadata["namespace"],
        name=metadata["name"],
        node=node,
        node_is_ready=node not in nodes_down,
        labels=metadata.get("labels") or {},
        is_failing=not well or any(container.is_failing for container in containers),
        containers=containers,
    )


def _containers(status: dict[str, Any]) -> Iterator[Container]:
    for group in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
        for one in status.get(group) or ():
            state, last = one.get("state") or {}, one.get("lastState") or {}
            previous = "terminated" in last
            end = state.get("terminated") or last.get("terminated") or {}
            ended_badly = end.get("exitCode", 0) != 0
            waits_for = (state.get("waiting") or {}).get("reason", "")
            yield Container(
                name=one["name"],
                has_run="running" in state or "terminated" in state or previous,
                has_previous=previous,
                is_failing=ended_badly or one.get("restartCount", 0) > 0 or waits_for not in ON_THE_WAY,
                trouble=waits_for if waits_for not in ON_THE_WAY else end.get("reason", "") if ended_badly else "",
            )


ON_THE_WAY = frozenset({"", "ContainerCreating", "PodInitializing"})
"""Reasons to wait that are no trouble."""
