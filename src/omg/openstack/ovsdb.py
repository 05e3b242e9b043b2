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
from dataclasses import dataclass
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
    chunks: AsyncIterator[bytes],
    mask: MaskObject,
    *,
    note: Callable[[str], None] = lambda _sentence: None,
    goes_on: Callable[[], None] = lambda: None,
) -> AsyncIterator[bytes]:
    """The records of a file as it comes, masked, in pieces.

    Args:
        chunks: the file.
        mask: called in a thread.
        note: told when the last record was only begun: a file that is copied while it is written may end so, and the
            server itself reads it up to there.
        goes_on: called again and again while a record is masked, which may take a minute.

    Raises:
        CommandFailed: it is no OVSDB file, or is damaged; nothing of the record was handed on.
    """
    held, is_begun = bytearray(), False
    async for chunk in chunks:
        held += chunk
        while (record := _taken(held)) is not None:
            work = _Work(record, mask)
            while await asyncio.to_thread(work.step):
                goes_on()
            yield await asyncio.to_thread(work.header)
            for piece in work.text():
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
            work = _Work(record, self._mask)
            while work.step():
                pass
            records += (work.header(), *work.text())
        return b"".join(records)

    def finish(self) -> bytes:
        """A record that was cut, as it is: nothing of it was ever written unmasked."""
        rest, self._held = bytes(self._held), bytearray()
        return rest


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as it came."""

    kind: bytes
    checksum: str
    body: bytes


def _taken(held: bytearray) -> _Record | None:
    """The record that `held` begins with, once it is whole; it is taken out."""
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
    del held[:stop]
    return _Record(header[1], header[3].decode(), body)


class _Work:
    """One record that is masked step by step."""

    def __init__(self, record: _Record, mask: MaskObject) -> None:
        self._record = record
        self._mask = mask
        self._changes: list[tuple[int, int, bytes]] = []
        self._strings = chain.from_iterable(map(_strings, _STRINGS.finditer(record.body)))
        self._is_checked = False

    def step(self) -> bool:
        """Look at some more strings; False when there are none.

        Raises:
            CommandFailed: the record is damaged.
        """
        try:
            if not self._is_checked:
                self._check()
            some = list(islice(self._strings, AT_ONCE))
        except (ValueError, RecursionError) as error:
            raise CommandFailed("The OVSDB file is damaged: a record isn't JSON.") from error
        names = dict.fromkeys((name, value) for name, value, _ in some)
        masked = self._mask({str(at): {name: value} for at, (name, value) in enumerate(names)})
        new = {pair: masked[str(at)][pair[0]] for at, pair in enumerate(names)}
        for name, value, (start, stop) in some:
            if new[name, value] != value:
                self._changes.append((start, stop, json.dumps(new[name, value]).encode()))
        return bool(some)

    def _check(self) -> None:
        body = self._record.body
        if hashlib.sha1(body, usedforsecurity=False).hexdigest() != self._record.checksum:
            raise CommandFailed("The OVSDB file is damaged: a record's checksum is wrong.")
        msgspec.json.decode(body, type=msgspec.Raw)
        self._is_checked = True

    def header(self) -> bytes:
        """The record's first line, when every string was looked at."""
        digest, size = hashlib.sha1(usedforsecurity=False), 0
        for piece in self.text():
            digest.update(piece)
            size += len(piece)
        return b"OVSDB %s %d %s\n" % (self._record.kind, size, digest.hexdigest().encode())

    def text(self) -> Iterator[bytes]:
        """The rest of it, in pieces."""
        body, done = self._record.body, 0
        for start, stop, hidden in self._changes:
            yield from _cut(body, done, start)
            yield hidden
            done = stop
        yield from _cut(body, done, len(body))


def _cut(body: bytes, start: int, stop: int) -> Iterator[bytes]:
    return (body[at : min(at + PIECE, stop)] for at in range(start, stop, PIECE))


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
