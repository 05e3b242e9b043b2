"""OVSDB files: masked, and still files of OVSDB."""

import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omg.errors import CommandFailed, Truncated
from omg.masking import Masker
from omg.openstack.ovsdb import CUT, MaskedRecords, masked_records

SECRET = "Zq8#kd72!mPx"


def record(value: Any, kind: str = "JSON") -> bytes:
    body = json.dumps(value, separators=(",", ":")).encode() + b"\n"
    return f"OVSDB {kind} {len(body)} {hashlib.sha1(body, usedforsecurity=False).hexdigest()}\n".encode() + body


async def pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


async def masked(data: bytes, size: int = 7) -> bytes:
    return b"".join([part async for part in masked_records(pieces(data, size), Masker(b"k" * 32).object)])


SCHEMA = {"name": "OVN_Northbound", "version": "7.3.0", "tables": {}}
CHANGE = {
    "_date": 1768471200000,
    "Connection": {"a": {"target": "ssl:172.17.0.30:6641", "inactivity_probe": 60000}},
    "NB_Global": {"b": {"options": ["map", [["ipsec_password", SECRET], ["mac_prefix", "fa:16:3e"]]]}},
    "Logical_Switch": {"c": {"name": "net-1", "ports": ["set", [["uuid", "0e1f"], ["uuid", "2a3b"]]]}},
}


async def test_a_secret_in_a_map_is_hidden_and_everything_else_stays() -> None:
    data = record(SCHEMA) + record(CHANGE) + record({"prereqs": [1, None, True]}, "CLUSTER")
    out = await masked(data)
    assert SECRET.encode() not in out
    records = out.split(b"OVSDB ")[1:]
    for one in records:
        head, body = one.split(b"\n", 1)
        kind, length, checksum = head.split()
        assert kind in {b"JSON", b"CLUSTER"}
        assert int(length) == len(body)
        assert hashlib.sha1(body, usedforsecurity=False).hexdigest() == checksum.decode()
    changed = json.loads(records[1].split(b"\n", 1)[1])
    hidden = changed["NB_Global"]["b"]["options"][1][0]
    assert hidden[1].startswith("__hidden_")
    hidden[1] = SECRET
    assert changed == CHANGE


@pytest.mark.parametrize("size", [1, 50, 10_000])
async def test_the_pieces_make_no_difference(size: int) -> None:
    data = record(SCHEMA) + record(CHANGE)
    assert await masked(data, size) == await masked(data)


async def test_what_holds_no_secret_stays_byte_for_byte() -> None:
    data = record(SCHEMA) + record({"é": ["map", [["a\u2028", '\\ " \n']], 1e3, -0.0, 12345678901234567890]})
    assert await masked(data) == data


@pytest.mark.parametrize("lost", range(1, 60))
async def test_of_a_file_that_is_being_written_everything_before_the_last_record_is_there(lost: int) -> None:
    first, last = record(SCHEMA), record({"Logical_Switch": {"c": {"name": "net-1"}}})
    told: list[str] = []
    records = masked_records(pieces((first + last)[:-lost], 11), Masker(b"k" * 32).object, note=told.append)
    assert b"".join([part async for part in records]) == first
    assert told == [CUT]


async def test_a_file_that_breaks_off_is_not_taken_for_one_that_is_being_written() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield record(SCHEMA) + record(CHANGE)[:-5]
        raise Truncated("The connection broke.")

    told: list[str] = []
    with pytest.raises(Truncated):
        [part async for part in masked_records(broken(), Masker(b"k" * 32).object, note=told.append)]
    assert told == []


TEXTS = st.one_of(st.sampled_from(["password", "name", "map", "set", f"it is {SECRET}", SECRET]), st.text())
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(TEXTS, inner, max_size=4),
        st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=3).map(lambda pairs: ["map", pairs]),
    ),
    max_leaves=20,
)


@given(value=st.dictionaries(TEXTS, VALUES, max_size=3), ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_every_string_is_masked_where_it_stands_and_nothing_else_changes(
    value: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    header = f"OVSDB JSON {len(body)} {hashlib.sha1(body, usedforsecurity=False).hexdigest()}\n".encode()
    out = MaskedRecords(_hidden).feed(header + body)
    head, new = out.split(b"\n", 1)
    assert head.split()[2:] == [str(len(new)).encode(), hashlib.sha1(new, usedforsecurity=False).hexdigest().encode()]
    assert json.loads(new) == _hidden(json.loads(body))


def _hidden(value: Any) -> Any:
    """The value with the secret hidden in every string that is no member's name."""
    match value:
        case str():
            return value.replace(SECRET, "__hidden_AAAAAAAA__")
        case list():
            return [_hidden(inner) for inner in value]
        case dict():
            return {key: _hidden(inner) for key, inner in value.items()}
        case _:
            return value


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no OVSDB file"),
        (record(SCHEMA) + b"OVSDC", "no OVSDB file"),
        (b"SQLite format 3\n" + b"x" * 200, "no OVSDB file"),
        (b"x" * 200, "no OVSDB file"),
        (record(SCHEMA)[:-3], "in the middle of its first record"),
        (record(SCHEMA).replace(b"7.3.0", b"7.3.1"), "checksum is wrong"),
        (b"OVSDB JSON 3 9a900f538965a426994e1e90600920aff0b4e8d2\n{a\n", "damaged"),
    ],
)
async def test_what_is_no_database_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CommandFailed, match=reason):
        await masked(data)


async def test_a_file_that_is_masked_once_more_loses_what_was_learned_meanwhile_and_nothing_else() -> None:
    masker = Masker(b"k" * 32)
    first = await masked(record(SCHEMA) + record(CHANGE))
    again = MaskedRecords(masker.object)
    assert again.feed(first[:99]) + again.feed(first[99:]) + again.finish() == first
    late = MaskedRecords(lambda value: json.loads(json.dumps(value).replace("fa:16:3e", "__hidden_AAAAAAAA__")))
    out = late.feed(first) + late.finish()
    assert b"fa:16:3e" not in out
    assert out == await masked(out)
