"""Blocks written behind whoever brings them."""

import asyncio
import threading

import pytest

from omg.output.behind import Behind
from omg.output.threads import Threads


async def bring(behind: Behind, blocks: list[bytes]) -> None:
    for block in blocks:
        await behind.put(block)


async def test_blocks_are_written_in_order_by_one_thread_at_a_time() -> None:
    written, at_once, most = [], 0, 0

    def write(block: bytes) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        written.append(block)
        at_once -= 1

    blocks = [str(number).encode() for number in range(500)]
    behind = Behind(Threads(3), write)
    await bring(behind, blocks)
    await behind.written()
    assert written == blocks
    assert most == 1
    assert not behind.is_at_work


async def test_who_brings_blocks_waits_when_too_many_wait_for_the_thread() -> None:
    may_write, written = threading.Event(), []

    def write(block: bytes) -> None:
        may_write.wait(5)
        written.append(block)

    blocks = [bytes([number]) for number in range(20)]
    behind = Behind(Threads(1), write)
    bringing = asyncio.create_task(bring(behind, blocks))
    while not behind.is_at_work:
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    assert not written
    assert not bringing.done()  # AHEAD wait, and one is being written
    may_write.set()
    await bringing
    await behind.written()
    assert written == blocks


async def test_two_that_share_a_thread_take_turns() -> None:
    may_write, written = threading.Event(), []

    def write(block: bytes) -> None:
        may_write.wait(5)
        written.append(block)

    threads = Threads(1)
    one, other = Behind(threads, write), Behind(threads, write)
    bringing = [asyncio.create_task(bring(behind, [name] * 30)) for behind, name in ((one, b"1"), (other, b"2"))]
    await asyncio.sleep(0.05)
    may_write.set()
    await asyncio.gather(*bringing)
    await asyncio.gather(one.written(), other.written())
    assert sorted(written) == [b"1"] * 30 + [b"2"] * 30
    assert b"2" in written[:4]
    assert b"1" in written[-8:]


async def test_an_error_is_raised_and_nothing_is_written_after_it() -> None:
    written = []

    def write(block: bytes) -> None:
        if block == b"2":
            raise OSError("full")
        written.append(block)

    behind = Behind(Threads(2), write)
    with pytest.raises(OSError, match="full"):
        await bring(behind, [str(number).encode() for number in range(50)])
    with pytest.raises(OSError, match="full"):
        await behind.put(b"3")
    with pytest.raises(OSError, match="full"):
        await behind.written()
    assert written == [b"0", b"1"]
    assert not behind.is_at_work


def test_what_waits_is_written_though_the_event_loop_is_gone() -> None:
    threads, may_write, ended, written = Threads(1), threading.Event(), threading.Event(), []

    def write(block: bytes) -> None:
        may_write.wait(5)
        written.append(block)

    asyncio.run(bring(Behind(threads, write), [b"one", b"two"]))
    may_write.set()
    for _ in range(3):  # the thread writes a block, and gets in line again
        threads.submit(ended.set)
        assert ended.wait(5), "the thread has died of it"
        ended.clear()
    threads.shutdown()
    assert written == [b"one", b"two"]
