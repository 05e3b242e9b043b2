"""A sensitive key and the value beside it, in every notation that configuration, objects and logs use. Pure."""

import base64
import binascii
import re

from omg.audit.keys import HIDDEN, SHORTEST, Strength, is_real, looks_drawn, strength_of
from omg.audit.shapes import docker_auth

LONGEST_KEY = 100
LONGEST_VALUE = 256
"""Bytes of a value that are looked at; a multiple of four, so that its base64 can be decoded."""

_RIGHT = re.compile(rb"[\w.\-]{0,100}")
_LEFT = re.compile(rb"[\w.\-]{0,100}")
_QUOTES = rb"(?:&quot;|\\{0,7}[\"'])"

_AUTH = re.compile(rb"(?:\A|[^A-Za-z])[aA]uth\Z|Auth\Z|AUTH\Z")
_ASSIGNED = re.compile(
    rb"(?:" + _QUOTES + rb"|\])?[ \t]{0,40}(?:=>|:=|==|[:=]|(?<=[ \t])\|(?=[ \t]))[ \t]{0,40}"
    rb"(?:(?:!!\w{1,12}|&\w{1,40})[ \t]+)?(?:[ubrUBR]{0,2}(?P<quote>" + _QUOTES + rb"))?"
)
_BLOCK = re.compile(rb"[|>][+\-0-9]{0,2}[ \t]*(?:\\n|\r?\n)[ \t]{1,80}")
_ITEMS = re.compile(_QUOTES + rb"?:[ \t]*\n[ \t]{0,80}- (?P<quote>" + _QUOTES + rb")?(?![\w.\-]{1,60}:\s)")
_NEXT_LINE = re.compile(rb"[ \t]*\r?\n[ \t]{1,40}(?![\w.\-]{1,60}[ \t]*[:=][ \t]*\S)(?![\-#;\[])")
"""A value that stands below its key, farther to the right, as configuration files of OpenStack have it."""

_FIRST = re.compile(rb"\[\s{0,80}[ub]?(?P<quote>" + _QUOTES + rb")")
_TUPLE = re.compile(rb"(?:" + _QUOTES + rb")?\s{0,4},\s{0,4}(?:<<|[ub])?(?P<quote>" + _QUOTES + rb")")
_OPENS = re.compile(rb"(?:\([ub]?" + _QUOTES + rb"|\{)\Z")
_ELEMENT = re.compile(rb">\s{0,20}(?:<!\[CDATA\[)?")
_PAIRED = re.compile(
    rb"(?:"
    + _QUOTES
    + rb")?\s{0,4},?\s{0,80}(?:\\n)?\s{0,80}(?:"
    + _QUOTES
    + rb")?value(?:"
    + _QUOTES
    + rb")?\s{0,4}[:=]\s{0,4}"
    rb"(?:[ubrUBR]{0,2}(?P<quote>" + _QUOTES + rb"))?"
)
_NAMED = re.compile(rb"(?:name|key)(?:" + _QUOTES + rb"?\s{0,4}[:=]\s{0,4}" + _QUOTES + rb"?|>\s{0,4})\Z")
_IN_ELEMENTS = re.compile(rb"\s{0,4}</(?:name|key)>\s{0,80}<value>\s{0,20}")
_NEXT_ARGUMENT = re.compile(
    rb"(?:" + _QUOTES + rb"?\s{0,4},\s{0,40}(?P<quote>" + _QUOTES + rb")|[ \t]{1,4}(?P<bare>" + _QUOTES + rb")?"
    rb"|" + _QUOTES + rb"?[ \t]*\n[ \t]{0,80}- " + _QUOTES + rb"?)"
)
_SPACED = re.compile(rb"[ \t]{1,4}(" + _QUOTES + rb")")
_ALONE = re.compile(
    rb"[ \t]{1,40}(?:" + _QUOTES + rb")?([^\s\"'\\]{6,200})(?:" + _QUOTES + rb")?[ \t]*(?:\r?\n|\\n|\Z)"
)

_TILL_QUOTE = {
    b'"': re.compile(rb"[^\"\n]{0,256}"),
    b"'": re.compile(rb"(?:[^'\n]|''|'\"'\"'|'\\\\'')" + rb"{0,256}"),
}
_ESCAPED = re.compile(rb"[^\"'\\\n]{0,256}")
_BARE = re.compile(rb"[^\s\"'\\,;<>&)\]}`|]{0,256}")
_CALLEE = re.compile(rb"([A-Za-z_][\w.]*)[(\[]")


def key_at(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the key begins and ends whose part stands between two places."""
    before = _LEFT.match(data[max(start - LONGEST_KEY, 0) : start][::-1])
    after = _RIGHT.match(data, end, end + LONGEST_KEY)
    return start - (len(before[0]) if before else 0), after.end() if after else end


def judge(data: bytes, start: int, end: int) -> str | None:
    """What stands beside a key, where that is a secret.

    Args:
        data: the text.
        start: of the key.
        end: of the key.
    """
    while end > start and data[end - 1] in b".-":
        end -= 1
    key = data[start:end]
    is_option = key.startswith(b"-")
    strength = strength_of(key)
    if strength is Strength.NONE or HIDDEN.search(key):
        return None  # a mark may have the letters of a key in it
    for value in _values(data, start, end, is_option=is_option):
        if _is_secret(key, value, strength):
            return f"value of a key such as {_class_of(key)}"
    return None


def _values(data: bytes, start: int, end: int, *, is_option: bool) -> list[bytes]:
    found = _named_values(data, start, end)
    if items := _ITEMS.match(data, end, end + 200):
        found.append(_value(data, items.end(), items["quote"]))
    elif assigned := _ASSIGNED.match(data, end, end + 200):
        found.append(_assigned(data, assigned))
    elif element := _ELEMENT.match(data, end, end + 60):
        found.append(_bare(data, element.end()))
    elif is_option and (argument := _NEXT_ARGUMENT.match(data, end, end + 200)):
        found.append(_value(data, argument.end(), argument["quote"] or argument["bare"]))
    elif (spaced := _SPACED.match(data, end, end + 20)) and looks_drawn(value := _value(data, spaced.end(), spaced[1])):
        found.append(value)
    elif (alone := _ALONE.match(data, end, end + 300)) and looks_drawn(alone[1]):
        is_strong = strength_of(data[start:end]) is Strength.STRONG
        found.append(alone[1] if is_strong or _begins_a_line(data, start) else b"")
    return found


def _assigned(data: bytes, sign: re.Match[bytes]) -> bytes:
    """What stands behind the sign that assigns, or below the key."""
    at, quote = sign.end(), sign["quote"]
    if block := _BLOCK.match(data, at, at + 120):
        return _bare(data, block.end())
    if not quote:
        if below := _NEXT_LINE.match(data, at, at + 100):
            return _if_drawn(_bare(data, below.end()))
        if first := _FIRST.match(data, at, at + 100):
            return _value(data, first.end(), first["quote"])
    return _value(data, at, quote)


def _named_values(data: bytes, start: int, end: int) -> list[bytes]:
    """Where the key is itself a value: of `name` beside `value`, or the first of a pair."""
    found = []
    if _NAMED.search(data, max(start - 24, 0), start) and (paired := _PAIRED.match(data, end, end + 300)):
        found.append(_value(data, paired.end(), paired["quote"]))
    if inside := _IN_ELEMENTS.match(data, end, end + 200):
        found.append(_bare(data, inside.end()))
    if _OPENS.search(data, max(start - 8, 0), start) and (pair := _TUPLE.match(data, end, end + 40)):
        found.append(_if_drawn(_value(data, pair.end(), pair["quote"])))
    return found


def _if_drawn(value: bytes) -> bytes:
    return value if looks_drawn(value) else b""


def _begins_a_line(data: bytes, at: int) -> bool:
    line = data.rfind(b"\n", max(at - 60, 0), at) + 1
    return (line > 0 or at <= 60) and not data[line:at].strip()


def _value(data: bytes, at: int, quote: bytes | None) -> bytes:
    if not quote:
        return _bare(data, at)
    pattern = _TILL_QUOTE.get(quote, _ESCAPED)
    found = pattern.match(data, at, at + LONGEST_VALUE)
    return found[0] if found else b""


def _bare(data: bytes, at: int) -> bytes:
    found = _BARE.match(data, at, at + LONGEST_VALUE)
    if found is None:
        return b""
    callee = _CALLEE.match(found[0])
    if callee and not looks_drawn(callee[1]):
        return b""  # code: a call, or an element of something
    return found[0].rstrip(b".:")


def _is_secret(key: bytes, value: bytes, strength: Strength) -> bool:
    if _AUTH.search(key) and len(value) >= SHORTEST:
        return docker_auth(value) or (not HIDDEN.search(value) and looks_drawn(value.partition(b":")[2]))
    if b"://" in value or value.startswith(b"-----BEGIN"):
        return False  # the shapes know better
    if value.startswith(b" ") or value.endswith(key):
        return False  # what stands between two quoted texts in code; a constant under its own name
    return is_real(value.strip(), strength) and not hides_in_base64(value)


def hides_in_base64(value: bytes) -> bool:
    """Whether a value is base64 of something that was hidden, or of something that is no secret."""
    return HIDDEN.search(decoded(value)) is not None


def _class_of(key: bytes) -> str:
    folded = re.sub(rb"[^a-z]", b"", key.lower())
    for word in (b"password", b"token", b"cookie", b"credential", b"secret"):
        if word in folded or (word == b"password" and (b"pass" in folded or b"pwd" in folded)):
            return word.decode()
    return "key"


def decoded(value: bytes) -> bytes:
    """What a value holds in base64; empty where it is none."""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""
