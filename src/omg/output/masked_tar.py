"""A packed tar of logs on its way to the disk: taken apart, masked and packed again, never unmasked on the disk.

A log may be packed itself (`.gz`). What a masked log has is held compressed until its size is known, because a tar says
the size first. Everything that isn't an ordinary file with a harmless name is left out, and said.
"""

import tarfile
import zlib
from collections.abc import Callable, Iterator

from omg.output.contracts import TextStream

LONGEST = 1 << 30
"""Bytes of one log when it is unpacked; the kubelet rotates at 10 to 50 MiB."""

AT_ONCE = 1 << 20
"""Bytes that are unpacked at a time, however little they were."""

FASTEST = 1
GZIP = 31
"""The window bits by which zlib means gzip."""

BLOCK = tarfile.BLOCKSIZE
LONGEST_NAME = 64 * 1024

Open = Callable[[], TextStream]
"""Makes what masks one text."""


class MaskedTar:
    """A tar.gz comes in by chunks and goes out masked; used as what masks a text is.

    Args:
        masking: makes what masks one log.

    Attributes:
        refused: what was left out, and why, as sentences.
        logs: how many went out.
    """

    def __init__(self, masking: Open) -> None:
        self.refused: list[str] = []
        self.logs = 0
        self._masking = masking
        self._outer = zlib.decompressobj(GZIP)
        self._packing = zlib.compressobj(FASTEST, wbits=GZIP)
        self._held = bytearray()
        self._left = 0
        self._padding = 0
        self._log: _Log | None = None
        self._name: bytearray | None = None
        self._next_name = ""
        self._is_over = False

    def feed(self, chunk: bytes, /) -> bytes:
        """What is certain so far."""
        return b"".join(piece for data in _inflated(self._outer, chunk) for piece in self._take(data))

    def finish(self) -> bytes:
        """The rest."""
        end = self._packing.compress(bytes(2 * BLOCK)) + self._packing.flush()
        return b"".join((*self._take(self._outer.flush()), end))

    def _take(self, data: bytes) -> Iterator[bytes]:
        self._held += data
        while not self._is_over:
            if self._left:
                part = bytes(self._held[: self._left])
                if not part:
                    return
                del self._held[: len(part)]
                self._left -= len(part)
                self._fill(part)
                if self._left:
                    return
                yield from self._complete()
            if len(self._held) < self._padding + BLOCK:
                return
            del self._held[: self._padding]
            block, self._padding = bytes(self._held[:BLOCK]), 0
            del self._held[:BLOCK]
            yield from self._begin(block)

    def _begin(self, block: bytes) -> Iterator[bytes]:
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            self._is_over = True  # the end mark, or nothing that could be read on from
            return
        self._left, self._padding = header.size, -header.size % BLOCK
        if header.type == tarfile.GNUTYPE_LONGNAME:
            self._name = bytearray()
            return
        name, self._next_name = self._next_name or header.name, ""
        if (why := _objection(header, name)) is not None:
            self.refused.append(f"{name}: {why}.")
        else:
            self._log = _Log(name, header.mtime, self._masking())
        if not self._left:
            yield from self._complete()

    def _fill(self, part: bytes) -> None:
        if self._name is not None:
            self._name += part[: LONGEST_NAME - len(self._name)]
        elif self._log is not None and not self._log.fill(part):
            self.refused.append(f"{self._log.name}: {self._log.trouble}.")
            self._log = None

    def _complete(self) -> Iterator[bytes]:
        if self._name is not None:
            self._next_name = self._name.rstrip(b"\0").decode("utf-8", "surrogateescape")
            self._name = None
        elif self._log is not None:
            log, self._log = self._log, None
            self.logs += 1
            yield from (self._packing.compress(piece) for piece in log.entry())


class _Log:
    """One log: masked as it comes, and held compressed."""

    def __init__(self, name: str, mtime: float, masking: TextStream) -> None:
        self.name = name
        self.trouble = ""
        self._mtime = mtime
        self._masking = masking
        self._is_packed = name.endswith(".gz")
        self._inner = zlib.decompressobj(GZIP) if self._is_packed else None
        self._deflate = zlib.compressobj(FASTEST, wbits=GZIP)
        self._masked: list[bytes] = []
        self._size = 0
        self._unpacked = 0

    def fill(self, part: bytes) -> bool:
        """Take a part of it; False: this log is left out, and `trouble` says why."""
        try:
            for piece in [part] if self._inner is None else _inflated(self._inner, part):
                self._unpacked += len(piece)
                if self._unpacked > LONGEST:
                    self.trouble = f"it is longer than {LONGEST >> 20} MiB when it is unpacked"
                    return False
                self._keep(self._masking.feed(piece))
        except zlib.error as error:
            self.trouble = f"it can't be unpacked ({error})"
            return False
        return True

    def entry(self) -> Iterator[bytes]:
        """Its part of the tar."""
        self._keep(self._masking.finish())
        self._masked.append(self._deflate.flush())
        header = tarfile.TarInfo(self.name)
        header.size = sum(map(len, self._masked)) if self._is_packed else self._size
        header.mtime, header.mode = self._mtime, 0o640
        yield header.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")
        if self._is_packed:
            yield from self._masked
        else:
            unpacking = zlib.decompressobj(GZIP)
            for piece in self._masked:
                yield from _inflated(unpacking, piece)
        yield bytes(-header.size % BLOCK)

    def _keep(self, masked: bytes) -> None:
        self._size += len(masked)
        self._masked.append(self._deflate.compress(masked))


def _inflated(packed: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """The same unpacked, a little at a time: a few bytes may stand for very many."""
    while data:
        yield packed.decompress(data, AT_ONCE)
        data = packed.unconsumed_tail


def _objection(header: tarfile.TarInfo, name: str) -> str | None:
    """Why an entry is left out; None: it isn't."""
    if not header.isreg():
        return "it is no ordinary file"
    if name.startswith("/") or ".." in name.split("/"):
        return "its name leads out of the archive"
    return None
