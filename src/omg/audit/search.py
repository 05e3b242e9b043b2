"""The search of one text that comes in blocks: what stands in which line. Pure; memory is bounded on any line."""

from collections.abc import Callable, Iterable, Iterator

from omg.audit import assignments, layers
from omg.audit.anchors import Anchors
from omg.audit.documentation import Documentation
from omg.audit.shapes import BEHIND, REACH
from omg.audit.values import LearnedValues

DEPTH = 5
"""Notations inside one another that are looked into."""

ENOUGH = 4
"""Keys with a value in one line after which the others in it are not judged: the line is told."""

CROWDED = 40
"""Hits of one anchor within 1 KiB after which the others there are not judged: who writes needs 25 bytes for each."""

SURE = ("learned value", "private key")
"""Begins of kinds that count in documentation, too."""

Tell = Callable[[int, str], None]
"""Called with a line, from 1 on, and the kind of what stands there."""

_ANCHORS = Anchors()


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
        self._documentation = Documentation()
        self._told: set[tuple[int, str]] = set()

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
        told = set()
        self._documentation.read(data, begin, cut)
        for at, kind in sorted(self.findings(data, begin, cut)):
            if self._documentation.holds(at) and not kind.startswith(SURE):
                continue
            one = (self._line + data.count(b"\n", begin, at), kind)
            told.add(one)
            if one not in self._told:
                self._told.add(one)
                self._tell(*one)
        self._told = told
        self._line += data.count(b"\n", begin, cut)
        keep = max(cut - BEHIND, 0)
        self._data, self._begin = data[keep:], cut - keep
        self._run_until = max(self._run_until - keep, 0)

    def findings(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, str]]:
        """Places and kinds, in no order.

        Args:
            data: the text, with what is around the part that is searched.
            begin: of that part.
            cut: its end.
        """
        for at, kind in self._values.hits(data):
            if begin <= at < cut:
                yield at, kind
        yield from self._at_anchors(data, begin, cut)
        if self._depth < DEPTH:
            yield from self._in_base64(data, begin, cut)
            yield from self._without_escapes(data, begin, cut)

    def _at_anchors(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, str]]:
        line_end, in_line = -1, 0
        crowd = _Crowd()
        for at, anchor in _ANCHORS.hits(data, begin, cut):
            if crowd.is_full(anchor.number, at):
                continue
            if anchor.judge is not None:
                if (not self._only_values or anchor.is_private_key) and (kind := anchor.judge(data, at)):
                    yield at, kind
            elif self._only_values:
                continue
            elif anchor.is_hex:
                plain = layers.of_hex(data, at) if self._depth < DEPTH else None
                yield from ((at, kind) for kind in self._inside([plain] if plain else [], "hexadecimal digits"))
            elif at >= line_end or in_line < ENOUGH:
                start, end = assignments.key_at(data, at, at + anchor.letters)
                if (found := assignments.judge(data, start, end)) is not None:
                    yield found
                    in_line = in_line + 1 if at < line_end else 1
                    if at >= line_end:
                        line_end = _end_of_line(data, at)

    def _without_escapes(self, data: bytes, begin: int, cut: int) -> Iterator[tuple[int, str]]:
        """What the lines with escapes in them hold without one level of them."""
        plain = layers.Plain(data, begin, cut)
        if plain.text:
            inner = self._inner(lambda _line, _kind: None)
            yield from (
                (max(plain.place(at), begin), kind) for at, kind in inner.findings(plain.text, 0, len(plain.text))
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
            kinds[f"{kind.removesuffix(f', in {notation}')}, in {notation}"] = None

        inner = self._inner(tell)
        for block in blocks:
            inner.feed(block)
        inner.finish()
        return list(kinds)

    def _inner(self, tell: Tell) -> "TextSearch":
        return TextSearch(self._values, tell, depth=self._depth + 1, only_values=self._only_values)


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
