"""What a run came to, in ten lines at most: what was collected, what was not, why, and what to do about it. Pure."""

import errno
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from omg.engine import Outcome, Record, Tally
from omg.tasks.pods import Pod

LINES = 9
"""The archive has a tenth."""

CRASHES = "CrashLoopBackOff"

ADVICE = {
    Outcome.DENIED: "ask for the rights, or run as a cluster administrator",
    Outcome.FAILED: "see the reason in the manifest",
    Outcome.TIMED_OUT: "run again, or raise ITEM_TIMEOUT or STALL_TIMEOUT",
    Outcome.TRUNCATED: "the part that came is there; run again for the rest",
    Outcome.BLOCKED: "mend what it needs first",
    Outcome.CANCELLED: "run again with more time",
}

NO_ROOM = ("DISK_LIMIT", "MAX_BYTES", os.strerror(errno.ENOSPC), os.strerror(errno.EDQUOT))
"""What the reason says where it is not time that was missing."""
MORE_ROOM = "run again with more room, or for less (MUST_GATHER_SINCE, LOG_MAX_BYTES)"


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
        f"Everything is in {ending.directory}; {manifest} says how each item ended.",
    ]
    room = LINES - len(head) - len(tail)
    return [*head, *_not_collected(tally.problems, room, manifest), *tail]


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


def _not_collected(problems: Sequence[Record], room: int, manifest: str) -> list[str]:
    groups: Counter[tuple[Outcome, str]] = Counter((one.outcome, one.task) for one in problems)
    lines = []
    for (outcome, task), count in groups.most_common():
        first = next(one for one in problems if (one.outcome, one.task) == (outcome, task))
        what = f"{count:,} × {task}" if count > 1 else f"{task} {first.key}".rstrip()
        lines.append(f"{outcome.value}: {what}: {_short(first.reason)} → {_advice(first)}")
    if len(lines) > room:
        left = sum(sorted(groups.values(), reverse=True)[max(room - 1, 0) :])
        lines = [*lines[: max(room - 1, 0)], f"… and {left:,} more: see {manifest}."]
    return lines


def _advice(problem: Record) -> str:
    is_out_of_room = problem.outcome is Outcome.CANCELLED and any(word in problem.reason for word in NO_ROOM)
    return MORE_ROOM if is_out_of_room else ADVICE[problem.outcome]


def _short(reason: str, length: int = 140) -> str:
    return reason if len(reason) <= length else reason[: length - 1] + "…"


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """0 where every item ended well, 1 where something was not collected that should have been."""
    return 0 if all(outcome.is_fine for outcome in outcomes) else 1
