"""Equal keys in the order that Go's sort.Sort leaves them in; the expected orders are what a Go program printed."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omg.printing.order import _Sorting, go_order, in_go_order

SIZES, KINDS, SHAPES = (13, 60, 300, 2000), (1, 3, 40), ("mixed", "up", "down", "saw", "hill")

OF_GO = "13a8b4ebb4c23f54fd37b4340ce95720b4eff0e28b1a63ff581f3c8b3baaa79a"
"""SHA-256 of the orders of all sizes, kinds and shapes as Go prints them in JSON, a line for each."""


def keys(size: int, kinds: int, shape: str) -> list[int]:
    """So many keys of so many kinds."""
    mixed, state = [], size * 31 + kinds
    for _ in range(size):
        state = (state * 1103515245 + 12345) % 2**31
        mixed.append(state // 65536 % kinds)
    shapes = {
        "mixed": mixed,
        "up": sorted(mixed),
        "down": sorted(mixed, reverse=True),
        "saw": [place % kinds for place in range(size)],
        "hill": [min(place, size - place) // 2 for place in range(size)],
    }
    return shapes[shape]


def test_equal_keys_are_in_the_order_of_go() -> None:
    found = go_order([2, 0, 1, 1, 2, 2, 0, 0, 2, 0, 0, 0, 0, 1, 2, 1, 2, 2, 2, 1])
    assert found == [7, 1, 12, 11, 10, 9, 6, 15, 3, 2, 13, 19, 8, 5, 4, 14, 0, 16, 17, 18]


def test_many_keys_of_every_shape_are_in_the_order_of_go() -> None:
    orders = [go_order(keys(size, kinds, shape)) for size in SIZES for kinds in KINDS for shape in SHAPES]
    lines = "\n".join(json.dumps(order, separators=(",", ":")) for order in orders)
    assert hashlib.sha256(lines.encode()).hexdigest() == OF_GO


def test_up_to_twelve_things_that_rank_the_same_stay_in_their_order() -> None:
    assert in_go_order([(1, "b"), (0, "z"), (1, "a"), (0, "y")], lambda one: one[0]) == [
        (0, "z"),
        (0, "y"),
        (1, "b"),
        (1, "a"),
    ]


@given(st.lists(st.integers(0, 9), max_size=300))
def test_it_is_an_order_of_all_keys(found: list[int]) -> None:
    order = go_order(found)
    assert sorted(order) == list(range(len(found)))
    assert [found[place] for place in order] == sorted(found)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_given_up_is_sorted_with_a_heap(shape: str) -> None:
    found = keys(300, 40, shape)
    places = list(range(len(found)))
    _Sorting(list(found), places).sort(0, len(found), 0)
    assert [found[place] for place in places] == sorted(found)
