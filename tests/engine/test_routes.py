import asyncio
import random

import pytest

from omg.engine import Run, Work, task
from omg.engine.scheduler import TimeLimits
from omg.errors import Absent, TimedOut, Unreachable
from tests.engine.harness import make_scheduler, run_to_end


@pytest.mark.parametrize("seed", range(60))
async def test_no_mixture_of_dead_and_living_nodes_hangs_or_loses_an_item(seed: int) -> None:
    chance = random.Random(seed)
    deadness = {f"node {number}": chance.random() for number in range(3)}
    count = chance.randint(1, 40)
    work = chance.choice(list(Work))

    async def read(_run: Run, place: tuple[int, str]) -> None:
        await asyncio.sleep(chance.choice([0, 0, 0.001, 0.003]))
        if chance.random() < deadness[place[1]]:
            raise chance.choice([Unreachable("No."), TimedOut("Late."), Absent("None.")])

    @task(writes=False)
    async def reading(run: Run) -> None:
        places = [(number, f"node {chance.randrange(3)}") for number in range(count)]
        await run.each(places, read, via=lambda place: place[1], work=work, priority=lambda _: chance.random())

    limits = TimeLimits(probe=chance.choice([0, 0.001, 0.003]), grace=9, silence=9)
    scheduler, watched = make_scheduler([reading], concurrency=chance.choice([1, 2, 5]), limits=limits)
    assert await run_to_end(scheduler)
    keys = [record.key for record in watched.records if record.key]
    assert len(keys) == len(set(keys)) == count
