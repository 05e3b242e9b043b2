"""Learned values in the forms in which they may have come through: as they are, escaped, and within base64. Pure."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from ahocorasick_rs import BytesAhoCorasick

PATTERN = 6
"""Bytes of a form that the automaton holds; the rest is compared at the hit. It keeps 20,000 values below 60 MB."""

SHORTEST = 6


class LearnedValues:
    """What is looked for besides shapes and keys.

    Args:
        values: each once; shorter ones than `SHORTEST` are left out, they would be found by chance.
    """

    def __init__(self, values: Iterable[bytes] = ()) -> None:
        self.count = 0
        self.longest = 0
        self._forms: dict[bytes, list[tuple[bytes, str]]] = defaultdict(list)
        for value in values:
            if len(value) >= SHORTEST:
                self.count += 1
                self._add(value)
        self._patterns = list(self._forms)
        self._search = BytesAhoCorasick(self._patterns) if self._patterns else None

    def _add(self, value: bytes) -> None:
        for form, kind in {form: kind for form, kind in _forms(value) if len(form) >= SHORTEST}.items():
            self._forms[form[:PATTERN]].append((form, kind))
            self.longest = max(self.longest, len(form))

    def hits(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Where values begin, and in which form they stand there."""
        if self._search is None:
            return
        for number, start, _end in self._search.find_matches_as_indexes(data, overlapping=True):
            for form, kind in self._forms[self._patterns[number]]:
                if len(form) <= PATTERN or data.startswith(form, start):
                    yield start, kind
                    break

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where values begin and end."""
        if self._search is not None:
            for number, start, _end in self._search.find_matches_as_indexes(data, overlapping=True):
                for form, _kind in self._forms[self._patterns[number]]:
                    if data.startswith(form, start):
                        yield start, start + len(form)


def _forms(value: bytes) -> Iterator[tuple[bytes, str]]:
    yield from ((form, "learned value in base64") for form in _in_base64(value))
    try:
        text = value.decode()
    except UnicodeDecodeError:
        yield value, "learned value"
        return
    for form in {quote(text, safe=""), quote(text), quote_plus(text)}:
        yield form.encode(), "learned value, URL-encoded"
    for form in {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}:
        yield form.encode(), "learned value, escaped"
    yield text.replace("'", "'\\''").encode(), "learned value, escaped"
    yield text.replace("'", "''").encode(), "learned value, escaped"
    yield value, "learned value"


def _in_base64(value: bytes) -> Iterator[bytes]:
    """What base64 of a text that holds the value has for certain, whatever stands before and after it.

    Six bits make a character: with k bytes before it, the value's first own character is ceil(8k / 6), and its last
    ends at floor(8 (k + n) / 6).
    """
    for before in range(3):
        whole = base64.b64encode(bytes(before) + value + bytes(2))
        own = whole[-(-8 * before // 6) : 8 * (before + len(value)) // 6]
        yield own
        yield own.replace(b"+", b"-").replace(b"/", b"_")
