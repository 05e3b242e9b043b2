"""What is written in another notation: base64, gzip in base64, URL encoding, escapes. Pure; memory is bounded."""

import base64
import binascii
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

import re2

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


class Plain:
    """The lines of a text that have escapes in them, without one level of them.

    Args:
        text: those lines, one after the other.
        begins: where each begins in it.
        places: where each begins in the text that it is from.
    """

    def __init__(self, data: bytes, begin: int, end: int) -> None:
        parts: list[bytes] = []
        self.begins: list[int] = []
        self.places: list[int] = []
        size = 0
        for line in _ESCAPED_LINES.finditer(data, begin):
            start, stop = line.span()
            if start >= end:
                break
            plain = unescaped(data[start:stop])
            if plain != data[start:stop]:
                parts.append(plain)
                self.begins.append(size)
                self.places.append(start)
                size += len(plain) + 1
        self.text = b"\n".join(parts)

    def place(self, at: int) -> int:
        """Where the line begins in the text that it is from, of a place in this one."""
        return self.places[bisect_right(self.begins, at) - 1]


def _escapes() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False
    one = rb"%[0-9a-fA-F]{2}|\\[\"'ux/n0-7\\ rt&<>$`\n]|&(?:#|quot;|amp;|lt;|gt;|apos;)"
    rest = rb"(?:[^\n\\]|\\[^\n])*"
    return re2.compile(rb"[^\n]*(?:" + one + rb")" + rest + rb"(?:\\\n" + rest + rb")*", options)


_ESCAPED_LINES = _escapes()
"""RE2 looks at every byte once, so that lines without escapes cost next to nothing."""

_HELD = b"\0"
"""Stands for a backslash that is meant as one, while the others are taken away."""

_SIMPLE = (
    (b"\\\\", _HELD),
    (b'\\"', b'"'),
    (b"\\n", b"\n"),
    (b"\\/", b"/"),
    (b"\\'", b"'"),
    (b"\\t", b"\t"),
    (b"\\r", b""),
)
_BACKSLASH = re.compile(
    rb"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|\n[ \t]*\\?|(.))",
    re.DOTALL,
)
_ENTITY = re.compile(rb"&(?:#(\d{1,6})|#[xX]([0-9a-fA-F]{1,5})|(quot|apos|amp|lt|gt));")
_NAMES = {b"quot": b'"', b"apos": b"'", b"amp": b"&", b"lt": b"<", b"gt": b">"}


def unescaped(text: bytes) -> bytes:
    """A text without one level of escapes: backslashes, URL encoding, entities."""
    if b"\\" in text:
        for written, meant in _SIMPLE:
            text = text.replace(written, meant)
        if b"\\" in text:
            text = _BACKSLASH.sub(_meant, text)
        text = text.replace(_HELD, b"\\")
    if b"%" in text:
        text = unquote_to_bytes(text)
    if b"&" in text:
        text = _ENTITY.sub(_sign_of, text)
    return text


def _meant(found: re.Match[bytes]) -> bytes:
    unit, low, byte, octal, sign = found.groups()
    if unit:
        pair = bytes.fromhex((unit + (low or b"")).decode())
        return pair.decode("utf-16-be", "replace").encode("utf-8", "replace")
    if byte:
        return bytes([int(byte, 16)])
    if octal:
        return bytes([int(octal, 8) & 255])
    return sign or b""


def _sign_of(found: re.Match[bytes]) -> bytes:
    number, digits, name = found.groups()
    if name:
        return _NAMES[name]
    code = int(number) if number else int(digits, 16)
    return chr(code).encode("utf-8", "replace") if 0 < code < 0x110000 else b""


HEX = rb"(?:[2-7][0-9a-fA-F]){10}"
"""Hexadecimal digits of ten signs of ASCII: identifiers, drawn from all bytes, almost never begin so."""

_HEX_RUN = re.compile(rb"(?:[0-9a-fA-F]{2}){10,4096}")


def of_hex(data: bytes, at: int) -> bytes | None:
    """What hexadecimal digits hold, where that is text."""
    found = _HEX_RUN.match(data, at)
    plain = bytes.fromhex(found[0].decode()) if found else b""
    return plain if plain and _is_text(plain) else None
