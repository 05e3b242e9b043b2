"""The database files of a real OVN, masked through a pod's exec, and read by OVN's own tools afterwards."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.controlplane.conftest import Plane, outcomes
from tests.cluster.controlplane.objects import KNOWN_PASSWORD
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.ovn import MISSING, SCHEMAS, Ovn, run

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs ovn-central: {', '.join(MISSING)}")

IN_A_MAP = "pl4nted-In-a-map"
PLANTED = (KNOWN_PASSWORD, IN_A_MAP)


@pytest.fixture(scope="module")
def ovn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ovn]:
    """Two switches with ports, and what nobody should have written into them."""
    with Ovn(tmp_path_factory.mktemp("ovn")) as running:
        for number in range(2):
            running.control("ls-add", f"switch-{number}")
            for port in range(20):
                running.control("lsp-add", f"switch-{number}", f"port-{number}-{port}")
        running.control("set", "Logical_Switch", "switch-0", f"external_ids:admin_password={IN_A_MAP}")
        running.control("set", "Logical_Switch", "switch-1", f"external_ids:note={KNOWN_PASSWORD}")
        yield running


@pytest.fixture(scope="module")
def gathered(plane: Plane, ovn: Ovn) -> Gathered:
    plane.serve(ovn.programs())
    found = plane.gather("ovn", "ovn")
    assert found.code == 0, found.explain()
    return found


def _rows(file: Path, table: str, columns: list[str], where: Path, schema: str) -> list[dict[str, Any]]:
    """The rows that OVN's tool reads out of a clustered file."""
    standalone = where / f"{file.name}-standalone"
    standalone.unlink(missing_ok=True)
    run("ovsdb-tool", "cluster-to-standalone", str(standalone), str(file))
    asked = [schema, {"op": "select", "table": table, "where": [], "columns": columns}]
    rows: list[dict[str, Any]] = json.loads(run("ovsdb-tool", "query", str(standalone), json.dumps(asked)))[0]["rows"]
    return sorted(rows, key=lambda row: str(row.get("name", row)))


def test_ovns_tool_reads_the_same_rows_out_of_the_masked_file(
    ovn: Ovn, gathered: Gathered, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ours = gathered.root / "ctlplane" / "ovn" / "ovnnb_db.db"
    other = tmp_path_factory.mktemp("original")
    for table, columns in (("Logical_Switch_Port", ["_uuid", "name", "type"]), ("Logical_Switch", ["_uuid", "name"])):
        shown = _rows(ours, table, columns, tmp_path, "OVN_Northbound")
        assert shown == _rows(ovn.file("nb"), table, columns, other, "OVN_Northbound")
        assert len(shown) == {"Logical_Switch_Port": 40, "Logical_Switch": 2}[table]
    notes = [
        row["external_ids"]
        for row in _rows(ours, "Logical_Switch", ["name", "external_ids"], tmp_path, "OVN_Northbound")
    ]
    assert [pair[0] for one in notes for pair in one[1]] == ["admin_password", "note"]
    assert all(pair[1].startswith("__hidden_") for one in notes for pair in one[1])


def test_the_southbound_file_that_northd_has_filled_is_read_too(
    ovn: Ovn, gathered: Gathered, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ours = gathered.root / "ctlplane" / "ovn" / "ovnsb_db.db"
    columns = ["_uuid", "logical_port", "tunnel_key"]
    shown = _rows(ours, "Port_Binding", columns, tmp_path, "OVN_Southbound")
    assert shown == _rows(ovn.file("sb"), "Port_Binding", columns, tmp_path_factory.mktemp("sb"), "OVN_Southbound")
    assert len(shown) == 40
    assert "OVN_Southbound" in run("ovsdb-tool", "db-name", str(ours))


def test_no_secret_of_a_database_is_in_any_file(ovn: Ovn, gathered: Gathered) -> None:
    assert all(secret in ovn.file("nb").read_text() for secret in PLANTED)
    for path in gathered.root.rglob("*"):
        if path.is_file():
            text = path.read_text(errors="replace")
            assert [secret for secret in PLANTED if secret in text] == [], path


def test_the_state_of_each_cluster_is_found_wherever_its_socket_is(gathered: Gathered) -> None:
    for side, name in (("nb", "OVN_Northbound"), ("sb", "OVN_Southbound")):
        file = gathered.root / "ctlplane" / "ovn" / "cluster-status" / side / f"ovsdbserver-{side}-0.txt"
        text = file.read_text()
        assert f"Name: {name}" in text
        assert "Role: leader" in text


def test_a_file_that_is_copied_while_it_is_written_is_whole_up_to_there_and_says_so(plane: Plane, ovn: Ovn) -> None:
    torn = {**ovn.programs(), "cat": ovn.programs()["cat"].replace("/bin/cat", "/usr/bin/head -c -7")}
    plane.serve(torn)
    gathered = plane.gather("torn", "ovn")
    for side, name in (("nb", "OVN_Northbound"), ("sb", "OVN_Southbound")):
        outcome, reason = outcomes(gathered, "ovn")[f"ovn{side}_db.db"]
        assert outcome == "collected"
        assert "middle of a record" in reason
        file = gathered.root / "ctlplane" / "ovn" / f"ovn{side}_db.db"
        assert run("ovsdb-tool", "db-name", str(file)).strip() == name
        run("ovsdb-tool", "check-cluster", str(file))
    assert gathered.code == 0, gathered.explain()


def test_a_copy_that_breaks_off_has_no_final_name(plane: Plane, ovn: Ovn) -> None:
    cut = ovn.programs()["cat"].replace("exec /bin/cat", "/usr/bin/head -c -7")
    plane.serve({**ovn.programs(), "cat": f"{cut}exit 1\n"})
    gathered = plane.gather("broken-off", "ovn")
    found = outcomes(gathered, "ovn")
    assert {found[f"ovn{side}_db.db"][0] for side in ("nb", "sb")} == {"failed"}
    assert not list(gathered.root.rglob("*.db"))


def test_a_standalone_database_is_masked_and_read_by_ovns_tool(plane: Plane, ovn: Ovn, tmp_path: Path) -> None:
    folder = tmp_path / "etc" / "ovn"
    folder.mkdir(parents=True)
    for side, name in (("nb", "OVN_Northbound"), ("sb", "OVN_Southbound")):
        file = folder / f"ovn{side}_db.db"
        run("ovsdb-tool", "create", str(file), str(SCHEMAS / f"ovn-{side}.ovsschema"))
        row = {"name": f"of {KNOWN_PASSWORD}", "options": ["map", [["admin_password", IN_A_MAP]]]}
        insert = {"op": "insert", "table": f"{side.upper()}_Global", "row": row if side == "nb" else {}}
        run("ovsdb-tool", "transact", str(file), json.dumps([name, insert]))
    plane.serve({"cat": f'exec /bin/cat "{tmp_path}$1"\n', "ovn-appctl": "exit 1\n"})
    gathered = plane.gather("standalone", "ovn")
    file = gathered.root / "ctlplane" / "ovn" / "ovnnb_db.db"
    asked = ["OVN_Northbound", {"op": "select", "table": "NB_Global", "where": [], "columns": ["name", "options"]}]
    rows = json.loads(run("ovsdb-tool", "query", str(file), json.dumps(asked)))[0]["rows"]
    assert rows[0]["name"].startswith("of __hidden_")
    assert rows[0]["options"][1][0][1].startswith("__hidden_")


def test_servers_that_are_gone_are_told_with_their_words(plane: Plane, tmp_path: Path) -> None:
    plane.serve(Ovn(tmp_path).programs())
    found = outcomes(plane.gather("ovn-gone", "ovn"), "ovn")
    assert {outcome for outcome, _ in found.values()} == {"failed"}
    assert all("No such file" in reason or "cannot connect" in reason for _, reason in found.values()), found
