import asyncio
import io
import tarfile
import threading
from pathlib import Path

import pytest

from omg.errors import LimitReached, TimedOut
from omg.output.blocks import BLOCK
from omg.output.mending import mend
from tests.output.desk import CONFIG_MAPS, HIDDEN, Desk, ReplacingMasker, chunks, config_map, desk, pages, tree

LATE = b"swordfish-swordfish"


async def fill(here: Desk) -> None:
    await here.output("config_maps").objects(CONFIG_MAPS, pages([config_map("a", k=LATE.decode()), config_map("b")]))
    await here.output().log("n", "p", "c", chunks((b"x" * 99 + b"\n") * 30_000, LATE))
    with pytest.raises(TimedOut):
        await here.output("databases").stream("d.sql", chunks=chunks(LATE, then=TimedOut("t")), complete=lambda _: True)
    await here.output("cluster_sos").stream("s.tar", chunks=chunks(LATE), binary=True)


async def test_files_that_hold_what_was_learned_late_are_rewritten_and_no_others(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await fill(here)
        before = {path: (tmp_path / path).stat().st_ino for path in here.files()}
        assert here.sink.masked_since == here.masker.generation == 1
        here.masker.learn(LATE)
        assert here.sink.masked_since == 1
        assert await here.sink.remask() == 3
        assert here.sink.masked_since == 2
        files = here.files()
    assert {path for path in files if (tmp_path / path).stat().st_ino != before[path]} == {
        "namespaces/openstack/configmaps/a.yaml",
        "namespaces/n/pods/p/logs/c.log",
        "dbs/d.sql.partial",
    }
    assert set(files) == set(before)
    assert files["namespaces/n/pods/p/logs/c.log"] == (b"x" * 99 + b"\n") * 30_000 + HIDDEN
    assert [path for path, data in files.items() if LATE in data] == ["sos-reports/_all_nodes/s.tar"]


def packed(**logs: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        for name, content in logs.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return held.getvalue()


async def test_packed_logs_are_packed_anew_where_they_hold_what_was_learned_late(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        for name, line in (("podlogs-a.tar.gz", LATE), ("podlogs-b.tar.gz", b"calm")):
            logs = packed(**{"0.log.1": b"x\n" * 90_000 + line + b"\n", "1.log.1": b"y\n"})
            _, refused = await here.output("cluster_sos").packed_logs(name, chunks=chunks(logs[:1000], logs[1000:]))
            assert refused == []
        before = here.files()
        here.masker.learn(LATE)
        assert await here.sink.remask() == 1
        after = here.files()
    assert {name for name in after if after[name] != before[name]} == {"sos-reports/_all_nodes/podlogs-a.tar.gz"}
    with tarfile.open(fileobj=io.BytesIO(after["sos-reports/_all_nodes/podlogs-a.tar.gz"])) as archive:
        contents = {one.name: one_file.read() for one in archive if (one_file := archive.extractfile(one))}
    assert contents == {"0.log.1": b"x\n" * 90_000 + HIDDEN + b"\n", "1.log.1": b"y\n"}


async def test_what_is_masked_in_its_own_way_is_masked_again_in_that_way(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        data = chunks(b"one " + LATE + b"\n")
        await here.output("ovn").stream("ovnnb_db.db", chunks=data, binary=True, again=here.masker.stream)
        here.masker.learn(LATE)
        assert await here.sink.remask() == 1
        assert list(here.files().values()) == [b"one " + HIDDEN + b"\n"]


async def test_where_nothing_was_learned_nothing_is_read(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        assert here.sink.masked_since == 1
        await fill(here)
        assert await here.sink.remask() == 0
        here.masker.learn(LATE)
        assert await here.sink.remask(since=1) == 0
        assert LATE in here.files()["dbs/d.sql.partial"]


async def test_a_file_written_after_the_value_was_known_is_left_alone(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output("t").text("before", data=b"x")
        here.masker.learn(LATE)
        await here.output("t").text("after", data=b"x")
        assert [path for path, _ in here.journal.files(older_than=2)] == ["t/before", "t/before.partial"]


async def test_a_file_that_cannot_be_rewritten_is_said_and_the_others_are_mended(tmp_path: Path) -> None:
    def step(name: str) -> None:
        if name == "before rename b":
            raise OSError(28, "No space left on device")

    with desk(tmp_path, step=step) as here:
        for name in "abc":
            await here.output("version").text("folder", name, data=LATE)
        here.masker.learn(LATE)
        with pytest.raises(LimitReached, match="folder/b"):
            await here.sink.remask()
        assert here.sink.masked_since == 1
        files = here.files()
    assert files == {"folder/a": HIDDEN, "folder/b": LATE, "folder/c": HIDDEN}


async def test_mending_that_is_cancelled_ends_between_files_and_leaves_each_whole(tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def step(name: str) -> None:
        if name == "before rename 1":
            reached.set()
            go_on.wait(5)

    with desk(tmp_path, step=step) as here:
        for name in "1234":
            await here.output("version").text("folder", name, data=LATE)
        here.masker.learn(LATE)
        running = asyncio.create_task(here.sink.remask())
        await asyncio.to_thread(reached.wait, 5)
        running.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert set(here.files().values()) <= {LATE, HIDDEN}
        assert here.files()["folder/1"] == HIDDEN


async def test_a_file_is_compared_in_blocks_and_given_up_when_time_is_over(tmp_path: Path) -> None:
    with desk(tmp_path) as here:
        await here.output("version").text("big", data=b"y" * (3 * BLOCK) + LATE)
        masker = ReplacingMasker(LATE)
        assert not mend(here.journal.tree, "big", masker.stream, is_over=lambda: True)
        assert not mend(here.journal.tree, "big", ReplacingMasker().stream)
        assert not mend(here.journal.tree, "no/such/file", masker.stream)
        (tmp_path / "link").symlink_to(tmp_path / "big")
        (tmp_path / "folder").mkdir()
        assert not mend(here.journal.tree, "link", masker.stream)
        assert not mend(here.journal.tree, "folder", masker.stream)
        assert mend(here.journal.tree, "big", masker.stream)
    assert tree(tmp_path)["big"] == b"y" * (3 * BLOCK) + HIDDEN
