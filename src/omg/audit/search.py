"""The search of one text that comes in blocks: what stands in which line. Pure; memory is bounded on any line."""

from collections.abc import Callable, Iterable, Iterator

from ahocorasick_rs import BytesAhoCorasick

from omg.audit import assignments, layers
from omg.audit.commands import COMMANDS
from omg.audit.keys import WORDS
from omg.audit.secret_objects import secret_data, secret_strings
from omg.audit.shapes import BEHIND, JUDGES, REACH
from omg.audit.values import LearnedValues

DEPTH = 4
"""Notations inside one another that are looked into."""

ENOUGH = 4
"""Keys with a value in one line after which the others in it are not judged: the line is told."""

CROWDED = 40
"""Hits of one anchor within 1 KiB after which the others there are not judged: who writes needs 25 bytes for each."""

_KEYS = frozenset(WORDS)
_LETTERS = {word: len(word.rstrip(b"\"':=\\</>| ")) for word in WORDS}
"""Of each part of a key, how much of it belongs to the key: some are anchors only with the sign behind them."""

_ESCAPES = frozenset(layers.ESCAPES)
_JUDGES = {**JUDGES, **COMMANDS, b"data": secret_data, b"stringdata": secret_strings}
_ANCHORS = tuple(dict.fromkeys((*_JUDGES, *WORDS, *layers.ESCAPES)))
_SEARCH = BytesAhoCorasick(list(_ANCHORS))

Tell = Callable[[int, str], None]
"""Called with a line, from 1 on, and the kind of what stands there."""


class TextSearch:
    """A text that comes in blocks.

    Blocks are joined so that whatever a judge may look at is there: `REACH` bytes after its anchor, `BEHIND` before.

    Args:
        values: that are looked for besides shapes and keys.
        tell: called for each finding.
        depth: notations that this text stands in.
        only_values: neither keys nor shapes except private keys are looked for.
    """

    def __init__(self, values: LearnedValues, tell: Tell, *, depth: int = 0, only_values: bool = False) -> None:
        self._values = values
        self._tell = tell
        self._depth = depth
        self._only_values = only_values
        self._reach = max(REACH, values.longest + 1)
        self._data = b""
        self._begin = 0
        self._line = 1
        self._run_until = 0
        self._told: tuple[int, str] = (0, "")

    def feed(self, block: bytes) -> None:
        """The next block."""
        self._data += block
        if len(self._data) - self._begin > self._reach * 4 and (cut := self._cut()) > self._begin:
            self._step(cut)

    def finish(self) -> None:
        """The text ends here."""
        self._step(len(self._data))

    def _cut(self) -> int:
        """Up to where is searched now: a line's end where there is one, and never amid a run of base64."""
        furthest = len(self._data) - self._reach
        run = layers.open_run(self._data, self._begin)
        if run is not None:
            furthest = min(furthest, run)
        line = self._data.rfind(b"\n", self._begin, furthest) + 1
        return line if line > self._begin else furthest

    def _step(self, cut: int) -> None:
        data, begin = self._data, self._begin
        lines = _Lines(data, begin, self._line)
        for at, kind in sorted(self._findings(data, begin, cut)):
            self._say(lines.of(at), kind)
        self._line = lines.of(cut)
        keep = max(cut - BEHIND, 0)
        self._data, self._begin = data[keep:], cut - keep
        self._run_until = max(self._run_until - keep, 0)

    def _say(self, line: int, kind: str) -> None:
        if (line, kind) != self._told:
            self._told = (line, kind)
            self._tell(line, kind)

    def _findings(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, str]]:
        for at, kind in self._values.hits(data):
            if begin <= at < cut:
                yield at, kind
        yield from self._at_anchors(data, begin, cut)
        if self._depth < DEPTH:
            yield from self._in_base64(data, begin, cut)

    def _at_anchors(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, str]]:
        key_end = escape_end = line_end = -1
        in_line = 0
        crowd = _Crowd()
        for number, at, _end in _SEARCH.find_matches_as_indexes(data.lower(), overlapping=True):
            if not begin <= at < cut or crowd.is_full(number, at):
                continue
            anchor = _ANCHORS[number]
            if shape := _JUDGES.get(anchor):
                if (not self._only_values or anchor == b"-----begin ") and (kind := shape(data, at)):
                    yield at, kind
            elif self._only_values:
                continue
            elif anchor in _KEYS and at >= key_end:
                start, key_end = assignments.key_at(data, at, at + _LETTERS[anchor])
                if kind := assignments.judge(data, start, key_end):
                    yield at, kind
                    in_line = in_line + 1 if at < line_end else 1
                    if at >= line_end:
                        line_end = _end_of_line(data, at)
                    if in_line >= ENOUGH:
                        key_end = line_end
            elif anchor in _ESCAPES and at >= escape_end and self._depth < DEPTH:
                first = max(data.rfind(b"\n", 0, at) + 1, at - BEHIND)
                last = data.find(b"\n", at, at + REACH)
                escape_end = last if last >= 0 else min(at + REACH, len(data))
                yield from (
                    (at, kind) for kind in self._inside([layers.unescaped(data[first:escape_end])], "unescaped")
                )

    def _in_base64(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, str]]:
        for first, stop in layers.base64_runs(data, max(begin, self._run_until), cut):
            if first < self._run_until:
                continue
            run, end = layers.joined(data, first, stop)
            plain = layers.decoded(run.rstrip(b"="))
            if plain is None and end > stop:
                end, plain = stop, layers.decoded(data[first:stop])
            self._run_until = end
            if plain is None:
                continue
            if plain.startswith(b"\x1f\x8b\x08"):
                found = self._inside(layers.unpacked(plain), "gzip in base64")
            else:
                found = self._inside([plain], "base64")
            yield from ((first, kind) for kind in found)

    def _inside(self, blocks: Iterable[bytes], notation: str) -> list[str]:
        """The kinds of what stands in another notation, each once."""
        kinds: dict[str, None] = {}

        def tell(_line: int, kind: str) -> None:
            kinds[kind if notation == "unescaped" else f"{kind.removesuffix(f', in {notation}')}, in {notation}"] = None

        inner = TextSearch(self._values, tell, depth=self._depth + 1, only_values=self._only_values)
        for block in blocks:
            inner.feed(block)
        inner.finish()
        return list(kinds)


def _end_of_line(data: bytes, at: int) -> int:
    end = data.find(b"\n", at)
    return end if end >= 0 else len(data)


class _Crowd:
    """Counts the hits of each anchor in one KiB after another: a hostile line must not cost a judgement every byte."""

    def __init__(self) -> None:
        self._window = -1
        self._seen: dict[int, int] = {}

    def is_full(self, number: int, at: int) -> bool:
        """Whether an anchor was seen often enough around here."""
        if at >> 10 != self._window:
            self._window = at >> 10
            self._seen = {}
        count = self._seen[number] = self._seen.get(number, 0) + 1
        return count > CROWDED


class _Lines:
    """The numbers of lines, asked in rising order."""

    def __init__(self, data: bytes, begin: int, line: int) -> None:
        self._data, self._at, self._line = data, begin, line

    def of(self, at: int) -> int:
        """The line that a place is in."""
        self._line += self._data.count(b"\n", self._at, at)
        self._at = at
        return self._line
