"""Values in the lines below their key: blocks and lists of YAML, continued lines of INI, arguments one a line. Pure.

A line opens what is below it; each line that follows is read with what is open, and says whether it is still open.
"""

import base64
import binascii
import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from omg.masking.keys import NAMES, fold, hides, hides_argument, is_sensitive, names_a_url
from omg.masking.names import NAME
from omg.masking.rule import Span
from omg.masking.sieve import BEGIN, BLANK
from omg.masking.wording import looks_drawn, looks_random

_KEY = rb"[A-Za-z_][\w.\-]{0,100}"
_QUOTE = rb"\\{0,7}[\"']"
_MAYBE = rb"(?:" + _QUOTE + rb")?"
_OPENS = re.compile(
    rb"(?P<indent>[ \t]{0,200})(?P<mark>[#;]?(?:-[ ]{1,4})?)"
    + _MAYBE
    + rb"(?P<key>"
    + _KEY
    + rb")"
    + _MAYBE
    + rb"[ ]{0,8}"
    rb"(?P<join>[:=])[ ]{0,8}(?:![\w!]{1,20}[ ]{1,4})?(?P<rest>[|>][+-]?\d?[+-]?|[\[({]|)\s*(?:#.*)?$"
)
"""A key whose value is in the lines below it."""

_ELEMENT = re.compile(rb"[ \t]{0,200}<(?P<key>" + _KEY + rb")(?:\s[^<>]{0,200})?(?<!/)>\s*$")
"""The beginning of an XML element; one that ends itself has no text below it."""

_NAME = re.compile(
    rb"(?P<lead>[\s\-{]*"
    + _MAYBE
    + rb")(?i:name|key|path)"
    + _MAYBE
    + rb"\s*:\s*"
    + _MAYBE
    + rb"(?:[\w.~\-]{0,100}/){0,20}(?P<key>[\w.~\-]+)"
    + _MAYBE
    + rb"\s*,?\s*$"
)
_XML_NAME = re.compile(rb"\s*<(?:name|key)>\s*(?P<key>[\w.\-]+)\s*</(?:name|key)>\s*$")
_OPTION = re.compile(rb"[\s\-\[]*?(?P<q>" + _MAYBE + rb")--?(?P<key>[A-Za-z][\w\-]{2,60})(?P=q)?\s*,?\s*\\?\s*$")
_VALUE = re.compile(
    rb"\s*"
    + _MAYBE
    + rb"(?i:value)"
    + _MAYBE
    + rb"\s*:\s*(?P<q>"
    + _QUOTE
    + rb")?(?P<value>.+?)(?(q)(?:(?P=q)|$))\s*,?\s*$"
)
_VALUE_FIRST = re.compile(
    rb"(?P<lead>[\s\-{]{0,200}"
    + _MAYBE
    + rb")(?i:value)"
    + _MAYBE
    + rb"\s{0,8}:\s{1,8}(?P<q>"
    + _QUOTE
    + rb")?(?P<value>[^\n]{3,4096}?)(?(q)(?:(?P=q)|$))\s{0,8},?\s{0,8}$"
)
"""The value of an entry whose name is in the line below it."""

_BESIDE = re.compile(
    rb"\s+"
    + _MAYBE
    + rb"(?i:description|displayName|generate|from|required|type|default|prompt|op)"
    + _MAYBE
    + rb"\s*:\s"
)
"""What may stand between a name and its value."""

_XML_VALUE = re.compile(rb"\s*<(?:value|string)>(?P<value>[^<>]+)</(?:value|string)>")
_MAPPING = re.compile(rb"(?:-\s+)?" + _MAYBE + rb"[\w./\-]+" + _MAYBE + rb"\s*:(?:\s|$)")
_ENTRY = re.compile(
    rb"\s*"
    + _MAYBE
    + rb"[\w.\-]{1,253}"
    + _MAYBE
    + rb"\s*:\s+(?P<q>"
    + _QUOTE
    + rb")?(?P<value>[^\s|>&*].*?)(?(q)(?:(?P=q)|$))\s*,?\s*$"
)
_PAIR = re.compile(
    rb"[\s\-]*"
    + _MAYBE
    + rb"(?P<key>[\w.\-]{1,253})"
    + _MAYBE
    + rb"\s*:\s+(?P<q>"
    + _QUOTE
    + rb")?(?P<value>[^\s|>&*{\[].*?)"
    rb"(?(q)(?:(?P=q)|$))\s*,?\s*$"
)
_ITEM = re.compile(rb"(?:-\s+)?(?P<q>" + _QUOTE + rb")?(?P<value>.+?)(?(q)(?:(?P=q)|$))\s*[,\\]?\s*$")
_LOGIN = re.compile(rb"\s*(?:-\s+)?" + _MAYBE + rb"[\w.\-]{1,64}:(?P<value>[^\s\"']{3,1024})" + _MAYBE + rb"\s*$")
"""A user and a password, as `chpasswd` reads them."""

_LINES = re.compile(rb"[ \t]{0,200}(?P<key>Private-Lines): \d{1,4}\s*$")
"""Before the lines of PuTTY's private key."""

_HOST = re.compile(rb"[^\s:/@]{1,100}:(?P<value>\S{1,1024})@[^\s@]*$")
_ENCODED = re.compile(rb"[A-Za-z0-9+/]{4,}={0,2}")
_PUBLIC = (b"-----BEGIN CERTIFICATE", b"-----BEGIN PUBLIC", b"ssh-")

_HEADING = re.compile(rb"[A-Za-z_][\w .\-]{0,60}")
_BORDER = re.compile(rb"(?=.*[-=])[+|=:\- ]+")

SHORTEST_BINARY = 40
"""Characters of base64 below a key `data` that are hidden though they hold no text."""

_ENDS = rf"(?:{BLANK}*(?:#[^\n]*)?$|\\[rn])"
_MARK = r"(?:\\*[\"'])?"
_WORD = rf"[\w.\-]*{NAME}[\w.\-]*"
_SENSITIVE_KEY = rf"{_WORD}{_MARK}{BLANK}*[:=]{BLANK}*(?:![\w!]+{BLANK}+)?(?:[|>][+-]?\d?[+-]?|[\[(])?"
_DATA = rf"(?:string)?data{_MARK}{BLANK}*:{BLANK}*\{{?"
_NAMED = rf"(?:name|key|path){_MARK}{BLANK}*:{BLANK}*{_MARK}[\w.~/\-]*{_WORD}{_MARK}{BLANK}*,?"

LOOKS = "|".join(
    (
        rf"{BEGIN}[ \t]*[#;]?(?:- *)?{_MARK}(?:{_SENSITIVE_KEY}|{_DATA}){_ENDS}",
        rf"{BEGIN}[ \t]*<[\w.:\-][^<>\n]*>{_ENDS}",
        rf"{BEGIN}[\t\r\f\v \-{{]*{_MARK}{_NAMED}{_ENDS}",
        rf"{BEGIN}{BLANK}*<(?:name|key)>",
        rf"{BEGIN}{BLANK}*private-lines:",
        rf"{BEGIN}[\w \t,|.\-]*[\t,|]{BLANK}*[\w.\- ]*{NAME}[\w.\- ]*(?:[\t,|][\w \t,|.\-]*)?{_ENDS}",
        rf"{BEGIN}[\t\r\f\v \-\[]*{_MARK}--?[a-z][\w.\-]*{_MARK}{BLANK}*,?{BLANK}*\\?{_ENDS}",
    )
)
"""Without this no line opens anything; the line may be one that is written into another."""


class Kind(Enum):
    """What the lines below are."""

    TEXT = auto()
    """A block of text, all of it the value."""
    VALUES = auto()
    """The value or values of a key with nothing behind it; or a mapping, which is none."""
    ONE = auto()
    """The next line is the value of a name or an option."""
    DATA = auto()
    """The data of a Secret, in base64; or of something else."""
    STRING_DATA = auto()
    """The data of a Secret as it is."""
    MAPPING = auto()
    """A mapping below a key: of its values, those that look drawn."""
    ELEMENT = auto()
    """The text of an XML element."""
    LINES = auto()
    """Lines of base64."""
    HEAD = auto()
    """A line between the head of a table and its rows."""
    COLUMN = auto()
    """Rows of a table, one of whose columns is secret by its name."""


_SHAPES = (
    (Kind.LINES, _LINES),
    (Kind.ELEMENT, _ELEMENT),
    (Kind.ONE, _NAME),
    (Kind.ONE, _XML_NAME),
    (Kind.ONE, _OPTION),
)
"""What opens the lines below beside a key with nothing behind it, and as what."""


@dataclass(frozen=True, slots=True)
class Below:
    """What is open.

    Args:
        kind: what the lines are.
        indent: of the line that opened it.
        key: the name.
        join: what stood behind the name, `:` or `=`; of a table, what stands between two cells.
        outer: what was open before, and is again when this ends.
        column, columns: of a table: the number of the cell that is secret, and of all.
    """

    kind: Kind
    indent: int
    key: str
    join: str = ""
    outer: "Below | None" = None
    column: int = 0
    columns: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """What a line is.

    Args:
        hidden: the part of it that is secret.
        still: what is open behind it.
        again: the line is not of what was open: it is to be read with what is open now.
        looked_at: whether the line is to be looked at like any other.
    """

    hidden: Span | None = None
    still: Below | None = None
    again: bool = False
    looked_at: bool = False


def opened_by(line: bytes, outer: Below | None) -> Below | None:
    """What a line opens; what was open stays so where it opens nothing."""
    found = _OPENS.match(line)
    if found:
        key, rest = found["key"].decode(), found["rest"]
        indent = len(found["indent"]) + (len(found["mark"]) if found["mark"].startswith(b"-") else 0)
        if key in {"data", "stringData"} and found["join"] == b":" and rest in (b"", b"{"):
            return Below(Kind.DATA if key == "data" else Kind.STRING_DATA, indent, key, ":", outer)
        if is_sensitive(key) and rest != b"{":
            block = rest[:1] in (b"|", b">")
            if not block or found["join"] == b":":
                kind = Kind.TEXT if block else Kind.VALUES
                return Below(kind, indent, key, "[" if rest in (b"[", b"(") else found["join"].decode(), outer)
        return outer
    for kind, shape in _SHAPES:
        found = shape.match(line)
        if found and (kind is Kind.LINES or is_sensitive(found["key"].decode())):
            indent = len(line) - len(line.lstrip())
            return Below(kind, indent, found["key"].decode(), "-" if shape is _OPTION else "", outer)
    return _column_of(line, outer) or outer


def may_precede(line: bytes) -> bool:
    """Whether a line may hold the value of a name in the next one."""
    return _VALUE_FIRST.match(line) is not None


def before(line: bytes, previous: bytes) -> Span | None:
    """The part of the line before this one that is secret by the name that stands in this one.

    Both are of one entry: their keys begin in the same column, and only the first may begin an entry.
    """
    name = _NAME.match(line)
    if name is None or b"-" in name["lead"] or b"{" in name["lead"]:
        return None
    value, key = _VALUE_FIRST.match(previous), name["key"].decode()
    if value is None or len(value["lead"]) != len(name["lead"]) or not is_sensitive(key):
        return None
    is_secret = hides(key, value["value"].decode("utf-8", "replace")) and b"__hidden_" not in value["value"]
    return value.span("value") if is_secret else None


def _column_of(line: bytes, outer: Below | None) -> Below | None:
    """The first column of a table that is secret by its name, where a line is a table's head."""
    separator = next((one for one in (b"|", b"\t", b",") if one in line), None)
    if separator is None:
        return None
    cells = [cell.strip() for cell in line.split(separator)]
    named = [number for number, cell in enumerate(cells) if cell]
    if not all(_HEADING.fullmatch(cells[number]) for number in named) or (separator == b"," and b" " in line.strip()):
        return None
    while outer is not None and outer.kind in {Kind.HEAD, Kind.COLUMN}:
        outer = outer.outer  # a head ends the table before it
    for number in named[1:]:
        key = cells[number].decode()
        if is_sensitive(key):
            kind = Kind.HEAD if separator == b"|" else Kind.COLUMN
            return Below(kind, 0, key, separator.decode(), outer, number, len(cells))
    return None


def read(line: bytes, below: Below) -> Step:
    """One line below what is open."""
    text = line.strip()
    if below.kind is Kind.ONE:
        return _one(line, text, below)
    if below.kind in {Kind.HEAD, Kind.COLUMN}:
        return _table(line, text, below)
    if not text:
        return Step(still=below)
    indent = len(line) - len(line.lstrip())
    if below.kind in {Kind.VALUES, Kind.MAPPING}:
        return (_values if below.kind is Kind.VALUES else _mapped)(line, text, indent, below)
    if _is_past(text, indent, below):
        return Step(still=below.outer, again=True)
    return _entry(line, below) if below.kind in {Kind.DATA, Kind.STRING_DATA} else _whole(line, text, below)


def _is_past(text: bytes, indent: int, below: Below) -> bool:
    """Whether a line is no longer of what is open."""
    if below.kind is Kind.ELEMENT:
        return b"<" in text
    if below.kind is Kind.LINES:
        return _ENCODED.fullmatch(text) is None
    return indent <= below.indent


def _whole(line: bytes, text: bytes, below: Below) -> Step:
    if b"__hidden_" in text:
        return Step(still=below)
    start = line.index(text)
    return Step((start, start + len(text)), below)


def _one(line: bytes, text: bytes, below: Below) -> Step:
    if below.join == "-":
        found = _inner(line, text)
        if found and hides_argument(line[slice(*found)].decode("utf-8", "replace")):
            return Step(found, below.outer)
        return Step(still=below.outer, again=True)
    value = _VALUE.match(line) or _XML_VALUE.match(line)
    if value and hides(below.key, value["value"].decode("utf-8", "replace")):
        return Step(value.span("value"), below.outer)
    if _BESIDE.match(line):
        return Step(still=below, looked_at=True)
    return Step(still=below.outer, again=True)


def _table(line: bytes, text: bytes, below: Below) -> Step:
    if _BORDER.fullmatch(text):
        return Step(still=replace(below, kind=Kind.COLUMN))
    cells = line.split(below.join.encode())
    if below.kind is Kind.HEAD or len(cells) != below.columns:
        return Step(still=below.outer, again=True)
    cell = cells[below.column]
    value = cell.strip(b" \t\r\"'")
    told = value.decode("utf-8", "replace")
    if hides(below.key, told) and (below.join == "|" or looks_drawn(told)):
        start = sum(len(one) + 1 for one in cells[: below.column]) + cell.index(value)
        return Step((start, start + len(value)), below)
    return Step(still=below, looked_at=True)


def _values(line: bytes, text: bytes, indent: int, below: Below) -> Step:
    is_item = text.startswith(b"- ") and below.join == ":" and indent == below.indent
    if below.join != "=" and (is_item or indent > below.indent) and _MAPPING.match(text):
        return Step(still=replace(below, kind=Kind.MAPPING), again=True)
    if (indent <= below.indent and not is_item) or (below.join != "=" and _MAPPING.match(text)):
        is_described = text == b"----" and indent == below.indent  # as `kubectl describe configmap` rules a key off
        return Step(still=replace(below, indent=-1) if is_described else below.outer, again=not is_described)
    host = _HOST.match(text) if b"://" not in text and names_a_url(below.key) else None
    if host:  # one more of `rabbit://user:password@host,` in lines of their own
        start = line.index(text)
        return Step((start + host.start("value"), start + host.end("value")), below)
    if b"://" in text or text[:1] in b"#;{}[]()<":
        return Step(still=below, looked_at=True)
    found = _inner(line, text)
    if found and hides(below.key, line[found[0] : found[1]].decode("utf-8", "replace")):
        return Step(found, below)
    return Step(still=below, looked_at=True)


def _mapped(line: bytes, text: bytes, indent: int, below: Below) -> Step:
    is_item = indent == below.indent and text.startswith(b"- ")
    if indent <= below.indent and not is_item:
        return Step(still=below.outer, again=True)
    found = _PAIR.match(line)
    if found:
        key, value = fold(found["key"].decode()), found["value"].decode("utf-8", "replace")
        if key not in NAMES and not is_sensitive(key) and looks_drawn(value) and hides("password", value):
            return Step(found.span("value"), below)
    login = _LOGIN.match(line)
    if login and b"://" not in line and hides("password", login["value"].decode("utf-8", "replace")):
        return Step(login.span("value"), below)
    return Step(still=below, looked_at=True)


def _inner(line: bytes, text: bytes) -> Span | None:
    found = _ITEM.match(text)
    if not found:
        return None
    start = line.index(text)
    return start + found.start("value"), start + found.end("value")


def _entry(line: bytes, below: Below) -> Step:
    found = _ENTRY.match(line)
    if found:
        value = found["value"]
        is_secret = (
            is_encoded(value) if below.kind is Kind.DATA else hides("password", value.decode("utf-8", "replace"))
        )
        if is_secret and b"__hidden_" not in value:
            return Step(found.span("value"), below)
    return Step(still=below, looked_at=True)


def is_encoded(value: bytes) -> bool:
    """Whether a value is base64 of a text, or long and drawn: what a Secret's data holds, a config map's doesn't."""
    if not is_base64(value):
        return False
    raw = base64.b64decode(value)
    if raw.startswith(_PUBLIC):
        return False
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return len(value) >= SHORTEST_BINARY and looks_random(value.decode())
    return len(text) > 1 and all(one.isprintable() or one in "\r\n\t" for one in text)


def is_base64(value: bytes) -> bool:
    """Whether a value is base64, as the data of a Secret always is."""
    if len(value) % 4 or not _ENCODED.fullmatch(value):
        return False
    try:
        return not base64.b64decode(value, validate=True).startswith(_PUBLIC)
    except binascii.Error:
        return False
