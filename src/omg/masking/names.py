"""The words in a text without which it holds no sensitive name: for the looks of rules. Pure."""

import re
from collections.abc import Iterator

from omg.masking.keys import ENDINGS, EXACT, SENSITIVE, TOLD

COMMON = (
    "pass",
    "pwd",
    "secret",
    "token",
    r"key(?:\b|[a-rt-z0-9_]|s(?:\b|[a-su-z0-9_]|t(?:\b|[a-np-z0-9_])))",  # not keystone, which every log names
    "auth",
    "credential",
    "connection",
    "transport",
    "community",
    "cookie",
    "psk",
    "kek",
    "(?:bind|admin|root)[_.-]?pw",
    r"\bpw\b",
    "hmac",
    "dockerconfig",
    "hash[_-]?path",
    "pin[_.-]?code",
    "signature",
    "session",
    "samlresponse",
)
"""Folded parts of names that many share, as expressions."""


def _spellings(name: str) -> Iterator[str]:
    """A name as it may stand in a text in small letters; nothing where a common part tells it."""
    low = name.lower().lstrip(".")
    if not any(re.search(part, low) for part in COMMON):
        yield re.sub(r"[_-]", "[_-]?", low.replace(".", "[.]"))


KNOWN = (*TOLD, *SENSITIVE, *ENDINGS, *EXACT)
"""Whatever makes a name sensitive for the rules."""

NAME = "(?:" + "|".join((*COMMON, *sorted({one for name in KNOWN for one in _spellings(name)}))) + ")"
"""Stands in every sensitive name: an expression of RE2, on small letters."""
