"""Network chunks become blocks worth masking and writing. Pure, but for the clock it is given."""

import time
from collections import deque
from collections.abc import Callable, Iterator

BLOCK = 1 << 17
"""Bytes of a block at most: masking takes several times a block of memory, and five logs come at a time; larger blocks
are written no faster once they are masked."""

FLUSH_AFTER = 1.0
"""Seconds after which a chunk makes a block even if it is small: what a kill may cost of a slow stream."""


BINARY_BLOCK = 1 << 20
"""Bytes of a block of what isn't masked: a hop to a thread and back costs as much as writing a tenth of it."""


class Blocks:
    """Collects chunks; gives blocks that end at a line, where there is a line's end in them.

    Args:
        size: bytes of a block at most, of text; what is binary is given whole once there is as much.
        binary: there are no lines in it.
        now: a monotonic clock in seconds.
    """

    def __init__(self, *, size: int = BLOCK, binary: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._binary = binary
        self._now = now
        self._held: deque[bytes | memoryview] = deque()
        self._length = 0
        self._last = now()

    def add(self, chunk: bytes) -> None:
        """Take a chunk; a long one of text is held in parts, so that it isn't copied for every block of it."""
        self._length += len(chunk)
        if self._binary or len(chunk) <= self._size:
            self._held.append(chunk)
        else:
            view = memoryview(chunk)
            self._held.extend(view[start : start + self._size] for start in range(0, len(chunk), self._size))

    def due(self) -> bytes:
        """The next block that is due now; empty when none is."""
        if self._binary:
            is_due = self._length >= self._size or (self._length and self._now() - self._last >= FLUSH_AFTER)
            return self._block(self._taken(self._length)) if is_due else b""
        if self._length >= self._size:
            held = self._taken(self._size)
            return self._block(held, held.rfind(b"\n", 0, self._size) + 1 or self._size)
        if self._length and self._now() - self._last >= FLUSH_AFTER:
            held = self._taken(self._length)
            return self._block(held, held.rfind(b"\n") + 1)
        return b""

    def rest(self) -> Iterator[bytes]:
        """The blocks that are left at the end."""
        while self._length:
            yield self.due() or self._block(self._taken(self._length))

    def _taken(self, least: int) -> bytes:
        """The first chunks, as one piece of so many bytes at least: chunks are joined once for each block."""
        parts, length = [], 0
        while length < least:
            parts.append(self._held.popleft())
            length += len(parts[-1])
        return b"".join(parts)

    def _block(self, held: bytes, end: int | None = None) -> bytes:
        """The block that ends there; what is behind it is held again."""
        block = held if end is None or end == len(held) else held[:end]
        if len(block) < len(held):
            self._held.appendleft(held[len(block) :])
        self._length -= len(block)
        if block:
            self._last = self._now()
        return block
