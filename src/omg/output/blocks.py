"""Network chunks become blocks worth masking and writing. Pure, but for the clock it is given."""

import time
from collections.abc import Callable, Iterator

BLOCK = 1 << 17
"""Bytes of a block at most: masking takes several times a block of memory, and five logs come at a time; larger blocks
are written no faster once they are masked."""

FLUSH_AFTER = 1.0
"""Seconds after which a chunk makes a block even if it is small: what a kill may cost of a slow stream."""


class Blocks:
    """Collects chunks; gives blocks that end at a line, where there is a line's end in them.

    Args:
        now: a monotonic clock in seconds.
    """

    def __init__(self, *, size: int = BLOCK, now: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._now = now
        self._held = bytearray()
        self._last = now()

    def add(self, chunk: bytes) -> None:
        """Take a chunk."""
        self._held += chunk

    def due(self) -> bytes:
        """The next block that is due now; empty when none is."""
        if len(self._held) >= self._size:
            return self._block(self._held.rfind(b"\n", 0, self._size) + 1 or self._size)
        if self._now() - self._last >= FLUSH_AFTER and (end := self._held.rfind(b"\n") + 1):
            return self._block(end)
        return b""

    def rest(self) -> Iterator[bytes]:
        """The blocks that are left at the end."""
        while self._held:
            yield self.due() or self._block(len(self._held))

    def _block(self, end: int) -> bytes:
        block = bytes(self._held[:end])
        del self._held[:end]
        self._last = self._now()
        return block
