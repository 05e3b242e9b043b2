"""The learned values in a form to search with. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from omg.masking.spelled import Spelled, patterns_of

KEPT = 256
"""Values that are kept ready to be compared: a value that is met once is met again."""

FEW = 5_000
"""Patterns for which a table of all steps is made: twice as fast, and a kilobyte or three each."""

Candidates = bytes | tuple[bytes, ...]
"""The values of which a form may stand where a pattern was found: most of the time one. How they are spelled is made
again at a hit: held, it would be most of the memory."""

Mark = tuple[int, int, bytes]
"""Begin and end of what is hidden, and its placeholder."""


@dataclass(frozen=True, slots=True)
class Values:
    """What is looked for; immutable."""

    automaton: BytesAhoCorasick | None
    candidates: tuple[Candidates, ...]
    placeholder: Callable[[bytes], bytes]

    @classmethod
    def of(cls, values: Iterable[bytes], placeholder: Callable[[bytes], bytes]) -> "Values":
        """From the values and what makes their placeholders."""
        by_pattern: dict[bytes, Candidates] = {}
        for value in values:
            for pattern in patterns_of(value):
                known = by_pattern.get(pattern)
                by_pattern[pattern] = value if known is None else (*_several(known), value)
        if not by_pattern:
            return NOTHING
        candidates = tuple(by_pattern.values())
        form = Implementation.DFA if len(by_pattern) <= FEW else Implementation.ContiguousNFA
        automaton = BytesAhoCorasick(list(by_pattern), matchkind=MatchKind.Standard, implementation=form)
        return cls(automaton, candidates, placeholder)

    def spans(self, data: bytes) -> list[Mark]:
        """Each learned value, longest first at a place, not overlapping."""
        if self.automaton is None:
            return []
        hits: list[Mark] = []
        for number, start, _ in self.automaton.find_matches_as_indexes(data, overlapping=True):
            for value in _several(self.candidates[number]):
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


NOTHING = Values(None, (), lambda value: value)

_spelled = lru_cache(maxsize=KEPT)(Spelled.of)


def _several(candidates: Candidates) -> tuple[bytes, ...]:
    return (candidates,) if isinstance(candidates, bytes) else candidates
