"""Keeping the newest lines of a file that grows: what LOG_MAX_BYTES does. Blocking; called in threads."""

import os

from omg.output.blocks import BLOCK
from omg.output.draft import Draft

_TURNS = 2
"""A log is cut back when it is so many times its limit, so that each of its bytes is copied about once."""


class Newest:
    """Cuts a draft back to its newest lines.

    Args:
        limit: bytes that are kept at most.
    """

    def __init__(self, limit: int) -> None:
        self.left_out = 0
        self._limit = limit

    def trim(self, draft: Draft) -> int:
        """Cut back a draft that has grown far beyond the limit; how many bytes that freed."""
        return self._cut(draft, b"") if draft.size > _TURNS * self._limit + BLOCK else 0

    def finish(self, draft: Draft) -> int:
        """Cut back to the limit, with a first line that says so where anything was left out."""
        if draft.size <= self._limit and not self.left_out:
            return 0
        start = _line_start(draft, max(draft.size - self._limit, 0))
        note = f"-- omg: {self.left_out + start:,} bytes of older lines were left out (LOG_MAX_BYTES) --\n"
        return self._cut(draft, note.encode())

    def _cut(self, draft: Draft, note: bytes) -> int:
        before = draft.size
        start = _line_start(draft, max(before - self._limit, 0))

        def newest(fresh: int) -> int:
            return _write_all(fresh, note) + _copy(draft.fd, fresh, start)

        draft.swap(newest)
        self.left_out += start
        return before - draft.size


def _line_start(draft: Draft, offset: int) -> int:
    """The first start of a line at `offset` or after it; `offset` itself where none is near."""
    if offset == 0:
        return 0
    end = os.pread(draft.fd, BLOCK, offset - 1).find(b"\n")
    return offset if end < 0 or offset + end >= draft.size else offset + end


def _copy(source: int, target: int, start: int) -> int:
    size = 0
    while block := os.pread(source, BLOCK, start + size):
        size += _write_all(target, block)
    return size


def _write_all(target: int, data: bytes) -> int:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(target, rest) :]
    return len(data)
