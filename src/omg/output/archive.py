"""The tree as one file: `must-gather.tar.gz`, `.xz` or `.zst`, readable by every tar. Blocking; called in a thread.

What is packed already, SOS reports above all, is stored and not compressed again. A symbolic link becomes a small file
that names its target: readers that refuse links read the rest.
"""

import io
import lzma
import os
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, cast

from omg.errors import LimitReached, OmgError
from omg.output.directory import ARCHIVES, paths_in, remove_all
from omg.output.disk import DiskLimit
from omg.output.names import PARTIAL, with_number
from omg.output.tree import Tree, told

FOLDER = "must-gather"
"""The one folder in the archive."""

BLOCK = 1 << 20

PACKED = (".gz", ".xz", ".zst", ".bz2", ".tgz", ".zip")
"""Ends of names of files that compression would not make smaller."""

_ATTEMPTS = 1000

IsOver = Callable[[], str]
"""Why packing has to end; empty as long as it may go on."""


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes:
        """What is ready of the compressed data."""

    def flush(self) -> bytes:
        """The rest."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive that is complete.

    Args:
        path: where it is.
        size: in bytes.
        members: the paths in the tree that are in it.
    """

    path: Path
    size: int
    members: Sequence[str] = field(repr=False)

    @property
    def files(self) -> int:
        """How many are in it."""
        return len(self.members)


def pack(tree: Tree, form: str, *, where: Path | None, is_over: IsOver, disk_limit: DiskLimit) -> Packed:
    """Pack a tree.

    Args:
        tree: whose files are all written.
        form: gz, xz or zst.
        where: the folder of the archive; None: the tree's own.
        is_over: asked before every block that is written.
        disk_limit: of the disk that the archive is on.

    Raises:
        OmgError: it could not be made, and nothing of it is left; the tree is as it was.
    """
    root = tree.root if where is None else where
    with ExitStack() as open_things, told(f"must-gather.tar.{form}"):
        if where is not None:
            where.mkdir(parents=True, exist_ok=True)
        folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        open_things.callback(os.close, folder)
        name = _free_name(f"must-gather.tar.{form}", folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        fd = os.open(name + PARTIAL, flags, 0o600 if tree.private else 0o666, dir_fd=folder)
        open_things.callback(os.close, fd)
        try:
            members, size = _write(tree, fd, form, lambda: is_over() or disk_limit.refusal(os.fstatvfs(fd), BLOCK))
            os.fsync(fd)
            os.rename(name + PARTIAL, name, src_dir_fd=folder, dst_dir_fd=folder)
            os.fsync(folder)
        except BaseException:
            with suppress(OSError):
                os.unlink(name + PARTIAL, dir_fd=folder)
            raise
    return Packed(root / name, size, members)


def leave_only(tree: Tree, packed: Packed) -> None:
    """Remove what is in the archive, and nothing else: the archive itself may lie in the tree. The journal goes last.

    Raises:
        OmgError: it could not be removed.
    """
    with told(str(tree.root)):
        remove_all(tree, packed.members)


def _free_name(wanted: str, folder: int) -> str:
    taken = set(os.listdir(folder))
    names = (wanted if number == 1 else with_number(wanted, number) for number in range(1, _ATTEMPTS))
    name = next((name for name in names if name not in taken and name + PARTIAL not in taken), None)
    if name is None:
        raise OmgError(f"There are too many archives where {wanted} should go: move some away.")
    return name


def _write(tree: Tree, fd: int, form: str, is_over: IsOver) -> tuple[list[str], int]:
    out = _Compressed(fd, form, is_over)
    own = os.fstat(fd)
    members = []
    with tarfile.TarFile(fileobj=cast("IO[bytes]", out), mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in _members(tree):
            out.store(path.endswith(PACKED))
            if _add(archive, tree, path, own):
                members.append(path)
            archive.members = []  # type: ignore[attr-defined]  # tarfile would keep every member's header
    out.close()
    return members, out.size


def _members(tree: Tree) -> Iterator[str]:
    """The paths, what tells most first: a reader of a stream sees it at once."""
    found = sorted(paths_in(tree), key=lambda path: ("/" in path, path))
    return (path for path in found if path.removesuffix(PARTIAL) not in ARCHIVES)


def _add(archive: tarfile.TarFile, tree: Tree, path: str, own: os.stat_result) -> bool:
    """Add a file; whether it is one of the tree, and not the archive itself, which may lie below."""
    *parts, name = path.split("/")
    with tree.folder(parts) as folder:
        about = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if os.path.samestat(about, own):
            return False
        if stat.S_ISLNK(about.st_mode):
            target = os.readlink(name, dir_fd=folder).encode("utf-8", "surrogateescape") + b"\n"
            archive.addfile(_head(path, about, len(target)), io.BytesIO(target))
            return True
    with os.fdopen(tree.old_file(path), "rb", buffering=0) as file:
        archive.addfile(_head(path, about, os.fstat(file.fileno()).st_size), file)
    return True


def _head(path: str, about: os.stat_result, size: int) -> tarfile.TarInfo:
    head = tarfile.TarInfo(f"{FOLDER}/{path}")
    head.size, head.mtime, head.mode = size, int(about.st_mtime), 0o644
    return head


class _Compressed:
    """A file that is written compressed; what is stored is a stream of its own, which readers join to the others."""

    def __init__(self, fd: int, form: str, is_over: IsOver) -> None:
        self._fd = fd
        self._form = form
        self._is_over = is_over
        self._stores = False
        self._compressor: _Compressor | None = None
        self._held = bytearray()
        self._taken = 0
        self.size = 0

    def tell(self) -> int:
        """How much was written, as the tar counts it."""
        return self._taken

    def write(self, data: bytes) -> int:
        """Take data; they are compressed a block at a time."""
        self._held += data
        self._taken += len(data)
        if len(self._held) >= BLOCK:
            self._compress()
        return len(data)

    def store(self, stores: bool) -> None:
        """Whether what follows is stored as it is."""
        if stores != self._stores:
            self._end_stream()
            self._stores = stores

    def close(self) -> None:
        """Write the end."""
        self._end_stream()

    def _compress(self) -> None:
        if reason := self._is_over():
            raise LimitReached(reason)
        self._compressor = self._compressor or _compressor(self._form, stores=self._stores)
        self._put(self._compressor.compress(bytes(self._held)))
        self._held.clear()

    def _end_stream(self) -> None:
        if self._held:
            self._compress()
        if self._compressor is not None:
            self._put(self._compressor.flush())
            self._compressor = None

    def _put(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            written = os.write(self._fd, rest)
            self.size += written
            rest = rest[written:]


def _compressor(form: str, *, stores: bool) -> _Compressor:
    """A fast one: the tree is wanted now, and logs shrink to a tenth of their size with any."""
    match form:
        case "xz":
            return lzma.LZMACompressor(preset=0 if stores else 2)
        case "zst":
            import zstandard  # noqa: PLC0415 - only who asks for it pays for it

            return zstandard.ZstdCompressor(level=-7 if stores else 3).compressobj()
        case _:
            if stores:
                return zlib.compressobj(0, wbits=31)
            from isal import isal_zlib  # noqa: PLC0415

            compressor: _Compressor = isal_zlib.compressobj(1, wbits=31)
            return compressor
