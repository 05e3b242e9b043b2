r"""A text of several lines written into one, its line ends as `\n`: each of its lines is read as a line. Pure."""

import re
from collections.abc import Callable, Iterator

from omg.masking.below import Below, before, opened_by, read

Span = tuple[int, int]

ENDS = b"\\n"
"""Without this in it, a line holds no other lines."""

_BREAK = re.compile(
    rb"\\{1,8}r?\\{0,8}n"  # the end of a line
    rb"|\\{0,7}[\"'](?=[ ]{0,4}(?:[,}\])]|\\|$)|[ ])"  # the end of the text
    rb"|(?<=[:\[{,(=])[ ]{0,2}[bu]?\\{0,7}[\"'](?=[^\"'\\]{0,300}\\{1,8}n)"  # the beginning of the text
)
_WORD = re.compile(rb"\w")
"""A part without a letter is what separates the others."""

MOST = 2000
"""Lines in a line that are read; the rest is looked at as one line."""


def spans(line: bytes, look: Callable[[bytes], list[Span]]) -> Iterator[Span]:
    """The secret parts of the lines within a line.

    Args:
        line: without its end.
        look: finds the secret parts of a line, by itself.
    """
    below: Below | None = None
    at, previous = 0, b""
    for start, end in _lines(line):
        part = line[start:end]
        if preceding := before(part, previous):
            yield at + preceding[0], at + preceding[1]
        at, previous = start, part
        again = below is not None
        looked_at = not again
        while again and below is not None:
            step = read(part, below)
            below, again = step.still, step.again
            looked_at = step.looked_at or (again and below is None)
            if step.hidden:
                yield start + step.hidden[0], start + step.hidden[1]
        if looked_at:
            yield from ((start + one, start + two) for one, two in look(part))
            below = opened_by(part, below)


def _lines(line: bytes) -> Iterator[Span]:
    at = 0
    for number, found in enumerate(_BREAK.finditer(line)):
        if number > MOST:
            return
        if _WORD.search(line, at, found.start()):
            yield at, found.start()
        at = found.end()
    yield at, len(line)
