"""A value as notations write it: every sign as it is, escaped in one of their ways, or in base64. Pure.

Letters and digits are what every notation writes as they are; so a value is looked for by some of them, and compared
from there in both directions, sign by sign, with what may stand for each.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html.entities import codepoint2name
from itertools import accumulate
from operator import itemgetter, ne
from urllib.parse import quote, quote_plus

PREFIX = 6
"""Bytes of a value, or of its base64, that the automaton looks for: six digits of a hexadecimal value hardly stand in
another one; four of a thousand values do in every second line with a UUID."""

TELLING = 9
"""Bytes of a value by which the first letters of its base64 are known."""

LOOKED_AT = 63 + PREFIX
"""Bytes of a run of letters and digits in which the most telling ones are looked for."""

SHORTEST_FORM = 8
"""Bytes; a shorter form, such as the middle of base64, would be found by chance."""

MOST_BACKSLASHES = 16
"""Before a sign: four levels of texts in texts."""

LONGEST_SIGN = 24
"""Bytes that may stand for one sign or one byte of it."""

_KEY_LINE = re.compile(rb"[A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{70}|[A-Za-z0-9+/]{76}")
_HEX = re.compile(rb"[0-9a-fA-F]+")
_RUNS = (re.compile(rb"[A-Za-z0-9]{4,}"), re.compile(rb"[A-Za-z0-9]{3}"), re.compile(rb"[A-Za-z0-9]{2}"))
_WORD = re.compile(rb"[A-Za-z0-9]+")
_PLAIN = re.compile(rb"[A-Za-z0-9_]+")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_RARE = bytes(byte in b"jqxzvkwJQXZVKWYUHBN" for byte in range(256))
_KINDS = bytes(1 if byte < ord("A") else 2 if byte < ord("a") else 3 for byte in range(256))
"""Of digits, of capitals and of small letters."""

_DOUBLED = frozenset("'\"%$")


def anchor_of(value: bytes) -> tuple[int, int] | None:
    """Where the letters and digits stand that tell most: four to six, fewer where no four are together, or none."""
    for runs in _RUNS:
        places = [place for run in runs.finditer(value) for place in _windows(run.start(), run[0][:LOOKED_AT])]
        if places:
            _, start, end = max(places, key=itemgetter(0))
            return start, end
    return None


def _windows(start: int, run: bytes) -> Iterator[tuple[int, int, int]]:
    """How telling each window of a run of letters and digits is, with its begin and its end in the value.

    Words and numbers are everywhere; changes between letters, capitals and digits are rare, as are some letters.
    """
    kinds = run.translate(_KINDS)
    changes = [0, *accumulate(map(ne, kinds, kinds[1:]))]
    rare = [0, *accumulate(run.translate(_RARE))]
    size = min(PREFIX, len(run))
    for begin in range(len(run) - size + 1):
        end = begin + size
        yield 4 * (changes[end - 1] - changes[begin]) + rare[end] - rare[begin], start + begin, start + end


def base64_forms(value: bytes) -> tuple[bytes, ...]:
    """The part of base64 that depends on the value alone, for each of the three places it may begin at.

    None for a line of a private key: encoded again, it comes with its frame, which net 1 knows.
    """
    if _KEY_LINE.fullmatch(value) and not _HEX.fullmatch(value):
        return ()
    forms = []
    for offset, skip in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(b"\0" * offset + value)
        form = encoded[skip : (offset + len(value)) * 8 // 6]
        if len(form) >= SHORTEST_FORM:
            forms.append(form)
            if b"+" in form or b"/" in form:
                forms.append(form.translate(_URL_SAFE))
    return tuple(forms)


def patterns_of(value: bytes) -> set[bytes]:
    """What the automaton looks for: any of these stands in every form of the value."""
    anchor = anchor_of(value)
    found = {form[:PREFIX] for form in base64_forms(value)}
    if anchor is not None:
        found.add(value[anchor[0] : anchor[1]])
    else:
        found |= {one[:PREFIX] for one in _written_out(value)}
    return found


@dataclass(frozen=True, slots=True)
class Spelled:
    """A value ready to be compared.

    Args:
        run: begin and end of the letters and digits around the anchor; None: it is compared as a whole, form by form.
        anchor: where its telling letters begin.
        plain: whether nothing in it is ever escaped.
        whole: the forms beside base64 that are compared as they are.
    """

    value: bytes
    run: tuple[int, int] | None
    anchor: int
    plain: bool
    whole: tuple[bytes, ...]

    @classmethod
    def of(cls, value: bytes) -> "Spelled":
        """From the value."""
        anchor = anchor_of(value)
        if anchor is None:
            return cls(value, None, 0, False, _written_out(value))
        is_plain = _PLAIN.fullmatch(value) is not None or not _is_text(value)
        run = next(one.span() for one in _WORD.finditer(value) if one.end() > anchor[0])
        return cls(value, (0, len(value)) if is_plain else run, anchor[0], is_plain, ())

    def spans(self, data: bytes, place: int) -> list[tuple[int, int]]:
        """The forms of the value that stand around a place where one of its patterns was found."""
        # Base64 is made anew where it begins as here: of a thousand tokens it would take ten megabytes.
        begins = any(data.startswith(form[:PREFIX], place) for form in base64_forms(self.value[:TELLING]))
        forms = (*base64_forms(self.value), *self.whole) if begins else self.whole
        found = [(place, place + len(form)) for form in forms if data.startswith(form, place)]
        if self.run is None:
            return found
        begin, end = self.run
        start = place - self.anchor + begin
        if start < 0 or not data.startswith(self.value[begin:end], start):
            return found
        if self.plain:
            found.append((start, start + end - begin))
            return found
        before, after = _expressions(self.value, begin, end)
        tail = after.match(data, start + end - begin)
        head = before.search(data, max(0, start - begin * LONGEST_SIGN), start) if tail else None
        if head and tail:
            found.append((head.start(), tail.end()))
        return found


@lru_cache(maxsize=256)
def _expressions(value: bytes, begin: int, end: int) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """What may stand for a value's signs before a place, and for those from another on."""
    return re.compile(_written(value[:begin]) + rb"\Z"), re.compile(_written(value[end:]))


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _written(part: bytes) -> bytes:
    """What may stand for a part of a value."""
    return b"".join(map(_sign, part.decode()))


def _sign(sign: str) -> bytes:
    """What may stand for one sign."""
    if sign.isascii() and (sign.isalnum() or sign == "_"):
        return sign.encode()
    code, raw = ord(sign), sign.encode()
    slashes = b"\\\\{0,%d}" % MOST_BACKSLASHES
    some = b"\\\\{1,%d}" % MOST_BACKSLASHES
    ways = [some if sign == "\\" else slashes + re.escape(raw)]
    if sign in _DOUBLED:
        ways.insert(0, slashes + re.escape(raw) + slashes + re.escape(raw))
    if sign == "'":
        ways = [b"'" + some + b"''", b"'" + slashes + b"\"'" + slashes + b"\"'", *ways]
    if sign == " ":
        ways.append(rb"\+")
    ways.append(b"".join(b"%%(?:25){0,3}(?i:%02x)" % byte for byte in raw))
    ways.append(b"".join(some + b"(?:x(?i:%02x)|%03o)" % (byte, byte) for byte in raw))
    units = sign.encode("utf-16-be")
    ways.append(b"".join(some + b"u(?i:%s)" % units[at : at + 2].hex().encode() for at in range(0, len(units), 2)))
    names = {name for name in (codepoint2name.get(code), "apos" if sign == "'" else None) if name}
    entities = [b"#0*%d" % code, b"#[xX]0*(?i:%x)" % code, *(name.encode() for name in names)]
    ways.append(b"&(?:amp;){0,2}(?:%s);" % b"|".join(entities))
    return b"(?:" + b"|".join(ways) + b")"


def _written_out(value: bytes) -> tuple[bytes, ...]:
    """The forms of a value that has no two letters together, as they are most often written."""
    if not _is_text(value):
        return (value,)
    text = value.decode()
    found = dict.fromkeys(form for form in (value, *_most_often(text)) if len(form) >= SHORTEST_FORM)
    return tuple(found)


def _most_often(text: str) -> list[bytes]:
    in_json = json.dumps(text, ensure_ascii=False)[1:-1]
    forms = [in_json, json.dumps(in_json, ensure_ascii=False)[1:-1], json.dumps(text)[1:-1]]
    forms += [quote(text, safe=""), quote(text), quote_plus(text), repr(text)[1:-1]]
    forms += [text.replace("'", "'\\''"), text.replace("'", "''"), text.replace("\\", "\\\\").replace("'", "\\'")]
    return [form.encode("utf-8", "surrogatepass") for form in forms]
