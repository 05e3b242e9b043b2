"""The audit at the end of a run: what it searches, in which time, and what a person is told."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from omg.audit import Category, Finding
from omg.engine import Outcome, Record
from omg.gather.auditing import SHARE, WHEN_STOPPED, Auditing, records_of
from omg.gather.stopping import Stopping
from omg.masking import ALL_NETS, Masker
from omg.output import Journal, Sink
from omg.settings import Settings
from tests.gathering import Gathering
from tests.masking.planting import secret_of
from tests.output.desk import Meter

AN_HOUR = 3600.0
VALUE = "Kq7mZ2vXw9LpT4"
TEXTS = {
    1: b"see amqp://nova:Zt5wQ8rLb2Nc@rabbit/ for more\n",
    2: b"[db]\npassword = Zt5wQ8rLb2Nc\n",
    3: f"we agreed on {VALUE}\n".encode(),
}


class Written:
    """A tree that a masker with some of its nets has written, and the records of its audit."""

    def __init__(self, root: Path, nets: frozenset[int]) -> None:
        self.root = root
        self.records: list[Record] = []
        self.masker = Masker(b"k" * 32, nets=nets)
        self.masker.learn([secret_of(VALUE)])
        self.settings = Settings()
        self.journal = Journal.open(root, self.masker, {})
        self.sink = Sink.from_settings(root, self.masker, self.journal, self.settings)

    def auditing(self, settings: Settings | None = None, *, took: float = AN_HOUR) -> Auditing:
        began = time.monotonic() - took
        stopping = Stopping(lambda _reason: None)
        return Auditing(settings or self.settings, self.masker, self.sink, stopping, began, self.records.append)

    async def texts(self) -> None:
        output = self.sink.for_item("pod_logs", Meter())
        for net, text in TEXTS.items():
            await output.text(f"net-{net}.log", data=text)


@pytest.fixture
def opened() -> Iterator[list[Written]]:
    made: list[Written] = []
    yield made
    for one in made:
        one.sink.close()
        one.journal.close()


async def test_what_was_masked_by_all_nets_is_clean_and_what_was_searched_is_told(
    tmp_path: Path, opened: list[Written]
) -> None:
    written = Written(tmp_path, ALL_NETS)
    opened.append(written)
    await written.texts()
    audited = await written.auditing().audit(stopped=False, reserve=10)
    assert audited.warnings == ()
    assert [record.outcome for record in written.records] == [Outcome.COLLECTED]
    assert audited.line.endswith("nothing found.")
    assert "4 of 4 files" in audited.line
    member = audited.member()["audit"]
    assert (member["share"], member["learned_values"], member["findings"]) == (1.0, 1, [])


@pytest.mark.parametrize("net", TEXTS)
async def test_what_comes_through_without_a_net_is_named_and_fails_the_run(
    tmp_path: Path, opened: list[Written], net: int
) -> None:
    written = Written(tmp_path, ALL_NETS - {net})
    opened.append(written)
    await written.texts()
    audited = await written.auditing().audit(stopped=False, reserve=10)
    failed = [record for record in written.records if record.outcome is Outcome.FAILED]
    assert f"pod_logs/net-{net}.log" in {record.key for record in failed}
    assert "don't share" in audited.warnings[0]
    told = json.dumps([*(record.line() for record in written.records), audited.member(), *audited.warnings])
    assert VALUE not in told
    assert "Zt5wQ8rLb2Nc" not in told


def test_the_time_is_a_share_of_the_run_and_ends_before_the_reserve(tmp_path: Path, opened: list[Written]) -> None:
    written = Written(tmp_path, ALL_NETS)
    opened.append(written)
    free, bound = written.auditing(took=0), written.auditing(Settings(deadline=100.0), took=0)
    assert free.time_left(free.began + 50, stopped=False, reserve=10) == pytest.approx(50 * SHARE)
    assert bound.time_left(bound.began + 105, stopped=False, reserve=10) == pytest.approx(3.0)
    assert bound.time_left(bound.began + 109, stopped=False, reserve=10) < 0
    assert free.time_left(free.began + 50, stopped=True, reserve=10) == WHEN_STOPPED


async def test_without_time_nothing_is_searched_and_that_is_said(tmp_path: Path, opened: list[Written]) -> None:
    written = Written(tmp_path, ALL_NETS)
    opened.append(written)
    audited = await written.auditing(Settings(deadline=1.0)).audit(stopped=False, reserve=10)
    assert [record.outcome for record in written.records] == [Outcome.SKIPPED]
    assert "run omg audit" in audited.line


async def test_a_tree_that_can_not_be_read_fails_the_audit(tmp_path: Path, opened: list[Written]) -> None:
    written = Written(tmp_path / "tree", ALL_NETS)
    opened.append(written)
    (tmp_path / "tree").rename(tmp_path / "moved")
    audited = await written.auditing().audit(stopped=False, reserve=10)
    assert [record.outcome for record in written.records] == [Outcome.FAILED]
    assert "can't be read" in audited.line
    assert audited.member() == {}


def test_many_files_get_one_record_for_what_is_left() -> None:
    records = records_of([Finding(f"{number}.log", 1, "private key", Category.LEAK) for number in range(60)])
    assert len(records) == 51
    assert records[-1].reason == "10 more files hold something."
    assert records[0].reason == "line 1: private key"


async def test_a_run_ends_with_its_audit_in_summary_and_manifest(gathering: Gathering) -> None:
    result = await gathering.run("config_maps", "secrets")
    assert result.exit_code == 0, result.lines
    assert any(line.startswith("Audit: ") and line.endswith("nothing found.") for line in result.lines)
    manifest = json.loads((gathering.root / "omg-manifest.json").read_text())
    assert manifest["end"]["audit"]["findings"] == []
    assert manifest["end"]["audit"]["learned_values"] > 100
    assert gathering.outcome("audit", "files") == "collected"


@pytest.mark.parametrize(("audit", "do_not_mask"), [("0", "0"), ("1", "1")])
async def test_without_an_audit_there_is_no_word_of_it(gathering: Gathering, audit: str, do_not_mask: str) -> None:
    result = await gathering.run("config_maps", audit=audit, do_not_mask=do_not_mask)
    assert not any(line.startswith("Audit: ") for line in result.lines)
    assert "audit" not in gathering.journal()[-1]


async def test_the_command_names_what_it_found_and_exits_with_one(gathering: Gathering) -> None:
    await gathering.run("config_maps")
    clean = await gathering.command("audit", str(gathering.root))
    assert (clean.code, clean.stderr) == (0, "")
    assert "Only shapes and sensitive keys were checked" in clean.stdout
    (gathering.root / "namespaces" / "added.conf").write_bytes(TEXTS[2])
    found = await gathering.command("audit", str(gathering.root), "--format", "json")
    assert found.code == 1
    assert {(one["file"], one["line"], one["category"]) for one in json.loads(found.stdout)["findings"]} == {
        ("namespaces/added.conf", 2, "leak"),
        ("namespaces/added.conf", 0, "manifest"),
    }


async def test_the_command_says_what_it_can_not_search(gathering: Gathering) -> None:
    ended = await gathering.command("audit", str(gathering.root / "missing"))
    assert (ended.code, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1
    assert "missing can't be read" in ended.stderr
