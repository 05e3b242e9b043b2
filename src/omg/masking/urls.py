"""The passwords in URLs: one or several hosts, with any sign in the password that people put there. Pure."""

import re
from collections.abc import Iterator

from omg.masking.rule import Span
from omg.masking.wording import is_path, looks_random

LOOKS = r":(?:\\{0,2}/){2}[^\n]*@"
"""Without this no line holds a URL with a password, as it is or escaped in JSON."""

_URL = re.compile(
    r"(?<![A-Za-z0-9+.\-])[A-Za-z][A-Za-z0-9+.\-]{1,30}+:(?:\\{0,2}/){2}"
    r"(?:[^\s:@/?#,\"'<>`\\]{0,200}:(?P<simple>[^\s:@/?#,\"'<>`\\%$*{]{1,1024}+)@[\w.\-]{1,253}+(?::\d{1,5})?(?![^\s/?\"'<>`\\])"
    r"(?![/?][^\s\"'<>`\\@]{0,4096}@)"
    r"|(?P<rest>[^\s\"'<>`\\]{1,4096}))"
)
"""A URL; most have one plain password, which needs no second look."""

LONG_USER = 20
"""Characters from which on a drawn user without a password is a token."""

_PATH = re.compile(r"[/?#]")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_REFERENCE = re.compile(r"\$\{?\w+\}?|%\(\w+\)s|<[\w -]+>|\*+|\{[\w.]+\}")
_SEVERAL = re.compile(r"@[^@,]*,[^@,:]*:[^@]*@")
_BETWEEN = re.compile(r",(?=[^@,]*:[^@,]*@)")


def spans(line: str) -> Iterator[Span]:
    """The passwords of the URLs in a line."""
    for found in _URL.finditer(line):
        simple = found.span("simple")
        if simple[0] >= 0:
            yield simple
        else:
            yield from _userinfo(found["rest"], found.start("rest"))


def _userinfo(rest: str, at: int) -> Iterator[Span]:
    if "@" not in rest:
        return
    slash = _PATH.search(rest)
    authority = rest[: slash.start()] if slash else rest
    if "@" not in authority:
        _, colon, head = authority.partition(":")
        end = rest.rfind("@")
        if not colon or (not head and is_path(rest[len(authority) : end])):
            return
        given = rest[len(authority) - len(head) : end]
        if head.isdigit() and not (_BASE64.fullmatch(given) and looks_random(given)):
            return  # a port and a path
        authority = rest[: end + 1]
    elif slash and (last := rest.rfind("@")) > slash.start():
        between = rest[authority.rfind("@") + 1 : last]
        if looks_random(between) and ":" in authority.partition("@")[0]:
            authority = rest[: last + 1]  # a password may hold a slash
    position = 0
    for part in _credentials(authority):
        user, colon, password = part.partition(":")
        if not colon and len(user) >= LONG_USER and looks_random(user):
            start = authority.find(part, position)
            yield at + start, at + start + len(user)
        if colon and password and not _REFERENCE.fullmatch(password):
            start = authority.find(part, position) + len(user) + 1
            yield at + start, at + start + len(password)
        position = authority.find(part, position) + len(part)


def _credentials(authority: str) -> list[str]:
    """user:password of each host in `u:p@h1,u:p@h2`; a password may hold `@` and `,`."""
    if "," in authority and _SEVERAL.search(authority):
        pieces = _BETWEEN.split(authority)
        return [piece[: piece.rfind("@")] for piece in pieces if "@" in piece]
    return [authority[: authority.rfind("@")]]
