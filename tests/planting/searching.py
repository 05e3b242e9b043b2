"""Looks for planted values in anything that a run leaves: in every notation, inside archives, inside one another."""

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

import zstandard
from ahocorasick_rs import BytesAhoCorasick

from tests.planting.drawing import Plant

DEEPEST = 5
"""Notations inside one another that are looked into."""

_RUN = re.compile(rb"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,2}")
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_ESCAPED = re.compile(rb'\\[nt"\\u/]')
_PACKED = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress}
_ZSTD = b"\x28\xb5\x2f\xfd"


class Search:
    """Finds plants. One pass over the bytes, then over what they decode to."""

    def __init__(self, plants: Iterable[Plant]) -> None:
        self._of: dict[bytes, Plant] = {}
        for plant in plants:
            for needle in plant.needles():
                self._of.update(dict.fromkeys(_spellings(needle), plant))
        self._needles = list(self._of)
        self._automaton = BytesAhoCorasick(self._needles)

    def in_bytes(self, data: bytes, depth: int = 0) -> set[Plant]:
        """The plants that are in there, in whatever notation."""
        found = {self._of[self._needles[number]] for number, *_ in self._automaton.find_matches_as_indexes(data)}
        if depth < DEEPEST:
            for inner in _decoded(data):
                found |= self.in_bytes(inner, depth + 1)
        return found

    def under(self, root: Path) -> dict[str, set[Plant]]:
        """What is in the files and the names of a directory, by path."""
        found: dict[str, set[Plant]] = {}
        for path in sorted(root.rglob("*")):
            name = str(path.relative_to(root))
            if hits := self.in_bytes(name.encode()) | (self.in_bytes(read(path)) if path.is_file() else set()):
                found[name] = hits
        return found


def read(path: Path) -> bytes:
    """What a file holds now; nothing where it went away meanwhile."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def told(found: dict[str, set[Plant]], seed: int, *, most: int = 60) -> str:
    """For an assertion's message: where each came from, and where it went."""
    lines = sorted({f"{plant.where}  ->  {path}" for path, plants in found.items() for plant in plants})
    values = {plant.value for plants in found.values() for plant in plants}
    head = f"{len(values)} planted secrets came through (OMG_PLANTING_SEED={seed}):"
    return "\n".join([head, *lines[:most], *([f"and {len(lines) - most} more"] if len(lines) > most else [])])


def _spellings(needle: bytes) -> Iterator[bytes]:
    yield needle
    text = needle.decode()
    yield json.dumps(text)[1:-1].encode()
    yield quote(text, safe="").encode()
    yield from _in_base64(needle)


def _in_base64(needle: bytes) -> Iterator[bytes]:
    """What stands in base64 of any text that holds the needle, wherever in it."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + needle)
        first = -(-before * 8 // 6)
        last = (before + len(needle)) * 8 // 6
        if last - first >= 10:
            yield encoded[first:last]
            yield encoded[first:last].replace(b"+", b"-").replace(b"/", b"_")


def _decoded(data: bytes) -> Iterator[bytes]:
    """What the bytes are, and what the words in them are, one notation further in."""
    for magic, unpack in _PACKED.items():
        if data.startswith(magic):
            try:
                yield unpack(data)
            except (OSError, EOFError, lzma.LZMAError, zlib.error):
                yield _as_far_as_it_goes(data)
            return
    if data.startswith(_ZSTD):
        yield zstandard.ZstdDecompressor().decompressobj().decompress(data)
        return
    if data[257:262] == b"ustar":
        yield from _members(data)
        return
    for run in set(_RUN.findall(data)):
        word = run.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        try:
            inner = base64.b64decode(word + b"=" * (-len(word) % 4))
        except binascii.Error:
            continue
        if (
            inner.startswith(tuple(_PACKED))
            or sum(32 <= byte < 127 or byte in b"\r\n\t" for byte in inner) > len(inner) * 0.9
        ):
            yield inner
    if _PERCENT.search(data):
        yield unquote_to_bytes(data.replace(b"+", b" "))
    if _ESCAPED.search(data):
        yield data.replace(b"\\n", b"\n").replace(b'\\"', b'"').replace(b"\\/", b"/").replace(b"\\\\", b"\\")


def _members(data: bytes) -> Iterator[bytes]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                yield member.name.encode()
                if file := archive.extractfile(member) if member.isfile() else None:
                    yield file.read()
    except (tarfile.TarError, EOFError):
        return


def _as_far_as_it_goes(data: bytes) -> bytes:
    """A gzip that was cut."""
    try:
        return zlib.decompressobj(31).decompress(data)
    except zlib.error:
        return b""
