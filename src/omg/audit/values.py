r"""Learned values wherever they stand: as they are, escaped in any notation, wrapped, and within base64. Pure.

Notations change the signs of a value; letters and digits stay what they are. So a text is searched without its signs,
for a few letters of each value, and the signs between them are compared only where all letters are there: they may be
escaped, doubled, quoted or cut by the end of a line. What a notation writes as letters (`%27`, `\\u0027`) was taken
back before: `layers` does that.
"""

import base64
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from urllib.parse import unquote_to_bytes

from ahocorasick_rs import BytesAhoCorasick, Implementation

PATTERN = 6
"""Letters of a form that the automaton holds; the rest is compared at the hit."""

FEW = 5_000
"""Patterns for which a table of all steps is made: twice as fast, and a kilobyte or three each."""

MANY = 10_000
"""Patterns of one automaton: while it is made it takes several times its memory; each one more takes its time again."""

SHORTEST = 6

WINDOWS = 64
"""Places of a value among which the one that tells most is taken."""

DECODED = 64
"""Bytes of a value from which on its base64 is not looked for: so long a run is decoded as a whole."""

SIGNS = bytes(byte for byte in range(256) if not (byte < 128 and chr(byte).isalnum()))
"""Every byte that is no letter and no digit of ASCII."""

_CHANGED = frozenset(b"\\'\"`%$ \t\r\n\v")
"""What notations put beside a sign; a blank and a line feed are where a value was wrapped."""

_WRAPS = frozenset(b"\n\v")
_BESIDE_WRAPS = frozenset(b" \t\r\n\v\\'\"|>+-#=")
_SMALL = bytes(range(97, 123))
_LARGE = bytes(range(65, 91))
_DIGITS = bytes(range(48, 58))
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_CHUNK = 1024
"""A power of two."""

_RAW = 0
_KINDS = ("learned value", *["learned value in base64"] * 3)


class LearnedValues:
    """What is looked for besides shapes and keys.

    Args:
        values: each once; shorter ones than `SHORTEST` are left out, they would be found by chance.
    """

    def __init__(self, values: Iterable[bytes] = ()) -> None:
        self._values: list[bytes] = []
        self.longest = 0
        patterns: list[bytes] = []
        self._forms = array("Q")
        """Of each pattern, the number of its value and the form it is of: forms are made again at a hit."""
        signs: list[bytes] = []
        self._of_signs = array("Q")
        self.count = 0
        """How many values are looked for."""
        for value in chain.from_iterable(map(self._with_plain, values)):
            if len(value) < SHORTEST:
                continue
            number = len(self._values)
            self._values.append(value)
            self.longest = max(self.longest, len(value) * 4)
            for form in range(4 if len(value) < DECODED else 1):
                letters = _form(value, form).translate(None, SIGNS)
                if len(letters) >= SHORTEST:
                    at = _most_telling(letters)
                    patterns.append(letters[at : at + PATTERN])
                    self._forms.append(number * 4 + form)
                elif form == _RAW:
                    signs.append(value[:PATTERN])
                    self._of_signs.append(number * 4)
        self._searches = list(_automata(patterns))
        self._searches_of_signs = list(_automata(signs))

    def _with_plain(self, value: bytes) -> Iterator[bytes]:
        """A value, and what becomes of it where the escapes of a text are taken back that holds it."""
        self.count += len(value) >= SHORTEST
        yield value
        plain = unquote_to_bytes(value)
        if plain != value:
            yield plain

    def hits(self, data: bytes) -> Iterator[tuple[int, str]]:
        """Where values begin, and in which form they stand there."""
        last = -1
        for start, _end, form in self._found(data):
            if start != last:
                yield start, _KINDS[form]
            last = start

    def spans(self, data: bytes) -> Iterator[tuple[int, int]]:
        """Where values begin and end."""
        for start, end, _form in self._found(data):
            yield start, end

    def _found(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        if self._searches:
            yield from self._by_letters(data)
        for number, start in _places_of(self._searches_of_signs, data):
            value = self._values[self._of_signs[number] // 4]
            if data.startswith(value, start):
                yield start, start + len(value), _RAW

    def _by_letters(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        letters = data.translate(None, SIGNS)
        places: _Places | None = None
        for number, at in _places_of(self._searches, letters):
            which, form = divmod(self._forms[number], 4)
            value = _form(self._values[which], form)
            own = value.translate(None, SIGNS)
            first = at - _most_telling(own)
            if first < 0 or not letters.startswith(own, first):
                continue
            places = places or _Places(data)
            start, end = places.of(first), places.of(first + len(own) - 1) + 1
            if _is_same(value, data, start, end, own, in_base64=form != _RAW):
                yield start, end, form


def _automata(patterns: list[bytes]) -> Iterator[BytesAhoCorasick]:
    """What finds the patterns: one automaton, or one for each `MANY` of them."""
    form = Implementation.DFA if len(patterns) <= FEW else Implementation.ContiguousNFA
    for at in range(0, len(patterns), MANY):
        yield BytesAhoCorasick(patterns[at : at + MANY], implementation=form)


def _places_of(automata: Iterable[BytesAhoCorasick], data: bytes) -> Iterator[tuple[int, int]]:
    """The numbers of the patterns that stand in a text, and where; in order for one automaton after another."""
    for number, automaton in enumerate(automata):
        for found, start, _end in automaton.find_matches_as_indexes(data, overlapping=True):
            yield number * MANY + found, start


class _Places:
    """Where the letters of a text stand in it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._before = [0]
        for at in range(0, len(data), _CHUNK):
            self._before.append(self._before[-1] + len(data[at : at + _CHUNK].translate(None, SIGNS)))

    def of(self, number: int) -> int:
        """The place of a letter, by its number."""
        chunk = bisect_right(self._before, number) - 1
        at, size, left = chunk * _CHUNK, _CHUNK, number - self._before[chunk]
        while size > 1:
            size //= 2
            here = len(self._data[at : at + size].translate(None, SIGNS))
            if here <= left:
                at, left = at + size, left - here
        return at


def _form(value: bytes, form: int) -> bytes:
    """The value itself, or what base64 of a text that holds it has for certain, whatever stands before and after it.

    Six bits make a character: with k bytes before it, the value's first own character is ceil(8k / 6), and its last
    ends at floor(8 (k + n) / 6).
    """
    if form == _RAW:
        return value
    before = form - 1
    whole = base64.b64encode(bytes(before) + value + bytes(2))
    return whole[-(-8 * before // 6) : 8 * (before + len(value)) // 6]


@lru_cache(maxsize=4096)
def _most_telling(letters: bytes) -> int:
    """Where the letters begin that tell most: words are everywhere, changes of small, capital and digit are rare."""
    if len(letters) <= PATTERN:
        return 0
    kinds = letters[: WINDOWS + PATTERN].translate(_KIND_OF)
    best, most = 0, -1
    for at in range(len(kinds) - PATTERN + 1):
        window = kinds[at : at + PATTERN]
        told = sum(map(int.__ne__, window, window[1:])) * 4 + len(set(letters[at : at + PATTERN]))
        if told > most:
            best, most = at, told
    return best


_KIND_OF = bytes(0 if byte in _SMALL else 1 if byte in _LARGE else 2 for byte in range(256))


def _is_same(value: bytes, data: bytes, start: int, end: int, own: bytes, *, in_base64: bool) -> bool:
    """Whether the signs between the letters are those of the value, as some notation writes them."""
    first = value.find(own[:1])
    last = value.rfind(own[-1:])
    here, there = value[first : last + 1], data[start:end]
    if here.isalpha() and here != value and not in_base64:  # a word: the signs around it are what tells it
        return data.startswith(value, start - first)
    if in_base64:
        here, there = here.translate(_URL_SAFE), there.translate(_URL_SAFE)
    if here != there and not _are_same_signs(here, there, may_wrap=len(own) >= 2 * SHORTEST):
        return False
    if (own.isdigit() or (own.isalpha() and (own.islower() or own.isupper()))) and not in_base64:
        return not _is_letter(data, start - 1) and not _is_letter(data, end)  # a word may be part of another one
    return True


def _is_letter(data: bytes, at: int) -> bool:
    return 0 <= at < len(data) and data[at] not in SIGNS


def _are_same_signs(value: bytes, text: bytes, *, may_wrap: bool) -> bool:
    """Compare what stands between the letters of two texts whose letters are the same."""
    here, there = _gaps(value), _gaps(text)
    for place, gap in there.items():
        if place not in here:
            is_wrap = may_wrap and not _WRAPS.isdisjoint(gap) and _BESIDE_WRAPS.issuperset(gap)
            if not is_wrap:
                return False
    return all(_is_written(gap, there.get(place, b"")) for place, gap in here.items())


def _gaps(text: bytes) -> dict[int, bytes]:
    """The signs between the letters of a text, by the number of letters before them."""
    gaps: dict[int, bytearray] = {}
    letters = 0
    for byte in text:
        if byte in _SIGN_SET:
            gaps.setdefault(letters, bytearray()).append(byte)
        else:
            letters += 1
    return {place: bytes(gap) for place, gap in gaps.items()}


_SIGN_SET = frozenset(SIGNS)


def _is_written(gap: bytes, text: bytes) -> bool:
    """Whether a text may be what a notation makes of some signs: all of them in order, and nothing that is new."""
    at = 0
    for sign in text:
        if at < len(gap) and (sign == gap[at] or (gap[at] == 32 and sign in b"+\n\t\v")):
            at += 1
        elif sign not in _CHANGED and sign not in gap:
            return False
    return at == len(gap)
