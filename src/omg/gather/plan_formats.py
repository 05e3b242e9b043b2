"""A plan for people, as a tree, and for tools, as mermaid, DOT and JSON. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

import msgspec

from omg.gather.plan import AT_ONCE, Plan, PlannedTask

CHANGES, OFF = "✎", "○"


def tree(plan: Plan) -> list[str]:
    """The tasks by stage: those of one stage can run together; arrows name what a task waits for."""
    lines = [f"{_count(len(plan.tasks), 'task')}, up to {_count(plan.concurrency, 'item')} at a time."]
    width = max((len(task.name) for task in plan.tasks), default=0)
    for stage, members in groupby(sorted(plan.tasks, key=_place), key=lambda task: task.stage):
        together = list(members)
        lines += ["", f"stage {stage}" + ("  starts at once" if stage == AT_ONCE else "")]
        for number, task in enumerate(together, 1):
            branch = "└─ " if number == len(together) else "├─ "
            lines += _of_a_task(task, branch, "   " if number == len(together) else "│  ", width)
    lines += ["", "A task starts as soon as what it waits for (←) is over; within a stage nothing waits for anything."]
    if any(task.changes for task in plan.tasks):
        lines.append(f"{CHANGES} changes the cluster and undoes it; READ_ONLY=1 switches these off.")
    if any(task.off for task in plan.tasks):
        lines.append(f"{OFF} is switched off.")
    return lines


def _place(task: PlannedTask) -> tuple[int, bool, bool, str]:
    return task.stage, task.off is not None, task.writes, task.name


def _of_a_task(task: PlannedTask, branch: str, under: str, width: int) -> Iterator[str]:
    mark = OFF if task.off else CHANGES if task.changes else " "
    waits = f"  ← {', '.join(task.waits_for)}" if task.waits_for else ""
    yield f"{branch}{mark} {task.name.ljust(width)}{waits}".rstrip()
    if task.off:
        yield f"{under}    off: {task.off}"
    if task.changes:
        rights = ", ".join(f"{one.verb} {one.resource}" for one in task.changes)
        yield f"{under}    changes the cluster: {rights}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def mermaid(plan: Plan) -> list[str]:
    """A flowchart, left to right, in mermaid's language: mermaid.js.org/syntax/flowchart.html."""
    lines = ["flowchart LR"]
    for task in plan.tasks:
        opening, closing = ("[", "]") if task.writes else ("([", "])")
        kind = _kind(task)
        lines.append(f'  {_id(task.name)}{opening}"{_quoted_for_mermaid(task.name)}"{closing}:::{kind}')
    for task in plan.tasks:
        lines += [f"  {_id(before)} {_arrow(task, before)} {_id(task.name)}" for before in task.waits_for]
    lines += [f"  classDef {kind} {style}" for kind, style in _MERMAID_STYLES.items()]
    return lines


def _id(name: str) -> str:
    """An identifier that is no word of the language, such as `end`."""
    return f"task_{name}"


def _arrow(task: PlannedTask, before: str) -> str:
    return "-.->" if before in task.after else "-->"


def _quoted_for_mermaid(text: str) -> str:
    return text.replace("#", "#35;").replace('"', "#quot;")


_MERMAID_STYLES = {
    "inventory": "fill:#eef6ff,stroke:#4a7fb5,color:#12324f",
    "collector": "fill:#ffffff,stroke:#6b6b6b,color:#1f1f1f",
    "changes": "fill:#fff1dc,stroke:#c47f17,color:#5a3a05",
    "off": "fill:#f4f4f4,stroke:#b9b9b9,color:#8a8a8a,stroke-dasharray:4",
}

_DOT_STYLES = {
    "inventory": 'shape=box, style="rounded,filled", fillcolor="#eef6ff", color="#4a7fb5"',
    "collector": 'shape=box, style="filled", fillcolor="#ffffff", color="#6b6b6b"',
    "changes": 'shape=box, style="filled", fillcolor="#fff1dc", color="#c47f17"',
    "off": 'shape=box, style="dashed", color="#b9b9b9", fontcolor="#8a8a8a"',
}


def _kind(task: PlannedTask) -> str:
    if task.off:
        return "off"
    if task.changes:
        return "changes"
    return "collector" if task.writes else "inventory"


def dot(plan: Plan) -> list[str]:
    """A directed graph in Graphviz' language, tasks of a stage in one column."""
    lines = ["digraph plan {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for task in plan.tasks:
        tooltip = _quoted_for_dot(task.off or task.purpose)
        lines.append(f"  {_quoted_for_dot(task.name)} [{_DOT_STYLES[_kind(task)]}, tooltip={tooltip}];")
    for task in plan.tasks:
        for before in task.waits_for:
            style = " [style=dashed]" if before in task.after else ""
            lines.append(f"  {_quoted_for_dot(before)} -> {_quoted_for_dot(task.name)}{style};")
    for _, members in groupby(sorted(plan.tasks, key=_place), key=lambda task: task.stage):
        names = "; ".join(_quoted_for_dot(task.name) for task in members)
        lines.append(f"  {{ rank=same; {names}; }}")
    return [*lines, "}"]


def _quoted_for_dot(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def as_json(plan: Plan) -> list[str]:
    """The plan as JSON; `schema` says what is in it."""
    return json.dumps(msgspec.to_builtins(plan), indent=2, ensure_ascii=False).splitlines()


def schema(_plan: Plan) -> list[str]:
    """The JSON Schema of the plan, made from the types that write it."""
    return json.dumps(msgspec.json.schema(Plan), indent=2).splitlines()


FORMATS: Mapping[str, Callable[[Plan], list[str]]] = {
    "tree": tree,
    "mermaid": mermaid,
    "dot": dot,
    "json": as_json,
    "json-schema": schema,
}
"""By the word that `omg plan --format` takes."""
