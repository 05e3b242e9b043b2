"""What was written before the masker knew a secret is read again and rewritten. Blocking; called in threads."""

import os
from collections.abc import Callable, Iterator

from omg.output.blocks import BLOCK
from omg.output.contracts import Again, TextStream
from omg.output.draft import replace
from omg.output.tree import Tree, told


def mend(tree: Tree, path: str, masking: Again, *, is_over: Callable[[], bool] = lambda: False) -> bool:
    """Mask a file of the tree once more and replace it where that changes anything; whether it did.

    A file is read twice only where it changes; never more than a few blocks of it are in memory.

    Args:
        tree: it is in.
        path: a file that isn't there is left alone.
        masking: makes what masks it, with what is known by now.
        is_over: asked between blocks; when it says so, the file stays as it is.

    Raises:
        LimitReached, OmgError: it could not be rewritten, and is as it was.
    """
    try:
        fd = tree.old_file(path)
    except OSError:
        return False
    *parts, name = path.split("/")
    try:
        if _stays(fd, masking(), is_over) or is_over():
            return False
        with told(path), tree.folder(parts) as folder:
            fresh, _size = replace(tree, folder, name, lambda fresh: _write(fresh, fd, masking()))
            os.close(fresh)
        return True
    finally:
        os.close(fd)


def _stays(fd: int, masking: TextStream, is_over: Callable[[], bool]) -> bool:
    """Whether masking changes nothing."""
    waiting = bytearray()
    for block, masked in _masked(fd, masking):
        waiting += block
        if not waiting.startswith(masked) or is_over():
            return is_over()
        del waiting[: len(masked)]
    return not waiting


def _write(fresh: int, fd: int, masking: TextStream) -> int:
    size = 0
    for _block, masked in _masked(fd, masking):
        rest = memoryview(masked)
        while rest:
            written = os.write(fresh, rest)
            size, rest = size + written, rest[written:]
    return size


def _masked(fd: int, masking: TextStream) -> Iterator[tuple[bytes, bytes]]:
    """The file's blocks with what the masker made certain by them; at the end, the rest."""
    offset = 0
    while block := os.pread(fd, BLOCK, offset):
        offset += len(block)
        yield block, masking.feed(block)
    yield b"", masking.finish()
