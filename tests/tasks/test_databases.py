import base64

import pytest

from omg.errors import CommandFailed
from omg.tasks.database_server import codes_in, is_not_there, passwords_in
from omg.tasks.databases import dumps, is_whole, says_there_is_none
from omg.tasks.pods import Pod


def server(name: str, *, app: str = "galera", index: str = "0") -> Pod:
    labels = {"app": app, "apps.kubernetes.io/pod-index": index}
    return Pod("openstack", name, "worker-1", True, labels, False, ())


SERVERS = (
    server("openstack-galera-0"),
    server("openstack-galera-1", index="1"),
    server("openstack-cell1-galera-0"),
    server("memcached-0", app="memcached"),
)


def test_each_database_is_dumped_from_the_first_pod_of_each_galera_cluster() -> None:
    assert [one.file for one in dumps(SERVERS, ["nova", "glance"], leave_cells_out=False)] == [
        "openstack-galera-0-nova.sql",
        "openstack-galera-0-glance.sql",
        "openstack-cell1-galera-0-nova.sql",
        "openstack-cell1-galera-0-glance.sql",
    ]


def test_the_cells_are_left_out_where_that_is_wanted() -> None:
    assert [str(one) for one in dumps(SERVERS, ["nova"], leave_cells_out=True)] == ["openstack/openstack-galera-0/nova"]


def test_all_stands_for_every_other_name() -> None:
    assert [one.file for one in dumps(SERVERS, ["nova", "All"], leave_cells_out=True)] == [
        "openstack-galera-0-openstack_databases.sql"
    ]


def test_no_name_is_no_dump() -> None:
    assert list(dumps(SERVERS, [], leave_cells_out=False)) == []


@pytest.mark.parametrize("name", ["excellent-galera-0", "openstack-galera-0", "subcell-galera-0"])
def test_a_name_that_only_sounds_like_a_cells_is_none(name: str) -> None:
    assert len(list(dumps([server(name)], ["nova"], leave_cells_out=True))) == 1


@pytest.mark.parametrize("name", ["openstack-cell1-galera-0", "cell-north-galera-0", "openstack-cellA-galera-0"])
def test_a_cells_name_is_known(name: str) -> None:
    assert list(dumps([server(name)], ["nova"], leave_cells_out=True)) == []


@pytest.mark.parametrize(
    ("end", "whole"),
    [
        (b"UNLOCK TABLES;\n\n-- Dump completed on 2026-01-15  9:00:00\n", True),
        (b"UNLOCK TABLES;\n-- Dump completed\n", True),
        (b"-- Dump completed on 2026-01-15  9:00:00", True),
        (b"INSERT INTO `a` (`b`) VALUES ('-- Dump completed on 2026-01-15", False),
        (b"INSERT INTO `a` (`b`) VALUES ('x\\n-- Dump completed on 2026-01-15\\n", False),
        (b"INSERT INTO `a` (`b`) VALUES ('-- Dump completed');\n", False),
        (b"\n-- Dump completed on 2026-01-15\nINSERT INTO", False),
        (b"UNLOCK TABLES;\n\n-- Dump compl", False),
        (b"", False),
    ],
)
def test_only_the_last_line_says_that_a_dump_is_whole(end: bytes, whole: bool) -> None:
    assert is_whole(end) is whole


def _failed(code: int | None, said: str) -> CommandFailed:
    return CommandFailed(f"mysql: {said}", exit_code=code, stderr=said.encode())


def test_a_server_that_answers_otherwise_says_nothing_about_a_database() -> None:
    assert says_there_is_none(_failed(1, "ERROR 1049 (42000) at line 1: Unknown database 'a'"))
    assert says_there_is_none(_failed(1, ""))
    assert not says_there_is_none(_failed(1, "ERROR 2002 (HY000): Can't connect"))
    assert not says_there_is_none(_failed(137, ""))
    assert not says_there_is_none(_failed(None, ""))


def test_a_program_that_is_not_there_is_told_from_one_that_fails() -> None:
    not_found = 'exec failed: exec: "mysql": executable file not found in $PATH'
    assert is_not_there(_failed(127, "sh: 1: exec: mysql: not found"))
    assert is_not_there(_failed(255, not_found))
    assert is_not_there(_failed(None, not_found))
    assert not is_not_there(_failed(1, 'ERROR 2002 (HY000): Can\'t connect (2 "No such file or directory")'))


def test_the_codes_of_all_programs_are_known() -> None:
    refused = 'Got error: 1045: "Access denied for user" when trying to connect'
    for said in (f"mysqldump: {refused}", f"mariadb-dump: {refused}", "ERROR 1045 (28000): Access denied"):
        assert codes_in(_failed(2, f"a warning\n{said}\n")) == {1045}
    assert codes_in(_failed(2, "of user 'ERROR 1045'")) == set()


def test_a_secrets_passwords_are_tried_once_each_and_what_can_be_none_is_not() -> None:
    def secret(**values: bytes) -> dict[str, dict[str, str]]:
        return {"data": {key: base64.b64encode(value).decode() for key, value in values.items()}}

    assert list(passwords_in(secret(AdminPassword=b"a", DbRootPassword=b"b\n", NovaPassword=b"c"))) == ["b", "a"]
    assert list(passwords_in(secret(AdminPassword=b"a", DbRootPassword=b"a"))) == ["a"]
    assert list(passwords_in(secret(AdminPassword=b"two\nlines", DbRootPassword=b"\xff\xfe"))) == []
    assert list(passwords_in({"data": {"AdminPassword": "not base64!"}})) == []
    assert list(passwords_in({})) == []
