"""A file on its way: written under a name that says so, and renamed when it is whole."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import count

from omg.errors import OmgError
from omg.output.names import PARTIAL, with_number
from omg.output.tree import Tree, told

COLLISIONS = 10_000
"""Things that may want one name; more of them is a mistake in a layout."""

_swaps = count(1)


class Draft:
    """A file that is being written as `PATH.partial`, and gets its final name when it is whole.

    Args:
        path: its final path in the tree.
        fd: it, open for reading and writing.
        folder: its folder, open.

    Nothing is synced to the disk's platters: a run that is killed loses nothing by that, and a machine that loses
    power loses more than a collection that can be repeated. Only the journal is synced, at its end.
    """

    def __init__(self, tree: Tree, path: str, fd: int, folder: int) -> None:
        self.path = path
        self.fd = fd
        self.size = 0
        self.is_whole = False
        self._tree = tree
        self._folder = folder
        self._name = path.rpartition("/")[2]

    @property
    def where(self) -> str:
        """Its path as it is now."""
        return self.path if self.is_whole else self.path + PARTIAL

    @property
    def is_open(self) -> bool:
        """Whether it can be written."""
        return self.fd >= 0

    def step(self, name: str) -> None:
        """Tell whoever looks what is done to it."""
        self._tree.step(f"{name} {self.path}")

    def write(self, data: bytes) -> None:
        """Append.

        Raises:
            LimitReached, OmgError: see `told`.
        """
        self.step("before write")
        rest = memoryview(data)
        with told(self.path):
            while rest:
                written = os.write(self.fd, rest)
                self.size += written
                rest = rest[written:]
        self.step("after write")

    def commit(self) -> None:
        """Give it its final name.

        Raises:
            LimitReached, OmgError: see `told`; it stays as it is.
        """
        self.step("before rename")
        with told(self.path):
            os.rename(self._name + PARTIAL, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self.is_whole = True
        self.step("after rename")
        self.close()

    def discard(self) -> None:
        """Take it away."""
        if self._folder >= 0:
            _unlink(self._name + PARTIAL, self._folder)
        self.close()

    def close(self) -> None:
        """Leave it as it is."""
        for fd in (self.fd, self._folder):
            if fd >= 0:
                os.close(fd)
        self.fd = self._folder = -1

    def swap(self, write: Callable[[int], int]) -> None:
        """Replace what it holds by what `write` writes; at no moment is less there than before or after.

        Args:
            write: gets an empty file and returns the number of bytes that it wrote.
        """
        with told(self.path):
            fresh, self.size = replace(self._tree, self._folder, self._name + PARTIAL, write)
            try:
                os.dup2(fresh, self.fd, inheritable=False)
            finally:
                os.close(fresh)


def replace(tree: Tree, folder: int, name: str, write: Callable[[int], int]) -> tuple[int, int]:
    """Put what `write` writes in the place of a file, in one moment; the new file, open, and its size.

    Args:
        tree: it is in.
        folder: that it is in, open.
        name: of the file that is replaced.
        write: gets an empty file and returns the number of bytes that it wrote.

    Raises:
        OSError: the old one is still there.
    """
    temporary = f"omg-swap-{next(_swaps)}{PARTIAL}"
    fresh = tree.new_file(temporary, folder)
    try:
        size = write(fresh)
        tree.step(f"before rename {name}")
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        tree.step(f"after rename {name}")
    except BaseException:
        os.close(fresh)
        _unlink(temporary, folder)
        raise
    return fresh, size


def open_draft(tree: Tree, parts: Sequence[str], *, reserved: frozenset[str] = frozenset()) -> Draft:
    """A new file under the first free name for `parts`, which are safe; its folders are made.

    Args:
        tree: it is made in.
        parts: of its path.
        reserved: names in the root that are omg's own.

    Raises:
        LimitReached, OmgError: see `told`.
    """
    *above, wanted = parts
    with told("/".join(parts)), tree.folder(above, make=True) as folder:
        for number in range(1, COLLISIONS):
            name = wanted if number == 1 else with_number(wanted, number)
            if above or name not in reserved:
                draft = _first(tree, "/".join((*above, name)), name, folder)
                if draft is not None:
                    return draft
    raise OmgError(f"{'/'.join(parts)} could not be written: {COLLISIONS:,} things want this name.")


def _first(tree: Tree, path: str, name: str, folder: int) -> Draft | None:
    """The draft of a file; None where somebody writes it or has written it."""
    tree.step(f"before open {path}")
    try:
        fd = tree.new_file(name + PARTIAL, folder)
    except FileExistsError:
        return None
    tree.step(f"after open {path}")
    draft = Draft(tree, path, fd, os.dup(folder))
    if _exists(name, folder):
        draft.discard()
        return None
    return draft


def write_whole(tree: Tree, name: str, pieces: Iterable[bytes]) -> None:
    """Write one of omg's own files into the root, in one moment in place of an older one.

    Raises:
        LimitReached, OmgError: see `told`; the older one is still there.
    """
    _unlink(name + PARTIAL, tree.fd)
    with told(name):
        draft = Draft(tree, name, tree.new_file(name + PARTIAL, tree.fd), os.dup(tree.fd))
    try:
        for piece in pieces:
            draft.write(piece)
        draft.commit()
    finally:
        draft.discard()


def _unlink(name: str, folder: int) -> None:
    """Remove a file that may be gone; on a disk that refuses, a file that is marked as partial stays."""
    with suppress(OSError):
        os.unlink(name, dir_fd=folder)


def _exists(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True
