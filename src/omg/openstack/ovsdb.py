"""OVSDB files, masked record by record: each keeps its form, with length and checksum of what is in it now. Pure.

A record is a line `OVSDB JSON LENGTH SHA1` (or `OVSDB CLUSTER …`) and so many bytes of JSON: ovsdb(5).
"""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

from omg.errors import CommandFailed

LONGEST = 256 * 1024 * 1024
"""Bytes of a record; the contents of a large database are one."""

_HEADER = re.compile(rb"OVSDB (JSON|CLUSTER) (\d+) ([0-9a-f]{40})")
_LONGEST_HEADER = 100

MaskObject = Callable[[dict[str, Any]], dict[str, Any]]
"""Masks a mapping of names to values."""


async def masked_records(chunks: AsyncIterator[bytes], mask: MaskObject) -> AsyncIterator[bytes]:
    """The records of a file as it comes, masked.

    Raises:
        CommandFailed: it is no OVSDB file, or is damaged; nothing of the record was handed on.
    """
    held = bytearray()
    async for chunk in chunks:
        held += chunk
        while (record := _taken(held)) is not None:
            yield _masked(*record, mask)
    if held:
        raise CommandFailed("The OVSDB file ends in the middle of a record.")


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
        records = []
        while (record := _taken(self._held)) is not None:
            records.append(_masked(*record, self._mask))
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
    body = bytes(held[end + 1 : stop])
    if hashlib.sha1(body, usedforsecurity=False).hexdigest() != header[3].decode():
        raise CommandFailed("The OVSDB file is damaged: a record's checksum is wrong.")
    del held[:stop]
    return header[1], body


def _masked(kind: bytes, body: bytes, mask: MaskObject) -> bytes:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise CommandFailed("The OVSDB file is damaged: a record isn't JSON.") from error
    text = json.dumps(_hidden(value, mask), separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    checksum = hashlib.sha1(text, usedforsecurity=False).hexdigest()
    return b"OVSDB %s %d %s\n%s" % (kind, len(text), checksum.encode(), text)


def _hidden(value: Any, mask: MaskObject) -> Any:
    """The value with its secrets hidden; a map is a list of pairs there, and becomes a mapping for the masker."""
    match value:
        case ["map", [*pairs]] if all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            return ["map", [[key, _of_pair(key, inner, mask)] for key, inner in pairs]]
        case list():
            return [_hidden(inner, mask) for inner in value]
        case dict():
            return {key: _of_pair(key, inner, mask) for key, inner in value.items()}
        case str():
            return mask({"value": value})["value"]
        case _:
            return value


def _of_pair(key: Any, value: Any, mask: MaskObject) -> Any:
    if isinstance(key, str) and isinstance(value, str):
        return mask({key: value})[key]
    return _hidden(value, mask)
