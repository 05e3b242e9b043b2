"""What may not stand in the name of a file. Pure."""

import re

from omg.audit.drawn import HIDDEN
from omg.audit.shapes import JUDGES
from omg.audit.values import LearnedValues

LEADING_DOT = "name with a leading dot"
LEFT_OUT = "[left out]"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SHAPES = (b"://", b"eyj", b"gaaaaa", b"akia", b"sha256~", b"ghp_", b"glpat-", b"$6$", b"$apr1$")
_WORD = re.compile(rb"[^/!\s]+")


def judged_name(path: str, values: LearnedValues) -> tuple[str, list[str]]:
    """A path as it may be shown, and what is wrong with it.

    Args:
        path: in the tree; what is inside an archive stands after `!/`.
        values: that may not stand in it.
    """
    raw = path.encode("utf-8", "surrogateescape")
    kinds = []
    if _CONTROL.search(path):
        kinds.append("control bytes in a name")
    if any(part.startswith(".") for part in path.replace("!/", "/").split("/")):
        kinds.append(LEADING_DOT)
    spans = list(values.spans(raw))
    if spans:
        kinds.append("learned value in a name")
    shapes = [(at, kind) for at, kind in _shapes_in(raw)]
    if shapes:
        kinds += dict.fromkeys(f"{kind} in a name" for _at, kind in shapes)
        spans += [
            word.span() for word in _WORD.finditer(raw) for at, _kind in shapes if word.start() <= at < word.end()
        ]
    for start, end in sorted(spans, reverse=True):
        raw = raw[:start] + LEFT_OUT.encode() + raw[end:]
    shown = raw.decode("utf-8", "replace")
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", shown), kinds


def _shapes_in(raw: bytes) -> list[tuple[int, str]]:
    lower = raw.lower()
    found = []
    for anchor in _SHAPES:
        at = lower.find(anchor)
        if at >= 0 and (kind := JUDGES[anchor](raw, at)) and not HIDDEN.search(raw, at):
            found.append((at, kind))
    return found
