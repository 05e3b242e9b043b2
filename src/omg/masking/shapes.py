"""Net 1 on one line of text: what is secret by its shape. Pure: spans in the line."""

import base64
import re
from collections.abc import Iterator

from omg.masking import copies, urls
from omg.masking.keys import hides
from omg.masking.rule import Find, Rule, Span
from omg.masking.sieve import BLANK
from omg.masking.wording import is_duration

SCHEMES = frozenset({"bearer", "basic", "negotiate", "digest"})
"""What stands between the header Authorization and its secret."""

_HEADER = re.compile(
    r"(?i)\b(?:authorization|proxy-authorization)[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?:[a-z][\w-]{0,20}\s{1,4})?(?P<value>[^\s\"',;]{6,8192})"
)
_BEARER = re.compile(r"(?i)\bbearer\s{1,4}(?P<value>[A-Za-z0-9._~+/=\-]{16,8192})")
_BASIC = re.compile(r"(?i)\bbasic\\?\s{1,4}(?P<value>[A-Za-z0-9+/]{8,4096}={0,2})")
_X_TOKEN = re.compile(
    r"(?i)\bx-(?:auth|subject|service|storage)-token[\"']?\s{0,4}[:=]\s{0,4}[\"']?(?P<value>[^\s\"',;]{6,8192})"
)
_IDENTIFIED = re.compile(
    r"(?i)identified\s{1,4}(?:(?:with|via)\s{1,4}[\w'\"`]{1,60}\s{1,4})?(?:by|as|using)\s{1,4}(?:password\s{1,4})?(?P<q>\\{0,3}['\"])(?P<value>(?:[^'\"\\]|\\.){1,1024}?)(?P=q)"
)
_COMMUNITY = re.compile(
    r"(?i)\b(?:ro|rw)community6?\s{1,4}(?P<value>\S{1,128})|\bcommunity\s{1,4}(?P<second>[^\s=:]{4,128})"
)


def _whole(shape: str) -> Find:
    """What an expression matches is the secret."""
    found_by = re.compile(shape)

    def find(line: str, _known: list[Span]) -> Iterator[Span]:
        return (found.span() for found in found_by.finditer(line))

    return find


def _value(shape: re.Pattern[str]) -> Find:
    """The group `value` of an expression is the secret."""

    def find(line: str, _known: list[Span]) -> Iterator[Span]:
        return (found.span("value") for found in shape.finditer(line))

    return find


def _basic(line: str, _known: list[Span]) -> Iterator[Span]:
    return (found.span("value") for found in _BASIC.finditer(line) if _is_userinfo(found["value"]))


def _header(line: str, _known: list[Span]) -> Iterator[Span]:
    for found in _HEADER.finditer(line):
        if found["value"].lower() not in SCHEMES and not is_duration(found["value"]):
            yield found.span("value")


def _communities(line: str, _known: list[Span]) -> Iterator[Span]:
    for found in _COMMUNITY.finditer(line):
        group = "value" if found["value"] else "second"
        if group == "value" or (hides("password", found["second"]) and not found["second"].isalpha()):
            yield found.span(group)


def _is_userinfo(value: str) -> bool:
    try:
        return b":" in base64.b64decode(value + "=" * (-len(value) % 4))
    except ValueError:
        return False


RULES = (
    Rule(r"gaaaaa[\w\-]{20}", _whole(r"(?<![A-Za-z0-9_-])gAAAAA[A-Za-z0-9_\-]{20,8192}={0,2}")),
    Rule(
        r"eyj[\w\-]{8}[\w\-]*[.]",
        _whole(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_\-]{8,8192}\.[A-Za-z0-9_\-]{4,8192}(?:\.[A-Za-z0-9_\-]{0,8192})?"),
    ),
    Rule(r"(?:akia|asia)[a-z0-9]{16}", _whole(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    Rule(r"\$(?:apr1|2[aby]|5|6|y|1)\$", _whole(r"\$(?:apr1|2[aby]|5|6|y|1)\$[./A-Za-z0-9$=,+]{8,256}")),
    Rule(r"\*[a-f0-9]{40}", _whole(r"(?<![A-F0-9])\*[A-F0-9]{40}(?![A-F0-9])")),
    Rule("grub[.]pbkdf2", _whole(r"(?i)\bgrub\.pbkdf2\.sha\d{1,3}\.\d{1,9}\.[0-9A-F]{8,512}\.[0-9A-F]{8,512}")),
    Rule(r"\{sha\}", _whole(r"\{SHA\}[A-Za-z0-9+/]{27}=")),
    Rule("sha256~", _whole(r"(?<![A-Za-z0-9])sha256~[A-Za-z0-9_\-]{20,200}")),
    Rule(copies.LOOKS, lambda line, _known: copies.spans(line)),
    Rule(urls.LOOKS, lambda line, _known: urls.spans(line)),
    Rule(rf"bearer{BLANK}+[\w.~+/=\-]{{16}}", _value(_BEARER)),
    Rule(rf"basic\\?{BLANK}+[a-z0-9+/]{{8}}", _basic),
    Rule(rf"authorization[\"']?{BLANK}*[:=]", _header),
    Rule("x-(?:auth|subject|service|storage)-token", _value(_X_TOKEN)),
    Rule(f"identified{BLANK}", _value(_IDENTIFIED)),
    Rule(f"community6?{BLANK}", _communities),
)
"""Each shape, behind what has to stand in a line that holds one."""
