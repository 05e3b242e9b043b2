"""Copies of Secret objects written as JSON into a text, however often escaped: the values of their data. Pure."""

import re
from collections.abc import Iterator

from omg.masking.below import is_base64, is_encoded
from omg.masking.extents import LONGEST, closing
from omg.masking.keys import hides
from omg.masking.rule import Span
from omg.masking.sieve import BLANK

LOOKS = rf"data\\*[\"']{BLANK}*:{BLANK}*\{{{BLANK}*\\*[\"']"
"""Without this no line holds such a copy."""

_KIND = re.compile(r"\bkind\\{0,7}[\"']\s{0,4}:\s{0,4}\\{0,7}[\"']Secret\\{0,7}[\"']")
_DATA = re.compile(r"(?P<q>\\{0,7}[\"'])(?P<key>data|stringData)(?P=q)\s{0,4}:\s{0,4}\{")
_ENTRY = re.compile(r"\s{0,40}(?P<q>\\{0,7}[\"'])[^\"'\\{}]{1,253}(?P=q)\s{0,4}:\s{0,4}(?P<open>(?P=q))")
_BETWEEN = re.compile(r"\\{0,7}[\"']\s{0,40},?")


def spans(line: str) -> Iterator[Span]:
    """The values of data and stringData in a line."""
    is_secret = "Secret" in line and _KIND.search(line) is not None
    for found in _DATA.finditer(line):
        at = found.end()
        while entry := _ENTRY.match(line, at):
            start = entry.end()
            end = closing(line, start, entry["open"])
            if _is_value(found["key"], line[start:end], is_secret=is_secret):
                yield start, end
            after = _BETWEEN.match(line, end)
            if after is None or end - start >= LONGEST:
                break
            at = after.end()


def _is_value(key: str, text: str, *, is_secret: bool) -> bool:
    if key == "stringData":
        return hides("password", text)
    value = text.encode("utf-8", "surrogateescape")
    return is_base64(value) if is_secret else is_encoded(value)
