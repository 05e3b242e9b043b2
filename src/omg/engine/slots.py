"""Slots for items: one heap per pool and kind, and the rule that says which item goes next."""

from heapq import heappop, heappush

from omg.engine.items import Item


class Pool:
    """Slots of one kind, lent to the item that ranks first.

    While items of both kinds wait, neither gets all slots. Streams leave one: a stream may last as long as bytes
    arrive. Others leave two fifths: what they fetch is small and keeps this process busy, while a stream keeps the
    server and the network busy.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._for_streams = size * 2 // 5
        self._used = 0
        self._streams_used = 0
        self._short: list[Item] = []
        self._streams: list[Item] = []

    def __len__(self) -> int:
        """How many items wait."""
        return len(self._short) + len(self._streams)

    def push(self, item: Item) -> None:
        """Let an item wait for a slot."""
        heappush(self._streams if item.stream else self._short, item)

    def lend(self) -> Item | None:
        """The item that goes next, with a slot of its own; None when there is no slot or nothing may go."""
        heap = self._next_heap() if self._used < self._size else None
        if not heap:
            return None
        item = heappop(heap)
        item.holds_slot = True
        self._used += 1
        self._streams_used += item.stream
        return item

    def give_back(self, item: Item) -> None:
        """Take an item's slot back; harmless when it holds none."""
        if item.holds_slot:
            item.holds_slot = False
            self._used -= 1
            self._streams_used -= item.stream

    def drain(self) -> list[Item]:
        """Empty the heaps; returns what waited, in order."""
        waiting = sorted((*self._short, *self._streams))
        self._short.clear()
        self._streams.clear()
        return waiting

    def _next_heap(self) -> list[Item]:
        if not self._short or not self._streams:
            return self._short or self._streams
        if self._streams_used >= self._size - 1:
            return self._short
        if self._used - self._streams_used >= self._size - self._for_streams:
            return self._streams
        return min(self._short, self._streams, key=lambda heap: heap[0])
