"""The room that is kept on the disk for the end of a run."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from omg.output.reserve import LARGEST, Reserve


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    fd = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield fd
    os.close(fd)


def nameless(folder: int) -> list[int]:
    """Bytes of disk that each open file without a name takes on the folder's disk."""
    device, sizes = os.fstat(folder).st_dev, []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            found = os.fstat(int(entry.name))
        except OSError:  # the listing's own
            continue
        if found.st_nlink == 0 and found.st_dev == device and found.st_size:
            sizes.append(found.st_blocks * 512)
    return sizes


def test_what_is_held_has_no_name_is_taken_from_the_disk_and_is_given_back_in_two_parts(
    tmp_path: Path, folder: int
) -> None:
    before = nameless(folder)
    reserve = Reserve(folder)
    held = nameless(folder)
    assert len(held) == len(before) + 2
    assert 0 < sum(held) - sum(before) <= LARGEST
    assert list(tmp_path.iterdir()) == []
    assert [reserve.give_back() for _ in range(3)] == [True, True, False]
    assert nameless(folder) == before


def test_closing_gives_everything_back_and_may_be_done_twice(folder: int) -> None:
    before = nameless(folder)
    reserve = Reserve(folder)
    reserve.close()
    reserve.close()
    assert nameless(folder) == before


def test_where_nothing_can_be_held_there_is_nothing_to_give_back() -> None:
    fd = os.open("/proc/self", os.O_RDONLY | os.O_DIRECTORY)
    try:
        assert Reserve(fd).give_back() is False
    finally:
        os.close(fd)
