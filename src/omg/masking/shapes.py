"""Nets 1 and 2 on one line of text: what is secret by its shape, or by the key before it. Pure: spans in the line."""

import base64
import re
from collections.abc import Iterator

from omg.masking import copies, pairs, statements, urls
from omg.masking.keys import TOLD, hides
from omg.masking.packed import unpacked

Span = tuple[int, int]

SCHEMES = frozenset({"bearer", "basic", "negotiate", "digest"})
"""What stands between the header Authorization and its secret."""

_COMMON = (
    "pass",
    "pwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "accesskey",
    "access-key",
    "private_key",
    "privatekey",
    "private-key",
    "auth",
    "credential",
    "connection",
    "transport",
    "_key",
    "-key",
    "key=",
    "key:",
    'key"',
    "key'",
    "keydata",
    "community",
    "cookie",
    "psk",
    "kek",
    "bindpw",
    "hmac",
    "encryptionkey",
    "signingkey",
    "dockerconfig",
    "htpasswd",
    "hash_path",
)
"""Folded parts of keys that many keys share."""


def _spellings(name: str) -> Iterator[str]:
    """A name as it may stand in a text in small letters."""
    low = name.lower()
    if not any(part in low for part in _COMMON):
        yield from {low, low.replace("_", "-"), low.replace("-", "_"), low.replace("_", "").replace("-", "")}


PAIR_ANCHORS = (*_COMMON, *sorted({one for name in TOLD for one in _spellings(name)}))
"""Folded parts of keys; a line counts where a value follows."""

SHAPE_ANCHORS = (
    "bearer ",
    "basic ",
    "-----begin",
    "identified ",
    "gaaaaa",
    "eyj",
    "$apr1$",
    "$2y$",
    "$2b$",
    "$2a$",
    "$6$",
    "$5$",
    "$y$",
    "$1$",
    "akia",
    "asia",
    "stats auth",
    "ls0tls1crudjt",
    "0tls1crudjti",
    "tls1crudjtib",
    "{sha}",
    "sha256~",
    "h4siaaaa",
    "h4sicaaa",
    "sdrzsufb",
    "sdrzsunb",
    "data:\n",
    "data:\r\n",
    "data:\\n",
    "data:\\\\n",
    'data": {\n',
    'data":{\n',
    "data: {\n",
    "rocommunity",
    "rwcommunity",
    "community ",
    *(f"*{digit}" for digit in "0123456789abcdef"),
)
"""Folded texts that a secret shape begins with, or that stand right before one."""

ANCHORS = (*PAIR_ANCHORS, *urls.ANCHORS, "mysql", *SHAPE_ANCHORS, *copies.ANCHORS, *statements.ANCHORS)
"""Folded texts without which no line holds anything for these nets."""

_PAIRS = len(PAIR_ANCHORS)
_URLS = _PAIRS + len(urls.ANCHORS)
MOST_PACKED = 8
"""Packed texts in one line that are unpacked."""

LARGEST_PACKED = 256 * 1024
"""Bytes of a text packed in a line that are looked at."""

_NAMED = (*PAIR_ANCHORS, "mysql", "rootpw")
_MYSQL_ANCHOR = ANCHORS.index("mysql")

_FOLLOWED = re.compile(rb"[\w.\-]{0,80}(?:\\{0,7}[\"'])?\s{0,16}[=:,>]|[\w\-]{0,60}(?:\s{1,4}[^\s]|\s{0,4}(?:\n|\Z))")
_ASSIGNED = re.compile(rb"[\w.\-]{0,80}(?:\\{0,7}[\"'])?[ \t]{0,60}[=:,>|]")
_STATED = re.compile(rb"[\w\-]{0,60}(?:\\{0,7}[\"'])?[ \t]{1,8}(?:is|was|to)[ \t]")
_SAID = re.compile(rb"[\w\-]{0,60}[ \t]{1,8}(?:[\"'<]|[^\s\d]{0,100}\d|\S{16})")
_SPOKEN = frozenset(PAIR_ANCHORS.index(anchor) for anchor in ("pass", "secret"))
"""Anchors of words that a value may follow in the middle of a sentence; the others' have to begin a line for that."""

_NAMED_BEFORE = re.compile(rb"name[\"']?\s{0,8}:\s{0,8}[\"']?[\w.\-]{0,60}$")
_OPTION_BEFORE = re.compile(rb"(?:^|[\s\"'\[,])--?[\w\-]{0,60}$")


def deserves_a_look(data: bytes, anchor: int, place: int) -> bool:
    """Whether the line around a hit can hold anything: cheap, and never wrong in saying no.

    Asked for every hit of an anchor, so what an expression would search for is first looked for as plain bytes.
    """
    if anchor < _PAIRS:
        return _holds_a_pair(data, anchor, place)
    if anchor < _URLS:
        end = data.find(b"\n", place)
        return data.find(b"@", place, end if end >= 0 else len(data)) >= 0
    if anchor == _MYSQL_ANCHOR:
        end = data.find(b"\n", place)
        return data.find(b" -p", place, end if end >= 0 else len(data)) >= 0
    return True


def _holds_a_pair(data: bytes, anchor: int, place: int) -> bool:
    """Whether a value may stand beside the word around a place."""
    if _ASSIGNED.match(data, place):
        return True
    if anchor in _SPOKEN:
        if _SAID.match(data, place) or _STATED.match(data, place):
            return True
    elif _SAID.match(data, place) and _begins_a_line(data, place):
        return True
    begin = max(0, place - 96)
    if data.rfind(b"name", begin, place) >= 0 and _NAMED_BEFORE.search(data[begin:place]):
        return True
    return _is_in_option(data, place) and _FOLLOWED.match(data, place) is not None


def _begins_a_line(data: bytes, place: int) -> bool:
    """Whether the word around a place is the first of its line, as a directive's name is."""
    begin = data.rfind(b"\n", max(0, place - 101), place) + 1
    before = data[begin:place].lstrip()
    return place - begin <= 100 and (not before or before.isalpha())


def _is_in_option(data: bytes, place: int) -> bool:
    """Whether the word around a place is the name of an option, as in `--os-password`."""
    begin = max(0, place - 64)
    dash = data.rfind(b"-", begin, place)
    if dash < 0:
        return False
    between = data[dash + 1 : place]
    if between and not between.replace(b"_", b"x").isalnum():
        return False  # the word begins behind the last dash
    return _OPTION_BEFORE.search(data[begin:place]) is not None


_HEADER = re.compile(
    r"(?i)\b(?:authorization|proxy-authorization)[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:[a-z][\w-]{0,20}\s{1,4})?(?P<value>[^\s\"',;]{6,8192})"
)
_BEARER = re.compile(r"(?i)\bbearer\s{1,4}(?P<value>[A-Za-z0-9._~+/=\-]{16,8192})")
_BASIC = re.compile(r"(?i)\bbasic\s{1,4}(?P<value>[A-Za-z0-9+/]{8,4096}={0,2})")
_SHAPES = (
    (("gaaaaa",), re.compile(r"(?<![A-Za-z0-9_-])gAAAAA[A-Za-z0-9_\-]{20,8192}={0,2}")),
    (
        ("eyj",),
        re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_\-]{8,8192}\.[A-Za-z0-9_\-]{4,8192}(?:\.[A-Za-z0-9_\-]{0,8192})?"),
    ),
    (("akia", "asia"), re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    (("$",), re.compile(r"\$(?:apr1|2[aby]|5|6|y|1)\$[./A-Za-z0-9$=,+]{8,256}")),
    (("*",), re.compile(r"(?<![A-F0-9])\*[A-F0-9]{40}(?![A-F0-9])")),
    (("{sha}",), re.compile(r"\{SHA\}[A-Za-z0-9+/]{27}=")),
    (("sha256~",), re.compile(r"(?<![A-Za-z0-9])sha256~[A-Za-z0-9_\-]{20,200}")),
)
"""Shapes of secrets, each behind the folded texts without which there is none."""

_X_TOKEN = re.compile(r"(?i)\bx-(?:auth|subject)-token[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<value>[^\s\"',;]{6,8192})")
_IDENTIFIED = re.compile(
    r"(?i)identified\s{1,4}(?:with\s{1,4}[\w'\"`]{1,60}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?(?P<q>\\{0,3}['\"])(?P<value>(?:[^'\"\\]|\\.){1,1024}?)(?P=q)"
)
_COMMUNITY = re.compile(
    r"(?i)\b(?:ro|rw)community6?\s{1,4}(?P<value>\S{1,128})|\bcommunity\s{1,4}(?P<second>[^\s=:]{4,128})"
)
_ENCODED = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_ENCODED_PEM = ("LS0tLS1CRUdJTi", "0tLS1CRUdJTi", "tLS0tQkVHSU4", "S0tLUJFR0lO", "LS0tLUJFR0lO")
_ENCODED_MARKS = (*_ENCODED_PEM, "H4sI", "SDRzS")


def spans(line: str, nets: frozenset[int]) -> list[Span]:
    """The secret parts of a line that nets 1 and 2 catch, in order, not overlapping."""
    low = line.lower()
    found = [*(_by_shape(line, low) if 1 in nets else ()), *statements.spans(line, low, nets)]
    if 2 in nets and any(anchor in low for anchor in _NAMED):
        found += pairs.spans(line, low, found)
    found.sort()
    merged: list[Span] = []
    for start, end in found:
        if start >= end or "__hidden_" in line[start:end]:
            continue  # what is hidden already stands as it is
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _by_shape(line: str, low: str) -> Iterator[Span]:
    """Net 1."""
    for marks, shape in _SHAPES:
        if any(mark in low for mark in marks):
            yield from (found.span() for found in shape.finditer(line))
    if "data" in low:
        yield from copies.spans(line, low)
    if "://" in line or ":\\" in line:
        yield from urls.spans(line)
    if "bearer" in low:
        yield from (found.span("value") for found in _BEARER.finditer(line))
    if "basic" in low:
        yield from (found.span("value") for found in _BASIC.finditer(line) if _is_userinfo(found["value"]))
    if "authorization" in low:
        yield from (found.span("value") for found in _HEADER.finditer(line) if found["value"].lower() not in SCHEMES)
    if "x-auth-token" in low or "x-subject-token" in low:
        yield from (found.span("value") for found in _X_TOKEN.finditer(line))
    if "identified" in low:
        yield from (found.span("value") for found in _IDENTIFIED.finditer(line))
    if "community" in low:
        yield from _communities(line)
    if any(mark in line for mark in _ENCODED_MARKS):
        yield from _encoded(line)


def _encoded(line: str) -> Iterator[Span]:
    """Runs of base64 that hold a private key, or pack a text with secrets.

    What can't be unpacked, or is one packed text too many for a line, is hidden unseen.
    """
    looked_into = 0
    for found in _ENCODED.finditer(line):
        run = found[0]
        if run.startswith(("H4sI", "SDRzS")):
            looked_into += 1
            if looked_into > MOST_PACKED or _packs_secrets(run):
                yield found.span()
        elif any(mark in run[:60] for mark in _ENCODED_PEM) and _is_private(run):
            yield found.span()


def _communities(line: str) -> Iterator[Span]:
    for found in _COMMUNITY.finditer(line):
        group = "value" if found["value"] else "second"
        if group == "value" or (hides("password", found["second"]) and not found["second"].isalpha()):
            yield found.span(group)


def _is_userinfo(value: str) -> bool:
    try:
        return b":" in base64.b64decode(value + "=" * (-len(value) % 4))
    except ValueError:
        return False


def _packs_secrets(run: str) -> bool:
    """Whether a packed text holds anything that would be hidden outside, or can't be seen."""
    inside = unpacked(run, LARGEST_PACKED)
    return inside is None or any(spans(part, frozenset({1, 2})) for part in inside[0].splitlines())


def _is_private(run: str) -> bool:
    for offset in range(4):
        try:
            text = base64.b64decode(run[offset : offset + (len(run) - offset) // 4 * 4])
        except ValueError:
            continue
        if b"PRIVATE KEY" in text:
            return True
    return False
