"""A disk that is full to its last byte, or has a limit: the journal says where it ended all the same. Needs root."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from omg.audit import audit
from tests.gathering import Gathering

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or subprocess.run(["unshare", "--mount", "true"], check=False).returncode != 0,
    reason="needs root, and the right to mount",
)


@pytest.fixture
def disk_of(gathering: Gathering) -> Iterator[Callable[[str], None]]:
    """Puts the run's directory on a disk of its own, which nothing of the run may hold when it is over."""
    mounted = []

    def mount(size: str) -> None:
        gathering.root.mkdir()
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "omg-test", str(gathering.root)], check=True, timeout=60
        )
        mounted.append(gathering.root)

    yield mount
    for root in mounted:
        held = [path for path in open_paths() if path.startswith(str(root))]
        subprocess.run(["umount", "--lazy", str(root)], check=True, timeout=60)
        assert held == []


def open_paths() -> Iterator[str]:
    """The paths of all that this process has open."""
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the listing's own
            yield os.readlink(f"/proc/self/fd/{number}")


@pytest.mark.parametrize("limit", ["", "1KiB", "60%"], ids=["no limit", "nearly none", "60%"])
@pytest.mark.parametrize("size", ["3m", "9m"])
async def test_a_run_that_fills_its_disk_has_an_end_in_its_journal_and_says_what_was_missing(
    gathering: Gathering, disk_of: Callable[[str], None], size: str, limit: str
) -> None:
    disk_of(size)
    result = await gathering.run(disk_limit=limit)
    assert result.exit_code == 1
    end = next(line for line in gathering.journal() if line["event"] == "end")
    assert "No space left on device" in end["stopped_by"] or "DISK_LIMIT" in end["stopped_by"]
    assert gathering.outcomes()["collected"] > 50
    assert f"Ended early: {end['stopped_by']}" in result.lines
    assert any("make room" in line for line in result.lines)
    manifest = "omg-manifest.json" if "omg-manifest.json" in gathering.files() else "omg-manifest.jsonl"
    assert result.lines[-1] == f"Everything is in {gathering.root}; {manifest} says how each item ended."
    assert (manifest == "omg-manifest.json") or any("manifest could not be made" in line for line in result.lines)
    assert audit(gathering.root).failing(strict=True) == []


async def test_where_the_disk_has_a_limit_there_is_room_for_the_manifest_and_the_summary(
    gathering: Gathering, disk_of: Callable[[str], None]
) -> None:
    disk_of("9m")
    result = await gathering.run(disk_limit="60%")
    assert "DISK_LIMIT" in gathering.journal()[-1]["stopped_by"]
    assert "omg-manifest.json" in gathering.files()
    assert (gathering.root / "run.log").read_text().endswith(result.lines[-1] + "\n")


async def test_a_disk_too_small_for_the_journal_is_said_to_be_so(
    gathering: Gathering, disk_of: Callable[[str], None]
) -> None:
    disk_of("100k")
    result = await gathering.run(disk_limit="")
    assert result.exit_code == 1
    assert "! The journal is not complete: No space left on device." in result.lines
    assert result.lines[-1] == f"Everything is in {gathering.root}; omg-manifest.jsonl says how each item ended."
