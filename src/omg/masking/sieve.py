"""Which lines may hold something for a rule, and for which one: RE2 looks at every byte once, however many rules. Pure.

RE2 has no backtracking: its time grows with the length of a text alone. The rules' own expressions, which tell exactly
what is secret, are Python's; they meet only the lines that are named here.
"""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Any

import re2

BLANK = r"[\t\r\f\v ]"
"""Within a line."""

BEGIN = r"(?:^|\\[rn])"
"""Of a line, or of a line that is written into another."""

MEMORY = 6 << 20
"""Bytes that an automaton may use for the states it has met, in both directions; it takes them as it meets them. With
twice as much, neither logs of ever new words nor source code go faster."""

MEMORY_OF_ALL = 3 << 20
"""The same of the one that tells the rules apart, which sees few lines, in one direction."""


class Sieve:
    """Looks of several rules: regular expressions of RE2 for one line, in small letters, as Latin-1.

    Args:
        looks: of the rules.
        counting: the one, by number, that counts the letters of every word. It is looked for apart from the others:
            together they would need a state for each count with each of their states, a hundred times as many.
    """

    def __init__(self, looks: Sequence[str], counting: int) -> None:
        self._all = range(len(looks))
        self._numbers = [number for number in self._all if number != counting]
        others = [looks[number] for number in self._numbers]
        any_of_them = "|".join(f"(?:{look})" for look in others)
        self._any = _compiled(any_of_them)
        self._counting, self._counted = counting, _compiled(looks[counting])
        self._which = re2.Set.SearchSet(_options(MEMORY_OF_ALL))
        for look in others:
            self._which.Add(f"(?m:{look})".encode())
        self._which.Compile()
        self._looks = looks
        self._alone: dict[int, Any] = {}

    def lines(self, low: bytes) -> Iterator[tuple[int, int]]:
        """Begin and end of each line that may hold something, in order."""
        both = merge(_lines(self._any, low), _lines(self._counted, low))
        return (line for line, _ in groupby(both))

    def names(self, low: bytes) -> bool:
        """Whether a text has a line that may hold something for a rule that doesn't count."""
        return self._any.search(low) is not None

    def crowd(self, low: bytes, numbers: Iterable[int], room: int) -> tuple[int, int]:
        """Where a line holds too much for a rule.

        Args:
            low: the line.
            numbers: of the rules that count.
            room: places that it may hold for each.

        Returns:
            How many places were counted for the rule that has the most, and where the line gets too much: -1, nowhere.
        """
        most, at = 0, -1
        for number in numbers:
            starts = [found.start() for found in islice(self._look(number).finditer(low), room + 1)]
            most = max(most, len(starts))
            if len(starts) > room and (at < 0 or starts[-1] < at):
                at = starts[-1]
        return most, at

    def _look(self, number: int) -> Any:
        if number not in self._alone:
            self._alone[number] = _compiled(self._looks[number])
        return self._alone[number]

    def which(self, low: bytes) -> Sequence[int]:
        """The rules for which a line may hold something, by number, in order."""
        places: list[int] | None = self._which.Match(low)
        if places is None and self._any.search(low) is not None:
            return self._all  # the set of them has run out of memory
        found = [self._numbers[place] for place in places or ()]
        if self._counted.search(low) is not None:
            insort(found, self._counting)
        return found


def _compiled(look: str) -> Any:
    return re2.compile(f"(?m:{look})".encode(), _options(MEMORY))


def _options(memory: int) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = memory
    options.log_errors = False
    return options


def _lines(look: Any, low: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    # Where a match begins RE2 finds backwards from its end: the rest of the line is no part of the expression.
    while at < len(low) and (found := look.search(low, at)) is not None:
        begin, end = found.span()
        at = low.find(b"\n", end)
        at = len(low) if at < 0 else at
        yield low.rfind(b"\n", 0, begin) + 1, at
        at += 1
