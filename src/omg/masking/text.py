"""Text, masked line by line as it streams: the result doesn't depend on where the stream was cut."""

import re
from collections.abc import Callable, Sequence

from omg.masking import escaped, hexed, quoted
from omg.masking.below import Below, before, may_precede, opened_by, read
from omg.masking.extents import LONGEST
from omg.masking.placeholder import Marking
from omg.masking.rows import MARK, Rows
from omg.masking.rows import read as read_rows
from omg.masking.rule import Span, joined
from omg.masking.rules import FRAMES, HEXED, OPENS, SIEVE, spans
from omg.masking.values import NOTHING, Mark, Values

WINDOW = 128 * 1024
"""Bytes of a line that are looked at together; a line of two and more is looked at in windows from its beginning."""

OVERLAP = 8 * 1024
"""Bytes that two windows share: the longest match of bounded length."""

WIDE = 32 * 1024
"""Bytes of a line whose places for each rule are counted before it is looked at."""

MOST = 20_000
"""Places for a rule, or values, in one line. One that holds more was made to keep us busy: its rest is hidden whole."""

HELD = 8 * WINDOW
"""Bytes of a line that are held until something that is hidden ends, at most; then its rest is hidden whole."""

KEY_ROOM = 256
"""Bytes that a key and what joins it to its value may take."""

LONG = 100
"""Characters of a value that a rule may have left off in the middle of."""

State = tuple[int, bool, Below | None, Rows | None, bool]
"""What a stream knows of the lines before, in the order of its attributes."""

_GOES_ON = re.compile(r"[\w+/=.~%-][^\s\"'<>]*")
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_JSON_KEY = re.compile(rb"(\\{0,7}\")\s{0,8}:\s{0,8}$")
_JSON_BEHIND = re.compile(rb"\s{0,8}(?:[,}\]]|$)")
_NAME = rb" [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_FRAME = re.compile(rb"-----(?P<what>BEGIN|END)" + _NAME)
_END = re.compile(rb"-----END" + _NAME)
_BODY = re.compile(rb"(?:Proc-Type|DEK-Info):[^\n]*|[A-Za-z0-9+/=]{4,}")
_LINE_END = rb"(?:\\++[rnt]?|\s)"
_BETWEEN = rb"(?:" + _LINE_END + rb"|[\"'+,|])*+"
_BEFORE_BODY = re.compile(_BETWEEN)
_CUT = re.compile(
    rb"(?:(?:Proc-Type|DEK-Info):[^\\\n\"']*+" + _LINE_END + rb"++)*+"
    rb"(?:" + _BETWEEN + rb"[A-Za-z0-9+/=]{32,}+)*+(?:" + _LINE_END + rb"*+[A-Za-z0-9+/=]{4,}+)?"
)
"""Behind the beginning of a key that doesn't end in the same line."""

_OPEN = re.compile(rb"(?:" + _LINE_END + rb"|[\"'+,)|>-])*+")
"""Behind what there is of a key in a line, where the next line goes on with it."""

_BODY_LINE = re.compile(
    rb"[\s|>+#'\"\-]*(?:\d{4}-\d\d-\d\dT[\d:.Z+]+\s)?[A-Za-z0-9+/=]+[\s'\",]*|\s*(?:Proc-Type|DEK-Info):.*|\s*"
)


class TextStream:
    """One text: feed it in any pieces, take what comes back, finish it once.

    Args:
        values: gives the newest learned values; asked for each piece.
        nets: which nets are on, of 1 to 3; all but in the tests that show what each is for.
    """

    def __init__(
        self, values: Callable[[], Values], placeholders: Marking, nets: frozenset[int] = frozenset({1, 2, 3})
    ) -> None:
        self._values = values
        self._placeholders = placeholders
        self._nets = nets
        self._held = bytearray()
        self._enough = 2 * WINDOW
        """Bytes of a line that is not complete with which it is looked at."""
        self._counted = 0
        """Places and values in the line that is not complete, as far as it was looked at."""
        self._is_crowded = False
        """Whether the rest of the line is hidden whole."""
        self._in_key = False
        self._below: Below | None = None
        """What is open below a sensitive key."""
        self._rows: Rows | None = None
        """Where the reading of a statement with rows has come to."""

    def feed(self, data: bytes) -> bytes:
        """Masked lines; what belongs to a line that isn't complete is held back, mostly two windows of it."""
        out = b""
        if b"\n" in data:
            text = bytes(self._held + data) if self._held else data
            cut = text.rfind(b"\n") + 1
            last = text.rfind(b"\n", 0, cut - 1) + 1
            if may_precede(text[last : cut - 1]):
                cut = last  # it may be secret by the next line
            out = self._complete(text[:cut]) if cut else b""
            self._held[:] = memoryview(text)[cut:]
        else:
            self._held += data
        if len(self._held) >= self._enough:
            begin = self._held.rfind(b"\n") + 1
            out += self._complete(bytes(self._held[:begin])) if begin else b""
            rest, pieces = self._windows(bytes(self._held[begin:]))
            self._held[:] = rest
            out += pieces
            # Where something is open, a window more has to come before it is looked for its end again.
            self._enough = max(2 * WINDOW, len(rest) + WINDOW)
        return out

    def finish(self) -> bytes:
        """The rest."""
        lines = bytes(self._held)
        self._held.clear()
        return self._complete(lines) if lines else b""

    def places(self, data: bytes) -> list[Span]:
        """Where something may be hidden in these lines; texts that stand in none of these places stay as they are."""
        found = [(begin, end) for begin, end, _ in self._values().spans(data)] if 3 in self._nets else []
        return found + list(SIEVE.lines(data)) if self._nets & {1, 2} else found

    def _complete(self, data: bytes) -> bytes:
        """Whole lines: the long ones in windows from their beginning, as they would be if they came in pieces."""
        if all(data.find(b"\n", at, at + WINDOW) >= 0 for at in range(0, len(data) - WINDOW, WINDOW)):
            return self._lines(data)
        out: list[bytes] = []
        start = at = 0
        while at < len(data):
            end = data.find(b"\n", at) + 1 or len(data)
            if end - at > 2 * WINDOW:
                out.append(self._lines(data[start:at]))
                rest, pieces = self._windows(data[at:end])
                out += (pieces, self._lines(rest))
                start = end
            at = end
        out.append(self._lines(data[start:]))
        return b"".join(out)

    def _windows(self, line: bytes) -> tuple[bytes, bytes]:
        """The beginning of a long line, window by window; returns the rest and what is masked.

        A window ends where nothing that is hidden is cut, nor the key before it. The rest is shorter than two windows,
        or shorter than `HELD` where nothing ends sooner.
        """
        out = []
        while len(line) >= 2 * WINDOW and not self._is_crowded:
            before = self._state()
            marks, cut, is_open, is_usual = self._window(line)
            is_by_marks = is_usual and self._state()[1:] == before[1:] and not self._in_key
            is_held = is_open and not self._is_crowded and len(line) < HELD
            if not is_by_marks or is_held:  # what begins behind the cut is not this window's
                self._restore(before)
            if is_held:
                break
            before_cut = [mark for mark in marks if mark[1] <= cut]
            out.append(_with_marks(line[:cut], before_cut) if is_by_marks else self._lines(line[:cut]))
            line = line[cut:]
            if not line:
                break
            self._counted = max(self._counted, before[0] + len(before_cut))
            self._is_crowded = is_open or self._counted > MOST
        while len(line) >= 2 * WINDOW and self._is_crowded:
            out.append(self._placeholders.of(line[:WINDOW]))
            line = line[WINDOW:]
        return line, b"".join(out)

    def _window(self, line: bytes) -> tuple[list[Mark], int, bool, bool]:
        """The first window of a long line, as long as it has to be to end where nothing is open.

        Returns:
            What is hidden in it; where it may be cut; whether something is open there; whether it is as long as usual:
            if not, its length depends on how much of the line has come, and what was counted in it must not.
        """
        before, size = self._state(), WINDOW + OVERLAP
        while True:
            marks = self._marks(line[:size])
            is_usual = size == WINDOW + OVERLAP
            if size >= len(line) and line.endswith(b"\n"):
                return marks, len(line), False, True
            if self._is_crowded:
                return marks, marks[-1][0], True, is_usual
            cut, is_open = _cut(marks, size)
            if not is_open or size >= min(len(line), HELD):
                return marks, cut, is_open, is_usual
            self._restore(before)
            size = min(2 * size, len(line), HELD)

    def _state(self) -> State:
        return self._counted, self._in_key, self._below, self._rows, self._is_crowded

    def _restore(self, state: State) -> None:
        self._counted, self._in_key, self._below, self._rows, self._is_crowded = state

    def _marks(self, data: bytes) -> list[Mark]:
        marks = self._values().spans(data) if 3 in self._nets else []
        return self._by_shape(data, marks) if self._nets & {1, 2} else marks

    def _lines(self, data: bytes) -> bytes:
        return _with_marks(data, self._marks(data)) if data else data

    def _by_shape(self, data: bytes, learned: list[Mark]) -> list[Mark]:
        found: list[Mark] = []
        done = 0
        if self._is_crowded:
            done = self._crowded_from(data, 0, found)
        if self._in_key:
            done = self._key_body(data, done, found)
        if self._below is not None:
            done = self._lines_below(data, done, found)
        for begin, end in SIEVE.lines(data):
            if begin >= done:
                done = self._lines_below(data, self._line(data, begin, end, found), found)
        if self._rows is not None or (2 in self._nets and MARK in data):
            parts, self._rows = read_rows(data, self._rows)
            found += [(start, stop, self._placeholders.of(data[start:stop])) for start, stop in parts]
        if data.endswith(b"\n"):
            self._counted = 0
        return _merged(learned, found)

    def _line(self, data: bytes, begin: int, end: int, found: list[Mark]) -> int:
        """Mark one line; returns where the next one begins."""
        if begin:
            self._counted = 0
        line = data[begin:end]
        numbers = SIEVE.which(line)
        if len(line) > WIDE and (crowded := self._crowd(line, numbers)) >= 0:
            self._sparse_line(data, begin, begin + crowded, numbers, found)
            return self._crowded_from(data, begin + crowded, found)
        return self._sparse_line(data, begin, end, numbers, found)

    def _sparse_line(self, data: bytes, begin: int, end: int, numbers: Sequence[int], found: list[Mark]) -> int:
        """The same for a line that isn't crowded, or for the part before it gets so; told what the sieve says of it."""
        line = data[begin:end]
        keys, is_open = _keys(line) if FRAMES in numbers and 1 in self._nets else ([], False)
        parts = joined([*keys, *self._spans(line, numbers)])
        if HEXED in numbers:
            parts = joined([*parts, *hexed.spans(line, self._holds_secrets)])
        if escaped.ENDS in line:
            parts = joined([*parts, *escaped.spans(line, self._spans_of_part)])
        if quoted.ESCAPED in line:
            parts = joined([*parts, *quoted.spans(line, SIEVE.names, self._spans_of_text)])
        found += [(begin + start, begin + stop, self._mark(line, start, stop)) for start, stop in parts]
        if is_open:
            self._in_key = True
            return self._key_body(data, min(end + 1, len(data)), found)
        if OPENS in numbers and 2 in self._nets:
            end_before = max(begin - 1, 0)
            at = data.rfind(b"\n", 0, end_before) + 1
            previous = data[at:end_before]
            if preceding := before(line, previous):
                start, stop = preceding
                found.append((at + start, at + stop, self._mark(previous, start, stop)))
            self._below = opened_by(line, self._below)
        return min(end + 1, len(data))

    def _mark(self, line: bytes, start: int, stop: int) -> bytes:
        """What stands for a part; a number of JSON becomes a text, so that it stays JSON."""
        value = line[start:stop]
        mark = self._placeholders.of(value)
        if not (value[-1:].isdigit() and _NUMBER.fullmatch(value)):
            return mark
        before = _JSON_KEY.search(line, max(0, start - KEY_ROOM), start)
        return before[1] + mark + before[1] if before and _JSON_BEHIND.match(line, stop) else mark

    def _crowd(self, line: bytes, numbers: Sequence[int]) -> int:
        """Where a line gets crowded; -1, nowhere."""
        counted, at = SIEVE.crowd(line, numbers, max(MOST - self._counted, 0))
        self._counted += counted
        return at

    def _crowded_from(self, data: bytes, at: int, found: list[Mark]) -> int:
        """Hide the rest of a line whole; returns where the next one begins."""
        end = data.find(b"\n", at)
        self._is_crowded = end < 0
        end = len(data) if end < 0 else end
        if at < end:
            found.append((at, end, self._placeholders.of(data[at:end])))
        self._in_key, self._below = False, None
        return min(end + 1, len(data))

    def _spans(self, line: bytes, numbers: Sequence[int]) -> list[Span]:
        """The secret parts of one line, in bytes, by what the sieve says of it."""
        text = line.decode("utf-8", "surrogateescape")
        parts = [_whole(text, part) for part in spans(text, numbers, self._nets)]
        if len(text) == len(line):
            return parts
        return [(_bytes_of(text, start), _bytes_of(text, stop)) for start, stop in parts]

    def _spans_of_part(self, line: bytes) -> list[Span]:
        numbers = SIEVE.which(line)
        return self._spans(line, numbers) if numbers else []

    def _spans_of_text(self, text: bytes) -> list[Span]:
        """The secret parts of a text that stands within a line."""
        return [(start, stop) for start, stop, _ in self._inside(text, lambda: NOTHING)]

    def _holds_secrets(self, text: bytes) -> bool:
        """Whether anything would be hidden in a text, learned values too: in digits they are not looked for."""
        return bool(self._inside(text, self._values))

    def _inside(self, text: bytes, values: Callable[[], Values]) -> list[Mark]:
        """What would be hidden in a text by itself."""
        inner = TextStream(values, self._placeholders, self._nets)
        return inner._marks(text)

    def _lines_below(self, data: bytes, at: int, found: list[Mark]) -> int:
        """While a value in lines of its own is open: hide it; returns where the text goes on."""
        while at < len(data) and self._below is not None:
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            line = data[at:end]
            step = read(line, self._below)
            self._below = step.still
            if step.again:
                continue
            if step.hidden:
                start, stop = step.hidden
                if b"__hidden_" not in line[start:stop]:
                    found.append((at + start, at + stop, self._mark(line, start, stop)))
            elif step.looked_at and SIEVE.which(line):
                at = self._line(data, at, end, found)
                continue
            at = end + 1
        return min(at, len(data))

    def _key_body(self, data: bytes, at: int, found: list[Mark]) -> int:
        """Inside a private key: hide its lines until it ends; returns where the text goes on."""
        while at < len(data):
            end = data.find(b"\n", at)
            end = len(data) if end < 0 else end
            line = data[at:end]
            closed = _END.search(line)
            if closed:
                if _BODY_LINE.fullmatch(line, 0, closed.start()):
                    found += self._marked_body(line, at, closed.start())
                self._in_key = False
                return at  # behind the key the line may go on
            if not _BODY_LINE.fullmatch(line):
                self._in_key = False
                return at
            found += self._marked_body(line, at, len(line))
            at = end + 1
        return min(at, len(data))

    def _marked_body(self, line: bytes, begin: int, stop: int) -> list[Mark]:
        """What is hidden of a line of a key, up to a place in it; nothing where something is hidden already."""
        if b"__hidden_" in line[:stop]:
            return []
        parts = _BODY.finditer(line, 0, stop)
        return [(begin + one.start(), begin + one.end(), self._placeholders.of(one[0])) for one in parts]


def _cut(marks: list[Mark], size: int) -> tuple[int, bool]:
    """Where a window of a line may end, and whether it is before something of which the end isn't known."""
    cut = WINDOW
    for start, end, _ in marks:
        if start >= cut + KEY_ROOM:
            break
        if end > size - KEY_ROOM:  # it may be cut itself
            return (cut, False) if cut > WINDOW else (start, True)
        cut = max(cut, end)
    return cut, False


def _whole(text: str, part: Span) -> Span:
    """A part, to its end where a rule left off in the middle because it got too long for it."""
    start, stop = part
    if stop - start < LONG:
        return part
    if stop - start == LONGEST:
        quote = text[start - 1] if start else ""
        end = text.find(quote, stop) if quote in ("'", '"') else -1
        return start, end if end >= 0 else len(text)
    rest = _GOES_ON.match(text, stop)
    return start, rest.end() if rest else stop


def _with_marks(data: bytes, marks: list[Mark]) -> bytes:
    """The text with what is marked replaced; the same object where nothing is."""
    if not marks:
        return data
    out: list[bytes] = []
    at = 0
    for start, end, placeholder in marks:
        out += (data[at:start], placeholder)
        at = end
    out.append(data[at:])
    return b"".join(out)


def _bytes_of(text: str, characters: int) -> int:
    """How many bytes the first so many characters take."""
    return len(text[:characters].encode("utf-8", "surrogateescape"))


def _keys(line: bytes) -> tuple[list[Span], bool]:
    """What there is of private keys in a line that holds the beginning of one, and whether the next line goes on."""
    found: list[Span] = []
    is_open = False
    frames = list(_FRAME.finditer(line))
    for opened, after in zip(frames, [*frames[1:], None], strict=True):
        if opened["what"] == b"END":
            continue
        stop = after.start() if after else len(line)
        start = _past(_BEFORE_BODY, line, opened.end(), stop)
        if after and after["what"] == b"END":
            end = _end_of_body(line, start, stop)
        else:
            end = _past(_CUT, line, start, stop)
            is_open = after is None and _OPEN.fullmatch(line, end) is not None
        if start < end and b"__hidden_" not in line[start:end]:
            found.append((start, end))
    return found, is_open


def _past(what: re.Pattern[bytes], line: bytes, at: int, stop: int) -> int:
    """Where what stands at a place ends, if it is there."""
    found = what.match(line, at, stop)
    return found.end() if found else at


def _end_of_body(line: bytes, start: int, end: int) -> int:
    """Where the body of a key ends, without the line end behind it, which may be escaped."""
    while start < end:
        if line[end - 1] in b" \t\r\n\\\"'+,|":
            end -= 1
        elif line[end - 1] in b"rnt" and line[end - 2] in b"\\":
            end -= 2
        else:
            break
    return max(start, end)


def _merged(learned: list[Mark], shaped: list[Mark]) -> list[Mark]:
    """Both, in order; where they overlap the whole stretch gets the mark of the longer one."""
    if not shaped:
        return learned
    merged: list[Mark] = []
    for start, end, placeholder in sorted((*learned, *shaped), key=lambda one: (one[0], -one[1])):
        if merged and start < merged[-1][1]:
            before = merged[-1]
            longer = before[2] if before[1] - before[0] >= end - start else placeholder
            merged[-1] = (before[0], max(end, before[1]), longer)
        else:
            merged.append((start, end, placeholder))
    return merged
