"""omg-manifest.json, made from the journal: how each item ended, and which file holds which object. Pure."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Line = dict[str, Any]


def manifest(lines: Callable[[], Iterable[Line]]) -> Iterator[bytes]:
    """The manifest in pieces; the memory it takes doesn't grow with the journal.

    Args:
        lines: the journal from its beginning, each time it is called.
    """
    run: Line = {}
    end: Line | None = None
    outcomes: Counter[str] = Counter()
    in_flight: dict[tuple[str, str], Line] = {}
    given_up: set[str] = set()
    for line in lines():
        event = line.get("event")
        identity = (str(line.get("task")), str(line.get("key")))
        if event == "run":
            run = _bare(line)
        elif event == "end":
            end = _bare(line)
        elif event == "given up":
            given_up.update(line["files"])
        elif event == "started":
            in_flight[identity] = _bare(line)
        elif event == "ended":
            in_flight.pop(identity, None)
            if line.get("key") or line.get("outcome") != "collected":
                outcomes[str(line.get("outcome"))] += 1
    yield b"{\n"
    yield _member("run", run)
    yield _member("end", end)
    yield _member("outcomes", dict(sorted(outcomes.items())))
    yield _member("in_flight", list(in_flight.values()))
    yield b'"records": ['
    yield from _joined(_dumped(_bare(line)) for line in lines() if line.get("event") == "ended")
    yield b'],\n"files": {'
    entries = (entry for line in lines() if line.get("event") == "files" for entry in line["files"].items())
    yield from _joined(_dumped(path) + b": " + _dumped(held) for path, held in entries if path not in given_up)
    yield b"}\n}\n"


def _bare(line: Line) -> Line:
    return {name: value for name, value in line.items() if name != "event"}


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


def _member(name: str, value: Any) -> bytes:
    return _dumped(name) + b": " + _dumped(value) + b",\n"


def _joined(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts, one a line, with commas between them, in blocks worth a write."""
    block, separator = bytearray(), b"\n"
    for part in parts:
        block += separator + part
        separator = b",\n"
        if len(block) > 1 << 16:
            yield bytes(block)
            block.clear()
    yield bytes(block) + b"\n"
