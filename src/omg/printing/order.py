"""The order in which kubectl puts things that rank the same: it sorts with Go's sort.Sort, which isn't stable.

Go's documentation promises nothing about equal elements, but the order follows from the algorithm: pattern-defeating
quicksort (https://arxiv.org/abs/2106.05123) with Go's choice of pivots and limits, the same since Go 1.19. Up to twelve
elements are sorted by insertion, which is stable; so is the result where no two keys are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

T = TypeVar("T")

_SHORT = 12
"""Elements that are sorted by insertion."""

_LONG = 50
"""Elements from which on pivots are chosen among nine, and few that are out of place are moved one by one."""

_MOVES = 5
"""Elements out of place that are moved, at most, before a part counts as unsorted."""

_ALL_SWAPPED = 12
"""Comparisons for a pivot among nine, if all of them say that the part descends."""

_WORD = 2**64 - 1

UP, DOWN = 1, -1


def in_go_order(things: Iterable[T], key: Callable[[T], Any]) -> list[T]:
    """Sorted by a key, equal ones in the order that Go leaves them in."""
    found = list(things)
    keys = [key(thing) for thing in found]
    return [found[place] for place in go_order(keys)]


def go_order(keys: list[Any]) -> list[int]:
    """The places of the keys, in the order of Go's sort.Sort."""
    places = list(range(len(keys)))
    if len(keys) <= _SHORT or len(set(keys)) == len(keys):
        return sorted(places, key=keys.__getitem__)
    sorting = _Sorting(list(keys), places)
    sorting.sort(0, len(keys), len(keys).bit_length())
    return places


class _Sorting:
    """Keys that are being sorted, and their places, which move along. Parts begin at `low` and end before `high`."""

    def __init__(self, keys: list[Any], places: list[int]) -> None:
        self._keys, self._places = keys, places

    def sort(self, low: int, high: int, bad_luck: int) -> None:
        """Sort a part; after `bad_luck` lopsided partitions with a heap."""
        was_balanced = was_parted = True
        while (length := high - low) > _SHORT:
            if not bad_luck:
                self._sort_by_heap(low, high)
                return
            if not was_balanced:
                self._scatter(low, high)
                bad_luck -= 1
            pivot, trend = self._choose_pivot(low, high)
            if trend == DOWN:
                self._reverse(low, high)
                pivot, trend = low + high - 1 - pivot, UP
            if was_balanced and was_parted and trend == UP and self._is_nearly_sorted(low, high):
                return
            if low and not self._keys[low - 1] < self._keys[pivot]:
                low = self._part_equal(low, high, pivot)
                continue
            middle, was_parted = self._part(low, high, pivot)
            was_balanced = min(middle - low, high - middle) >= length // 8
            if middle - low < high - middle:
                self.sort(low, middle, bad_luck)
                low = middle + 1
            else:
                self.sort(middle + 1, high, bad_luck)
                high = middle
        self._sort_by_insertion(low, high)

    def _swap(self, one: int, other: int) -> None:
        for cells in (self._keys, self._places):
            cells[one], cells[other] = cells[other], cells[one]

    def _sort_by_insertion(self, low: int, high: int) -> None:
        for end in range(low + 1, high):
            self._sink(end, low)

    def _sink(self, place: int, low: int) -> None:
        """Move an element down to where the one before it is no larger."""
        while place > low and self._keys[place] < self._keys[place - 1]:
            self._swap(place, place - 1)
            place -= 1

    def _sort_by_heap(self, low: int, high: int) -> None:
        count = high - low
        for root in range((count - 1) // 2, -1, -1):
            self._sift(low, root, count)
        for last in range(count - 1, -1, -1):
            self._swap(low, low + last)
            self._sift(low, 0, last)

    def _sift(self, low: int, root: int, count: int) -> None:
        keys = self._keys
        while (child := 2 * root + 1) < count:
            if child + 1 < count and keys[low + child] < keys[low + child + 1]:
                child += 1
            if not keys[low + root] < keys[low + child]:
                return
            self._swap(low + root, low + child)
            root = child

    def _scatter(self, low: int, high: int) -> None:
        """Swap three in the middle with some, so that a pattern is broken: by xorshift, seeded with the length."""
        length = chance = high - low
        mask = (1 << length.bit_length()) - 1
        middle = low + length // 4 * 2
        for place in (middle - 1, middle, middle + 1):
            chance ^= chance << 13 & _WORD
            chance ^= chance >> 7
            chance ^= chance << 17 & _WORD
            other = chance & mask
            self._swap(place, low + (other - length if other >= length else other))

    def _choose_pivot(self, low: int, high: int) -> tuple[int, int]:
        """The place of a pivot, and whether the part looks as if it went up or down."""
        quarter = (high - low) // 4
        places = [low + quarter * number for number in (1, 2, 3)]
        swaps = 0
        if high - low >= _LONG:
            for number, place in enumerate(places):
                places[number], more = self._median(place - 1, place, place + 1)
                swaps += more
        pivot, more = self._median(*places)
        swaps += more
        return pivot, UP if not swaps else DOWN if swaps == _ALL_SWAPPED else 0

    def _median(self, one: int, two: int, three: int) -> tuple[int, int]:
        """The place of the median, and how many of the comparisons meant a swap."""
        keys, swaps = self._keys, 0
        if keys[two] < keys[one]:
            one, two, swaps = two, one, swaps + 1
        if keys[three] < keys[two]:
            two, three, swaps = three, two, swaps + 1
        if keys[two] < keys[one]:
            one, two, swaps = two, one, swaps + 1
        return two, swaps

    def _reverse(self, low: int, high: int) -> None:
        for cells in (self._keys, self._places):
            cells[low:high] = cells[low:high][::-1]

    def _is_nearly_sorted(self, low: int, high: int) -> bool:
        """Whether the part is sorted, now that a few elements were moved."""
        keys, place = self._keys, low + 1
        for _ in range(_MOVES):
            while place < high and not keys[place] < keys[place - 1]:
                place += 1
            if place == high:
                return True
            if high - low < _LONG:
                return False
            self._swap(place, place - 1)
            if place - low >= 2:
                self._sink(place - 1, 0)
            if high - place >= 2:
                self._rise(place + 1, high)
        return False

    def _rise(self, place: int, high: int) -> None:
        """Move the element before a place up to where the one after it is no smaller."""
        while place < high and self._keys[place] < self._keys[place - 1]:
            self._swap(place, place - 1)
            place += 1

    def _part(self, low: int, high: int, pivot: int) -> tuple[int, bool]:
        """Put what is smaller than the pivot before it; its place then, and whether that was so already."""
        keys = self._keys
        self._swap(low, pivot)
        left, right, swapped = low + 1, high - 1, False
        while True:
            while left <= right and keys[left] < keys[low]:
                left += 1
            while left <= right and not keys[right] < keys[low]:
                right -= 1
            if left > right:
                self._swap(right, low)
                return right, not swapped
            self._swap(left, right)
            left, right, swapped = left + 1, right - 1, True

    def _part_equal(self, low: int, high: int, pivot: int) -> int:
        """Put what equals the pivot first, where nothing is smaller; where the larger ones begin then."""
        keys = self._keys
        self._swap(low, pivot)
        left, right = low + 1, high - 1
        while True:
            while left <= right and not keys[low] < keys[left]:
                left += 1
            while left <= right and keys[low] < keys[right]:
                right -= 1
            if left > right:
                return left
            self._swap(left, right)
            left, right = left + 1, right - 1
