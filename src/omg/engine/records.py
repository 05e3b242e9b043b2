"""How an item ended: one outcome, one record."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from omg import errors


class Outcome(StrEnum):
    """The one end of an item; the values are the manifest's words."""

    COLLECTED = "collected"
    EMPTY = "empty"
    ABSENT = "absent"
    DENIED = "denied"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    TRUNCATED = "truncated"
    BLOCKED = "blocked"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_fine(self) -> bool:
        """Whether a run in which every item ended so exits with 0."""
        return self in FINE


FINE = frozenset({Outcome.COLLECTED, Outcome.EMPTY, Outcome.ABSENT, Outcome.SKIPPED})

_OF_ERROR: dict[type[BaseException], Outcome] = {
    errors.Absent: Outcome.ABSENT,
    errors.Denied: Outcome.DENIED,
    errors.TimedOut: Outcome.TIMED_OUT,
    errors.Truncated: Outcome.TRUNCATED,
    errors.LimitReached: Outcome.TRUNCATED,
    errors.Blocked: Outcome.BLOCKED,
}


def outcome_of(error: BaseException) -> Outcome:
    """The outcome that an error stands for; `failed` for everything without one of its own."""
    return next((outcome for kind, outcome in _OF_ERROR.items() if isinstance(error, kind)), Outcome.FAILED)


def reason_of(error: BaseException) -> str:
    """One sentence for a person; an error that omg did not foresee is named by its type."""
    text = " ".join(str(error).split())
    if isinstance(error, errors.OmgError):
        return text
    return f"omg met an error it does not know ({type(error).__name__}: {text}): please report it."


@dataclass(frozen=True, slots=True)
class Record:
    """The end of one item, of one object that an item lost, or (with an empty key) of a task as a whole.

    Args:
        seconds: from its start, with a slot, to its end.
        size: bytes written to disk.
        requests: HTTP requests sent, retries included.
        objects: objects of a list that were written.
        paths: what it wrote, relative to the tree.
    """

    task: str
    key: str
    outcome: Outcome
    reason: str = ""
    seconds: float = 0.0
    size: int = 0
    requests: int = 0
    objects: int = 0
    paths: tuple[str, ...] = ()

    def line(self) -> dict[str, Any]:
        """The journal's form; what is zero or empty is left out."""
        line: dict[str, Any] = {"task": self.task, "key": self.key, "outcome": self.outcome.value}
        rest = {
            "reason": self.reason,
            "seconds": round(self.seconds, 3),
            "bytes": self.size,
            "requests": self.requests,
            "objects": self.objects,
            "paths": list(self.paths),
        }
        return line | {name: value for name, value in rest.items() if value}


@dataclass(slots=True)
class Tally:
    """What a run keeps in memory of its records: counts, and whole records only of what was not collected."""

    outcomes: dict[str, Counter[Outcome]] = field(default_factory=dict)
    problems: list[Record] = field(default_factory=list)
    size: int = 0
    requests: int = 0
    objects: int = 0

    def add(self, record: Record) -> None:
        """Count one record; of a task as a whole only where it did not end well."""
        if not record.key and record.outcome is Outcome.COLLECTED:
            return
        self.outcomes.setdefault(record.task, Counter())[record.outcome] += 1
        self.size += record.size
        self.requests += record.requests
        self.objects += record.objects
        if not record.outcome.is_fine:
            self.problems.append(record)

    def total(self) -> Counter[Outcome]:
        """Items per outcome over all tasks."""
        return sum(self.outcomes.values(), Counter())

    def problems_of(self, task: str) -> Iterator[Record]:
        """The records of one task that are not fine."""
        return (record for record in self.problems if record.task == task)
