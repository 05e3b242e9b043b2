"""MariaDB's tables of help hold example passwords; what stands around them in a dump is judged as ever."""

from pathlib import Path

import pytest

from tests.audit.test_findings import found

TOPIC = (
    r"(109,5,'CREATE USER','CREATE USER foo@test IDENTIFIED BY ''password'';\nIDENTIFIED BY ''mypass'' \n"
    r"mysql -u root -pKq7mZ2vXw9\nwith_password = Kq7mZ2vXw9\n*54958E764CE10E50764C2EECBB71D01F08549980','','')"
)
PASSWORD = r"(110,5,'SET PASSWORD','SET PASSWORD FOR ''bob''@''%.example.org'' = PASSWORD(''newpass'');','','')"
STATEMENT = "INSERT INTO `help_topic` VALUES"
LEAK = "admin_password = Kq7mZ2vXw9"
ON_ONE_LINE = f"{STATEMENT} {TOPIC},{PASSWORD};"
ROW_A_LINE = f"{STATEMENT}\n{TOPIC},\n{PASSWORD};"
KEYWORDS = (
    "INSERT INTO `help_keyword` VALUES (1,'PASSWORD'),(2,'MASTER_PASSWORD'),(3,'IDENTIFIED'),(4,'MASTER_SSL_KEY');"
)
FILLED = Path("/usr/share/mysql/fill_help_tables.sql")


@pytest.mark.parametrize("chunk", [1 << 20, 997])
@pytest.mark.parametrize("dump", [ON_ONE_LINE, ROW_A_LINE, KEYWORDS, f"{STATEMENT} {','.join([TOPIC] * 500)};"])
def test_the_tables_of_help_are_no_finding_and_what_follows_them_is(dump: str, chunk: int) -> None:
    assert found(f"one\n{dump}\n", chunk=chunk) == []
    line = dump.count("\n") + 3
    assert found(f"one\n{dump}\n{LEAK}\n", chunk=chunk) == [(line, "value of a key such as password")]


def test_learned_values_and_private_keys_count_in_the_tables_of_help_too() -> None:
    assert found(f"{ON_ONE_LINE}\n", b"Kq7mZ2vXw9") == [(1, "learned value")]
    key = "-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQ"
    assert (1, "private key") in found(f"{STATEMENT} (1,'{key}');\n")


@pytest.mark.parametrize("table", ["`user`", "`help_topics`", "`nova_help_topic`"])
def test_other_tables_are_judged(table: str) -> None:
    assert found(f"INSERT INTO {table} VALUES {TOPIC};\n") != []


def test_only_a_statement_makes_a_line_documentation() -> None:
    assert found(f"see help_topic {LEAK}\n") != []
    assert found(f"x INSERT INTO `help_topic` VALUES (1); {LEAK}\n") != []


@pytest.mark.skipif(not FILLED.exists(), reason="mariadb-server isn't installed")
def test_what_mariadb_fills_its_tables_of_help_with_is_no_finding() -> None:
    assert found(FILLED.read_bytes()) == []


@pytest.mark.parametrize(
    "text",
    [
        '"password_last_changed":1795012345',
        '{"password_changed_at": 1795012345.123}',
        "password_last_changed: 1795012345",
        '"password_changed_at": "2026-11-28T21:00:00Z"',
        "password_changed_at = 2026-11-28 21:00:00",
        "| password_expires_at | 2026-11-28T21:00:00.000000 |",
        '{"passwordLastChanged": 1795012345678}',
    ],
)
def test_when_a_password_was_changed_is_no_finding(text: str) -> None:
    assert found(f"{text}\n") == []
