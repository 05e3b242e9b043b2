"""The words in a text without which it holds no sensitive name: for the looks of rules. Pure."""

import re
from collections.abc import Iterator

from omg.masking.keys import TOLD

COMMON = (
    "pass",
    "pwd",
    "secret",
    "token",
    "key",
    "auth",
    "credential",
    "connection",
    "transport",
    "community",
    "cookie",
    "psk",
    "kek",
    "(?:bind|admin|root)[_.-]?pw",
    "sessid",
    "dockercfg",
    r"\bpw\b",
    "hmac",
    "dockerconfig",
    "hash[_-]?path",
    "signature",
    "session",
    "samlresponse",
)
"""Folded parts of names that many share, as expressions."""


def _spellings(name: str) -> Iterator[str]:
    """A name as it may stand in a text in small letters; nothing where a common part tells it."""
    low = name.lower()
    if not any(re.search(part, low) for part in COMMON):
        yield re.sub(r"[_-]", "[_-]?", low.replace(".", "[.]"))


NAME = "(?:" + "|".join((*COMMON, *sorted({one for name in TOLD for one in _spellings(name)}))) + ")"
"""Stands in every sensitive name: an expression of RE2, on small letters."""
