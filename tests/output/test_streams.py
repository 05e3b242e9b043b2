import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omg.errors import Absent, LimitReached, TimedOut, Truncated
from omg.output.blocks import BINARY_BLOCK, BLOCK, FLUSH_AFTER, Blocks
from tests.output.desk import HIDDEN, SECRET, chunks, cut_line, desk

LOG = "namespaces/openstack/pods/nova-0/logs/api.log"
PLACE = ("openstack", "nova-0", "api")


async def test_a_log_is_masked_wherever_its_chunks_were_cut(tmp_path: Path) -> None:
    text = b"2026 started with " + SECRET + b"\nfine\n"
    with desk(tmp_path) as here:
        parts = [text[place : place + 1] for place in range(len(text))]
        size = await here.output().log(*PLACE, chunks(*parts))
        assert here.files() == {LOG: text.replace(SECRET, HIDDEN)}
        assert here.meter.files == {LOG: size}
        assert here.listed()[LOG] == {"namespace": "openstack", "pod": "nova-0", "container": "api", "previous": False}


async def test_a_previous_log_has_a_name_of_its_own_even_beside_a_container_of_that_name(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output().log(*PLACE, chunks(b"new\n"))
        await here.output().log(*PLACE, chunks(b"old\n"), previous=True)
        await here.output().log("openstack", "nova-0", "api-previous", chunks(b"other\n"))
        assert set(here.files().values()) == {b"new\n", b"old\n", b"other\n"}


async def test_a_log_does_not_wait_for_the_threads_that_write_objects(tmp_path: Path) -> None:
    done = threading.Event()
    with desk(tmp_path) as here:
        busy = [here.sink.threads.call(partial(done.wait, 20)) for _ in range(8)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(10):
            await here.output().log(*PLACE, chunks(b"a line\n", b"another\n"))
        assert not any(one.done() for one in busy)
        done.set()
        await asyncio.gather(*busy)
        assert here.files() == {LOG: b"a line\nanother\n"}


async def test_a_log_larger_than_a_block_arrives_whole(tmp_path: Path) -> None:
    line = b"x" * 99 + b"\n"
    parts = [line * 700] * 60
    with desk(tmp_path) as here:
        assert await here.output().log(*PLACE, chunks(*parts)) == 100 * 700 * 60
        assert here.files()[LOG] == line * 700 * 60


async def test_a_line_of_many_blocks_arrives_whole(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output().log(*PLACE, chunks(*[b"y" * (3 * BLOCK)] * 3, b"\nend"))
        assert here.files()[LOG] == b"y" * (9 * BLOCK) + b"\nend"


async def test_an_empty_log_is_an_empty_file(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        assert await here.output().log(*PLACE, chunks()) == 0
        assert here.files() == {LOG: b""}
        assert here.meter.files == {LOG: 0}


async def test_a_log_that_fails_before_its_first_byte_leaves_no_file(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        with pytest.raises(Absent):
            await here.output().log(*PLACE, chunks(then=Absent("waiting to start")))
        assert here.files() == {}
        assert here.meter.files == {}


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TimedOut("no byte for 30 s"), "no byte for 30 s"),
        (Truncated(f"the server\nsaid {SECRET.decode()}"), f"the server said {HIDDEN.decode()}"),
        (ValueError("a bug"), "omg met an error it does not know (ValueError)."),
        (Truncated("long " * 100), ("long " * 100)[:300]),
    ],
)
@pytest.mark.parametrize("ending", [b"\n", b""])
async def test_a_text_that_is_cut_is_closed_by_a_line_that_says_why(
    tmp_path: Path, error: Exception, reason: str, ending: bytes
) -> None:
    with desk(tmp_path) as here:
        with pytest.raises(type(error)):
            await here.output().log(*PLACE, chunks(b"one\n", b"two " + SECRET + ending, then=error))
        data = here.files()[LOG]
        assert here.meter.files == {LOG: len(data)}
    assert data.startswith(b"one\ntwo " + HIDDEN + b"\n-- omg")
    assert cut_line(data) == reason


async def forever(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    await asyncio.Event().wait()


async def until_partial(root: Path) -> None:
    async with asyncio.timeout(10):
        while not list(root.rglob("*.partial")):
            await asyncio.sleep(0.001)


async def test_a_log_that_is_cancelled_keeps_everything_that_came(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        running = asyncio.create_task(here.output().log(*PLACE, forever(b"one\ntwo")))
        await until_partial(tmp_path)
        running.cancel("The deadline of 20 s is over.")
        running.cancel("and once more")
        with pytest.raises(asyncio.CancelledError):
            await running
        data = here.files()[LOG]
    assert data.startswith(b"one\ntwo\n-- omg: cut after 7 bytes: ")
    assert cut_line(data) in ("The deadline of 20 s is over.", "and once more")


@pytest.mark.parametrize("awaits", range(1, 40, 3))
async def test_a_log_cancelled_at_any_await_leaves_a_consistent_tree(tmp_path: Path, awaits: int) -> None:
    line = b"z" * 999 + b"\n"
    with desk(tmp_path) as here:
        running = asyncio.create_task(here.output().log(*PLACE, chunks(*[line * 1050] * 4, SECRET)))
        for _ in range(awaits):
            await asyncio.sleep(0.0005)
        running.cancel("enough")
        ended = await asyncio.wait([running])
        assert ended
        files = here.files()
    if files:
        assert list(files) == [LOG] == list(here.meter.files)
        data = files[LOG]
        assert SECRET not in data
        assert data == line * 4200 + HIDDEN or cut_line(data) == "enough"
    else:
        assert here.meter.files == {}


async def test_a_log_cancelled_in_the_moment_in_which_a_block_is_written_is_closed_all_the_same(tmp_path: Path) -> None:
    loop, line = asyncio.get_running_loop(), b"z" * 999 + b"\n"

    def cancel(step: str) -> None:
        if step == f"after write {LOG}" and not running.cancelling():
            loop.call_soon_threadsafe(time.sleep, 0.2)  # so that the loop sees both at once, the cancellation first
            loop.call_soon_threadsafe(running.cancel, "enough")

    with desk(tmp_path, step=cancel) as here:
        before = len(os.listdir("/proc/self/fd"))
        running = asyncio.create_task(here.output().log(*PLACE, forever(line * 2100)))
        with pytest.raises(asyncio.CancelledError, match="enough"):
            await running
        assert len(os.listdir("/proc/self/fd")) <= before
        assert cut_line(here.files()[LOG]) == "enough"


async def test_a_dump_that_is_cut_keeps_the_name_that_says_so(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        output = here.output("databases")
        with pytest.raises(TimedOut):
            await output.stream(
                "openstack", "db.sql", chunks=chunks(b"INSERT\n", then=TimedOut("late")), complete=lambda _: True
            )
        with pytest.raises(TimedOut):
            await output.stream("report.xz", chunks=chunks(b"\xfd7z" + SECRET, then=TimedOut("late")), binary=True)
        files = here.files()
    assert files == {"dbs/openstack/db.sql.partial": b"INSERT\n", "dbs/report.xz.partial": b"\xfd7z" + SECRET}
    assert here.meter.files == {path: len(data) for path, data in files.items()}


async def test_a_dump_is_whole_when_its_last_line_says_so(tmp_path: Path) -> None:
    def is_complete(tail: bytes) -> bool:
        return tail.rstrip().endswith(b"-- Dump completed")

    with desk(tmp_path) as here:
        output = here.output("databases")
        body = b"x" * 9000 + b"\n"
        await output.stream("a.sql", chunks=chunks(body, b"-- Dump com", b"pleted\n"), complete=is_complete)
        with pytest.raises(Truncated, match=r"dbs/b\.sql stops before its end"):
            await output.stream("b.sql", chunks=chunks(body), complete=is_complete)
        assert set(here.files()) == set(here.meter.files) == {"dbs/a.sql", "dbs/b.sql.partial"}


async def test_what_is_binary_is_written_as_it_is(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output("cluster_sos").stream("s.tar.xz", chunks=chunks(SECRET, b"\xff\n"), binary=True)
        assert here.files() == {"sos-reports/_all_nodes/s.tar.xz": SECRET + b"\xff\n"}


async def test_max_bytes_cuts_a_log_at_a_line_and_the_others_get_their_closing_line(tmp_path: Path) -> None:
    line = b"w" * 99 + b"\n"
    with desk(tmp_path, max_bytes=250_000) as here:
        other = asyncio.create_task(here.output().log("openstack", "nova-0", "other", forever(line * 10)))
        await until_partial(tmp_path)
        with pytest.raises(LimitReached, match="MAX_BYTES is 250,000"):
            await here.output().log(*PLACE, chunks(*[line * 6000] * 3))
        other.cancel("stopping")
        with pytest.raises(asyncio.CancelledError):
            await other
        files = here.files()
    assert "MAX_BYTES" in cut_line(files[LOG])
    assert len(files[LOG].splitlines()) == 2501
    assert cut_line(files[LOG.replace("api", "other")]) == "stopping"


@pytest.mark.parametrize("lines", [0, 3, 10, 11, 5000, 60_000])
async def test_the_newest_lines_of_a_log_are_kept_and_the_first_line_says_so(tmp_path: Path, lines: int) -> None:
    every = [b"%07d %s\n" % (number, b"m" * 91) for number in range(lines)]
    parts = [b"".join(every[start : start + 1000]) for start in range(0, lines, 1000)]
    with desk(tmp_path, log_max_bytes=1000) as here:
        size = await here.output().log(*PLACE, chunks(*parts))
        files = here.files()
        assert here.sink.writer.budget.written <= 2100
    assert list(files) == [LOG]
    assert size == len(files[LOG])
    if lines <= 10:
        assert files[LOG] == b"".join(every)
    else:
        head, kept = files[LOG].split(b"\n", 1)
        assert head == f"-- omg: {100 * (lines - 10):,} bytes of older lines were left out (LOG_MAX_BYTES) --".encode()
        assert kept == b"".join(every[-10:])


async def test_a_limited_log_that_is_cut_has_its_newest_lines_and_both_notes(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        with pytest.raises(TimedOut):
            await here.output().log(*PLACE, chunks(b"a" * 50 + b"\n", b"b\n", then=TimedOut("late")), newest=10)
        lines = here.files()[LOG].splitlines()
    assert lines[0].startswith(b"-- omg: 51 bytes of older lines")
    assert lines[1:-1] == [b"b"]
    assert b"late" in lines[-1]


async def test_a_single_line_above_the_limit_keeps_its_newest_bytes(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output().log(*PLACE, chunks(b"a" * (3 * BLOCK) + b"end"), newest=10)
        assert here.files()[LOG].splitlines()[1] == b"a" * 7 + b"end"


async def test_a_log_whose_generator_is_left_early_is_closed(tmp_path: Path) -> None:
    closed = []

    async def watched() -> AsyncIterator[bytes]:
        try:
            yield b"x" * (2 * BLOCK)
            yield b"never"
        finally:
            closed.append(True)

    with desk(tmp_path, max_bytes=10) as here, pytest.raises(LimitReached):
        await here.output().log(*PLACE, watched())
    assert closed == [True]


async def test_nothing_stays_open_after_many_streams(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        before = set(os.listdir("/proc/self/fd"))
        for number in range(20):
            await here.output().log("openstack", f"p-{number}", "c", chunks(b"x\n"))
            with pytest.raises(TimedOut):
                await here.output().log("openstack", f"p-{number}", "d", chunks(b"x\n", then=TimedOut("t")))
        assert len(os.listdir("/proc/self/fd")) <= len(before)


async def test_a_report_that_reaches_max_bytes_holds_all_there_was_room_for_and_is_closed(tmp_path: Path) -> None:
    """Also while its last blocks are still being written."""
    size = 2 * BINARY_BLOCK

    def slowly(step: str) -> None:
        if step.startswith("before write sos-reports"):
            time.sleep(0.05)

    with desk(tmp_path, max_bytes=size, step=slowly) as here:
        before = set(os.listdir("/proc/self/fd"))
        with pytest.raises(LimitReached, match="MAX_BYTES"):
            await here.output("edpm_sos").report("sosreport-n1.tar.xz", chunks=chunks(*[b"x" * BINARY_BLOCK] * 4))
        assert set(os.listdir("/proc/self/fd")) == before
        assert [(path[-8:], len(data)) for path, data in here.files().items()] == [(".partial", size)]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.binary(max_size=40).map(lambda data: data.replace(b"\x00", b"\n")), max_size=20))
def test_blocks_hold_every_byte_and_end_at_lines(parts: list[bytes]) -> None:
    blocks = Blocks(size=16, now=lambda: 0.0)
    made: list[bytes] = []
    for part in parts:
        blocks.add(part)
        made.extend(iter(blocks.due, b""))
    assert b"".join([*made, *blocks.rest()]) == b"".join(parts)
    assert all(len(block) <= 16 for block in made)
    assert all(block.endswith(b"\n") or b"\n" not in block for block in made)


def test_a_slow_streams_lines_make_a_block_before_it_is_full() -> None:
    time = [0.0]
    blocks = Blocks(now=lambda: time[0])
    blocks.add(b"one\nt")
    assert blocks.due() == b""
    time[0] = FLUSH_AFTER
    blocks.add(b"wo\nthr")
    assert blocks.due() == b"one\ntwo\n"
    blocks.add(b"ee\n")
    assert blocks.due() == b""
    assert list(blocks.rest()) == [b"three\n"]
