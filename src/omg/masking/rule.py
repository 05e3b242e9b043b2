"""What a rule of nets 1 and 2 is: how to see that a line may hold something for it, and what it finds there."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Span = tuple[int, int]

Find = Callable[[str, list[Span]], Iterator[Span]]
"""Finds the secret parts of a line; told what the rules before it have found there."""


def joined(parts: Iterable[Span]) -> list[Span]:
    """Parts in order, those that overlap made one."""
    found: list[Span] = []
    for start, stop in sorted(parts):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Args:
        looks: an expression of RE2 for a line in small letters; where it doesn't match, there is nothing to find.
            Empty: its places are found otherwise.
        find: see `Find`.
        net: 1, known by its shape; 2, by a name.
    """

    looks: str
    find: Find
    net: int = 1
