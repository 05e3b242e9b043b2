"""Dumps of a real MariaDB through a pod's exec: masked, restorable, and never whole where they are not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omg.tasks.databases import is_whole
from tests.cluster.controlplane.conftest import Plane, outcomes
from tests.cluster.controlplane.objects import KNOWN_PASSWORD, KNOWN_THERE, ROOT_PASSWORD, SECOND
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.mariadb import MISSING, MariaDB

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs mariadb-server: {', '.join(MISSING)}")

IN_JSON = "jx7Kq2-inside-json"
IN_URL = "u8rl-Pa55word"
IN_OPTION = "0pt10n-value-XyZ"
PLANTED = (KNOWN_PASSWORD, KNOWN_THERE, IN_JSON, IN_URL, IN_OPTION)

ROWS = 40_000
"""Of the table that is dumped while its server is killed: 20 MB, more than all buffers on the way."""

BEFORE_THE_DEATH = 2_000_000

SCHEMA = f"""
CREATE DATABASE keystone; CREATE DATABASE nova; CREATE DATABASE cinder;
USE keystone;
CREATE TABLE project (id varchar(64) NOT NULL PRIMARY KEY, name varchar(255), extra text, enabled tinyint(1));
INSERT INTO project VALUES ('a1', 'admin',
    '{{"description": "it''s \\\\"quoted\\\\"\\\\n\\\\té"}}', 1), ('b2', '', NULL, 0);
CREATE TABLE credential (id varchar(64) NOT NULL PRIMARY KEY, type varchar(32), encrypted_blob text, blob_bytes blob);
INSERT INTO credential VALUES ('c1', 'ec2',
    '{{"access": "x", "password": "{IN_JSON}"}}', UNHEX('00FF10270A0D5C27C328'));
USE nova;
CREATE TABLE instances (id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY, uuid varchar(36) NOT NULL, host varchar(255),
    created_at datetime(6), memory_mb bigint, KEY host_index (host));
CREATE TABLE cell_mappings (id int(11) NOT NULL PRIMARY KEY, name varchar(255), transport_url text, note text);
INSERT INTO cell_mappings VALUES (1, 'cell0', 'rabbit://nova:{IN_URL}@rabbitmq.openstack.svc:5671/?ssl=1',
    'the password was {KNOWN_PASSWORD} for a while, elsewhere {KNOWN_THERE}'),
    (2, 'cell1', 'none:///', 'admin_password = {IN_OPTION}');
CREATE VIEW running AS SELECT uuid, host FROM instances WHERE host IS NOT NULL;
USE cinder;
CREATE TABLE volumes (id varchar(36) NOT NULL PRIMARY KEY, size int(11), status varchar(255), display_name text);
"""


def _fill(server: MariaDB) -> None:
    server.run(SCHEMA)
    instances = ",".join(
        f"({at},UUID(),{'NULL' if at % 7 == 0 else repr(f'compute-{at % 9}')},'2026-01-15 09:00:00.{at:06}',{at * 512})"
        for at in range(1, 3001)
    )
    server.run(f"INSERT INTO instances VALUES {instances};", "nova")
    padding = "a volume with a long description " * 14
    volumes = ",".join(f"('{at:036}',{at % 900},'in-use','{padding}')" for at in range(ROWS))
    server.run("SET GLOBAL max_allowed_packet=67108864;")
    server.run(f"INSERT INTO volumes VALUES {volumes};", "cinder")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    """The server of the control plane, with the databases of three services."""
    with MariaDB(tmp_path_factory.mktemp("db")) as running:
        _fill(running)
        yield running


@pytest.fixture
def served(plane: Plane, server: MariaDB) -> MariaDB:
    """The server, that the pods' clients talk to; both pods have the same one."""
    plane.serve({"mysql": server.client("mariadb"), "mysqldump": server.client("mariadb-dump")})
    return server


@pytest.fixture(scope="module")
def dumped(plane: Plane, server: MariaDB) -> Gathered:
    plane.serve({"mysql": server.client("mariadb"), "mysqldump": server.client("mariadb-dump")})
    return plane.gather("dumps", "databases", OPENSTACK_DATABASES="keystone,nova,cinder,no_such", FILTER_DB_CELLS="1")


def _file(gathered: Gathered, database: str) -> Path:
    return gathered.root / "dbs" / "openstack" / f"openstack-galera-0-{database}.sql"


def _of_dumps(gathered: Gathered) -> list[tuple[str, str]]:
    """The outcome and the reason of each dump."""
    return [end for key, end in outcomes(gathered, "databases").items() if not key.startswith("pods/")]


def test_each_database_has_an_outcome_and_one_that_is_not_there_is_absent(dumped: Gathered) -> None:
    found = outcomes(dumped, "databases")
    servers = ("openstack/openstack-galera-0", f"{SECOND}/excellent-galera-0")
    ends = {"keystone": "collected", "nova": "collected", "cinder": "collected", "no_such": "absent"}
    expected = {f"{server}/{database}": outcome for server in servers for database, outcome in ends.items()}
    assert {key: outcome for key, (outcome, _) in found.items()} == {**expected, f"pods/{SECOND}": "collected"}
    assert "no_such" in found[f"{servers[0]}/no_such"][1]
    assert dumped.code == 0, dumped.explain()


def test_a_control_plane_out_of_scope_is_dumped_and_what_its_secrets_hold_is_hidden(dumped: Gathered) -> None:
    folder = dumped.root / "dbs" / SECOND
    assert sorted(path.name for path in folder.iterdir()) == [
        f"excellent-galera-0-{database}.sql" for database in ("cinder", "keystone", "nova")
    ]
    assert KNOWN_THERE.encode() not in (folder / "excellent-galera-0-nova.sql").read_bytes()
    there = (dumped.root / "namespaces" / SECOND).iterdir()
    assert [path.name for path in there] == ["crs"], "it is out of scope in everything but custom resources"


def test_no_secret_of_a_row_is_in_any_file(dumped: Gathered) -> None:
    for path in dumped.root.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert [secret for secret in PLANTED if secret.encode() in data] == [], path


def test_dumps_are_restored_into_another_server_with_everything_that_is_no_secret(
    server: MariaDB, dumped: Gathered, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with MariaDB(tmp_path_factory.mktemp("db2")) as second:
        for database in ("keystone", "nova", "cinder"):
            second.run(f"CREATE DATABASE {database};")
            second.restore(_file(dumped, database), database)
        for statement in COMPARED:
            assert second.run(statement) == server.run(statement), statement
        hidden = second.run("SELECT transport_url, note FROM nova.cell_mappings ORDER BY id;")
    assert hidden[0][0].startswith("rabbit://nova:__hidden_")
    assert hidden[0][0].endswith("__@rabbitmq.openstack.svc:5671/?ssl=1")
    assert hidden[1][0] == "none:///"


COMPARED = (
    "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'nova' ORDER BY 1;",
    "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'keystone' ORDER BY 1;",
    "SHOW CREATE TABLE keystone.project;",
    "SHOW CREATE TABLE keystone.credential;",
    "SHOW CREATE TABLE nova.instances;",
    "SHOW CREATE TABLE nova.cell_mappings;",
    "SHOW CREATE TABLE cinder.volumes;",
    "SELECT COUNT(*) FROM nova.cell_mappings;",
    "SELECT COUNT(*) FROM nova.running;",
    "CHECKSUM TABLE nova.instances, cinder.volumes, keystone.project;",
    "SELECT id, name FROM nova.cell_mappings ORDER BY id;",
    "SELECT id, type, HEX(blob_bytes) FROM keystone.credential;",
)


def test_all_databases_come_in_one_file_whatever_the_case_of_the_word(plane: Plane, served: MariaDB) -> None:
    assert served.socket.exists()
    gathered = plane.gather("all-dumps", "databases", OPENSTACK_DATABASES="All", FILTER_DB_CELLS="1")
    text = _file(gathered, "openstack_databases").read_bytes()
    assert text.count(b"CREATE DATABASE") >= 4
    assert b"-- Dump completed" in text[-100:]
    assert [secret for secret in PLANTED if secret.encode() in text] == []


def test_a_server_that_is_killed_in_the_middle_leaves_what_nobody_takes_for_whole(
    plane: Plane, server: MariaDB
) -> None:
    pid = server.pid_file.read_text().strip()
    dump = server.client("mariadb-dump").removeprefix("exec ").strip()
    cut = f"/usr/bin/head -c {BEFORE_THE_DEATH}; kill -KILL {pid}; /usr/bin/cat"
    status = server.socket.with_name("status")
    killing = f"{{ {dump}; echo $? >{status}; }} | {{ {cut}; }}\nread code <{status}\nexit $code\n"
    killing = f"[ $POD = openstack-galera-0 ] || exit 1  # the other pod's server is the same one\n{killing}"
    plane.serve({"mysql": server.client("mariadb"), "mysqldump": killing})
    try:
        gathered = plane.gather("killed", "databases", OPENSTACK_DATABASES="cinder", FILTER_DB_CELLS="1")
    finally:
        server.stop()
        server.start()
    outcome, reason = outcomes(gathered, "databases")["openstack/openstack-galera-0/cinder"]
    assert outcome == "truncated", reason
    assert reason
    assert gathered.code == 1
    partial = _file(gathered, "cinder").with_name("openstack-galera-0-cinder.sql.partial")
    assert not _file(gathered, "cinder").exists()
    assert partial.stat().st_size > BEFORE_THE_DEATH // 2
    assert b"-- Dump completed" not in partial.read_bytes()[-200:]


def test_a_server_that_is_down_has_failed_with_its_own_words(plane: Plane, served: MariaDB) -> None:
    served.stop()
    try:
        gathered = plane.gather("down", "databases", OPENSTACK_DATABASES="nova,all_the_rest", FILTER_DB_CELLS="1")
    finally:
        served.start()
    found = _of_dumps(gathered)
    assert len(found) == 4
    assert {outcome for outcome, _ in found} == {"failed"}
    assert all("Can't connect to local" in reason for _, reason in found), found
    assert not (gathered.root / "dbs").exists() or not list((gathered.root / "dbs").rglob("*.sql*"))


def test_a_dump_of_all_that_fails_at_once_says_why_and_leaves_no_file(plane: Plane, served: MariaDB) -> None:
    served.stop()
    try:
        gathered = plane.gather("all-down", "databases", OPENSTACK_DATABASES="all", FILTER_DB_CELLS="1")
    finally:
        served.start()
    found = _of_dumps(gathered)
    assert len(found) == 2
    assert all(outcome == "failed" and "Can't connect to local" in reason for outcome, reason in found), found
    assert not list(gathered.root.rglob("*.sql*"))


def test_programs_that_have_only_their_new_names_are_found(plane: Plane, served: MariaDB) -> None:
    plane.serve({"mariadb": served.client("mariadb"), "mariadb-dump": served.client("mariadb-dump")})
    gathered = plane.gather("new-names", "databases", OPENSTACK_DATABASES="nova", FILTER_DB_CELLS="1")
    assert gathered.code == 0, gathered.explain()
    assert is_whole(_file(gathered, "nova").read_bytes()[-200:])


def test_where_there_is_no_program_its_first_name_is_told(plane: Plane) -> None:
    plane.serve({"true": "exit 0\n"})
    gathered = plane.gather("no-program", "databases", OPENSTACK_DATABASES="nova,ALL", FILTER_DB_CELLS="1")
    named = plane.gather("no-client", "databases", OPENSTACK_DATABASES="nova", FILTER_DB_CELLS="1")
    for ends, program in ((gathered, "mysqldump"), (named, "mysql")):
        found = _of_dumps(ends)
        assert all(outcome == "failed" and f'"{program}": executable' in reason for outcome, reason in found), found


def test_a_server_that_wants_a_password_gets_the_control_planes_and_nobody_sees_it(
    plane: Plane, server: MariaDB, tmp_path: Path
) -> None:
    asked = tmp_path / "asked"
    seen = f'echo "$0 $*" >>{asked}\n'
    plane.serve(
        {
            "mysql": seen + server.client("mariadb"),
            "mysqldump": seen + server.client("mariadb-dump"),
            "sh": 'exec /bin/sh "$@"\n',
        }
    )
    server.run(f"SET PASSWORD FOR root@localhost = PASSWORD('{ROOT_PASSWORD}');")
    try:
        gathered = plane.gather("password", "databases", OPENSTACK_DATABASES="nova,no_such", FILTER_DB_CELLS="1")
        everything = plane.gather("password-all", "databases", OPENSTACK_DATABASES="ALL", FILTER_DB_CELLS="1")
    finally:
        server.run("SET PASSWORD FOR root@localhost = PASSWORD('');", password=ROOT_PASSWORD)
    assert gathered.code == 0, gathered.explain()
    assert {outcome for outcome, _ in _of_dumps(everything)} == {"collected"}
    assert outcomes(gathered, "databases")["openstack/openstack-galera-0/no_such"][0] == "absent"
    assert is_whole(_file(gathered, "nova").read_bytes()[-200:])
    assert is_whole(_file(everything, "openstack_databases").read_bytes()[-200:])
    assert ROOT_PASSWORD not in asked.read_text()
    assert len(asked.read_text().splitlines()) > 4
    for path in [one for ends in (gathered, everything) for one in ends.root.rglob("*") if one.is_file()]:
        assert ROOT_PASSWORD.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("shell", [{}, {"sh": 'exec /bin/sh "$@"\n'}])
def test_a_password_that_no_secret_has_is_told_as_the_server_tells_it(
    plane: Plane, served: MariaDB, shell: dict[str, str]
) -> None:
    plane.serve({"mysql": served.client("mariadb"), "mysqldump": served.client("mariadb-dump"), **shell})
    served.run("SET PASSWORD FOR root@localhost = PASSWORD('of-nobody');")
    try:
        gathered = plane.gather(f"refused-{len(shell)}", "databases", OPENSTACK_DATABASES="nova,ALL")
        named = plane.gather(f"refused-named-{len(shell)}", "databases", OPENSTACK_DATABASES="nova")
    finally:
        served.run("SET PASSWORD FOR root@localhost = PASSWORD('');", password="of-nobody")
    for outcome, reason in _of_dumps(gathered) + _of_dumps(named):
        assert outcome == "failed"
        assert "1045" in reason


def test_unset_and_empty_ask_for_no_dump(plane: Plane) -> None:
    for name, settings in (("unset", {}), ("empty", {"OPENSTACK_DATABASES": ""})):
        gathered = plane.gather(name, "databases", **settings)
        assert outcomes(gathered, "databases") == {}
        assert not (gathered.root / "dbs").exists()
