"""Trees, archives and manifests: what is opened, what is compared, and what a person reads."""

import base64
import gzip
import io
import json
import lzma
import os
import random
import tarfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import zstandard

from omg.audit import Category, NotReadable, Report, as_json, as_text, audit, audit_written, json_schema
from omg.audit.findings import Finding
from omg.audit.order import most_telling_first, rank_of
from omg.audit.reading import Entry

SECRET = "Kq7mZ2vXw9LpT4"
LEAK = f"password = {SECRET}\n".encode()


KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----"


def told(report: Report) -> set[tuple[str, int, Category]]:
    return {(one.file, one.line, one.category) for one in report.findings}


def tree(root: Path, files: dict[str, bytes], *, ended: bool = True) -> Path:
    """A tree as omg writes it, its journal included."""
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    lines: list[dict[str, object]] = [{"event": "run"}, {"event": "files", "files": {path: {} for path in files}}]
    lines += [{"event": "end"}] if ended else []
    (root / "omg-manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (root / "omg-manifest.json").write_text("{}")
    return root


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, data in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def test_a_clean_tree_is_clean(tmp_path: Path) -> None:
    report = audit(tree(tmp_path, {"namespaces/a/configmaps/b.yaml": b"user: nova\n"}))
    assert report.findings == []
    assert report.searched.files == 3
    assert report.searched.learned_values is None
    assert len(report.notes) == 1
    assert "Only shapes" in report.notes[0]


def test_a_leak_is_named_by_file_and_line(tmp_path: Path) -> None:
    report = audit(tree(tmp_path, {"a/b.conf": b"[db]\n" + LEAK}))
    assert told(report) == {("a/b.conf", 2, Category.LEAK)}
    assert report.failing() == report.findings


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "tar": lambda data: data,
    "tar.gz": gzip.compress,
    "tar.xz": lzma.compress,
    "tar.zst": lambda data: zstandard.ZstdCompressor().compress(data),
}


@pytest.mark.parametrize("form", PACKERS)
def test_an_archive_is_searched_and_its_manifest_read(tmp_path: Path, form: str) -> None:
    root = tree(tmp_path / "tree", {"a.conf": LEAK, "b.conf": b"x = 1\n"})
    files = {f"must-gather/{one.name}": one.read_bytes() for one in root.iterdir() if one.name != "b.conf"}
    archive = tmp_path / f"must-gather.{form}"
    archive.write_bytes(PACKERS[form](packed({**files, "must-gather/foreign": b"x"})))
    assert told(audit(archive)) == {
        ("a.conf", 1, Category.LEAK),
        ("b.conf", 0, Category.MANIFEST),
        ("foreign", 0, Category.MANIFEST),
    }


def test_archives_in_archives_are_opened(tmp_path: Path) -> None:
    inner = gzip.compress(packed({"deep/x.log.gz": gzip.compress(b"one\n" + LEAK)}))
    root = tree(tmp_path, {"logs/all.tar.gz": lzma.compress(packed({"inner.tgz": inner}))})
    assert told(audit(root)) == {("logs/all.tar.gz!/inner.tgz!/deep/x.log.gz", 2, Category.LEAK)}


def test_sos_reports_are_a_class_of_their_own(tmp_path: Path) -> None:
    key = f"{KEY}\n".encode()
    path = "sos-reports/_all_nodes/sosreport-n.tar.xz"
    report = audit(tree(tmp_path, {path: lzma.compress(packed({"s/.ssh/key": key, "s/conf": LEAK}))}))
    assert ("sos-reports/_all_nodes/sosreport-n.tar.xz!/s/.ssh/key", 1, Category.SOS) in told(report)
    assert not any("s/conf" in one.file for one in report.findings)
    assert report.failing() == []
    assert report.failing(strict=True) == report.findings
    assert any("as sos left them" in line for line in as_text(report))


def test_a_partial_file_is_cut_and_no_leak(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a.log": b"x\n"})
    (root / "a.log").rename(root / "a.log.partial")
    report = audit(root)
    assert told(report) == {("a.log.partial", 0, Category.CUT)}
    assert report.failing() == []


@pytest.mark.parametrize("name", ["must-gather.tar.gz", "sos-reports/_all_nodes/sosreport-n.tar.gz"])
def test_an_archive_that_a_kill_has_cut_is_no_failure_and_what_is_in_it_is_searched(tmp_path: Path, name: str) -> None:
    text = random.Random(1).randbytes(300_000).hex().encode()
    whole = gzip.compress(packed({"must-gather/x.log": text, "must-gather/y.log": text}))
    root = tree(tmp_path / "clean", {"a.log": b"x\n", f"{name}.partial": whole[: len(whole) * 3 // 4]})
    report = audit(root)
    assert report.failing(strict=True) == []
    assert any(one.file == f"{name}.partial!/must-gather/y.log" for one in report.findings)
    leaking = gzip.compress(packed({"must-gather/x.key": f"{KEY}\n".encode(), "must-gather/y.log": text}))
    root = tree(tmp_path / "leaking", {f"{name}.partial": leaking[: len(leaking) * 3 // 4]})
    assert [one.line for one in audit(root).failing(strict=True)] == [1]


def test_the_manifest_and_the_tree_are_compared(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a": b"x\n", "b": b"x\n"})
    (root / "a").unlink()
    (root / "strange").write_bytes(b"")
    assert told(audit(root)) == {("a", 0, Category.MANIFEST), ("strange", 0, Category.MANIFEST)}


def test_a_manifest_that_the_journal_says_could_not_be_made_is_no_failure_and_one_that_is_gone_is(
    tmp_path: Path,
) -> None:
    root = tree(tmp_path, {"a": b"x\n"})
    (root / "omg-manifest.json").unlink()
    assert told(audit(root)) == {("omg-manifest.json", 0, Category.MANIFEST)}
    with (root / "omg-manifest.jsonl").open("a") as journal:
        journal.write('{"event": "no manifest", "reason": "No space left on device"}\n')
    assert told(audit(root)) == {("omg-manifest.json", 0, Category.CUT)}
    assert audit(root).failing(strict=True) == []


def test_a_journal_without_an_end_is_told(tmp_path: Path) -> None:
    report = audit(tree(tmp_path, {"a": b"x\n"}, ended=False))
    assert [one.kind for one in report.findings] == ["no end record: the run was killed"]
    assert report.failing() == []


def test_what_was_in_flight_when_a_run_was_killed_is_no_failure_and_anything_else_is(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a": b"x\n"}, ended=False)
    (root / "omg-swap-1.partial").write_bytes(b"x\n")
    assert audit(root).failing() == []
    (root / "strange").write_bytes(b"x\n")
    assert {(one.file, one.category) for one in audit(root).failing()} == {("strange", Category.MANIFEST)}


def test_a_tree_of_another_collector_has_no_manifest_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"x\n")
    report = audit(tmp_path)
    assert report.findings == []
    assert any("no manifest" in note for note in report.notes)


def test_a_name_that_holds_a_secret_is_a_finding_and_is_not_shown(tmp_path: Path) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJhbGciOiJSUzI1NiJ9.c2lnbmF0dXJlc2ln"
    root = tree(tmp_path, {f"x/{token}.log": LEAK, "a\nb": b"", "x/.hidden": b"", f"n-{SECRET}": b"x"})
    report = audit(root, values=[SECRET.encode()])
    text = "\n".join((as_json(report), *as_text(report)))
    assert token not in text
    assert SECRET not in text
    assert {one.kind for one in report.findings if one.category is Category.NAME} == {
        "JSON web token in a name",
        "control bytes in a name",
        "name with a leading dot",
        "learned value in a name",
    }


def test_an_archive_without_a_folder_is_compared_too(tmp_path: Path) -> None:
    root = tree(tmp_path / "tree", {"a/a.conf": LEAK, "b.conf": b"x = 1\n"})
    files = {str(one.relative_to(root)): one.read_bytes() for one in root.rglob("*") if one.is_file()}
    archive = tmp_path / "all.tar"
    archive.write_bytes(packed({f"./{path}": data for path, data in files.items()}))
    assert told(audit(archive)) == {("a/a.conf", 1, Category.LEAK)}


@pytest.mark.parametrize("form", [form for form in PACKERS if form != "tar"])
def test_a_damaged_file_is_told_and_what_came_before_is_searched(tmp_path: Path, form: str) -> None:
    whole = PACKERS[form](packed({"x.conf": LEAK, "rest": random.Random(1).randbytes(400_000)}))
    root = tree(tmp_path, {f"a.{form}": whole[: len(whole) // 2] + b"damage" + whole[len(whole) // 2 + 6 :]})
    assert (f"a.{form}", 0, Category.UNREAD) in told(audit(root)) or form == "tar.zst"
    cut = tree(tmp_path / "cut", {f"a.{form}": whole[: len(whole) // 2]})
    assert f"a.{form}" in {one.file for one in audit(cut).findings}


def test_what_is_no_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "lost+found").mkdir()
    (tmp_path / "empty.gz").write_bytes(b"")
    assert audit(tmp_path).findings == []


def test_a_torn_line_of_the_journal_is_passed_over(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a": b"x\n"})
    with (root / "omg-manifest.jsonl").open("ab") as file:
        file.write(b'{"event": "files", "fil\n[1]\n')
    (root / "omg-manifest.json").unlink()
    assert [(one.file, one.kind) for one in audit(root).findings] == [("omg-manifest.json", "missing")]


def test_more_findings_than_are_listed_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(LEAK * 10_500)
    report = audit(tmp_path)
    assert (len(report.findings), report.left_out) == (10_000, 500)
    assert "500 more findings are not listed." in as_text(report)


def test_values_that_are_no_text_are_found(tmp_path: Path) -> None:
    value = bytes(range(128, 160))
    (tmp_path / "core").write_bytes(b"\0" * 100 + value)
    (tmp_path / "x.yaml").write_bytes(b"key: " + base64.b64encode(b"a" + value))
    report = audit(tmp_path, values=[value])
    assert {one.kind for one in report.findings} == {"learned value", "learned value in base64"}
    assert audit(tmp_path, values=[]).notes[-1] == "No value of a Secret was learned."


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(LEAK)
    root = tree(tmp_path / "tree", {"a": b"x\n"})
    os.symlink(outside, root / "link")
    assert told(audit(root)) == {("link", 0, Category.MANIFEST)}


def test_what_could_not_be_searched_is_a_finding(tmp_path: Path) -> None:
    half = gzip.compress(random.Random(1).randbytes(5000))[:2000]
    root = tree(tmp_path, {"cut.gz": half, "a.zip": b"PK\x03\x04abc"})
    report = audit(root)
    assert told(report) == {("cut.gz", 0, Category.UNREAD), ("a.zip", 0, Category.UNREAD)}


@pytest.mark.parametrize("given", ["missing", "file"])
def test_what_is_neither_directory_nor_archive_is_one_sentence(tmp_path: Path, given: str) -> None:
    (tmp_path / "file").write_bytes(b"plain text")
    with pytest.raises(NotReadable, match=given):
        audit(tmp_path / given)


def test_the_json_has_the_shape_that_its_schema_says(tmp_path: Path) -> None:
    report = audit(tree(tmp_path, {"a/b.conf": LEAK}))
    assert msgspec.json.decode(as_json(report), type=Report) == report
    assert "leak" in json_schema()


def test_people_read_findings_by_file_with_counts(tmp_path: Path) -> None:
    lines = as_text(audit(tree(tmp_path, {"a.conf": LEAK * 30, "b.conf": LEAK})))
    assert "Not hidden: 31" in lines
    assert "  a.conf: and 10 more" in lines
    assert "  b.conf:1: value of a key such as password" in lines
    assert any(line.startswith("31 findings") for line in lines)


def test_configuration_is_searched_before_logs_and_newer_logs_first() -> None:
    paths = ["sos-reports/x", "namespaces/a/pods/b/logs/old.log", "namespaces/a/pods/b/logs/new.log", "nodes/n.yaml"]
    paths += ["namespaces/a/crs/x/y.yaml", "namespaces/a/secrets/nova/n.yaml"]
    sorted_ones = most_telling_first(Entry(path, 1, 2.0 if "new" in path else 1.0) for path in paths)
    assert [one.path for one in sorted_ones] == list(reversed(paths))
    assert rank_of("x.sql") > rank_of("nodes/n.yaml")


def test_without_time_the_share_that_was_searched_is_told(tmp_path: Path) -> None:
    root = tree(tmp_path, {f"{number}.log": b"x" * 1000 for number in range(20)})
    calls = iter(range(1000))
    report = audit_written(root, [], within=60, is_over=lambda: next(calls) > 15)
    assert 0 < report.searched.share < 1
    assert report.searched.files < report.searched.files_in_tree


def test_what_a_run_wrote_is_searched_for_its_values(tmp_path: Path) -> None:
    root = tree(tmp_path, {"a.log": b"one\nwe agreed on " + base64.b64encode(SECRET.encode()) + b"\n"}, ended=False)
    report = audit_written(root, [SECRET.encode()], within=60, is_over=lambda: False)
    assert report.findings == [Finding("a.log", 2, "learned value in base64", Category.LEAK)]
    assert report.searched.learned_values == 1
    assert report.notes == []


def test_memory_stays_bounded_on_a_line_without_end(tmp_path: Path) -> None:
    with (tmp_path / "line.log").open("wb") as file:
        for _ in range(64):
            file.write(b"x y" * 100_000)
        file.write(b" " + LEAK)
    tracemalloc.start()
    began = time.monotonic()
    report = audit(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [one.line for one in report.findings] == [1]
    assert peak < 8 << 20
    assert time.monotonic() - began < 30
