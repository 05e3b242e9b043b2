r"""A text written between double quotes, its quotes and backslashes escaped: read as what it stands for. Pure.

`{"a.conf": "password = 'it\\'s'\n"}` holds a value that ends where two levels of quotes say so together; one by one
they are simple.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

from omg.masking.rule import Span

LONGEST = 256 * 1024
"""Bytes of such a text that is read; a longer one is looked at as it is written."""

MOST = 10_000
"""Backslashes of such a text; a configuration of that length has a third of it, a line made to keep us busy more."""

ESCAPED = b"\\"
"""Without this in it, a line holds no text with escapes."""

_MARKS = re.compile(rb"\\[\"\\]")
_QUOTE = re.compile(rb"(?P<text>(?:[^\"\\]|\\.?)*+)(?:\"|\Z)", re.DOTALL)
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"b": b"\b", b"f": b"\f"}


def spans(line: bytes, may_hold: Callable[[bytes], bool], look: Callable[[bytes], list[Span]]) -> Iterator[Span]:
    """The secret parts of the quoted texts in a line in which quotes or backslashes are escaped.

    Args:
        line: one line, or a part of it.
        may_hold: whether a text is worth a look.
        look: finds the secret parts of a text of several lines, by itself.
    """
    if not _MARKS.search(line):
        return
    for found in _QUOTE.finditer(line):
        start, end = found.span("text")
        if end - start > LONGEST or not _MARKS.search(line, start, end) or line.count(ESCAPED, start, end) > MOST:
            continue
        if may_hold(line[start:end]):
            yield from _inside(line[start:end], start, look)


def _inside(text: bytes, offset: int, look: Callable[[bytes], list[Span]]) -> Iterator[Span]:
    """The same for one text."""
    pieces: list[bytes] = []
    plain, written = [0], [0]  # where the same place is in what is meant, and in what is written
    done = at = 0
    for escape in _ESCAPE.finditer(text):
        meant = _meant(escape)
        pieces += (text[at : escape.start()], meant)
        done += escape.start() - at
        plain += (done, done + len(meant))
        written += escape.span()
        done, at = done + len(meant), escape.end()
    pieces.append(text[at:])

    def place(one: int) -> int:
        nearest = bisect_right(plain, one) - 1
        return offset + written[nearest] + one - plain[nearest]

    yield from ((place(start), place(end)) for start, end in look(b"".join(pieces)))


def _meant(escape: re.Match[bytes]) -> bytes:
    """What an escape stands for, in UTF-8."""
    digits = escape[1] or escape[2]
    if digits:
        return chr(int(digits, 16)).encode("utf-8", "surrogatepass")
    return _CONTROLS.get(escape[3], escape[3])
