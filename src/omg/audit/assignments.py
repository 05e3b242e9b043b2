"""A sensitive key and the value beside it or below it, in every notation of configuration, objects and logs. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator

from omg.audit.drawn import HIDDEN, SHORTEST, is_phrase, is_real, looks_drawn
from omg.audit.keys import Strength, class_of, is_safe, strength_of
from omg.audit.scalars import MOST, OPENS, QUOTE, WIDEST, bare, inside, quoted, rest_of_line
from omg.audit.shapes import docker_auth

LONGEST_KEY = 100

Value = tuple[bytes, bool, int]
"""What may be the value of a key, whether nothing else can stand there, and its place."""

_RIGHT = re.compile(rb"[\w.\-]{0,100}")
_LEFT = re.compile(rb"[\w.\-]{0,100}")

_AUTH = re.compile(rb"(?:\A|[^A-Za-z])[aA]uth\Z|Auth\Z|AUTH\Z")
_CLOSE = rb"(?:" + QUOTE + rb")?[\])]{0,2}"
_ASSIGNED = re.compile(
    _CLOSE + rb"[ \t]{0,40}(?P<sign>=>|->|:=|\+=|\?=|==|[:=]|\xe2\x86\x92|(?<=[ \t])\|(?=[ \t]))[ \t]{0,40}"
    rb"(?:(?:!!?\w{1,12}|&\w{1,40})[ \t]+)?" + OPENS + rb"?"
)
_BLOCK = re.compile(rb"[|>][+\-0-9]{0,2}[ \t]*(?:#[^\n]{0,100})?(?:\\n|\r?\n)")
_ENDS = re.compile(rb"[ \t]*(?:#[^\n]{0,200})?\r?\n")
_BRACKET = re.compile(rb"(?:map|list|dict|OrderedDict)?[\[{(]\s{0,80}")
_BELOW = re.compile(
    rb"[ \t]*(?:-[ \t]+)?(?P<key>(?:\"[^\"\n]{1,100}\"|'[^'\n]{1,100}'|[\w.\-/]{1,100})"
    rb"[ \t]{0,8}(?::(?=\s)|=)[ \t]{0,40})?(?P<value>[^\n]*)"
)
_TUPLE = re.compile(rb"(?:" + QUOTE + rb")?>{0,2}\s{0,4},\s{0,4}(?:longstr,\s{0,4})?" + OPENS)
_OPENS_PAIR = re.compile(rb"(?:\(\s{0,4}[ub]?" + QUOTE + rb"|\{\s{0,4}'?|<<\")\Z")
_ELEMENT = re.compile(
    rb"[^<>\n]{0,200}(?<![/?])(?:>|&gt;)\s{0,80}(?:<!\[CDATA\[)?(?:<value>\s{0,20})?(?P<value>[^<>]{1,256}?)\s{0,80}(?:\]\]>)?\s{0,20}(?:<|&lt;)/"
)
_NEXT_ELEMENT = re.compile(rb"\s{0,4}</(?:name|key)>\s{0,80}<(?:value|string)>\s{0,20}(?P<value>[^<>]{1,256})<")
_IN_ATTRIBUTE = re.compile(rb"<[^<>\n]{0,300}=[\"'][^<>\"'\n]{0,100}\Z")

_NAMES = rb"(?:name|key|property|option|variable|param|parameter|field|k)"
_VALUES = rb"(?:value|default|val|data|content|string|v)"
_NAMED = re.compile(
    rb"(?<![A-Za-z])"
    + _NAMES
    + rb"(?:"
    + QUOTE
    + rb"?\s{0,4}[:=]\s{0,4}[ub]?"
    + QUOTE
    + rb"?|>\s{0,4})[\w.\-/]{0,60}\Z",
    re.IGNORECASE,
)
_VALUE_NEXT = re.compile(
    rb"(?:" + QUOTE + rb")?\s{0,4}+,?+\s{0,80}+"
    rb"(?:(?:"
    + QUOTE
    + rb")?(?!(?i:name|key)\b)\w{1,20}+(?:"
    + QUOTE
    + rb")?\s{0,4}+[:=]\s{0,4}+(?:\"[^\"\n]{0,200}+\"|'[^'\n]{0,200}+'|[^\s,{}\[\]\"']{0,100})"
    rb"\s{0,4}+,?+\s{0,80}+){0,4}?"
    rb"(?:[ub]?"
    + QUOTE
    + rb")?"
    + _VALUES
    + rb"(?:"
    + QUOTE
    + rb")?\s{0,4}+[:=]\s{0,4}+(?P<block>[|>][+\-0-9]{0,2}[ \t]*\n\s{0,80})?"
    + OPENS
    + rb"?"
)
"""Blanks are taken whole (`+`): shared between two that may take them, they would be tried in thousands of ways."""

_BEGINS_ITEM = re.compile(rb"\n[ \t]*- [^\n]*\Z")
"""The key is in the first line of an item of a list: a value before it is another item's."""

_VALUE_BEFORE = re.compile(
    rb"(?:\A|[\s{,\-<\"'])[ub]?"
    + QUOTE
    + rb"?"
    + _VALUES
    + QUOTE
    + rb"?\s{0,4}[:=]\s{0,4}[ub]?(?:(?P<quote>[\"'])(?P<inside>[^\n]{3,256}?)(?P=quote)|(?P<bare>[^\s,\"']{6,256}))"
    rb"[^\n{}\[\]]{0,100}?[\s,]{1,80}(?:- )?[ub]?"
    + QUOTE
    + rb"?"
    + _NAMES
    + rb"(?:"
    + QUOTE
    + rb")?\s{0,4}[:=]\s{0,4}[ub]?"
    + QUOTE
    + rb"?[\w.\-]{0,60}\Z"
)
_NEXT_ARGUMENT = re.compile(
    rb"(?:" + QUOTE + rb"?\s{0,4},\s{0,40}(?:" + OPENS + rb"|(?=[^\s\-\"']))|[ \t]{1,4}(?P<bare>" + QUOTE + rb")?"
    rb"|"
    + QUOTE
    + rb"?[ \t]*,?\n[ \t]{0,80}(?:- )?(?P<next>"
    + QUOTE
    + rb")?|"
    + QUOTE
    + rb"?\s{1,4}a\d{1,3}=(?P<audit>"
    + QUOTE
    + rb"))"
)
_SPACED = re.compile(
    rb"(?:[ \t]{1,20}|"
    + QUOTE
    + rb"[ \t]{1,4})(?:(?:is|was|for \S{1,64} is|to|of)[ \t]{1,4})?(?P<quote>"
    + QUOTE
    + rb")"
)
_ALONE = re.compile(
    rb"[ \t]{1,40}(?:" + QUOTE + rb")?(?P<value>[^\s\"'\\]{6,200}?)(?:" + QUOTE + rb")?[ \t]*;?[ \t]*(?:\r?\n|\\n|\Z)"
)
_WORD_AFTER = re.compile(rb"[ \t]{1,4}(?:(?:is|was|to)[ \t]{1,4}|0 |7 )?(?P<value>[^\s\"'\\,;<>&)\]}`|]{8,200})")
_TYPED = re.compile(rb"(?:" + QUOTE + rb"\]\s{0,4})?=>\s{1,20}string\(\d{1,5}\) \"")
_DEFAULT = re.compile(rb":[\-=?]")
_BYTES = re.compile(rb"\[?\[\s{0,8}(\d{2,3}(?:[,\s]\s{0,4}\d{2,3}){5,200})\s{0,8}\]")


def key_at(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the key begins and ends whose part stands between two places."""
    before = _LEFT.match(data[max(start - LONGEST_KEY, 0) : start][::-1])
    after = _RIGHT.match(data, end, end + LONGEST_KEY)
    return start - (len(before[0]) if before else 0), after.end() if after else end


def judge(data: bytes, start: int, end: int) -> tuple[int, str] | None:
    """What stands beside or below a key, where that is a secret, and the place that is told: the key's, or the value's
    where that is lines below.

    Args:
        data: the text.
        start: of the key.
        end: of the key.
    """
    while end > start and data[end - 1] in b".-":
        end -= 1
    key = data[start:end]
    strength = strength_of(key)
    if strength is Strength.NONE or HIDDEN.search(key):
        return None  # a mark may have the letters of a key in it
    for value, firm, at in _values(data, start, end):
        if _is_secret(key, value, strength, firm=firm):
            is_far = data.count(b"\n", end, max(at, end)) > 2
            return at if is_far else start, f"value of a key such as {class_of(key)}"
    return None


def _values(data: bytes, start: int, end: int) -> Iterator[Value]:
    """What may be the value, likeliest first."""
    yield from _named_values(data, start, end)
    is_option = data[start : start + 1] == b"-"
    if assigned := _ASSIGNED.match(data, end, end + 200):
        yield from _assigned(data, start, assigned)
    elif data[end : end + 2] == b":-" or data[end : end + 2] == b":=":
        yield from ((value, True, end) for value in bare(data, end + 2))
    elif is_option and (argument := _NEXT_ARGUMENT.match(data, end, end + 200)):
        quote = argument["quote"] or argument["bare"] or argument["next"] or argument["audit"]
        values = [quoted(data, argument.end(), quote)] if quote else bare(data, argument.end())
        yield from ((value, True, argument.end()) for value in values if not value.startswith(b"--"))
    else:
        yield from _apart(data, start, end)
    if b">" in data[end : end + 200] or b"&gt;" in data[end : end + 200]:
        element = _ELEMENT.match(data, end, end + 700)
        if element and (
            data[start - 1 : start] in (b"<", b";", b":") or _IN_ATTRIBUTE.search(data, max(start - 400, 0), start)
        ):
            yield element["value"], True, element.start("value")


def _apart(data: bytes, start: int, end: int) -> Iterator[Value]:
    """Behind a key with nothing but blanks between."""
    if (spaced := _SPACED.match(data, end, end + 100)) is not None:
        yield _if_drawn(quoted(data, spaced.end(), spaced["quote"])), False, spaced.end()
    if _begins_a_line(data, start) and (alone := _ALONE.match(data, end, end + 300)):
        yield alone["value"], True, alone.start("value")
    elif (after := _WORD_AFTER.match(data, end, end + 300)) is not None:
        yield _if_drawn(after["value"].rstrip(b".:")), False, after.start("value")


def _assigned(data: bytes, start: int, sign: re.Match[bytes]) -> Iterator[Value]:
    """What stands behind the sign that assigns, or below the key."""
    at, quote = sign.end(), sign["quote"]
    if quote:
        value = quoted(data, at, quote)
        yield value, True, at
        if b"\n" in value:
            yield from ((line.strip(), False, at) for line in value.split(b"\n"))
        return
    if block := _BLOCK.match(data, at, at + 120):
        yield from ((line, True, place) for _key, line, place in _lines_below(data, start, block.end(), blocks=True))
        return
    if below := _ENDS.match(data, at, at + 220):
        yield from _below(data, start, below.end())
        return
    bracket = _BRACKET.match(data, at, at + 100)
    if bracket and data[bracket.end() : bracket.end() + 1] != b"\\":  # what is escaped is judged without its escapes
        yield from ((value, False, place) for key, value, place in inside(data, bracket.end()) if not is_safe(key))
        if numbers := _BYTES.match(data, at, at + 900):
            yield _of_numbers(numbers[1]), True, at
    yield from ((value, True, at) for value in bare(data, at))
    if _begins_a_line(data, start) or sign["sign"] == b"|":
        rest = rest_of_line(data, at)
        yield rest.partition(b" |")[0].strip() if sign["sign"] == b"|" else rest, True, at
        if line := data.find(b"\n", at, at + 300) + 1:
            yield from ((value, False, place) for key, value, place in _lines_below(data, start, line) if not key)


def _below(data: bytes, start: int, at: int) -> Iterator[Value]:
    for key, value, place in _lines_below(data, start, at):
        if not key:
            yield value, True, place
        elif not is_safe(key):
            yield value, False, place


def _lines_below(data: bytes, start: int, at: int, *, blocks: bool = False) -> Iterator[tuple[bytes, bytes, int]]:
    """The lines that are farther to the right than the line of a key, and the items of a list below it.

    A line without a key behind an entry of a mapping goes on with that entry's value: it is left out.

    Args:
        data: the text.
        start: of the key.
        at: where the first line below begins.
        blocks: they are a text as it is.
    """
    indent = _indent_at(data, start)
    end = min(at + WIDEST, len(data))
    is_entrys = False
    for _ in range(MOST):
        stop = data.find(b"\n", at, end)
        stop = end if stop < 0 else stop
        line = data[at:stop]
        text = line.strip()
        here = len(line) - len(line.lstrip())
        if text and here <= indent and not (here == indent and text.startswith(b"- ") and not blocks):
            return
        if text and blocks:
            yield b"", text, at
        elif text and text[:1] not in b"#;" and (found := _BELOW.match(line)):
            key, value = (found["key"] or b"").strip(b" \t\"':="), found["value"].strip().rstrip(b",")
            mark = value[:1]
            if key:
                is_entrys = found["key"].rstrip().endswith(b":") and mark not in (b"", b"|", b">", b"&", b"!")
            if key and mark in (b"|", b">"):
                key = value = mark = b""
            if key or not is_entrys or text.startswith(b"- "):
                yield key, quoted(value, 1, mark) if mark in (b'"', b"'") else value, at
        if stop >= end:
            return
        at = stop + 1


def _indent_at(data: bytes, start: int) -> int:
    """How far to the right the line of a key begins; the dash of a list's item counts as a blank."""
    line = data.rfind(b"\n", max(start - 400, 0), start) + 1
    before = data[line:start]
    text = before.lstrip()
    return len(before) - len(text) + (2 if text.startswith(b"- ") else 0)


def _named_values(data: bytes, start: int, end: int) -> Iterator[Value]:
    """Where the key is itself a value: of `name` beside `value`, or the first of a pair."""
    if _NAMED.search(data, max(start - 80, 0), start):
        if paired := _VALUE_NEXT.match(data, end, end + 700):
            yield from _here(data, paired)
        if not _BEGINS_ITEM.search(data, max(start - 80, 0), start) and (
            before := _VALUE_BEFORE.search(data, max(start - 400, 0), start)
        ):
            yield before["inside"] or before["bare"], True, before.start()
    if inside_element := _NEXT_ELEMENT.match(data, end, end + 400):
        yield inside_element["value"].strip(), True, inside_element.start("value")
    if typed := _TYPED.match(data, end, end + 60):
        yield quoted(data, typed.end(), b'"'), True, typed.end()
    if _OPENS_PAIR.search(data, max(start - 8, 0), start) and (pair := _TUPLE.match(data, end, end + 60)):
        value = quoted(data, pair.end(), pair["quote"])
        yield value if strength_of(value) is Strength.NONE else b"", data[start - 1 : start] != b"{", pair.end()


def _here(data: bytes, found: re.Match[bytes]) -> Iterator[Value]:
    if found["quote"]:
        yield quoted(data, found.end(), found["quote"]), True, found.end()
        return
    if found["block"] is None:
        yield from ((value, True, found.end()) for value in bare(data, found.end()))
    yield rest_of_line(data, found.end()), True, found.end()


def _if_drawn(value: bytes) -> bytes:
    """A value that looks drawn, and is no assignment of its own."""
    return value if looks_drawn(value) and not _PAIR.match(value) else b""


_PAIR = re.compile(rb"[a-z]{2,20}=[a-z0-9]{0,20}\Z")
_MARKS = re.compile(
    rb"\s*(?:[#;/*+\-]{1,3}\s*)?(?:- )?(?:export\s+|set\s+|SetEnv\s+|ENV\s+|Environment=)?[\"']?(?:--)?"
)


def _begins_a_line(data: bytes, at: int) -> bool:
    line = data.rfind(b"\n", max(at - 80, 0), at) + 1
    return (line > 0 or at <= 80) and _MARKS.fullmatch(data, line, at) is not None


def _of_numbers(text: bytes) -> bytes:
    numbers = [int(one) for one in re.findall(rb"\d+", text)]
    return bytes(numbers) if all(32 <= one < 127 for one in numbers) else b""


def _is_secret(key: bytes, value: bytes, strength: Strength, *, firm: bool) -> bool:
    if _AUTH.search(key) and len(value) >= SHORTEST:
        return docker_auth(value) or (not HIDDEN.search(value) and looks_drawn(value.partition(b":")[2]))
    if b"://" in value or value.startswith(b"-----BEGIN"):
        return False  # the shapes know better
    if value.endswith(key):
        return False  # a constant under its own name
    if firm and HIDDEN.search(value):
        return _is_half_hidden(value)
    if value.startswith(b" ") and not is_phrase(value):
        return False  # what stands between two quoted texts in code
    return is_real(value.strip(), strength, firm=firm) and not hides_in_base64(value)


def _is_half_hidden(value: bytes) -> bool:
    """Whether more of a value stands beside the mark."""
    rest = HIDDEN.sub(b"", value).strip()
    return is_phrase(rest)


def hides_in_base64(value: bytes) -> bool:
    """Whether a value is base64 of something that was hidden, or of something that is no secret."""
    return any(HIDDEN.search(decoded(word)) for word in value.split())


def decoded(value: bytes) -> bytes:
    """What a value holds in base64; empty where it is none."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""
