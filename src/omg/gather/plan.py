"""The task graph of a run as a tree for people. Pure."""

from collections.abc import Iterator

from omg.engine import Graph
from omg.gather.catalog import AnyTask
from omg.settings import Settings


def tree(graph: Graph, settings: Settings) -> list[str]:
    """The lines of the plan: each task once, under the last task that it waits for, with the others beside it."""
    order = graph.order
    children: dict[AnyTask | None, list[AnyTask]] = {}
    for task in graph.tasks:
        before = sorted(graph.predecessors(task), key=order.__getitem__)
        children.setdefault(before[-1] if before else None, []).append(task)
    return [line for root in children.get(None, []) for line in _branch(root, graph, settings, children, "", "")]


def _branch(
    task: AnyTask,
    graph: Graph,
    settings: Settings,
    children: dict[AnyTask | None, list[AnyTask]],
    stem: str,
    under: str,
) -> Iterator[str]:
    parents = [one.name for one in graph.predecessors(task)]
    shown = max(graph.predecessors(task), key=graph.order.__getitem__).name if parents else ""
    also = [name for name in parents if name != shown]
    marks = [
        *([f"also after {', '.join(also)}"] if also else []),
        *(["changes the cluster"] if task.changes else []),
        *([f"off: {reason}"] if (reason := task.off(settings)) else []),
    ]
    yield f"{stem}{task.name}" + (f"  ({'; '.join(marks)})" if marks else "")
    mine = children.get(task, [])
    for number, child in enumerate(mine):
        last = number == len(mine) - 1
        yield from _branch(
            child,
            graph,
            settings,
            children,
            under + ("└─ " if last else "├─ "),
            under + ("   " if last else "│  "),
        )
