"""The logs of containers: which there are, which tell most, and how one is saved. No task: two share it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.engine import Run
from omg.tasks.pods import Container, Pod


@dataclass(frozen=True, slots=True)
class Log:
    """One log: of a container as it runs or ended last, or of the instance before that."""

    pod: Pod
    container: Container
    previous: bool = False

    @property
    def node(self) -> str:
        """What it is read through, in words."""
        return f"node {self.pod.node}"

    def __str__(self) -> str:
        return f"{self.pod.namespace}/{self.pod.name}/{self.container.name}" + ("-previous" if self.previous else "")


async def save_log(run: Run, log: Log) -> None:
    """Stream one container's log to disk."""
    place = (log.pod.namespace, log.pod.name, log.container.name)
    lines = run.cluster.log(*place, previous=log.previous, since=run.settings.logs_since(run.began))
    await run.output.log(*place, lines, previous=log.previous)


def logs_of(found: Iterable[Pod]) -> Iterator[Log]:
    """The logs that exist, as far as the pods' status tells."""
    for pod in found:
        for container in pod.containers:
            if container.has_run:
                yield Log(pod, container)
            if container.has_previous:
                yield Log(pod, container, previous=True)


def how_telling(log: Log) -> float:
    """Lower is read earlier: a failing container, its pod, everything else, and last what may not answer."""
    if not log.pod.node_is_ready:
        return 10.0
    if log.container.is_failing:
        return -20.0
    return -10.0 if log.pod.is_failing else 0.0
