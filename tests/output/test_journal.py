import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from omg.errors import LimitReached
from omg.output import Journal, read_journal
from omg.output.directory import JOURNAL, MANIFEST
from tests.output.desk import HIDDEN, SECRET, ReplacingMasker


@contextmanager
def journal(root: Path, masker: ReplacingMasker | None = None) -> Iterator[Journal]:
    with Journal.open(root, masker or ReplacingMasker(SECRET), {"omg": "0.1", "settings": {"a": 1}}) as opened:
        yield opened


def record(key: str, outcome: str = "collected", **more: Any) -> dict[str, Any]:
    return {"task": "t", "key": key, "outcome": outcome, **more}


def test_each_line_is_on_the_disk_when_the_call_returns(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        assert [line["event"] for line in read_journal(tmp_path)] == ["run"]
        here.started("t", "a")
        here.writing("t", {"x.yaml": {"kind": "Pod"}}, generation=1)
        here.ended(record("a"))
        lines = list(read_journal(tmp_path / JOURNAL))
    assert [line["event"] for line in lines] == ["run", "started", "files", "ended"]
    assert lines[0] == {"event": "run", "omg": "0.1", "settings": {"a": 1}}
    assert lines[1]["at"] >= 0
    assert lines[2] == {"event": "files", "task": "t", "generation": 1, "files": {"x.yaml": {"kind": "Pod"}}}


def test_reasons_are_masked(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        here.ended(record("a", "failed", reason=f"the server said {SECRET.decode()}"))
        here.end({"exit_code": 1})
    for name in (JOURNAL, MANIFEST):
        data = (tmp_path / name).read_bytes()
        assert SECRET not in data
        assert HIDDEN in data


def test_a_torn_line_is_left_out_wherever_it_stands(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        here.started("t", "a")
        with (tmp_path / JOURNAL).open("ab") as file:
            file.write(b'{"event": "ended", "ta\n7\n\xff\n')
        here.started("t", "b")
        with (tmp_path / JOURNAL).open("ab") as file:
            file.write(b'{"event": "ended"')
    assert [line.get("key") for line in read_journal(tmp_path)] == [None, "a", "b"]


def test_the_manifest_says_how_each_item_ended_and_what_each_file_holds(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        for key in ("a", "b", "c"):
            here.started("t", key)
        here.writing("t", {"a.yaml": {"name": "a"}, "é\ud800.yaml": {}}, generation=1)
        here.writing("t", {"b.yaml": {"name": "b"}}, generation=1)
        here.writing("t", {"never.yaml": {"name": "never"}}, generation=1)
        here.ended(record("a", objects=2, paths=["a.yaml", "é\ud800.yaml"]))
        here.ended(record("b", "denied", reason="no", paths=["b.yaml"]))
        here.ended(record(""))
        here.end({"exit_code": 1})
        assert here.trouble == ""
    manifest = json.loads((tmp_path / MANIFEST).read_bytes())
    assert manifest["run"] == {"omg": "0.1", "settings": {"a": 1}}
    assert manifest["end"] == {"exit_code": 1}
    assert manifest["outcomes"] == {"collected": 1, "denied": 1}
    assert [one["key"] for one in manifest["in_flight"]] == ["c"]
    assert [one["key"] for one in manifest["records"]] == ["a", "b", ""]
    assert manifest["records"][0] == record("a", objects=2, paths=["a.yaml", "é\ud800.yaml"])
    assert manifest["files"] == {"a.yaml": {"name": "a"}, "é\ud800.yaml": {}, "b.yaml": {"name": "b"}}
    assert list(read_journal(tmp_path))[-2:] == [
        {"event": "given up", "files": ["never.yaml"]},
        {"event": "end", "exit_code": 1},
    ]


def test_a_file_that_no_record_names_is_given_up_only_where_it_is_not_there_cut_or_whole(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        here.writing("t", {f"folder/{name}": {} for name in ("whole", "cut", "never")}, generation=1)
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "whole").touch()
        (tmp_path / "folder" / "cut.partial").touch()
        here.end({})
    assert list(read_journal(tmp_path))[-2] == {"event": "given up", "files": ["folder/never"]}
    assert set(json.loads((tmp_path / MANIFEST).read_bytes())["files"]) == {"folder/whole", "folder/cut"}


def test_a_manifest_of_nothing_and_one_of_many_lines_are_json(tmp_path: Path) -> None:
    with journal(tmp_path / "nothing") as here:
        here.end({})
    assert json.loads((tmp_path / "nothing" / MANIFEST).read_bytes())["records"] == []
    with journal(tmp_path / "many") as here:
        for number in range(2000):
            here.writing("t", {f"{number}.yaml": {"name": "x" * 50}}, generation=1)
            here.ended(record(str(number), paths=[f"{number}.yaml"]))
        here.end({})
    assert len(json.loads((tmp_path / "many" / MANIFEST).read_bytes())["files"]) == 2000


def test_what_is_learned_late_is_hidden_in_reasons_that_stand_already(tmp_path: Path) -> None:
    masker = ReplacingMasker(SECRET)
    with journal(tmp_path, masker) as here:
        here.ended(record("a", "failed", reason="it said swordfish"))
        assert not here.remask()
        masker.learn(b"swordfish")
        assert here.remask()
        assert not here.remask()
        here.started("t", "after")
    lines = list(read_journal(tmp_path))
    assert lines[1]["reason"] == f"it said {HIDDEN.decode()}"
    assert lines[2]["key"] == "after"


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """As on a full disk: a write beyond it is short, the next one fails (EFBIG, as Python ignores SIGXFSZ)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_stops_what_depends_on_the_line_and_nothing_else(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        room = os.stat(tmp_path / JOURNAL).st_size + 10
        with no_file_larger_than(room):
            here.started("t", "torn")
            here.ended(record("torn"))
            with pytest.raises(LimitReached, match=JOURNAL):
                here.writing("t", {"a.yaml": {}}, generation=1)
            here.end({"exit_code": 1})
        assert "journal is not complete" in here.trouble
        here.started("t", "later")
    assert [line.get("key") for line in read_journal(tmp_path)] == [None, "later"]
    assert not (tmp_path / MANIFEST).exists()
    assert not (tmp_path / f"{MANIFEST}.partial").exists()


def test_a_manifest_that_cannot_be_made_is_said_and_leaves_none(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        (tmp_path / MANIFEST).mkdir()
        here.end({})
        assert "manifest could not be made" in here.trouble


def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    with journal(tmp_path) as here:
        here.close()
