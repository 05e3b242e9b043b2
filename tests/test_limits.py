import asyncio
import io

from tests.limits import tell_tasks


async def test_where_a_task_waits_is_told_down_to_the_innermost_coroutine() -> None:
    async def innermost() -> None:
        await asyncio.Event().wait()

    async def outer() -> None:
        await innermost()

    stream = io.StringIO()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(outer(), name="waits")
        await asyncio.sleep(0)
        tell_tasks(stream)
        waiting.cancel()
    told = stream.getvalue()
    told = told[told.index("waits, waiting for <Future pending") :]
    assert told.index(">.outer\n") < told.index(">.innermost\n") < told.index("Event.wait")
