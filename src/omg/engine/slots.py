"""Slots for items: one heap per pool and kind of work, and the rule that says which item goes next."""

from heapq import heappop, heappush

from omg.engine.items import Item, Work

SHARES = {Work.STREAM: 3.0, Work.REQUEST: 1.4, Work.COMMAND: 1.0}
"""What each kind of work gets of the slots where all three wait: of five, three are for streams and one each for the
others; where no command waits, two are for requests. Streams keep the server and the network busy, commands the pods;
requests, whose answers are objects, keep this process busy, so there are few of them at a time, and always one."""


class Pool:
    """Slots of one kind, lent to the item that ranks first.

    Of the kinds of work that wait, the one that uses the least of its share goes next: none waits for the end of
    another, of which there may be hours. Where only one kind waits, it gets all slots.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = dict.fromkeys(Work, 0)
        self._waiting: dict[Work, list[Item]] = {work: [] for work in Work}

    def __len__(self) -> int:
        """How many items wait."""
        return sum(map(len, self._waiting.values()))

    def push(self, item: Item) -> None:
        """Let an item wait for a slot."""
        heappush(self._waiting[item.work], item)

    def lend(self) -> Item | None:
        """The item that goes next, with a slot of its own; None when there is no slot or nothing waits."""
        heaps = [heap for heap in self._waiting.values() if heap]
        if not heaps or sum(self._used.values()) >= self._size:
            return None
        item = heappop(min(heaps, key=lambda heap: (self._used[heap[0].work] / SHARES[heap[0].work], heap[0])))
        item.holds_slot = True
        self._used[item.work] += 1
        return item

    def give_back(self, item: Item) -> None:
        """Take an item's slot back; harmless when it holds none."""
        if item.holds_slot:
            item.holds_slot = False
            self._used[item.work] -= 1

    def drain(self) -> list[Item]:
        """Empty the heaps; returns what waited, in order."""
        waiting = sorted(item for heap in self._waiting.values() for item in heap)
        for heap in self._waiting.values():
            heap.clear()
        return waiting
