"""Texts written in hexadecimal digits: command lines and arguments in the kernel's audit log. Pure."""

import re
from collections.abc import Callable, Iterator

from omg.masking.rule import Span

LOOKS = r"(?:proctitle|\bcmd|type=execve[^\n]* a[0-9]+(?:\[[0-9]+\])?)=[a-f0-9]"
"""Without this no line holds one."""

MOST = 64
"""Texts of one line that are read; a line with more was made to keep us busy, and they are hidden unseen."""

_TEXT = re.compile(
    rb"(?<!\w)(?:proctitle|cmd|a\d{1,4}(?:\[\d{1,4}\])?)=(?P<digits>(?:[0-9A-Fa-f]{2}){4,8192})(?![0-9A-Za-z])"
)


def spans(line: bytes, holds_secrets: Callable[[bytes], bool]) -> Iterator[Span]:
    """The texts of a line to hide: each whole, for half of it can't be told from the other.

    Args:
        line: without its end.
        holds_secrets: tells whether anything would be hidden in a text.
    """
    for number, found in enumerate(_TEXT.finditer(line)):
        # A command line's arguments end in NUL; for a rule they are words.
        if number >= MOST or holds_secrets(bytes.fromhex(found["digits"].decode()).replace(b"\0", b" ")):
            yield found.span("digits")
