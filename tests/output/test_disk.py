import os
import resource
from pathlib import Path
from typing import Any

import pytest

from omg.errors import ConfigError, LimitReached, OmgError
from omg.output import DiskLimit
from omg.output.disk import Budget
from omg.output.tree import told
from tests.output.desk import CONFIG_MAPS, chunks, config_map, cut_line, desk, pages

GIB = 1 << 30


def disk(*, total: int, used: int, reserved: int = 0) -> os.statvfs_result:
    """A disk in bytes; what is reserved for root is neither used nor to be had."""
    return os.statvfs_result((1, 1, total, total - used, total - used - reserved, 0, 0, 0, 0, 255))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("60%", DiskLimit(used=0.6)),
        ("default", DiskLimit(left=GIB, left_share=0.05)),
        ("pod", DiskLimit(used=0.6, kills=0.7)),
        ("off", DiskLimit()),
        ("1GiB", DiskLimit(left=GIB)),
        ("1.5 MB", DiskLimit(left=1_500_000)),
        ("500", DiskLimit(left=500)),
        ("2Ki", DiskLimit(left=2048)),
    ],
)
def test_a_limit_is_a_share_that_may_be_used_or_a_size_that_stays_free(text: str, limit: DiskLimit) -> None:
    assert DiskLimit.parse(text) == limit


def test_another_limit_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="DISK_LIMIT: given 'much'"):
        DiskLimit.parse("much")


@pytest.mark.parametrize(
    ("limit", "state", "size", "refused"),
    [
        (DiskLimit(used=0.6), disk(total=1000, used=590), 10, False),
        (DiskLimit(used=0.6), disk(total=1000, used=590), 11, True),
        (DiskLimit(used=0.6), disk(total=1000, used=540, reserved=100), 1, True),
        (DiskLimit(left=100), disk(total=1000, used=800), 100, False),
        (DiskLimit(left=100), disk(total=1000, used=800), 101, True),
        (DiskLimit.parse("default"), disk(total=10 * GIB, used=9 * GIB), GIB // 4, False),
        (DiskLimit.parse("default"), disk(total=10 * GIB, used=9 * GIB), 3 * GIB // 4, True),
        (DiskLimit.parse("default"), disk(total=1000 * GIB, used=998 * GIB), GIB // 2, False),
        (DiskLimit.parse("default"), disk(total=1000 * GIB, used=998 * GIB), GIB + 1, True),
        (DiskLimit(), disk(total=1, used=1), 1 << 60, False),
    ],
)
def test_a_limit_counts_as_df_does(limit: DiskLimit, state: os.statvfs_result, size: int, refused: bool) -> None:
    assert bool(limit.refusal(state, size)) is refused


@pytest.mark.parametrize(
    ("used", "limit"),
    [(0, 0.6), (300, 0.6), (500, 0.6), (560, 0.63), (620, 0.66), (690, 0.695), (700, 0.7), (900, 0.7)],
)
def test_in_a_pod_a_fuller_disk_has_room_for_half_of_what_oc_leaves(used: int, limit: float) -> None:
    begun = DiskLimit.parse("pod").begun(disk(total=1000, used=used))
    assert begun.used == pytest.approx(limit)
    budget = Budget(
        max_bytes=None, disk_limit=DiskLimit.parse("pod"), fd=0, stat_disk=lambda _: disk(total=1000, used=used)
    )
    assert budget.disk_limit == begun


def test_what_is_refused_once_is_refused_from_then_on() -> None:
    states = [disk(total=100, used=10), disk(total=100, used=70), disk(total=100, used=10)]
    budget = Budget(max_bytes=None, disk_limit=DiskLimit(used=0.6), fd=0, stat_disk=lambda _: states.pop(0))
    assert budget.take(5) == 5
    for _ in range(2):
        with pytest.raises(
            LimitReached, match="The disk would be 71% full and DISK_LIMIT is 60%: collecting stops here"
        ):
            budget.take(1)


def test_a_block_gets_the_room_that_is_left_and_the_next_one_none() -> None:
    budget = Budget(max_bytes=10, disk_limit=DiskLimit(), fd=0, stat_disk=lambda _: disk(total=1, used=0))
    assert budget.take(8, part=True) == 8
    budget.give_back(2)
    assert budget.take(9, part=True) == 4
    with pytest.raises(LimitReached, match="The tree holds 10 bytes and MAX_BYTES is 10"):
        budget.take(1, part=True)


async def test_a_disk_that_fills_up_cuts_a_log_and_keeps_whole_files_whole(tmp_path: Path) -> None:
    full: list[bool] = []

    def stat_disk(_fd: int) -> os.statvfs_result:
        return disk(total=GIB, used=GIB if full else 0)

    async def filling() -> Any:
        yield b"one\n" * 300_000
        full.append(True)
        yield b"two\n"

    with desk(tmp_path, disk_limit=DiskLimit(left=1000), stat_disk=stat_disk) as here:
        with pytest.raises(LimitReached, match="0 bytes are left on the disk"):
            await here.output().log("n", "p", "c", filling())
        with pytest.raises(LimitReached):
            await here.output("config_maps").objects(CONFIG_MAPS, pages([config_map("a")]))
        files = here.files()
    assert list(files) == ["namespaces/n/pods/p/logs/c.log"]
    assert "DISK_LIMIT keeps free" in cut_line(files["namespaces/n/pods/p/logs/c.log"])


async def test_a_disk_that_is_really_full_leaves_no_half_file_under_a_final_name(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with desk(tmp_path) as here:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
        try:
            with pytest.raises(LimitReached, match=r"File too large.*collecting stops"):
                await here.output().log("n", "p", "c", chunks(b"one\n" * 10_000))
            with pytest.raises(LimitReached, match="collecting stops"):
                await here.output("config_maps").objects(CONFIG_MAPS, pages([config_map("a", k="x" * 30_000)]))
            with pytest.raises(LimitReached):
                await here.output("version").text("t", data=b"x" * 30_000)
            with pytest.raises(LimitReached):
                await here.output().log("n", "p", "d", chunks(b"one\n" * 10_000), newest=10)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        files = here.files()
    assert len(files.pop("namespaces/n/pods/p/logs/c.log.partial")) == 20_000
    trimmed = files.pop("namespaces/n/pods/p/logs/d.log")  # leaving lines out made room for the closing one
    assert "File too large" in cut_line(trimmed)
    assert files == {}
    assert here.meter.files == {
        "namespaces/n/pods/p/logs/c.log.partial": 20_000,
        "namespaces/n/pods/p/logs/d.log": len(trimmed),
    }


async def test_one_file_that_cannot_be_written_does_not_end_the_list(tmp_path: Path) -> None:
    def step(name: str) -> None:
        if name == "before rename namespaces/openstack/configmaps/b.yaml":
            os.unlink(tmp_path / "namespaces/openstack/configmaps/b.yaml.partial")

    objects = [config_map(name) for name in "abc"]
    with desk(tmp_path, step=step) as here:
        assert await here.output("config_maps").objects(CONFIG_MAPS, pages(objects)) == 2
    assert "No such file or directory: namespaces/openstack/configmaps/b.yaml" in here.meter.losses["openstack/b"]


def test_what_the_operating_system_refuses_becomes_a_sentence() -> None:
    for number, kind in ((28, LimitReached), (5, LimitReached), (30, LimitReached), (13, OmgError), (36, OmgError)):
        with pytest.raises(OmgError, match=r"\Aa/b|.*: a/b could not be written.*\.\Z") as caught, told("a/b"):
            raise OSError(number, os.strerror(number))
        assert type(caught.value) is kind
