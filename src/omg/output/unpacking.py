"""A packed report that lies in the tree, unpacked beside itself: every text masked, and nothing led out of the tree.

What isn't an ordinary text or a link within the report is left out, and said; it is still in the packed report. Modes
and owners are not taken over, so no setuid bit is. Of rotated logs, those that are packed themselves (`.gz`) are
unpacked, too.
"""

import bz2
import lzma
import os
import re
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Protocol

from omg.errors import LimitReached, OmgError, Truncated
from omg.output.batches import Writer
from omg.output.directory import RESERVED
from omg.output.draft import open_draft
from omg.output.links import link
from omg.output.masked_tar import LONGEST
from omg.output.names import safe
from omg.output.tree import told

AT_ONCE = 256 * 1024
"""Bytes that are unpacked and masked at a time."""

LONGEST_HEADER = 1 << 20
"""Bytes of what tar says about one member; it is held in memory."""

LARGEST_DICTIONARY = 80 << 20
"""Bytes that unpacking xz may use: as much as `xz -9` asks for; sos asks for 9 MiB."""

FREE_BYTES = 1 << 30
"""What may be unpacked whatever the ratio is."""

RATIO = 200
"""Bytes that a packed byte may stand for, on the whole; journals reach 30."""

LARGEST = 64 << 30
"""Bytes of one report, unpacked."""

MOST_MEMBERS = 250_000
"""Of one report; a large one of sos has 30,000."""

SIGN_EVERY = 16 << 20
"""Bytes after which it is told that work goes on: a fraction of a second's."""

SHOWN = 20
"""Members left out that are told one by one."""

_PACKED = re.compile(r"\.tar(~\d+)?(?:\.[a-z0-9]+)*$")

_LOOKED_AT = 8192
"""Bytes of a member's beginning that tell whether it is text."""


class Decoder(Protocol):
    """What unpacks a stream of bytes, a little at a time."""

    @property
    def eof(self) -> bool:
        """Whether it has met its end."""

    def decompress(self, data: bytes, max_length: int = ...) -> bytes:
        """At most so many bytes."""


Parts = Sequence[str]


@dataclass(slots=True)
class Unpacked:
    """What became of a report.

    Args:
        folder: the path of the folder that it was unpacked to.
        wrote: called with path and size of each file and link, when it is there; in the thread that unpacks.
        works: called now and then there, for one large file may take minutes.
        beside: of rotated logs: where in the tree a link to one belongs, for the names of its path; None: nowhere.
    """

    folder: str
    wrote: Callable[[str, int], object]
    works: Callable[[], object]
    beside: Callable[[Parts], Parts | None] | None = None
    _refused: list[str] = field(default_factory=list)
    _more: int = 0

    def refuse(self, name: str, why: str) -> None:
        """Take note of a member that is left out."""
        if len(self._refused) < SHOWN:
            self._refused.append(f"{safe_text(name)}: {why}.")
        else:
            self._more += 1

    @property
    def refused(self) -> list[str]:
        """What was left out, and why, as sentences."""
        more = [f"{self._more:,} more were left out."] if self._more else []
        return [*self._refused, *more]


def unpack(writer: Writer, task: str, path: str, found: Unpacked, *, is_over: Callable[[], bool]) -> None:
    """Unpack a tar (plain, gz, xz, bz2) of the tree; call it in a thread of its own.

    Args:
        writer: what all items share.
        task: of the item.
        path: of the packed report, in the tree.
        found: is told what was written as it is.
        is_over: whether to end early.

    Raises:
        Truncated: it isn't whole, can't be read, or stands for far more bytes than it has; what came before is there.
        LimitReached: nothing more may be written.
    """
    with told(path):
        fd = writer.tree.old_file(path)
    with os.fdopen(fd, "rb", buffering=0) as file:
        try:
            reader = _Reader(file.read, os.fstat(fd).st_size, found.works)
            with tarfile.open(fileobj=reader, mode="r:", errorlevel=0) as archive:  # type: ignore[call-overload]
                _Unpacking(writer, task, found, reader, is_over).take(archive)
            while not is_over() and reader.read(AT_ONCE):  # its checksum comes last
                pass
        except (tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError, RecursionError) as error:
            raise Truncated(f"{path} could not be unpacked to its end ({_in_words(error)}).") from error


class _Unpacking:
    """One report on its way."""

    def __init__(
        self, writer: Writer, task: str, found: Unpacked, reader: "_Reader", is_over: Callable[[], bool]
    ) -> None:
        self._writer = writer
        self._task = task
        self._found = found
        self._reader = reader
        self._is_over = is_over
        self._seen: set[tuple[str, ...]] = set()
        self._links: dict[tuple[str, ...], tuple[str, ...]] = {}

    def take(self, archive: tarfile.TarFile) -> None:
        """Write each member that may be."""
        count = 0
        while not self._is_over() and (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # tarfile would hold every one
            count += 1
            if count > MOST_MEMBERS:
                raise ValueError(f"it has more than {MOST_MEMBERS:,} members")
            if not member.isdir():
                self._member(member)
        for parts, target in self._links.items():
            self._link(parts, target)

    def _member(self, member: tarfile.TarInfo) -> None:
        why = _objection(member)
        parts = parts_of(member.name)
        if why is None and parts in self._seen:
            why = "another one had its name"
        if why is None and member.issym():
            target = target_of(parts, member.linkname)
            if target is None:
                why = "it is a link that leads out of the report"
            else:
                self._seen.add(parts)
                self._links[parts] = target
                return
        if why is None:
            self._seen.add(parts)
            try:
                why = self._file(parts, member)
            except LimitReached:
                raise
            except OmgError as error:
                why = str(error).rstrip(".")
        if why is not None:
            self._found.refuse(member.name, why)

    def _file(self, parts: Sequence[str], member: tarfile.TarInfo) -> str | None:
        """Write a text; why it was left out, where it was."""
        pieces = self._pieces(member.size)
        first = next(pieces, b"")
        if self._found.beside is not None and first.startswith(_GZIP):
            pieces = _inflated(chain((first,), pieces))
            first = next(pieces, b"")
            *above, name = parts
            parts = (*above, name.removesuffix(".gz"))
        if b"\0" in first[:_LOOKED_AT] or first.startswith(_MAGICS):
            return "it is no text, and is only in the packed report"
        writer = self._writer
        generation = writer.masker.generation
        draft = open_draft(writer.tree, [*self._found.folder.split("/"), *parts], reserved=RESERVED)
        try:
            held = {draft.path: {"names": list(parts)}}
            writer.journal.writing(self._task, held, generation=generation)
            masking = writer.masker.stream()
            for piece in chain((first,), pieces):
                self._append(draft.write, masking.feed(piece))
            self._append(draft.write, masking.finish())
            draft.commit()
        except Truncated:  # it is left out, not cut
            draft.discard()
            writer.budget.give_back(draft.size)
            raise
        finally:
            if draft.is_whole or draft.is_open:
                self._found.wrote(draft.where, draft.size)
            draft.close()
        if self._found.beside is not None and (place := self._found.beside(_within(member.name))) is not None:
            self._found.wrote(link(writer, self._task, [safe(part) for part in place], draft.path.split("/")), 0)
        return None

    def _append(self, write: Callable[[bytes], None], data: bytes) -> None:
        if data:
            self._writer.budget.take(len(data))
            write(data)

    def _pieces(self, size: int) -> Iterator[bytes]:
        while size:
            if self._is_over():
                raise EOFError("it was stopped")
            piece = self._reader.read(min(size, AT_ONCE))
            if not piece:
                raise EOFError("it stops in the middle of a file")
            size -= len(piece)
            yield piece

    def _link(self, parts: tuple[str, ...], target: tuple[str, ...]) -> None:
        """Make a link, where what it leads to was written."""
        if self._is_over():
            return
        seen = any(one[: len(target)] == target for one in self._seen) if target not in self._seen else True
        if not seen:
            self._found.refuse("/".join(parts), "it is a link to what the report does not hold")
            return
        above = self._found.folder.split("/")
        try:
            self._found.wrote(link(self._writer, self._task, [*above, *parts], [*above, *target]), 0)
        except LimitReached:
            raise
        except OmgError as error:
            self._found.refuse("/".join(parts), str(error).rstrip("."))


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """What a packed log stands for, a little at a time.

    Raises:
        Truncated: that is far too much, or it can't be told.
    """
    inflate, size = _Gzip(), 0
    for piece in pieces:
        fed = piece
        try:
            while unpacked := inflate.decompress(fed, AT_ONCE):
                fed = b""
                size += len(unpacked)
                if size > LONGEST:
                    raise Truncated(f"It is longer than {LONGEST >> 20:,} MiB when it is unpacked.")
                yield unpacked
        except zlib.error as error:
            raise Truncated(f"It can't be unpacked ({error}).") from error


class _Reader:
    """The unpacked bytes of a file, forward only, as tarfile reads them: never much at a time, never far too many."""

    def __init__(self, read: Callable[[int], bytes | None], size: int, works: Callable[[], object]) -> None:
        self._read = read
        self._works = works
        self._most = min(LARGEST, max(FREE_BYTES, size * RATIO))
        self._fresh = self._read(AT_ONCE) or b""
        self._make = _decoder(self._fresh)
        self._decoder = self._make() if self._make else None
        self._held = bytearray()
        self._at = 0

    def tell(self) -> int:
        """Bytes that were read."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Read on until there.

        Raises:
            ValueError: that would be backwards.
        """
        if whence or offset < self._at:
            raise ValueError("it can't be read forwards")
        while self._at < offset and self._take(min(offset - self._at, AT_ONCE)):
            pass
        return self._at

    def read(self, size: int = -1) -> bytes:
        """The next bytes, fewer only at the end.

        Raises:
            ValueError: so many are not held in memory, or it stands for far more bytes than it has.
        """
        if not 0 <= size <= LONGEST_HEADER:
            raise ValueError("a header in it is too long")
        return self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self._held) < size and (piece := self._next()):
            self._held += piece
        taken = bytes(self._held[:size])
        del self._held[:size]
        before, self._at = self._at, self._at + len(taken)
        if before // SIGN_EVERY < self._at // SIGN_EVERY:
            self._works()
        if self._at > self._most:
            raise ValueError(f"it stands for more than {self._most >> 20:,} MiB, far more than it has")
        return taken

    def _next(self) -> bytes:
        """What comes next, at most AT_ONCE bytes; nothing at the end."""
        if self._decoder is None:
            piece, self._fresh = self._fresh, self._read(AT_ONCE) or b""
            return piece
        while True:
            if self._decoder.eof:
                self._begin_again()
                if self._decoder.eof:
                    return b""
            fed, self._fresh = self._fresh, b""
            piece = self._decoder.decompress(fed, AT_ONCE)
            if piece or self._decoder.eof:
                if piece:
                    return piece
                continue
            self._fresh = self._read(AT_ONCE) or b""
            if not self._fresh:
                raise EOFError("it stops before its end")

    def _begin_again(self) -> None:
        """Packed streams may follow each other."""
        rest = getattr(self._decoder, "unused_data", b"") or self._read(AT_ONCE) or b""
        if self._make is not None and rest.strip(b"\0"):
            self._decoder, self._fresh = self._make(), rest


class _Gzip:
    """zlib's decoder with the interface that lzma's and bz2's have: it keeps what it was fed."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int = AT_ONCE) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


_XZ, _GZIP, _BZIP2 = b"\xfd7zXZ\0", b"\x1f\x8b", b"BZh"
_MAGICS = (_XZ, _GZIP, _BZIP2, b"\x28\xb5\x2f\xfd", b"PK\x03\x04")


def _decoder(beginning: bytes) -> Callable[[], Decoder] | None:
    """What makes a decoder of a file that begins so; None: it isn't packed."""
    if beginning.startswith(_XZ):
        return partial(lzma.LZMADecompressor, memlimit=LARGEST_DICTIONARY)
    if beginning.startswith(_GZIP):
        return _Gzip
    return bz2.BZ2Decompressor if beginning.startswith(_BZIP2) else None


def folder_of(path: str) -> str:
    """Where a packed report is unpacked: its path without the ending, and with its number, if it has one."""
    found = _PACKED.search(path)
    return f"{path[: found.start()]}{found[1] or ''}" if found else f"{path}.d"


def parts_of(name: str) -> tuple[str, ...]:
    """The safe parts of a member's name below the folder that the report has everything in."""
    return tuple(safe(part) for part in _within(name))


def target_of(parts: Sequence[str], link: str) -> tuple[str, ...] | None:
    """Where a link leads in the report, as safe parts; None: out of it, or nobody can tell.

    `..` is followed at the beginning only: after a name, which may be a link itself, it can lead anywhere.
    """
    steps = [step for step in link.split("/") if step not in ("", ".")]
    up = next((at for at, step in enumerate(steps) if step != ".."), len(steps))
    above = list(parts[:-1])
    if link.startswith("/") or ".." in steps[up:] or up > len(above) or not steps[up:]:
        return None
    return (*above[: len(above) - up], *(safe(step) for step in steps[up:]))


def safe_text(name: str) -> str:
    """A name as a line of a record can have it."""
    return "/".join(safe(part) for part in name.split("/"))[:300]


def _within(name: str) -> list[str]:
    return [part for part in name.split("/") if part not in ("", ".")][1:]


def _objection(member: tarfile.TarInfo) -> str | None:
    """Why a member is left out whatever it holds; None: it isn't."""
    if member.name.startswith("/") or ".." in member.name.split("/"):
        return "its name leads out of the report"
    if not _within(member.name):
        return "it is beside the report's folder"
    if member.issparse() or not (member.isreg() or member.issym()):
        return "it is no ordinary file"
    return None


def _in_words(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
