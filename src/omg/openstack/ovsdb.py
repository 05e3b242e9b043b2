"""OVSDB files, masked record by record: each keeps its form, with length and checksum of what is in it now. Pure.

A record is a line `OVSDB JSON LENGTH SHA1` (or `OVSDB CLUSTER …`) and so many bytes of JSON: ovsdb(5). A database that
was compacted is a single one, of a hundred megabytes and more, so no record is ever decoded as a whole: its strings are
looked at where they stand, and everything that is no secret stays as it was, byte for byte.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import chain, islice
from typing import Any

import msgspec

from omg.errors import CommandFailed

LONGEST = 256 * 1024 * 1024
"""Bytes of a record; the contents of a large database are one."""

PIECE = 1024 * 1024
"""Bytes of a masked record that are handed on at a time."""

AT_ONCE = 1000
"""Strings that are masked together: most hold nothing, which is seen for all of them at once."""

CUT = "The file ends in the middle of a record, which its server was writing: everything before it is here."

_HEADER = re.compile(rb"OVSDB (JSON|CLUSTER) (\d+) ([0-9a-f]{40})")
_LONGEST_HEADER = 100

_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_STRINGS = re.compile(
    rb"(?P<name>%(s)s)\s*:\s*(?P<named>%(s)s)?|\[\s*(?P<key>%(s)s)\s*,\s*(?P<value>%(s)s)\s*\]|(?P<alone>%(s)s)"
    % {b"s": _STRING}
)
"""The members of objects, the pairs of maps (`["map", [["name", "value"], …]]`), and every other string."""

MaskObject = Callable[[dict[str, Any]], dict[str, Any]]
"""Masks a mapping of names to values."""


async def masked_records(
    chunks: AsyncIterator[bytes], mask: MaskObject, *, note: Callable[[str], None] = lambda _sentence: None
) -> AsyncIterator[bytes]:
    """The records of a file as it comes, masked, in pieces.

    Args:
        chunks: the file.
        mask: called in a thread.
        note: told when the last record was only begun: a file that is copied while it is written may end so, and the
            server itself reads it up to there.

    Raises:
        CommandFailed: it is no OVSDB file, or is damaged; nothing of the record was handed on.
    """
    held, is_begun = bytearray(), False
    async for chunk in chunks:
        held += chunk
        while (record := _taken(held)) is not None:
            for piece in await asyncio.to_thread(_masked, *record, mask):
                yield piece
            is_begun = True
    if not held.startswith(b"OVSDB "[: len(held)]) or not (held or is_begun):
        raise CommandFailed("It is no OVSDB file.")
    if held and not is_begun:
        raise CommandFailed("The OVSDB file ends in the middle of its first record.")
    if held:
        note(CUT)


class MaskedRecords:
    """The same for a file that is there; used as what masks a text is."""

    def __init__(self, mask: MaskObject) -> None:
        self._mask = mask
        self._held = bytearray()

    def feed(self, chunk: bytes, /) -> bytes:
        """The records that are whole now, masked.

        Raises:
            CommandFailed: see `masked_records`.
        """
        self._held += chunk
        records: list[bytes] = []
        while (record := _taken(self._held)) is not None:
            records += _masked(*record, self._mask)
        return b"".join(records)

    def finish(self) -> bytes:
        """A record that was cut, as it is: nothing of it was ever written unmasked."""
        rest, self._held = bytes(self._held), bytearray()
        return rest


def _taken(held: bytearray) -> tuple[bytes, bytes] | None:
    """The kind and the JSON of the record that `held` begins with, once it is whole; it is taken out."""
    end = held.find(b"\n", 0, _LONGEST_HEADER)
    if end < 0:
        if len(held) >= _LONGEST_HEADER:
            raise CommandFailed("It is no OVSDB file.")
        return None
    header = _HEADER.fullmatch(bytes(held[:end]))
    if header is None or int(header[2]) > LONGEST:
        raise CommandFailed("It is no OVSDB file.")
    stop = end + 1 + int(header[2])
    if len(held) < stop:
        return None
    body = bytes(memoryview(held)[end + 1 : stop])
    if hashlib.sha1(body, usedforsecurity=False).hexdigest() != header[3].decode():
        raise CommandFailed("The OVSDB file is damaged: a record's checksum is wrong.")
    del held[:stop]
    return header[1], body


def _masked(kind: bytes, body: bytes, mask: MaskObject) -> list[bytes]:
    """A record in pieces."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
        pieces = list(_pieces(body, mask))
    except (ValueError, RecursionError) as error:
        raise CommandFailed("The OVSDB file is damaged: a record isn't JSON.") from error
    digest = hashlib.sha1(usedforsecurity=False)
    for piece in pieces:
        digest.update(piece)
    header = b"OVSDB %s %d %s\n" % (kind, sum(map(len, pieces)), digest.hexdigest().encode())
    return [header, *pieces]


def _pieces(body: bytes, mask: MaskObject) -> Iterator[bytes]:
    """The text with its secrets hidden."""
    done = 0
    for start, stop, hidden in _changes(body, mask):
        yield from _cut(body, done, start)
        yield hidden
        done = stop
    yield from _cut(body, done, len(body))


def _cut(body: bytes, start: int, stop: int) -> Iterator[bytes]:
    return (body[at : min(at + PIECE, stop)] for at in range(start, stop, PIECE))


def _changes(body: bytes, mask: MaskObject) -> Iterator[tuple[int, int, bytes]]:
    """Where a string has to be another one: from where to where, and the new one."""
    found = chain.from_iterable(map(_strings, _STRINGS.finditer(body)))
    while some := list(islice(found, AT_ONCE)):
        names = {(name, value): {name: value} for name, value, _ in some}
        numbered = mask({str(number): each for number, each in enumerate(names.values())})
        masked = dict(zip(names, (next(iter(numbered[str(at)].values())) for at in range(len(names))), strict=True))
        for name, value, (start, stop) in some:
            if masked[name, value] != value:
                yield start, stop, json.dumps(masked[name, value]).encode()


def _strings(match: re.Match[bytes]) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """The strings of a match, but for a member's name: what each is called, the string, and where it is."""
    match match.lastgroup:
        case "named":
            yield _text(match["name"]), _text(match["named"]), match.span("named")
        case "value":
            # A set of two looks like a pair, so the first may be more than a name.
            yield "value", _text(match["key"]), match.span("key")
            yield _text(match["key"]), _text(match["value"]), match.span("value")
        case "alone":
            yield "value", _text(match["alone"]), match.span("alone")


def _text(literal: bytes) -> str:
    return str(json.loads(literal)) if b"\\" in literal else literal[1:-1].decode()
