"""Which task may start now, and who is blocked by whom. Pure: it runs nothing."""

from collections.abc import Iterable, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any

from omg.engine.task import Task
from omg.errors import DeclarationError

AnyTask = Task[Any]


class Graph:
    """Tasks with everything they need, in an order that respects every edge.

    Args:
        tasks: the wanted ones; what they need is added, what they only follow is not.
        before_writing: the task that every task with `writes` waits for, though none lists it.

    Raises:
        DeclarationError: two tasks share a name, or the edges form a cycle; the sentence prints it.
    """

    def __init__(self, tasks: Iterable[AnyTask], *, before_writing: AnyTask | None = None) -> None:
        self._before_writing = before_writing
        self.tasks: tuple[AnyTask, ...] = self._ordered(self._with_needs(tasks))
        self.order = {task: position for position, task in enumerate(self.tasks)}

    def needs(self, task: AnyTask) -> tuple[AnyTask, ...]:
        """The tasks whose failure blocks this one."""
        guard = self._before_writing
        if guard is None or not task.writes or task is guard or guard in task.needs:
            return task.needs
        return (*task.needs, guard)

    def predecessors(self, task: AnyTask) -> tuple[AnyTask, ...]:
        """Every task of this graph that has to be over before this one starts."""
        return tuple(dict.fromkeys((*self.needs(task), *(one for one in task.after if one in self.order))))

    def followers(self) -> dict[AnyTask, set[AnyTask]]:
        """For each task that another waits for: those that do."""
        found: dict[AnyTask, set[AnyTask]] = {}
        for task in self.tasks:
            for before in self.predecessors(task):
                found.setdefault(before, set()).add(task)
        return found

    def _with_needs(self, tasks: Iterable[AnyTask]) -> list[AnyTask]:
        found: dict[str, AnyTask] = {}
        waiting = list(tasks)[::-1]
        while waiting:
            task = waiting.pop()
            known = found.setdefault(task.name, task)
            if known is not task:
                raise DeclarationError(f"Two different tasks are named {task.name}: rename one of them.")
            waiting.extend(one for one in reversed(self.needs(task)) if found.get(one.name) is not one)
        return list(found.values())

    def _ordered(self, tasks: Sequence[AnyTask]) -> tuple[AnyTask, ...]:
        members = set(tasks)
        edges = {task: [one for one in (*self.needs(task), *task.after) if one in members] for task in tasks}
        try:
            return tuple(TopologicalSorter(edges).static_order())
        except CycleError as error:
            path = " → ".join(task.name for task in reversed(error.args[1]))
            raise DeclarationError(f"The tasks wait for each other in a circle: {path}.") from None


class Progress:
    """How far a graph has come: start what `startable` gives, tell every end to `over`."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sorter: TopologicalSorter[AnyTask] = TopologicalSorter(
            {task: graph.predecessors(task) for task in graph.tasks}
        )
        self._sorter.prepare()
        self._culprits: dict[AnyTask, AnyTask] = {}

    @property
    def finished(self) -> bool:
        """Whether every task is over."""
        return not self._sorter.is_active()

    def startable(self) -> list[AnyTask]:
        """The tasks that may start now and were not given before, in the graph's order."""
        return sorted(self._sorter.get_ready(), key=self._graph.order.__getitem__)

    def culprit(self, task: AnyTask) -> AnyTask | None:
        """The failed task that blocks this one, or None; of a chain, the one where it began."""
        for need in self._graph.needs(task):
            if need in self._culprits:
                return self._culprits[need]
        return None

    def over(self, task: AnyTask, *, failed_by: AnyTask | None = None) -> None:
        """Note a task's end; `failed_by` is the task itself when it raised, or the culprit that blocked it."""
        if failed_by is not None:
            self._culprits[task] = failed_by
        self._sorter.done(task)
