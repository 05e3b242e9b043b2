"""Where something may stand that is judged: RE2 looks at every byte once, however many anchors there are. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from operator import itemgetter
from typing import Any

import re2

from omg.audit.commands import COMMANDS
from omg.audit.keys import WORDS
from omg.audit.layers import HEX
from omg.audit.secret_objects import secret_data, secret_strings
from omg.audit.shapes import JUDGES, Judge

MEMORY = 12 << 20
"""Bytes that the automaton may use for the states it has met; it takes them as it meets them."""

_JUDGES: Mapping[bytes, Judge] = {**JUDGES, **COMMANDS, b"data": secret_data, b"stringdata": secret_strings}

_SHORT_AUTH = rb"auth(?:[\"'\\:=>]|</| =| \|)"

_WORD_AND_SLASH = rb"(?:[a-z]{1,3}|[a-gi-z][a-z]{3}|h[a-su-z][a-z]{2}|ht[a-su-z][a-z]|htt[a-oq-z]|[a-z]{5,})/"
"""A word with a slash behind it, but for `HTTP/`: logs are full of `POST /v3/auth/tokens HTTP/1.1`."""

_AFTER = (
    rb"[\w.\-]*(?:[^\w.\- \t]|[ \t]+(?:"
    rb"[^a-z \t]|[a-z]+[^a-z/ \t.,;:)\r\n]|" + _WORD_AND_SLASH + rb"|"
    rb"(?:is|was|to|for|of)[ \t]|[^ \t\n]+[ \t]*(?:$|\\n))|\z)"
)
"""What follows a key that has a value, and not one that stands in a sentence."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was found.

    Args:
        number: of it.
        letters: of a key, how many of it there are at least.
        judge: who judges what stands there; None: a key, or hexadecimal digits.
    """

    number: int
    letters: int = 0
    judge: Judge | None = None
    is_hex: bool = False
    is_private_key: bool = False


class Anchors:
    """All anchors in one automaton."""

    def __init__(self) -> None:
        self._at: defaultdict[bytes, list[tuple[bytes, Anchor]]] = defaultdict(list)
        number = 0
        for text, judge in _JUDGES.items():
            number += 1
            anchor = Anchor(number, judge=judge, is_private_key=text == b"-----begin ")
            self._at[text[:2]].append((text, anchor))
        words = sorted((*WORDS, b"auth"), key=len, reverse=True)
        for word in words:
            number += 1
            self._at[word[:2]].append((word, Anchor(number, letters=len(word))))
        self._hex = Anchor(0, is_hex=True)
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = MEMORY
        literals = b"|".join(re.escape(text) for text in _JUDGES)
        keys = b"|".join(re.escape(word) for word in words if word != b"auth")
        self._literal: Any = re2.compile(literals, options)
        self._look: Any = re2.compile(
            rb"(?m:" + literals + rb"|(?:" + keys + rb")" + _AFTER + rb"|" + _SHORT_AUTH + rb")", options
        )
        # Apart, for it counts: together they would need a state for each count with each of the others' states.
        self._digits: Any = re2.compile(HEX, options)

    def hits(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, Anchor]]:
        """Places and what stands there, in order; a key once, whatever words it is made of.

        Args:
            data: the text.
            begin: of the part that is searched.
            cut: its end.
        """
        return merge(self._named(data, begin, cut), self._in_hex(data, begin, cut), key=itemgetter(0))

    def _named(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, Anchor]]:
        at, key_end = begin, -1
        while (found := self._look.search(data, at)) is not None:
            at, stop = found.span()
            if at >= cut:
                return
            low = data[at : at + 24].lower()  # here and in `_literals`: a call for each hit would cost a third more
            known = False
            for text, anchor in self._at.get(low[:2], ()):
                if low.startswith(text) and (anchor.judge is not None or (not known and at >= key_end)):
                    if anchor.judge is None:
                        known = True
                        key_end = _end_of(_KEY, data, at)
                    yield at, anchor
            if known and stop - at > _LONG:  # of a long run of letters only the end names a value
                end = min(stop - _LONG // 2, cut)
                yield from self._literals(data, at + 1, end)
                at = end
            else:
                at += 1

    def _in_hex(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, Anchor]]:
        at = begin
        while (found := self._digits.search(data, at)) is not None and found.start() < cut:
            yield found.start(), self._hex
            at = _end_of(_HEX_ALL, data, found.start())

    def _literals(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, Anchor]]:
        at = begin
        while (found := self._literal.search(data, at, cut)) is not None:
            at = found.start()
            low = data[at : at + 24].lower()
            for text, anchor in self._at.get(low[:2], ()):
                if anchor.judge is not None and low.startswith(text):
                    yield at, anchor
            at += 1


def _end_of(run: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Where a run of letters ends that begins at a place."""
    found = run.match(data, at)
    return found.end() if found else at


_LONG = 400
"""Bytes of a key and what follows it that are more than any name has."""

_KEY = re.compile(rb"[\w.\-]{0,100}")
_HEX_ALL = re.compile(rb"[0-9a-fA-F]*")
