"""Which lines may hold something for a rule, and for which one: RE2 looks at every byte once, however many rules. Pure.

RE2 has no backtracking: its time grows with the length of a text alone. The rules' own expressions, which tell exactly
what is secret, are Python's; they meet only the lines that are named here.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Any

import re2

from omg.masking.rule import Span

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
        apart: the one, by number, that has no look. Its places are long words: an expression that counts letters would
            need a state for each count with each state of the others, a hundred times as many.
        places: finds the places of that rule in a text as it stands.
    """

    def __init__(self, looks: Sequence[str], *, apart: int, places: Callable[[bytes], Iterator[Span]]) -> None:
        self._all = range(len(looks))
        self._numbers = [number for number in self._all if number != apart]
        others = [looks[number] for number in self._numbers]
        any_of_them = "|".join(f"(?:{look})" for look in others)
        self._any = _compiled(any_of_them)
        self._apart, self._places = apart, places
        self._which = re2.Set.SearchSet(_options(MEMORY_OF_ALL))
        for look in others:
            self._which.Add(f"(?m:{look})".encode())
        self._which.Compile()
        self._looks = looks
        self._alone: dict[int, Any] = {}

    def lines(self, data: bytes) -> Iterator[Span]:
        """Begin and end of each line that may hold something, in order."""
        both = merge(_lines(self._any, data.lower()), _lines_around(self._places(data), data))
        return (line for line, _ in groupby(both))

    def names(self, data: bytes) -> bool:
        """Whether a text has a line that may hold something for a rule with a look."""
        return self._any.search(data.lower()) is not None

    def crowd(self, line: bytes, numbers: Iterable[int], room: int) -> tuple[int, int]:
        """Where a line holds too much for a rule.

        Args:
            line: without its end.
            numbers: of the rules that count; the one apart costs no more than a line is long.
            room: places that it may hold for each.

        Returns:
            How many places were counted for the rule that has the most, and where the line gets too much: -1, nowhere.
        """
        low = line.lower()
        most, at = 0, -1
        for number in set(numbers) - {self._apart}:
            starts = [found.start() for found in islice(self._look(number).finditer(low), room + 1)]
            most = max(most, len(starts))
            if len(starts) > room and (at < 0 or starts[-1] < at):
                at = starts[-1]
        return most, at

    def _look(self, number: int) -> Any:
        if number not in self._alone:
            self._alone[number] = _compiled(self._looks[number])
        return self._alone[number]

    def which(self, line: bytes) -> Sequence[int]:
        """The rules for which a line may hold something, by number, in order."""
        low = line.lower()
        places: list[int] | None = self._which.Match(low)
        if places is None and self._any.search(low) is not None:
            return self._all  # the set of them has run out of memory
        found = [self._numbers[place] for place in places or ()]
        if next(self._places(line), None) is not None:
            insort(found, self._apart)
        return found


def _compiled(look: str) -> Any:
    return re2.compile(f"(?m:{look})".encode(), _options(MEMORY))


def _options(memory: int) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = memory
    options.log_errors = False
    return options


def _lines(look: Any, low: bytes) -> Iterator[Span]:
    at = 0
    # Where a match begins RE2 finds backwards from its end: the rest of the line is no part of the expression.
    while at < len(low) and (found := look.search(low, at)) is not None:
        begin, end = found.span()
        at = low.find(b"\n", end)
        at = len(low) if at < 0 else at
        yield low.rfind(b"\n", 0, begin) + 1, at
        at += 1


def _lines_around(places: Iterable[Span], data: bytes) -> Iterator[Span]:
    """The lines that places stand in; a line for each of them."""
    for begin, end in places:
        stop = data.find(b"\n", end)
        yield data.rfind(b"\n", 0, begin) + 1, len(data) if stop < 0 else stop
