"""Slots are shared out by the kind of work: who goes next, and that nobody waits for the end of another kind."""

from collections.abc import Iterable

import pytest

from omg.engine import Run, Task, Work
from omg.engine.items import Batch, Item
from omg.engine.slots import Pool

ALL = (Work.STREAM, Work.REQUEST, Work.COMMAND)


def pool_of(size: int, waiting: Iterable[tuple[Work, int]]) -> Pool:
    """A pool in which so many items of each kind wait; those that are named first rank first."""
    pool = Pool(size)
    for place, (work, count) in enumerate(waiting):
        for number in range(count):
            pool.push(item(work, (float(place), 0, number)))
    return pool


async def never(_run: Run, _value: object = None) -> None:
    """Nothing is run here."""


def item(work: Work, rank: tuple[float, int, int]) -> Item:
    return Item(
        task=Task("task", never, writes=False),
        key=f"{work.value} {rank}",
        value=None,
        act=never,
        rank=rank,
        batch=Batch(),
        place=0,
        work=work,
        now=lambda: 0.0,
    )


def lent(pool: Pool) -> list[Item]:
    """All that get a slot now."""
    items = []
    while (one := pool.lend()) is not None:
        items.append(one)
    return items


def counted(items: Iterable[Item]) -> dict[Work, int]:
    kinds = [one.work for one in items]
    return {work: kinds.count(work) for work in ALL}


@pytest.mark.parametrize(
    ("size", "waiting", "expected"),
    [
        (5, ALL, (3, 1, 1)),
        (5, (Work.STREAM, Work.REQUEST), (3, 2, 0)),
        (5, (Work.REQUEST, Work.COMMAND), (0, 3, 2)),
        (5, (Work.COMMAND,), (0, 0, 5)),
        (3, ALL, (1, 1, 1)),
        (2, (Work.STREAM, Work.REQUEST), (1, 1, 0)),
        (20, ALL, (11, 5, 4)),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_each_kind_that_waits_has_its_share(
    size: int, waiting: tuple[Work, ...], expected: tuple[int, int, int], backwards: bool
) -> None:
    order = waiting[::-1] if backwards else waiting
    found = counted(lent(pool_of(size, [(work, 50) for work in order])))
    assert tuple(found[work] for work in ALL) == expected


def test_with_one_slot_the_rank_alone_decides() -> None:
    pool = pool_of(1, [(Work.COMMAND, 1), (Work.STREAM, 2), (Work.REQUEST, 1)])
    order = []
    while (one := pool.lend()) is not None:
        order.append(one.work)
        assert pool.lend() is None
        pool.give_back(one)
    assert order == [Work.COMMAND, Work.STREAM, Work.STREAM, Work.REQUEST]
    assert len(pool) == 0


def test_a_kind_that_comes_late_gets_the_next_slot() -> None:
    pool = pool_of(5, [(Work.STREAM, 50)])
    running = lent(pool)
    assert counted(running)[Work.STREAM] == 5
    pool.push(item(Work.COMMAND, (9.0, 0, 0)))
    assert pool.lend() is None
    pool.give_back(running[0])
    pool.give_back(running[0])  # once more: it holds none any more
    following = lent(pool)
    assert [one.work for one in following] == [Work.COMMAND]


def test_what_waits_is_drained_in_order_and_the_kinds_do_not_count() -> None:
    pool = pool_of(1, [(Work.STREAM, 2), (Work.COMMAND, 2)])
    assert len(pool) == 4
    assert [one.rank for one in pool.drain()] == [(0.0, 0, 0), (0.0, 0, 1), (1.0, 0, 0), (1.0, 0, 1)]
    assert pool.lend() is None
