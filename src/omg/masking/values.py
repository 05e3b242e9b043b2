"""The learned values in a form to search with. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from omg.masking.spelled import Spelled, patterns_of

KEPT = 256
"""Values that are kept ready to be compared: a value that is met once is met again."""

FEW = 5_000
"""Patterns for which a table of all steps is made: twice as fast, and a kilobyte or three each."""

PIECE = 2_000
"""Values of an automaton where little memory counts for more than time: while it is made it takes several times its
memory."""

Candidates = bytes | tuple[bytes, ...]
"""The values of which a form may stand where a pattern was found: most of the time one. How they are spelled is made
again at a hit: held, it would be most of the memory."""

Mark = tuple[int, int, bytes]
"""Begin and end of what is hidden, and its placeholder."""


@dataclass(frozen=True, slots=True)
class Values:
    """What is looked for; immutable.

    Args:
        searches: automata, and for each pattern of one the values of which a form may stand where it was found.
        placeholder: makes what stands for a value.
    """

    searches: tuple[tuple[BytesAhoCorasick, tuple[Candidates, ...]], ...]
    placeholder: Callable[[bytes], bytes]

    @classmethod
    def of(cls, values: Iterable[bytes], placeholder: Callable[[bytes], bytes], *, in_pieces: bool = False) -> "Values":
        """From the values and what makes their placeholders.

        Args:
            values: that are looked for.
            placeholder: makes what stands for a value.
            in_pieces: of several small automata; a search takes as many times as long.
        """
        waiting = iter(values)
        pieces = iter(lambda: list(islice(waiting, PIECE if in_pieces else None)), [])
        return cls(tuple(_search_of(piece, is_small=in_pieces) for piece in pieces), placeholder)

    def spans(self, data: bytes) -> list[Mark]:
        """Each learned value, longest first at a place, not overlapping."""
        hits: list[Mark] = []
        for automaton, candidates in self.searches:
            for number, start, _ in automaton.find_matches_as_indexes(data, overlapping=True):
                for value in _several(candidates[number]):
                    found = _spelled(value).spans(data, start)
                    hits.extend((begin, end, self.placeholder(value)) for begin, end in found)
        if len(hits) < 2:
            return hits
        hits.sort(key=lambda one: (one[0], -one[1]))
        chosen: list[Mark] = []
        for start, end, placeholder in hits:
            if chosen and start < chosen[-1][1]:
                if end > chosen[-1][1]:
                    chosen[-1] = (chosen[-1][0], end, chosen[-1][2])
            else:
                chosen.append((start, end, placeholder))
        return chosen


NOTHING = Values((), lambda value: value)

_spelled = lru_cache(maxsize=KEPT)(Spelled.of)


def _search_of(values: Iterable[bytes], *, is_small: bool) -> tuple[BytesAhoCorasick, tuple[Candidates, ...]]:
    """An automaton and what its patterns are of; a small one has no table of all steps."""
    by_pattern: dict[bytes, Candidates] = {}
    for value in values:
        for pattern in patterns_of(value):
            known = by_pattern.get(pattern)
            by_pattern[pattern] = value if known is None else (*_several(known), value)
    is_fast = len(by_pattern) <= FEW and not is_small
    form = Implementation.DFA if is_fast else Implementation.ContiguousNFA
    automaton = BytesAhoCorasick(list(by_pattern), matchkind=MatchKind.Standard, implementation=form)
    return automaton, tuple(by_pattern.values())


def _several(candidates: Candidates) -> tuple[bytes, ...]:
    return (candidates,) if isinstance(candidates, bytes) else candidates
