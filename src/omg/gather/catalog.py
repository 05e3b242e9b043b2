"""Which tasks there are, and which of them a run takes: a module in omg.tasks that holds a task is found by itself."""

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import omg.tasks
from omg.engine import Graph, Task
from omg.errors import ConfigError
from omg.tasks.secret_values import secret_values

AnyTask = Task[Any]


def all_tasks() -> tuple[AnyTask, ...]:
    """Every task of omg, by name; a module's task carries the module's name."""
    found = []
    for module in iter_modules(omg.tasks.__path__):
        one = getattr(import_module(f"{omg.tasks.__name__}.{module.name}"), module.name, None)
        if isinstance(one, Task):
            found.append(one)
    return tuple(found)


def graph_of(only: Iterable[str] = (), skip: Iterable[str] = (), *, known: Iterable[AnyTask] | None = None) -> Graph:
    """The graph of a run.

    Args:
        only: names of tasks; with what they need, nothing else is run. Empty: all.
        skip: names of tasks that are left out, with everything that needs them.
        known: the tasks to choose from; those of omg unless given.

    Raises:
        ConfigError: a name is unknown, or the choice leaves nothing, or leaves out what masking needs.
    """
    tasks = {task.name: task for task in (all_tasks() if known is None else known)}
    wanted = [tasks[_known(name, tasks)] for name in only] or list(tasks.values())
    left_out = {_known(name, tasks) for name in skip}
    guard = {task.name for task in Graph([secret_values]).tasks}
    if needed := sorted(left_out & guard):
        raise ConfigError(f"{needed[0]} can't be skipped: without it secrets could not be hidden.")
    kept = [task for task in wanted if not left_out & {one.name for one in Graph([task]).tasks}]
    if not kept:
        raise ConfigError("Nothing is left to run: --skip leaves out everything that --only asks for.")
    return Graph(kept, before_writing=secret_values)


def _known(name: str, tasks: dict[str, AnyTask]) -> str:
    if name in tasks:
        return name
    near = get_close_matches(name, tasks, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(tasks))}."
    raise ConfigError(f"There is no task {name}: {hint}")
