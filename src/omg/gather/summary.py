"""What a run came to, in ten lines at most: what was collected, what was not, why, and what to do about it. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omg.engine import Outcome, Record, Tally
from omg.gather.advice import advice
from omg.tasks.pods import Pod

LINES = 9
"""The archive has a tenth."""

TASKS = 3
"""Tasks that a line about several names."""

CRASHES = "CrashLoopBackOff"


@dataclass(frozen=True, slots=True)
class Ending:
    """What the summary is made of.

    Args:
        seconds: of the whole run.
        warnings: sentences that can't be missed, first of all.
        stopped_by: why collection ended early; empty: it didn't.
        pods: those that the run saw, for what to look at first.
        audit: what was searched for what masking missed, in a sentence; empty: there was no audit.
        has_manifest: False where the disk did not take it.
    """

    directory: Path
    tally: Tally
    seconds: float
    warnings: Sequence[str] = field(default=())
    stopped_by: str = ""
    pods: Sequence[Pod] = field(default=())
    audit: str = ""
    has_manifest: bool = True


def human_size(size: float) -> str:
    """A size as a person reads it: 1.2 MiB."""
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"


def summary(ending: Ending) -> list[str]:
    """The lines that the terminal ends with."""
    tally, total = ending.tally, ending.tally.total()
    items = sum(total.values())
    head = [
        *(f"! {warning}" for warning in ending.warnings),
        (
            f"Collected {tally.objects:,} objects and {total[Outcome.COLLECTED]:,} of {items:,} items, "
            f"{human_size(tally.size)} in {ending.seconds:.1f} s with {tally.requests:,} requests."
        ),
    ]
    if ending.stopped_by:
        head.append(f"Ended early: {ending.stopped_by}")
    quiet = ", ".join(
        f"{total[outcome]:,} {outcome.value}"
        for outcome in (Outcome.EMPTY, Outcome.ABSENT, Outcome.SKIPPED)
        if total[outcome]
    )
    if quiet:
        head.append(f"Nothing to collect: {quiet}.")
    manifest = "omg-manifest.json" if ending.has_manifest else "omg-manifest.jsonl"
    tail = [
        *_look_first(ending.pods),
        *([ending.audit] if ending.audit else []),
        whereabouts(ending.directory, manifest),
    ]
    room = LINES - len(head) - len(tail)
    return [*head, *_not_collected(tally.problems, room, manifest, known=ending.stopped_by), *tail]


def whereabouts(directory: Path, manifest: str) -> str:
    """Where everything is."""
    return f"Everything is in {directory}; {manifest} says how each item ended."


def in_trouble(pods: Sequence[Pod]) -> list[tuple[Pod, str]]:
    """The pods that a container's state says are in trouble, with its word for it; crash loops first."""
    found = []
    for pod in pods:
        words = [container.trouble for container in pod.containers if container.trouble]
        if words and pod.is_failing:
            found.append((pod, words[0]))
    return sorted(found, key=lambda one: one[1] != CRASHES)


def _look_first(pods: Sequence[Pod]) -> list[str]:
    found = in_trouble(pods)
    if not found:
        return []
    pod, word = found[0]
    more = f"; {len(found) - 1:,} more in trouble" if len(found) > 1 else ""
    return [f"Look first at namespaces/{pod.namespace}/pods/{pod.name}/logs/ ({word}{more})."]


def _not_collected(problems: Sequence[Record], room: int, manifest: str, *, known: str) -> list[str]:
    """A line for all things about which the same can be done, most of them first.

    Args:
        problems: what was not collected.
        room: lines at most.
        manifest: the file that names the others.
        known: a reason that the summary has told already.
    """
    groups: dict[tuple[Outcome, str], list[Record]] = {}
    for one in problems:
        groups.setdefault((one.outcome, advice(one)), []).append(one)
    found = sorted(groups.items(), key=lambda group: -len(group[1]))
    lines = [
        f"{outcome.value}: {_what(records)}{_why(records[0].reason, known)} → {told}"
        for (outcome, told), records in found
    ]
    if len(lines) > room:
        shown = max(room - 1, 0)
        left = sum(len(records) for _, records in found[shown:])
        lines = [*lines[:shown], f"… and {left:,} more: see {manifest}."]
    return lines


def _what(records: Sequence[Record]) -> str:
    """One thing by its task and key, several by their number and tasks."""
    if len(records) == 1:
        return f"{records[0].task} {records[0].key}".rstrip()
    tasks = [task for task, _ in Counter(one.task for one in records).most_common()]
    more = f" and {len(tasks) - TASKS} more tasks" if len(tasks) > TASKS + 1 else ""
    return f"{len(records):,} × {', '.join(tasks[:TASKS] if more else tasks)}{more}"


def _why(reason: str, known: str) -> str:
    return "" if reason == known else f": {_short(reason)}"


def _short(reason: str, length: int = 140) -> str:
    return reason if len(reason) <= length else reason[: length - 1] + "…"


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0 where every item ended well, 1 where something was not collected that should have been."""
    return 0 if all(outcome.is_fine for outcome in outcomes) else 1
