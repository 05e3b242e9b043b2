"""Where a value ends in a line: at quotes of any depth, as a word of a shell does, or in a list. Pure."""

import re
from collections.abc import Iterator

from omg.masking.rule import Span
from omg.masking.wording import is_worded

LONGEST = 4096
"""Characters of one value."""

JUDGED = 256
"""Characters of a value by which it is judged."""

BEFORE = 1000
"""Characters before a place that are looked at to tell what it is in."""

QUOTE = re.compile(r"[bu]?\\{0,7}[\"']")
"""The mark that opens a quoted text: escaped as often as it is nested."""

_ENDS = (
    r"\s|[)>}\]](?=[\s,;)>}\]\"'\\<|]|$)"
    r"|[,;&](?=\s|$|[\"'\\)}\]]|(?P<next>[A-Za-z_][\w.\-]{1,40})[=:])"
    r"|\|(?=\s|$)"
    r"|<(?=/|\s|$|[A-Za-z]\w{0,20}[\s/>])"
)
_UNQUOTED_END = re.compile(_ENDS + r"|\\{0,7}[\"'](?=[\s,]|$|[)}\]](?:[\s,;)}\]]|$))")
_FLOW_END = re.compile(r",(?=\s)|[}\]](?=[\s,}\]]|$)|\s#")
_ESCAPED_END = re.compile(_ENDS + r"|[\"']|\\(?=\\{0,7}[\"'nrt])")
"""What ends a value without quotes: a blank, or a mark behind which something else begins."""

_SHELL_QUOTES = ("'\"'\"'", "'\\''")
"""How a shell writes a single quote inside single quotes."""

_DOUBTFUL = ("'", '"', "\\")
_BEHIND_A_VALUE = re.compile(r"[\s,;:)}\]|&]|$")
_NOT_BARE = re.compile(r"[\s\"'\\]")
_TRAILING = ",;)]}|"


def closing(line: str, start: int, quote: str) -> int:
    """Where a quoted text that begins at start ends.

    Args:
        line: the line.
        start: behind the opening mark.
        quote: the opening mark with the backslashes before it, which tell how deep it is nested.
    """
    limit = start + LONGEST
    if len(quote) == 1:  # mostly the next mark is the one, and stands for nothing else
        at = line.find(quote, start, limit)
        if at >= 0 and line[at - 1] != "\\" and line[at + 1 : at + 2] not in _DOUBTFUL:
            return at
    mark, depth = quote[-1], len(quote.lstrip("bu")) - 1
    at, first = start - 1, -1
    while (at := line.find(mark, at + 1, limit)) >= 0:
        first = at if first < 0 else first
        behind = at
        while behind > start and line[behind - 1] == "\\":
            behind -= 1
        if (at - behind) % (2 * (depth + 1)) != depth:
            at += _glued_in_spite(line, at, start) if not depth and mark == "'" else 0
            continue  # escaped
        if depth:
            return behind if at - behind == depth else at - depth
        glued = _glued(line, at, start, mark)
        if not glued:
            return at
        at += glued
    return first if first >= 0 else min(len(line), limit)


def _glued_in_spite(line: str, at: int, start: int) -> int:
    """The same of a single quote behind a backslash, which stands for itself between those of a shell and of YAML."""
    glued = _glued(line, at, start, "'")
    return 0 if _BEHIND_A_VALUE.match(line, at + glued + 1) else glued


def _glued(line: str, at: int, start: int, mark: str) -> int:
    """How many characters to go on behind a mark that stands for itself: doubled, or as a shell writes it."""
    if mark == "'":
        for written in _SHELL_QUOTES:
            if line.startswith(written, at):
                return len(written) - 1
    if line.startswith(mark, at + 1) and (at > start or line[at + 2 : at + 3].isalnum()):
        return 1
    return 0


class Ends:
    """Where values without quotes end in one line.

    What ends one ends every other that begins before it and behind the one: an end is looked for once, so that a line
    of keys alone costs no more than its length.
    """

    def __init__(self, line: str) -> None:
        self._line = line
        self._known: dict[re.Pattern[str], tuple[int, int]] = {}

    def unquoted(self, start: int) -> int:
        """Where a value that begins at start ends."""
        return self._next(_ESCAPED_END if is_in_text(self._line, start) else _UNQUOTED_END, start)

    def bare(self, start: int) -> int:
        """Where letters and signs that need no quotes end."""
        return self._next(_NOT_BARE, start)

    def _next(self, ends: re.Pattern[str], start: int) -> int:
        begin, end = self._known.get(ends, (0, -1))
        if not begin <= start <= end:
            stop = ends.search(self._line, start, start + 2 * LONGEST)
            while stop and stop.re is not _NOT_BARE and stop["next"] and not is_worded(stop["next"]):
                stop = ends.search(self._line, stop.end(), start + 2 * LONGEST)
            end = stop.start() if stop else min(len(self._line), start + 2 * LONGEST)
            self._known[ends] = start, end
        return min(end, start + LONGEST)


def unquoted(line: str, start: int) -> int:
    """Where a value without quotes ends, somewhere in a line."""
    return Ends(line).unquoted(start)


def is_in_text(line: str, at: int) -> bool:
    """Whether a place is within a quoted text, as far as can be seen from shortly before it."""
    begin = max(0, at - BEFORE)
    return line.count('"', begin, at) % 2 == 1 or line.count("'", begin, at) % 2 == 1


def in_flow(line: str, start: int) -> int:
    """Where a value without quotes ends in a mapping between braces, as YAML has it."""
    stop = _FLOW_END.search(line, start, start + LONGEST)
    return stop.start() if stop else min(len(line), start + LONGEST)


def word(line: str, start: int, ends: Ends | None = None) -> Span:
    """A word as a shell reads it, without the quotes around it."""
    stop = (ends or Ends(line)).bare(start)
    if stop == start:
        quote = QUOTE.match(line, start)
        return (quote.end(), closing(line, quote.end(), quote[0])) if quote else (start, start)
    if stop - start < 3 and (quote := QUOTE.match(line, start)):  # u'...'
        return quote.end(), closing(line, quote.end(), quote[0])
    while stop > start + 1 and line[stop - 1] in _TRAILING:
        stop -= 1
    return start, stop


def elements(line: str, start: int) -> Iterator[Span]:
    """The texts of a list that begins behind a bracket: those in quotes without them, and words."""
    at, limit = start, min(len(line), start + LONGEST)
    while at < limit:
        if line[at] in ", \t":
            at += 1
            continue
        quote = QUOTE.match(line, at)
        if quote:
            end = closing(line, quote.end(), quote[0])
            yield quote.end(), end
            at = end + len(quote[0].lstrip("bu"))
            continue
        if not (line[at].isalnum() or line[at] in "_/+"):
            return
        end = unquoted(line, at)
        yield at, end
        at = max(end, at + 1)
