"""The archive and run.log at the end of a run."""

import json
import os
import signal
import tarfile
from pathlib import Path

import pytest

from omg.gather.archiving import wanted_format
from omg.settings import ArchiveFormat, Settings
from tests.gathering import Gathering, Watched


def test_a_run_on_a_laptop_is_packed_and_one_in_a_pod_is_not() -> None:
    assert wanted_format(Settings()) is ArchiveFormat.GZ
    assert wanted_format(Settings(kubernetes_service_host="10.0.0.1")) is ArchiveFormat.NONE
    assert wanted_format(Settings(kubernetes_service_host="10.0.0.1", archive=ArchiveFormat.ZST)) is ArchiveFormat.ZST


async def test_the_archive_is_made_last_and_named(gathering: Gathering) -> None:
    result = await gathering.run("pods", "config_maps", archive="gz")
    assert result.exit_code == 0
    assert result.lines[-1].startswith(f"Archive: {gathering.root}/must-gather.tar.gz (")
    with tarfile.open(gathering.root / "must-gather.tar.gz") as archive:
        names = {name.removeprefix("must-gather/") for name in archive.getnames()}
    assert names == gathering.files() - {"must-gather.tar.gz"}
    again = await gathering.run("pods", "config_maps", archive="gz")
    assert again.exit_code == 0


async def test_the_archive_is_what_the_tree_is_and_begins_with_the_manifest(gathering: Gathering) -> None:
    result = await gathering.run("pods", "config_maps", archive="gz")
    assert result.exit_code == 0
    with tarfile.open(gathering.root / "must-gather.tar.gz") as archive:
        for member in archive:
            file = archive.extractfile(member)
            assert file is not None
            assert file.read() == (gathering.root / member.name.removeprefix("must-gather/")).read_bytes()
        names = [name.removeprefix("must-gather/") for name in archive.getnames()]
    assert set(names) == gathering.files() - {"must-gather.tar.gz"}
    assert len(names) == len(set(names))
    assert names[0] == "omg-manifest.json"


async def test_the_tree_goes_when_only_the_archive_is_wanted(gathering: Gathering, tmp_path: Path) -> None:
    where = tmp_path / "archives"
    result = await gathering.run("config_maps", archive="zst", compressed_path=str(where), delete_after_compression="1")
    assert result.exit_code == 0
    assert gathering.files() == set()
    assert [path.name for path in where.iterdir()] == ["must-gather.tar.zst"]


async def test_an_archive_that_cannot_be_made_fails_the_run_and_leaves_the_tree(
    gathering: Gathering, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = await gathering.run("config_maps", archive="gz", compressed_path=str(tmp_path / "file"))
    assert result.exit_code == 1
    assert result.lines[-1].startswith("! No archive was made, and the tree is whole:")
    assert "omg-manifest.json" in gathering.files()


async def test_run_log_holds_what_was_printed_and_ends_with_the_summary(gathering: Gathering) -> None:
    ended = await gathering.command("gather", str(gathering.root), "--only", "config_maps")
    lines = (gathering.root / "run.log").read_text().splitlines()
    assert lines == ended.stderr.splitlines() + ended.stdout.splitlines()
    assert lines[0].startswith("Collecting into ")


async def test_json_is_printed_where_it_is_asked_for(gathering: Gathering) -> None:
    ended = await gathering.command("gather", str(gathering.root), "--only", "config_maps", "--log-format", "json")
    assert json.loads(ended.stderr.splitlines()[0])["event"] == "begin"
    summary = json.loads(ended.stdout)
    assert (summary["event"], summary["exit_code"]) == ("summary", 0)
    assert summary["objects"] > 0
    assert summary["lines"][0].startswith("Collected ")


async def test_a_view_may_ask_for_the_pulse_at_any_time(gathering: Gathering) -> None:
    await gathering.run("config_maps", deadline="9s", max_bytes="1GiB")
    pulse = gathering.view.busiest
    assert pulse.running
    assert pulse.running[0].seconds >= 0
    assert any(text.startswith("deadline in ") for text in pulse.near)


async def test_a_run_that_is_ended_while_it_packs_has_the_exit_status_of_that(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def phase(_view: Watched, name: str) -> None:
        if name.startswith("Packing"):
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Watched, "phase", phase)
    result = await gathering.run("config_maps", archive="gz")
    assert result.exit_code == 143


async def test_where_everything_is_said_to_be_is_where_it_is(gathering: Gathering) -> None:
    below = gathering.root / "below"
    result = await gathering.run("config_maps", archive="gz", compressed_path=str(below), delete_after_compression="1")
    assert gathering.files() == {"below/must-gather.tar.gz"}
    assert [line for line in result.lines if "Everything is in" in line] == [result.lines[-1]]
    assert str(below / "must-gather.tar.gz") in result.lines[-1]
