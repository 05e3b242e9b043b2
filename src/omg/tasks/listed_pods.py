"""The pods in scope as the cluster lists them: asked once, for inventories, descriptions and overviews."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from omg.cluster.kept import Kept
from omg.engine import Access, Run, task
from omg.printing.tables import Printed
from omg.tasks.kinds import PODS
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
        main: the container that commands run in unless another is named, as kubectl chooses it.
        has_ended: all of its containers have, for good.
    """

    namespace: str
    name: str
    node: str
    node_is_ready: bool
    labels: dict[str, str]
    is_failing: bool
    containers: tuple[Container, ...]
    main: str = ""
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class PodList:
    """The pods of one namespace: slim, whole and printed."""

    namespace: str
    pods: tuple[Pod, ...]
    kept: Kept
    printed: Printed

    def __len__(self) -> int:
        return len(self.pods)


@task(needs=(namespaces,), reads=(Access("", "pods", "list"),), writes=False)
async def listed_pods(run: Run) -> tuple[PodList, ...]:
    """List the pods in scope."""
    found = await run.each(run.result_of(namespaces), list_pods, key=lambda namespace: f"pods/{namespace}")
    return tuple(found)


async def list_pods(run: Run, namespace: str) -> PodList:
    """The pods of one namespace."""
    kept, printed = Kept(), Printed.of(PODS)
    pods = []
    async for table in run.cluster.table(PODS, namespace=namespace):
        printed.add(table.columns, table.cells)
        await kept.add(table.page)
        pods += [slim(one) for one in table.page.objects()]
    return PodList(namespace, tuple(pods), kept, printed)


def is_ready(thing: dict[str, Any]) -> bool:
    """Whether the condition Ready of a node or pod is True."""
    conditions = thing.get("status", {}).get("conditions") or ()
    return any(one.get("type") == "Ready" and one.get("status") == "True" for one in conditions)


def slim(pod: dict[str, Any]) -> Pod:
    """What omg needs of a Pod object; whether its node is ready is told later."""
    metadata, status, same = pod["metadata"], pod.get("status", {}), _same
    containers = tuple(_containers(status))
    phase = status.get("phase", "Unknown")
    well = phase == "Succeeded" or (phase == "Running" and is_ready(pod))
    return Pod(
        namespace=same(metadata["namespace"]),
        name=metadata["name"],
        node=same(pod.get("spec", {}).get("nodeName") or ""),
        node_is_ready=True,
        labels={same(key): same(value) for key, value in (metadata.get("labels") or {}).items()},
        is_failing=not well or any(container.is_failing for container in containers),
        containers=containers,
        main=same(_main(pod)),
        has_ended=phase in ("Succeeded", "Failed"),
    )


def _same(text: str) -> str:
    """The text, held once for all pods, which share most of theirs."""
    return sys.intern(text) if type(text) is str else text


def _main(pod: dict[str, Any]) -> str:
    names: list[str] = [one["name"] for one in pod.get("spec", {}).get("containers") or ()]
    chosen = (pod["metadata"].get("annotations") or {}).get(DEFAULT_CONTAINER)
    return str(chosen) if chosen in names else next(iter(names), "")


def _containers(status: dict[str, Any]) -> Iterator[Container]:
    for group in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
        for one in status.get(group) or ():
            state, last = one.get("state") or {}, one.get("lastState") or {}
            previous = "terminated" in last
            end = state.get("terminated") or last.get("terminated") or {}
            ended_badly = end.get("exitCode", 0) != 0
            waits_for = (state.get("waiting") or {}).get("reason", "")
            yield Container(
                name=_same(one["name"]),
                has_run="running" in state or "terminated" in state or previous,
                has_previous=previous,
                is_failing=ended_badly or one.get("restartCount", 0) > 0 or waits_for not in ON_THE_WAY,
                trouble=waits_for if waits_for not in ON_THE_WAY else end.get("reason", "") if ended_badly else "",
            )


DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
"""The annotation that names the container for commands."""

ON_THE_WAY = frozenset({"", "ContainerCreating", "PodInitializing"})
"""Reasons to wait that are no trouble."""
