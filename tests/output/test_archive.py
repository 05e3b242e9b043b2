"""The archive as tar, omc and Python read it, and what happens where it can't be made."""

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from omg.errors import LimitReached, OmgError
from omg.masking import Masker
from omg.output import DiskLimit, Journal
from omg.output.archive import leave_only, pack
from omg.output.tree import Tree

NO_LIMIT = DiskLimit()
NOISE = os.urandom(3_000_000)


def never() -> str:
    return ""


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree that a run has written, with a report in it and a link."""
    journal = Journal.open(tmp_path / "tree", Masker(), {"omg": "1"})
    root = journal.tree.root
    (root / "version").write_text("omg\n1\n")
    log = root / "namespaces" / "openstack" / "pods" / "a" / "logs" / "b.log"
    log.parent.mkdir(parents=True)
    log.write_text("a line\n" * 300_000)
    reports = root / "sos-reports" / "_all_nodes"
    reports.mkdir(parents=True)
    (reports / "sosreport-w0.tar.xz").write_bytes(NOISE)
    (root / "sos-reports" / "nova").mkdir()
    (root / "sos-reports" / "nova" / "sos-report-a").symlink_to("../_all_nodes/sosreport-w0")
    (root / ("n" * 200)).write_text("a long name\n")
    (root / "cut.sql.partial").write_text("half\n")
    return journal.tree


def contents(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        found = {}
        for member in archive:
            assert member.isreg()
            file = archive.extractfile(member)
            assert file is not None
            found[member.name] = file.read()
        return found


@pytest.mark.parametrize("form", ["gz", "xz"])
def test_the_archive_holds_what_the_tree_holds_and_a_link_as_a_file(tree: Tree, form: str) -> None:
    packed = pack(tree, form, where=None, is_over=never, disk_limit=NO_LIMIT)
    found = contents(packed.path)
    assert packed.path == tree.root / f"must-gather.tar.{form}"
    assert packed.size == packed.path.stat().st_size
    assert len(found) == packed.files == 7
    assert found["must-gather/sos-reports/nova/sos-report-a"] == b"../_all_nodes/sosreport-w0\n"
    for path in tree.root.rglob("*"):
        if path.is_file() and not path.is_symlink() and path != packed.path:
            assert found[f"must-gather/{path.relative_to(tree.root)}"] == path.read_bytes()


@pytest.mark.parametrize(("form", "flag"), [("gz", "-z"), ("xz", "-J"), ("zst", "--zstd")])
def test_gnu_tar_reads_it(tree: Tree, form: str, flag: str, tmp_path: Path) -> None:
    packed = pack(tree, form, where=tmp_path / "elsewhere", is_over=never, disk_limit=NO_LIMIT)
    assert packed.path.parent == tmp_path / "elsewhere"
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(["tar", "-x", flag, "-f", packed.path, "-C", out], check=True, timeout=60)
    assert (out / "must-gather/sos-reports/_all_nodes/sosreport-w0.tar.xz").read_bytes() == NOISE


def test_what_is_packed_already_is_stored(tree: Tree) -> None:
    packed = pack(tree, "gz", where=None, is_over=never, disk_limit=NO_LIMIT)
    assert NOISE[1_000_000:1_010_000] in packed.path.read_bytes()
    assert packed.size < len(NOISE) + 100_000


def test_an_archive_that_is_there_is_not_replaced(tree: Tree, tmp_path: Path) -> None:
    where = tmp_path / "elsewhere"
    first = pack(tree, "gz", where=where, is_over=never, disk_limit=NO_LIMIT)
    second = pack(tree, "gz", where=where, is_over=never, disk_limit=NO_LIMIT)
    assert first.path != second.path
    assert first.path.exists()


def test_one_that_is_broken_off_leaves_nothing(tree: Tree) -> None:
    before = set(tree.root.rglob("*"))
    answers = iter(["", "", "No time."])
    with pytest.raises(LimitReached, match="No time"):
        pack(tree, "gz", where=None, is_over=lambda: next(answers), disk_limit=NO_LIMIT)
    with pytest.raises(LimitReached, match="DISK_LIMIT"):
        pack(tree, "gz", where=None, is_over=never, disk_limit=DiskLimit.parse("900P"))
    assert set(tree.root.rglob("*")) == before


def test_a_place_that_cannot_be_written_is_one_sentence(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OmgError, match="could not be written"):
        pack(tree, "gz", where=tmp_path / "file", is_over=never, disk_limit=NO_LIMIT)


def test_only_the_archive_stays_when_that_is_asked(tree: Tree) -> None:
    packed = pack(tree, "gz", where=None, is_over=never, disk_limit=NO_LIMIT)
    leave_only(tree, packed)
    assert [path.name for path in tree.root.rglob("*")] == [packed.path.name]


@pytest.mark.parametrize("place", ["", "below", "below/deeper"])
@pytest.mark.parametrize("linked", [False, True])
def test_an_archive_in_the_tree_is_not_in_itself_and_outlives_the_tree(
    tree: Tree, place: str, linked: bool, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(tree.root)
    where = (tmp_path / "link" if linked else tree.root) / place
    packed = pack(tree, "gz", where=where, is_over=never, disk_limit=NO_LIMIT)
    found = contents(packed.path)
    assert len(found) == packed.files == 7
    leave_only(tree, packed)
    left = [path for path in tree.root.rglob("*") if not path.is_dir()]
    assert [os.path.samefile(path, packed.path) for path in left] == [True]
    assert contents(left[0]) == found


def test_what_is_not_in_the_archive_is_not_removed(tree: Tree) -> None:
    packed = pack(tree, "gz", where=None, is_over=never, disk_limit=NO_LIMIT)
    (tree.root / "came-later").write_text("mine\n")
    leave_only(tree, packed)
    assert {path.name for path in tree.root.rglob("*")} == {packed.path.name, "came-later"}


@pytest.mark.parametrize("form", ["gz", "xz", "zst"])
@pytest.mark.parametrize("program", [["bsdtar", "-x", "-f"], ["7z", "x", "-so"], ["file"]])
def test_other_programs_read_it(tree: Tree, form: str, program: list[str], tmp_path: Path) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"there is no {program[0]} here")
    packed = pack(tree, form, where=tmp_path / "elsewhere", is_over=never, disk_limit=NO_LIMIT)
    out = tmp_path / "out"
    out.mkdir()
    told = subprocess.run([*program, packed.path], cwd=out, capture_output=True, timeout=60, check=False)
    match program[0]:
        case "bsdtar":
            assert (out / "must-gather/sos-reports/_all_nodes/sosreport-w0.tar.xz").read_bytes() == NOISE
        case "7z":
            if b"Can not open the file as archive" not in told.stderr:  # older ones don't know Zstandard
                with tarfile.open(fileobj=io.BytesIO(told.stdout)) as archive:
                    assert len(archive.getmembers()) == packed.files
        case _:
            assert {"gz": b"gzip", "xz": b"XZ", "zst": b"Zstandard"}[form] in told.stdout
