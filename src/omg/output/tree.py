"""The output directory by file descriptors: nothing in it, planted or not, leads a write out of it."""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from omg.errors import LimitReached, OmgError

Step = Callable[[str], None]
"""Told `before …` and `after …` each thing that is done to the disk; for tests that end the process there."""


def no_step(_name: str) -> None:
    """Nobody looks."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})
"""What concerns the whole disk, so that going on makes no sense."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OLD_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@contextmanager
def told(path: str) -> Iterator[None]:
    """Turn what the operating system refuses into omg's errors.

    Raises:
        LimitReached: the disk as a whole takes no more.
        OmgError: this one file can't be written.
    """
    try:
        yield
    except OSError as error:
        reason = f"{error.strerror or type(error).__name__}: {path} could not be written"
        if error.errno in _FULL:
            raise LimitReached(f"{reason}, and collecting stops.") from error
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            reason = (
                f"{path} could not be written: something else, or a symbolic link, stands where its folder should be"
            )
        raise OmgError(f"{reason}.") from error


class Tree:
    """An open output directory.

    Args:
        root: where it is, for people.
        fd: it, open; closed with the tree.
        step: see `Step`.

    New files and folders are readable for everyone as far as the umask allows: what is in them is masked, and
    must-gather's copying container and the person who reads the archive are other users than the one who wrote it.
    An unmasked tree is `private`.
    """

    def __init__(self, root: Path, fd: int, *, step: Step = no_step) -> None:
        self.root = root
        self.fd = fd
        self.step = step
        self.private = False

    def close(self) -> None:
        """Close the directory, which frees its lock."""
        os.close(self.fd)

    @contextmanager
    def folder(self, parts: Sequence[str], *, make: bool = False) -> Iterator[int]:
        """The folder, open; with `make`, made where it is missing.

        Raises:
            OSError: it isn't there, or a part of it is a symbolic link or a file.
        """
        fd = os.dup(self.fd)
        try:
            for part in parts:
                inner = self._enter(fd, part, make=make)
                os.close(fd)
                fd = inner
            yield fd
        finally:
            os.close(fd)

    def _enter(self, fd: int, part: str, *, make: bool) -> int:
        """Open a folder of the folder `fd`."""
        try:
            return os.open(part, _FOLDER, dir_fd=fd)
        except FileNotFoundError:
            if not make:
                raise
            with suppress(FileExistsError):  # another thread was faster
                os.mkdir(part, 0o700 if self.private else 0o777, dir_fd=fd)
            return os.open(part, _FOLDER, dir_fd=fd)

    def new_file(self, name: str, folder: int) -> int:
        """Make and open a file that isn't there.

        Raises:
            OSError: among others FileExistsError.
        """
        return os.open(name, _NEW_FILE, 0o600 if self.private else 0o666, dir_fd=folder)

    def has(self, parts: Sequence[str]) -> bool:
        """Whether something has this path, be it a link that leads nowhere."""
        *above, name = parts
        try:
            with self.folder(above) as folder:
                os.stat(name, dir_fd=folder, follow_symlinks=False)
        except OSError:
            return False
        return True

    def link(self, parts: Sequence[str], target: Sequence[str]) -> bool:
        """Make a relative symbolic link within the tree; False: something else has its name.

        Raises:
            LimitReached, OmgError: see `told`.
        """
        *above, name = parts
        with told("/".join(parts)), self.folder(above, make=True) as folder:
            try:
                os.symlink(os.path.relpath("/".join(target), "/".join(above) or "."), name, dir_fd=folder)
            except FileExistsError:
                return False
        return True

    def old_file(self, path: str) -> int:
        """Open a regular file of the tree for reading.

        Raises:
            OSError: it isn't there or isn't a regular file.
        """
        *parts, name = path.split("/")
        with self.folder(parts) as folder:
            fd = os.open(name, _OLD_FILE, dir_fd=folder)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise OSError(errno.EINVAL, "Not a regular file")
        return fd


def names_in(folder: int) -> list[tuple[str, bool]]:
    """The entries of an open folder: name, and whether it is a folder itself; symbolic links are not."""
    with os.scandir(folder) as entries:
        return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
