"""What a run with some settings would do: its tasks, what each waits for, and what is switched off. Pure."""

from collections.abc import Iterable

import msgspec

from omg.engine import Access, Graph
from omg.gather.catalog import AnyTask
from omg.settings import Settings

AT_ONCE = 1
"""The stage of tasks that wait for nothing."""


class Right(msgspec.Struct, forbid_unknown_fields=True):
    """A right at the cluster, in RBAC's words; group and resource may be shell patterns.

    Args:
        where: in which namespaces, in words, or the name of one or the setting that names it.
        is_fallback: it is used only where another right is missing.
    """

    group: str
    resource: str
    verb: str
    where: str
    is_fallback: bool = False


class PlannedTask(msgspec.Struct, forbid_unknown_fields=True):
    """One task of a run.

    Args:
        purpose: one sentence.
        stage: 1 for what waits for nothing, else one more than the last stage that it waits for.
        needs: tasks whose results it uses; when one of them fails as a whole, it is blocked.
        after: tasks that it only follows.
        waits_for: the direct ones among both; what those wait for in turn is left out.
        reads: what it may ask of the cluster.
        changes: what it may change there.
        writes: whether it writes into the tree.
        off: the setting that switches it off, or what it needs and isn't there; null: it runs.
    """

    name: str
    purpose: str
    stage: int
    needs: list[str]
    after: list[str]
    waits_for: list[str]
    reads: list[Right]
    changes: list[Right]
    writes: bool
    off: str | None


class Plan(msgspec.Struct, forbid_unknown_fields=True):
    """A run before it starts.

    Args:
        concurrency: items at a time.
        settings: those that were given, by the names of their environment variables.
        tasks: in an order that respects every edge.
    """

    version: int
    concurrency: int
    settings: dict[str, str]
    tasks: list[PlannedTask]


def plan_of(graph: Graph, settings: Settings) -> Plan:
    """The plan of a graph with these settings."""
    stages: dict[AnyTask, int] = {}
    above: dict[AnyTask, frozenset[AnyTask]] = {}
    off: dict[AnyTask, str] = {}
    tasks = []
    for task in graph.tasks:
        before = graph.predecessors(task)
        stages[task] = 1 + max((stages[one] for one in before), default=0)
        above[task] = frozenset(before).union(*(above[one] for one in before))
        needs = graph.needs(task)
        reason = task.off(settings) or next((f"it needs {one.name}: {off[one]}" for one in needs if one in off), None)
        if reason is not None:
            off[task] = reason
        direct = [one for one in before if not any(one in above[other] for other in before)]
        tasks.append(
            PlannedTask(
                name=task.name,
                purpose=task.purpose,
                stage=stages[task],
                needs=[one.name for one in needs],
                after=[one.name for one in before if one not in needs],
                waits_for=[one.name for one in sorted(direct, key=graph.order.__getitem__)],
                reads=_rights(task.reads),
                changes=_rights(task.changes),
                writes=task.writes,
                off=reason,
            )
        )
    return Plan(version=1, concurrency=settings.concurrency, settings=_given(settings), tasks=tasks)


def _rights(declared: Iterable[Access]) -> list[Right]:
    return [Right(one.group, one.resource, one.verb, one.where, one.is_fallback) for one in declared]


def _given(settings: Settings) -> dict[str, str]:
    given = settings.model_dump(mode="json", exclude_unset=True)
    return {name.upper(): _text(value) for name, value in sorted(given.items())}


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return "1" if value else "0"
    return "" if value is None else str(value)
