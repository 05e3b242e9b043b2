"""Logs that are made while they are read: blocks of about 64 KiB, rendered once, with times and counters filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from omg.embedded.corpus.log_lines import lines_of
from omg.embedded.corpus.times import NOW

BLOCK = 64 * 1024
# What changes from block to block: one minute in three spellings, and a counter; each is as long as what replaces it.
ISO = b"@@@@-@@-@@T@@:@@"
PLAIN = b"@@@@-@@-@@ @@:@@"
APACHE = b"@@/@@@/@@@@:@@:@@"
COUNTER = b"@#@#@#@#"


@lru_cache(maxsize=256)
def rendered(style: str, seed: int) -> bytes:
    """One minute of a log: whole lines in order of time, with placeholders for the minute."""
    lines, size = [], 0
    for line in lines_of(style, seed):
        lines.append(line)
        size += len(line)
        if size >= BLOCK:
            break
    return b"".join(lines)


@dataclass(frozen=True)
class RenderedLog:
    """A log of about so many bytes.

    Attributes:
        style: which lines it has.
        wanted: bytes of ordinary lines; it ends with the line that reaches them.
        begin: the minute of the first block; each block is one minute.
        offset: where the counter starts, so that two logs of a style differ.
        inserted: (where, lines): the share of the log after which these lines come, rising.
    """

    style: str
    wanted: int
    seed: int = 0
    begin: datetime = NOW
    offset: int = 0
    inserted: Sequence[tuple[float, bytes]] = field(default=())

    @property
    def size(self) -> int:
        """Bytes in all."""
        ordinary = 0
        if self.wanted:
            block = rendered(self.style, self.seed)
            ordinary = self.wanted // len(block) * len(block) + len(self._rest(block))
        return ordinary + sum(len(lines) for _, lines in self.inserted)

    def chunks(self) -> Iterator[bytes]:
        """The log from its beginning; every chunk ends at a line."""
        waiting = list(self.inserted)
        block = rendered(self.style, self.seed) if self.wanted else b"\n"
        blocks, rest = self.wanted // len(block), self._rest(block) if self.wanted else b""
        for at in range(blocks + 1):
            while waiting and waiting[0][0] * (blocks + 1) < at:
                yield self._filled(waiting.pop(0)[1], at)
            part = block if at < blocks else rest
            if part:
                yield self._filled(part, at)
        for _, lines in waiting:
            yield self._filled(lines, blocks)

    def _rest(self, block: bytes) -> bytes:
        left = self.wanted % len(block)
        return block[: block.index(b"\n", left - 1) + 1] if left else b""

    def _filled(self, lines: bytes, at: int) -> bytes:
        minute = self.begin + timedelta(minutes=at)
        found = lines.replace(COUNTER, b"%08x" % ((self.offset + at) & 0xFFFFFFFF))
        found = found.replace(PLAIN, minute.strftime("%Y-%m-%d %H:%M").encode())
        found = found.replace(ISO, minute.strftime("%Y-%m-%dT%H:%M").encode())
        return found.replace(APACHE, minute.strftime("%d/%b/%Y:%H:%M").encode())
