"""Learned values in the forms in which they may have come through: as they are, escaped, and within base64. Pure."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from ahocorasick_rs import BytesAhoCorasick

PATTERN = 6
"""Bytes of a form that the automaton holds; the rest is compared at the hit. It keeps 20,000 values below 60 MB."""

SHORTEST = 6

_QUOTED_BY_SHELLS = re.compile(r"[\\\"$`]")
"""Between double quotes, these have a backslash before them."""


class LearnedValues:
    """What is looked for besides shapes and keys.

    Args:
        values: each once; shorter ones than `SHORTEST` are left out, they would be found by chance.
    """

    def __init__(self, values: Iterable[bytes] = ()) -> None:
        self.longest = 0
        self._values: list[bytes] = []
        places: dict[bytes, int | tuple[int, ...]] = {}
        for value in values:
            if len(value) >= SHORTEST:
                self._add(value, places)
        self._places = list(places.values())
        """Of each pattern, the numbers of the values that may stand there: forms are made again at a hit."""
        self._search = BytesAhoCorasick(list(places)) if places else None

    @property
    def count(self) -> int:
        """How many values are looked for."""
        return len(self._values)

    def _add(self, value: bytes, places: dict[bytes, int | tuple[int, ...]]) -> None:
        number = len(self._values)
        self._values.append(value)
        forms = [form for form, _ in _forms(value) if len(form) >= SHORTEST]
        self.longest = max(self.longest, *map(len, forms))
        for pattern in {form[:PATTERN] for form in forms}:
            known = places.get(pattern)
            places[pattern] = number if known is None else (*_numbers(known), number)

    def _found(self, data: bytes) -> Iterator[tuple[int, bytes, str]]:
        """Where a form begins, the form, and its kind."""
        if self._search is None:
            return
        for pattern, start, _end in self._search.find_matches_as_indexes(data, overlapping=True):
            for number in _numbers(self._places[pattern]):
                for form, kind in dict(_forms(self._values[number])).items():
                    if len(form) >= SHORTEST and data.startswith(form, start):
                        yield start, form, kind

    def hits(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Where values begin, and in which form they stand there."""
        last = -1
        for start, _form, kind in self._found(data):
            if start != last:
                yield start, kind
            last = start

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where values begin and end."""
        for start, form, _kind in self._found(data):
            yield start, start + len(form)


def _numbers(places: int | tuple[int, ...]) -> tuple[int, ...]:
    return (places,) if isinstance(places, int) else places


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
    yield json.dumps(json.dumps(text)[1:-1])[1:-1].encode(), "learned value, escaped"
    yield text.replace("\\", "\\\\").replace("'", "\\'").encode(), "learned value, escaped"
    yield text.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"').encode(), "learned value, escaped"
    yield text.replace("'", "'\"'\"'").encode(), "learned value, escaped"
    yield _QUOTED_BY_SHELLS.sub(r"\\\g<0>", text).encode(), "learned value, escaped"
    yield html.escape(text, quote=False).encode(), "learned value, escaped"
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
