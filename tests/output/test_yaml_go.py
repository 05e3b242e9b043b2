"""The same documents read by Kubernetes' own YAML library, in Go."""

import json
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, given, settings

from omg.output.yaml import EMPTY_LIST, dump, list_item, list_start
from tests.output import hostile

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(shutil.which("go") is None, reason="there is no go on the PATH"),
]

SOURCE = Path(__file__).parent / "readers" / "go"


class Reader:
    """The Go program, asked document by document."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._in: IO[bytes] = process.stdin
        self._out: IO[bytes] = process.stdout

    def read(self, document: bytes) -> Any:
        self._in.write(struct.pack(">I", len(document)) + document)
        self._in.flush()
        (size,) = struct.unpack(">I", self._out.read(4))
        answer = self._out.read(size)
        assert not answer.startswith(b"error: "), (answer, document)
        return json.loads(answer)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    program = tmp_path_factory.mktemp("reader") / "reader"
    subprocess.run(["go", "build", "-o", program, "."], cwd=SOURCE, check=True, timeout=300)
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Reader(process)
        assert process.stdin is not None
        process.stdin.close()


def same(answer: Any, data: Any) -> bool:
    """Equal for Go, which sorts keys, knows no difference between 1.0 and 1, and has no integers above 64 bits."""
    if isinstance(data, dict):
        return isinstance(answer, dict) and set(answer) == set(data) and all(same(answer[k], data[k]) for k in data)
    if isinstance(data, list):
        return isinstance(answer, list) and len(answer) == len(data) and all(map(same, answer, data))
    if isinstance(data, bool | str) or data is None:
        return type(answer) is type(data) and bool(answer == data)
    if isinstance(data, int) and -(2**63) <= data < 2**64:
        return type(answer) is int and answer == data
    return isinstance(answer, int | float) and float(answer) == float(data)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=hostile.data)
def test_go_reads_back_what_was_written(reader: Reader, data: Any) -> None:
    document = dump(data)
    assert same(reader.read(document), data), document


def test_every_hostile_string_survives_in_go_as_value_key_and_item(reader: Reader) -> None:
    for text in hostile.STRINGS:
        data = {
            "v": text,
            "l": [text, [text], {"k": text, "z": 1}],
            "m": {"k": {text: text}, "after": text},
            text: [text],
        }
        assert same(reader.read(dump(data)), data), text


def test_go_reads_a_list_written_in_pieces(reader: Reader) -> None:
    items = [{"a": text} for text in hostile.STRINGS]
    document = list_start() + b"".join(map(list_item, items))
    assert same(reader.read(document), {"apiVersion": "v1", "kind": "List", "items": items})
    assert same(reader.read(EMPTY_LIST), {"apiVersion": "v1", "kind": "List", "items": []})
