import asyncio
import subprocess
import sys
import threading

import pytest

from omg.output.threads import Threads, to_its_end


async def test_a_step_runs_to_its_end_before_the_cancellation_is_raised() -> None:
    threads, go_on, done = Threads(1), threading.Event(), []

    def step() -> None:
        go_on.wait(5)
        done.append(True)

    hurried: list[bool] = []
    running = asyncio.create_task(to_its_end(threads.call(step), hurry=lambda: hurried.append(True)))
    await asyncio.sleep(0)
    running.cancel("why")
    await asyncio.sleep(0)
    running.cancel("and again")
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError, match="why"):
        await running
    assert done == [True]
    assert hurried == [True, True]
    threads.shutdown()


async def test_a_stuck_step_is_left_behind_after_its_limit() -> None:
    stuck: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(to_its_end(stuck, limit=0.01))
    await asyncio.sleep(0)
    running.cancel("why")
    with pytest.raises(asyncio.CancelledError, match="why"):
        await running
    with pytest.raises(TimeoutError):
        await to_its_end(stuck, within=0.01)
    stuck.set_exception(ValueError("nobody waits for this"))
    await asyncio.sleep(0)


async def test_a_step_gives_its_result_or_its_error() -> None:
    threads = Threads(2)
    assert await to_its_end(threads.call(lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        await to_its_end(threads.call(lambda: 1 // 0))
    threads.shutdown()


async def test_what_was_cancelled_before_its_turn_is_not_run() -> None:
    threads, go_on = Threads(1), threading.Event()
    ran: list[int] = []
    first = threads.call(lambda: go_on.wait(5))
    second = threads.call(lambda: ran.append(1))
    assert second.cancel()
    go_on.set()
    assert await first
    await threads.call(lambda: ran.append(2))
    assert ran == [2]
    threads.shutdown()


async def test_what_was_cancelled_in_its_turn_ends_unseen() -> None:
    threads, begun, go_on = Threads(1), threading.Event(), threading.Event()
    mistakes: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: mistakes.append(context))

    def step() -> bool:
        begun.set()
        return go_on.wait(5)

    running = threads.call(step)
    await asyncio.to_thread(begun.wait, 5)
    assert running.cancel()
    go_on.set()
    await threads.call(lambda: None)
    assert mistakes == []
    threads.shutdown()


def test_an_event_loop_that_is_gone_is_told_nothing() -> None:
    threads, go_on, ended = Threads(1), threading.Event(), threading.Event()

    async def leave() -> None:
        threads.call(lambda: go_on.wait(5))

    asyncio.run(leave())
    go_on.set()
    threads.submit(ended.set)
    assert ended.wait(5), "the thread has not died of it"
    threads.shutdown()


def test_a_stuck_thread_does_not_keep_the_process() -> None:
    stuck = "import threading; from omg.output.threads import Threads; Threads(2).submit(threading.Event().wait)"
    assert subprocess.run([sys.executable, "-c", stuck], check=False, timeout=20).returncode == 0
