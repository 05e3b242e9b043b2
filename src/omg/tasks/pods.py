"""The pods in scope with their containers, slim: what other tasks must know to read logs and run commands."""

from dataclasses import replace

from omg.engine import Run, task
from omg.tasks.listed_nodes import listed_nodes
from omg.tasks.listed_pods import Container, Pod, listed_pods

__all__ = ["Container", "Pod", "pods"]


@task(needs=(listed_pods, listed_nodes), writes=False)
async def pods(run: Run) -> tuple[Pod, ...]:
    """Bring together the pods in scope and which nodes are not ready."""
    down = run.result_of(listed_nodes).unready
    found = (pod for listed in run.result_of(listed_pods) for pod in listed.pods)
    return tuple(replace(pod, node_is_ready=False) if pod.node in down else pod for pod in found)
