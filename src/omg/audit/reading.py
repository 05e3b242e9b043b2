"""The door of the audit: a tree or an archive, file by file, archives in it unpacked; nothing is held whole."""

import bz2
import gzip
import lzma
import os
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from omg.errors import ConfigError

BLOCK = 1 << 18
NESTING = 5
"""Archives and compressed files inside one another that are opened."""

_HEAD = 512
_TROUBLES = (OSError, EOFError, tarfile.TarError, zlib.error, lzma.LZMAError, ValueError)

TakeBlocks = Callable[[str, Iterable[bytes]], None]
"""Takes a file: its path, and its blocks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the tree.

    Args:
        path: in the tree.
        size: in bytes.
        changed: time of its last change, in seconds since 1970.
        is_link: a symbolic link, which is not followed.
    """

    path: str
    size: int
    changed: float
    is_link: bool = False


class NotReadable(ConfigError):
    """What was given is neither a directory nor an archive; the message is a sentence for a person."""


class Stopped(Exception):
    """The audit has no time left."""


class Walk:
    """The files of one tree or archive.

    Args:
        take: called with every file that is no archive, however deep.
        trouble: called with the path of what could not be read, and why.
        is_over: asked between blocks.
    """

    def __init__(
        self, take: TakeBlocks, trouble: Callable[[str, str], None], is_over: Callable[[], bool] = lambda: False
    ) -> None:
        self.size = 0
        """Bytes read, after unpacking."""
        self._take = take
        self._trouble = trouble
        self._is_over = is_over

    def file(self, root: Path, path: str) -> None:
        """One file of a tree, opened if it is an archive. Symbolic links and what is no file are left out.

        Raises:
            Stopped: the time is over.
        """
        if self._is_over():
            raise Stopped
        try:
            fd = os.open(root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            self._trouble(path, error.strerror or "can't be opened")
            return
        with os.fdopen(fd, "rb", buffering=BLOCK) as file:
            if stat.S_ISREG(os.fstat(fd).st_mode):
                self.stream(path, file)

    def stream(self, path: str, file: IO[bytes], depth: int = 0) -> None:
        """One file, wherever it comes from.

        Raises:
            Stopped: the time is over.
        """
        source = _Peeked(file)
        whole = cast("IO[bytes]", source)
        try:
            opened = _unpacked(source) if depth < NESTING else None
            if opened is not None:
                with opened:
                    self.stream(path, opened, depth + 1)
            elif _is_tar(source.head) and depth <= NESTING:
                self._members(path, whole, depth)
            elif source.head.startswith((b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c")):
                self._trouble(path, "an archive of a kind that is not opened")
            else:
                self._take(path, self._blocks(whole))
        except _TROUBLES as error:
            self._trouble(path, f"damaged, searched only in part ({type(error).__name__})")

    def _members(self, path: str, source: IO[bytes], depth: int) -> None:
        with tarfile.open(fileobj=source, mode="r|", bufsize=BLOCK) as tar:
            for member in tar:
                inner = f"{path}!/{member.name.removeprefix('./')}" if path else member.name.removeprefix("./")
                if member.isfile() and (file := tar.extractfile(member)) is not None:
                    self.stream(inner, file, depth + 1)
                tar.members = []  # type: ignore[attr-defined]  # tarfile would keep every member's header

    def _blocks(self, source: IO[bytes]) -> Iterator[bytes]:
        while block := source.read(BLOCK):
            if self._is_over():
                raise Stopped
            self.size += len(block)
            yield block


class _Peeked:
    """A stream whose beginning was looked at."""

    def __init__(self, file: IO[bytes]) -> None:
        self.head = b""
        while len(self.head) < _HEAD and (more := file.read(_HEAD - len(self.head))):
            self.head += more
        self._left = self.head
        self._file = file

    def read(self, size: int = BLOCK) -> bytes:
        """The next bytes."""
        if not self._left:
            return self._file.read(size)
        out, self._left = self._left[:size], self._left[size:]
        return out + self._file.read(size - len(out)) if len(out) < size else out


class _Zstandard:
    """A stream in Zstandard whose errors are those of other streams."""

    def __init__(self, file: IO[bytes]) -> None:
        import zstandard  # noqa: PLC0415 - only who has such a file pays for it

        self._error = zstandard.ZstdError
        self._reader: Any = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True, closefd=False)

    def __enter__(self) -> "_Zstandard":
        return self

    def __exit__(self, *_error: object) -> None:
        self._reader.close()

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            OSError: it is damaged.
        """
        try:
            return bytes(self._reader.read(size))
        except self._error as error:
            raise OSError(str(error)) from None


def _unpacked(source: _Peeked) -> IO[bytes] | None:
    """What is in a compressed stream; None where it isn't one."""
    raw = cast("IO[bytes]", source)
    if source.head.startswith(b"\x1f\x8b\x08"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if source.head.startswith(b"\xfd7zXZ\0"):
        return cast("IO[bytes]", lzma.LZMAFile(raw))
    if source.head.startswith(b"BZh") and source.head[4:10] == b"1AY&SY":
        return cast("IO[bytes]", bz2.BZ2File(raw))
    if source.head.startswith(b"\x28\xb5\x2f\xfd"):
        return cast("IO[bytes]", _Zstandard(raw))
    return None


def _is_tar(head: bytes) -> bool:
    """Whether a stream begins with a header of tar: the sum of its bytes stands in it."""
    if len(head) < _HEAD or not head[0]:
        return False
    with suppress(ValueError):
        return int(head[148:156].strip(b" \0") or b"x", 8) == sum(head) - sum(head[148:156]) + 8 * 32
    return False


def entries(root: Path, trouble: Callable[[str, str], None]) -> Iterator[Entry]:
    """Everything in a directory that is no folder, symbolic links included; in no order."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            found = list(os.scandir(root / folder))
        except OSError as error:
            if folder == "":
                raise NotReadable(f"The directory {root} can't be read: {error.strerror}.") from None
            if folder != "lost+found":  # a volume's own, and closed to all but root
                trouble(folder, error.strerror or "can't be read")
            continue
        for one in found:
            path = f"{folder}/{one.name}" if folder else one.name
            if one.is_dir(follow_symlinks=False):
                waiting.append(path)
            else:
                with suppress(FileNotFoundError):
                    about = one.stat(follow_symlinks=False)
                    yield Entry(path, about.st_size, about.st_mtime, one.is_symlink())


def is_archive(path: Path) -> bool:
    """Whether a file is one that is opened.

    Raises:
        NotReadable: it isn't there, or can't be read.
    """
    try:
        with path.open("rb") as file:
            source = _Peeked(file)
            opened = _unpacked(source)
            head = _Peeked(opened).head if opened is not None else source.head
            return opened is not None or _is_tar(head)
    except _TROUBLES as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise NotReadable(f"{path} can't be read: {reason}.") from None
