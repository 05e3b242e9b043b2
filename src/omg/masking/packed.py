"""Texts packed into base64 and gzip, also several times, as Helm keeps its releases. Pure."""

import base64
import binascii
import codecs
import gzip
import re
import zlib

Layers = tuple[str, ...]

SHORTEST = 24
"""Characters; a shorter run is no packed text: it holds no name and a value."""

LARGEST = 32 * 1024 * 1024
"""Bytes that are unpacked at most; what unpacks to more is left as it is."""

DEEPEST = 6
"""Layers."""

_RUN = re.compile(rb"[A-Za-z0-9+/\s]{%d,}={0,2}\s*" % (SHORTEST - 2))
_BEGIN = re.compile(rf"[A-Za-z0-9][A-Za-z0-9+/\t\n\v\f\r]{{{SHORTEST - 3}}}[A-Za-z0-9+/=\s]{{2}}")
_GZIP = b"\x1f\x8b"
_AS_FAR_AS_IT_GOES = codecs.getincrementaldecoder("utf-8")
"""Decodes the beginning of a text, which may end within a letter."""


def may_be_packed(text: str) -> bool:
    """Whether it is worth a try: names, digests and identifiers, of which every object is full, aren't."""
    begin = _BEGIN.match(text)
    if begin is None:
        return False
    signs = "".join(begin[0].split())
    try:
        head = base64.b64decode(signs[: len(signs) // 4 * 4])
        _AS_FAR_AS_IT_GOES().decode(head)
    except binascii.Error:
        return False
    except UnicodeDecodeError:
        return head.startswith(_GZIP)
    return b"\0" not in head


def unpacked(text: str, largest: int = LARGEST) -> tuple[str, Layers] | None:
    """The text that is packed, and in what; None where none is, or more than the bytes allowed."""
    return _unpacked(text.encode("utf-8", "surrogatepass"), largest)


def unpacked_bytes(data: bytes) -> str | None:
    """The text that bytes pack, which are no text themselves; None where there is none."""
    found = _unpacked(data, LARGEST) if data.startswith(_GZIP) else None
    return found[0] if found else None


def _unpacked(data: bytes, largest: int) -> tuple[str, Layers] | None:
    layers: Layers = ()
    found: tuple[str, Layers] | None = None
    while len(layers) < DEEPEST:
        opened = _opened(data, largest)
        if opened is None:
            break
        data, layers = opened[0], (*layers, opened[1])
        if data[:2] != _GZIP:
            inner = _as_text(data)
            if inner is None:
                break
            found = inner, layers
    return found


def packed(text: str, layers: Layers) -> str:
    """A text packed again as it was."""
    data = text.encode("utf-8", "surrogatepass")
    for layer in reversed(layers):
        data = gzip.compress(data, mtime=0) if layer == "gzip" else base64.b64encode(data)
    return data.decode()


def _opened(data: bytes, largest: int) -> tuple[bytes, str] | None:
    if data[:2] == _GZIP:
        try:
            unzipper = zlib.decompressobj(wbits=31)
            inner = unzipper.decompress(data, largest)
        except zlib.error:
            return None
        return None if unzipper.unconsumed_tail else (inner, "gzip")
    if len(data) < SHORTEST or not _RUN.fullmatch(data):
        return None
    try:
        return base64.b64decode(b"".join(data.split()), validate=True), "base64"
    except binascii.Error:
        return None


def _as_text(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
