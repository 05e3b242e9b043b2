"""What stands at a place of a text where a value may: between quotes, bare, or several in brackets. Pure."""

import re
from collections.abc import Iterator

LONGEST = 256
"""Bytes of a value that are looked at; a multiple of four, so that its base64 can be decoded."""

MOST = 60
"""Values in brackets or lines below a key that are looked at."""

WIDEST = 3000
"""Bytes of what is in brackets that are looked at."""

QUOTE = rb"(?:\"\"\"|'''|&quot;|<<\"|\\{0,7}[\"'`])"
OPENS = rb"(?:[ubrfUBRF]{0,2}(?P<quote>" + QUOTE + rb"))"

_OPENS = re.compile(OPENS)
_CLOSES = {
    b'"': re.compile(rb"((?:[^\"\\]|\\.|\"(?=[\w])){0,256})(?:\"|\Z)?", re.DOTALL),
    b"'": re.compile(rb"((?:[^'\\]|\\.|''|'\"'\"'|'\\''){0,256})", re.DOTALL),
    b"`": re.compile(rb"([^`\n]{0,256})"),
    b'"""': re.compile(rb"((?:[^\"]|\"(?!\"\")){0,256})", re.DOTALL),
    b"'''": re.compile(rb"((?:[^']|'(?!'')){0,256})", re.DOTALL),
    b"&quot;": re.compile(rb"((?:[^&<>\n]|&(?!quot;)){0,256})"),
    b'<<"': re.compile(rb"([^\"\n]{0,256})"),
}
_ESCAPED = re.compile(rb"([^\"'\\\n]{0,256})")
_BARE = re.compile(rb"[^\s\"'\\,;<>&)\]}`|]{0,256}")
_RUN = re.compile(rb"(?:(?![,;&|]\s{0,4}[\w.\-]{1,60}[\"']?\s{0,4}[=:])[^\s\"'`]){1,256}")
"""A value with signs in it, up to where the next pair of a list begins."""

_REST = re.compile(rb"[^\n]{0,256}")
_COMMENT = re.compile(rb"\s+(?:#|//|;\s).*\Z|\s*;\s*\Z|\s*\\\Z")
_CALLEE = re.compile(rb"([A-Za-z_][\w.]*)[(\[]")
_ITEM = re.compile(
    rb"(?P<key>(?:[\"'][^\"'\n]{1,100}[\"']|[\w.\-/]{1,100})\s{0,8}(?::(?=[\s\"'])|=>?|:=)\s{0,40})?"
    rb"(?:[ubrfUBRF]{0,2}(?P<quote>[\"'])|(?P<bare>[^\s\"'\[\]{}(),:][^\[\]{}(),\n\"']{0,256})|(?P<open>[\[{(])|(?P<close>[\]})]))"
)


def quoted(data: bytes, at: int, quote: bytes) -> bytes:
    """What stands behind an opening quote, up to the closing one."""
    pattern = _CLOSES.get(quote, _ESCAPED)
    found = pattern.match(data, at, at + LONGEST + 8)
    return found[1] if found else b""


def bare(data: bytes, at: int) -> list[bytes]:
    """What may be meant where nothing quotes a value: up to the first sign of a language, and up to a blank."""
    found = _BARE.match(data, at, at + LONGEST)
    value = found[0] if found else b""
    callee = _CALLEE.match(value)
    if callee and not _has_digit(callee[1]):
        return []  # code: a call, or an element of something
    values = [value.rstrip(b".:")]
    run = _RUN.match(data, at, at + LONGEST)
    if run and len(run[0]) > len(value) + 1 and run[0][len(value)] not in b"\"'`":
        values.append(run[0].rstrip(b".:,;)]}>"))
    return values


def _has_digit(word: bytes) -> bool:
    return any(48 <= byte < 58 for byte in word)


def rest_of_line(data: bytes, at: int) -> bytes:
    """The line from a place on, without a comment at its end."""
    found = _REST.match(data, at, at + LONGEST)
    return _COMMENT.sub(b"", found[0]).strip() if found else b""


def inside(data: bytes, at: int) -> Iterator[tuple[bytes, bytes, int]]:
    """The values between brackets, with their own keys where they have one, and where they stand.

    Args:
        data: the text.
        at: behind the opening bracket.
    """
    depth, end = 1, min(at + WIDEST, len(data))
    for _ in range(MOST):
        found = _ITEM.search(data, at, end)
        if found is None:
            return
        at = max(found.end(), at + 1)
        key = (found["key"] or b"").strip(b" \t\"':=>\n")
        if found["open"]:
            depth += 1
        elif found["close"]:
            depth -= 1
            if depth == 0:
                return
        elif found["quote"]:
            value = quoted(data, found.end(), found["quote"])
            if not value:
                at += 1
                continue
            yield key, value, found.start()
            at = found.end() + len(value) + 1
        else:
            yield key, found["bare"].strip(), found.start()
