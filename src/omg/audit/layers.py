"""What is written in another notation: base64, gzip in base64, URL encoding, escapes. Pure; memory is bounded."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

RUN = 40
"""Characters of base64 from which on it is decoded; shorter ones have a key beside them, or are learned values."""

LONGEST_RUN = 4 << 20
"""Bytes of base64 that are decoded as one: a Secret holds less; of a longer run, the rest is decoded by itself."""

LONGEST_LINE = 128
"""Characters of a line of wrapped base64."""

LARGEST = 64 << 20
"""Bytes of an unpacked text in a text that are searched."""

BLOCK = 1 << 18

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CLASSES = bytes(65 if byte in _ALPHABET else 32 for byte in range(256))
_NEEDLE = b"A" * RUN
_NEXT_LINE = re.compile(rb"=?(?:\r?\n|\\+n)[ \t]{0,60}([A-Za-z0-9+/]{1,128}={0,2})(?=\s|\\|\"|\Z)")
_PRINTABLE = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]*")
_UNICODE = re.compile(rb"\\+u00([0-7][0-9a-fA-F])")
_HEX = re.compile(rb"\\+x([0-7][0-9a-fA-F])")


def base64_runs(data: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Where long runs of base64 begin and end.

    The search is for a run of one class of bytes, which the C library does in strides: it costs nothing where there is
    none.

    Args:
        data: the text.
        begin: where to begin.
        end: runs that begin there or later are left for later.
    """
    classes = data.translate(_CLASSES)
    at = begin
    while 0 <= (at := classes.find(_NEEDLE, at)) < end:
        stop = classes.find(b" ", at)
        stop = min(len(data) if stop < 0 else stop, at + LONGEST_RUN)
        yield at, stop
        at = stop


def joined(data: bytes, begin: int, end: int) -> tuple[bytes, int]:
    """A run of base64 with the lines that go on with it, and where it ends then.

    Whoever wraps base64 makes lines of one length, 64 or 76 mostly; the last one is shorter.
    """
    parts, length = [data[begin:end]], end - begin
    while length % 4 == 0 and length <= LONGEST_LINE and len(parts) * length < LONGEST_RUN:
        line = _NEXT_LINE.match(data, end, end + LONGEST_LINE + 100)
        if line is None or len(line[1]) > length:
            break
        parts.append(line[1])
        end = line.end(1)
        if len(line[1]) < length:
            break
    return b"".join(parts), end


def open_run(data: bytes, begin: int) -> int | None:
    """Where the run of base64 begins that the text ends with, where it may yet be decoded as one."""
    classes = data[max(begin, len(data) - LONGEST_RUN) :].translate(_CLASSES)
    length = len(classes) - classes.rfind(b" ") - 1
    return len(data) - length if RUN <= length < len(classes) or RUN <= length < LONGEST_RUN else None


def decoded(run: bytes) -> bytes | None:
    """What a run of base64 holds, where that is text or gzip.

    A run that was cut out of a longer text may begin at any of four places: the one that gives text is taken.
    """
    for skip in range(4):
        part = run[skip:]
        try:
            plain = base64.b64decode(part[: len(part) // 4 * 4])
        except (binascii.Error, ValueError):
            continue
        if plain.startswith(b"\x1f\x8b\x08") or _is_text(plain):
            rest = len(part) % 4
            tail = base64.b64decode(part[-rest:] + b"=" * (4 - rest)) if rest > 1 else b""
            return plain + tail
    return None


def _is_text(plain: bytes) -> bool:
    """Whether bytes are text: by chance, thirty of them almost never are."""
    if plain.isascii():
        return _PRINTABLE.fullmatch(plain) is not None
    head = plain[:400]
    try:
        head.decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
    return _PRINTABLE.fullmatch(head) is not None


def unpacked(data: bytes) -> Iterator[bytes]:
    """The text in gzip, block by block; what is torn ends early."""
    inflate = zlib.decompressobj(wbits=31)
    size = 0
    rest = data
    while rest and size < LARGEST and not inflate.eof:
        try:
            block = inflate.decompress(rest, BLOCK)
        except zlib.error:
            return
        rest = inflate.unconsumed_tail
        size += len(block)
        if block:
            yield block


def unescaped(text: bytes) -> bytes:
    """A text without URL encoding and without escapes of ASCII characters."""
    plain = _UNICODE.sub(lambda found: bytes([int(found[1], 16)]), text)
    plain = _HEX.sub(lambda found: bytes([int(found[1], 16)]), plain)
    return unquote_to_bytes(plain) if b"%" in plain else plain


ESCAPES = (b"%3d", b"%3a", b"%22", b"%40", b"\\u003", b"\\u002", b"\\x3", b"\\x2")
"""In lower case: what makes a line worth to be looked at without its escapes."""
