"""Runs of base64 in a line that hold a private key, or pack a text with secrets. Pure."""

import base64
import re
from collections.abc import Callable, Iterator

from omg.masking.packed import unpacked
from omg.masking.rule import Span

MOST_PACKED = 8
"""Packed texts in one line that are unpacked."""

LARGEST_PACKED = 256 * 1024
"""Bytes of a text packed in a line that are looked at."""

SHORTEST = 40
"""Characters of a run."""

BEGIN = 60
"""Characters of a run's beginning that tell whether it may hold anything."""

_ENCODED = re.compile(rf"[A-Za-z0-9+/]{{{SHORTEST},}}={{0,2}}")
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CLASSES = bytes(ord("A") if byte in _ALPHABET else ord(" ") for byte in range(256))
_NEEDLE = b"A" * SHORTEST
_ENCODED_PEM = ("LS0tLS1CRUdJTi", "0tLS1CRUdJTi", "tLS0tQkVHSU4", "S0tLUJFR0lO", "LS0tLUJFR0lO")
_ENCODED_GZIP = ("H4sI", "SDRzS")


def places(data: bytes) -> Iterator[Span]:
    """The runs in a text that are worth a look.

    Two passes of the C library, one byte to one of its class and a search for a run of one class, take half the time of
    an automaton that counts.
    """
    classes = data.translate(_CLASSES)
    at = classes.find(_NEEDLE)
    while at >= 0:
        end = classes.find(b" ", at)
        end = len(data) if end < 0 else end
        if _may_hold(data[at : min(end, at + BEGIN)].decode("ascii")):
            yield at, end
        at = classes.find(_NEEDLE, end)


def _may_hold(begin: str) -> bool:
    """Whether a run with such a beginning may hold a private key or a text; digests, most of all runs, don't."""
    return begin.startswith(_ENCODED_GZIP) or any(mark in begin for mark in _ENCODED_PEM) or _may_be_text(begin)


def spans(line: str, holds_secrets: Callable[[str], bool]) -> Iterator[Span]:
    """The runs of a line to hide.

    What can't be unpacked, or is one packed text too many for a line, is hidden unseen.

    Args:
        line: without its end.
        holds_secrets: tells whether anything would be hidden in a text.
    """
    looked_into = 0
    for found in _ENCODED.finditer(line):
        run = found[0]
        if run.startswith(_ENCODED_GZIP):
            looked_into += 1
            if looked_into > MOST_PACKED or _packs_secrets(run, holds_secrets):
                yield found.span()
        elif any(mark in run[:BEGIN] for mark in _ENCODED_PEM):
            if _is_private(run):
                yield found.span()
        elif looked_into <= MOST_PACKED and _may_be_text(run):
            looked_into += 1
            if _packs_secrets(run, holds_secrets):
                yield found.span()


def _may_be_text(run: str) -> bool:
    """Whether a run decodes to a text, as far as its beginning tells: digests, names and keys don't."""
    try:
        begin = base64.b64decode(run[:SHORTEST])
    except ValueError:
        return False
    return begin.isascii() and begin.decode().isprintable()


def _packs_secrets(run: str, holds_secrets: Callable[[str], bool]) -> bool:
    """Whether a packed text holds anything that would be hidden outside, or can't be seen."""
    inside = unpacked(run[: len(run) // 4 * 4] if len(run) % 4 else run, LARGEST_PACKED)
    return inside is None or holds_secrets(inside[0])


def _is_private(run: str) -> bool:
    for offset in range(4):
        try:
            text = base64.b64decode(run[offset : offset + (len(run) - offset) // 4 * 4])
        except ValueError:
            continue
        if b"PRIVATE KEY" in text:
            return True
    return False
