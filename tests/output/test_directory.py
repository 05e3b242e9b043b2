import json
import os
from pathlib import Path

import pytest

from omg.errors import ConfigError
from omg.output import Journal, read_journal
from omg.output.directory import JOURNAL, MANIFEST, clear, open_tree
from tests.output.desk import CONFIG_MAPS, SECRET, ReplacingMasker, config_map, desk, pages, tree


def begin(root: Path) -> Journal:
    return Journal.open(root, ReplacingMasker(SECRET), {"omg": "test"})


async def collected(root: Path) -> None:
    with desk(root) as here:
        await here.output("config_maps").objects(CONFIG_MAPS, pages([config_map("a"), config_map("b")]))
        await here.output("version").text("version", data=b"omg\n")
        here.journal.end({"exit_code": 0})


def test_a_new_directory_is_made_and_an_empty_one_is_used(tmp_path: Path) -> None:
    begin(tmp_path / "a" / "b").close()
    assert list(tree(tmp_path)) == [f"a/b/{JOURNAL}"]
    (tmp_path / "empty" / "folder").mkdir(parents=True)
    (tmp_path / "empty" / "lost+found").mkdir(mode=0o000)
    begin(tmp_path / "empty").close()


async def test_what_an_earlier_omg_wrote_is_removed_with_its_folders(tmp_path: Path) -> None:
    await collected(tmp_path)
    (tmp_path / "namespaces" / "cut.log.partial").write_bytes(b"cut")
    (tmp_path / "mine").mkdir()
    with begin(tmp_path):
        assert list(tree(tmp_path)) == [JOURNAL]
        assert {path.name for path in tmp_path.iterdir()} == {JOURNAL, "mine"}


async def test_foreign_files_are_named_and_nothing_is_touched(tmp_path: Path) -> None:
    await collected(tmp_path)
    for name in ("notes", "namespaces/openstack/configmaps/extra.yaml", "z1", "z2"):
        (tmp_path / name).write_bytes(b"keep")
    before = tree(tmp_path)
    with pytest.raises(ConfigError, match=r"namespaces/openstack/configmaps/extra\.yaml, notes, z1 and 1 more"):
        begin(tmp_path)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["run.log", "film.mkv.partial", MANIFEST, JOURNAL])
def test_without_a_journal_of_omgs_nothing_is_omgs(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b'{"my": "file"}\n')
    with pytest.raises(ConfigError, match=name):
        begin(tmp_path)


def test_a_run_that_was_killed_before_its_first_line_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f"{JOURNAL}.partial").write_bytes(b"")
    begin(tmp_path).close()
    assert list(tree(tmp_path)) == [JOURNAL]


async def test_the_version_file_of_another_must_gather_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "version").write_text("openshift/must-gather\n4.20.0\n")
    with desk(tmp_path) as here:
        await here.output("version").text("version", data=b"omg\n")
    assert (tmp_path / "version").read_bytes() == b"omg\n"
    assert not (tmp_path / "version-2").exists()


async def test_a_journal_that_lists_files_elsewhere_removes_nothing_there(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"keep")
    root = tmp_path / "out"
    await collected(root)
    with (root / JOURNAL).open("a") as journal:
        journal.write(json.dumps({"event": "files", "files": {"../outside": {}, str(outside): {}, "link": {}}}) + "\n")
    (root / "link").symlink_to(outside)
    begin(root).close()
    assert outside.read_bytes() == b"keep"
    assert not (root / "link").is_symlink()


async def test_a_folder_that_became_a_symbolic_link_is_foreign(tmp_path: Path) -> None:
    root = tmp_path / "out"
    await collected(root)
    (root / "namespaces").rename(tmp_path / "moved")
    (root / "namespaces").symlink_to(tmp_path / "moved")
    with pytest.raises(ConfigError, match="did not write \\(namespaces\\)"):
        begin(root)
    assert len(tree(tmp_path / "moved")) == 2


def test_the_root_itself_may_be_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    begin(tmp_path / "out").close()
    assert list(tree(tmp_path / "real")) == [JOURNAL]


def test_a_second_omg_is_refused_while_the_first_one_writes_and_the_lock_leaves_nothing_behind(tmp_path: Path) -> None:
    with begin(tmp_path), pytest.raises(ConfigError, match="Another omg is writing"):
        begin(tmp_path)
    assert list(tree(tmp_path)) == [JOURNAL]
    begin(tmp_path).close()


def test_a_directory_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for root in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none")):
        with pytest.raises(ConfigError, match=r"The output directory .* can't be used: .*\.\Z"):
            begin(root)


def test_a_directory_that_cannot_be_cleared_is_one_sentence(tmp_path: Path) -> None:
    open_files = open_tree(tmp_path)
    os.close(open_files.fd)
    with pytest.raises(ConfigError, match="can't be cleared: Bad file descriptor"):
        clear(open_files)


def test_reading_the_journal_of_a_directory_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no journal"):
        list(read_journal(tmp_path / "nothing" / JOURNAL))
    assert list(read_journal(tmp_path)) == []
