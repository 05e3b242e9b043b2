"""run.log: a copy of what a person saw, on the disk line by line, masked."""

import os
import threading
from contextlib import suppress
from typing import TextIO, cast

from omg.errors import OmgError
from omg.output.contracts import Masker
from omg.output.directory import RUN_LOG
from omg.output.draft import write_whole
from omg.output.tree import Tree


class RunLog:
    """An open run.log; a text stream for whoever prints. What can't be written is lost: the journal has the facts."""

    encoding = "utf-8"

    def __init__(self, tree: Tree, masker: Masker) -> None:
        self._tree = tree
        self._masker = masker
        self._lock = threading.Lock()
        self._fd = -1
        with suppress(OmgError, OSError):
            write_whole(tree, RUN_LOG, [])
            self._fd = self._opened()

    def stream(self) -> TextIO:
        """It, as what it can be used as: for writing, flushing and nothing else."""
        return cast("TextIO", self)

    def write(self, text: str) -> int:
        """Append lines, masked; each is whole, or not there."""
        data = self._masker.text(text.encode("utf-8", "replace"))
        with self._lock, suppress(OSError):
            os.write(self._fd, data)
        return len(text)

    def flush(self) -> None:
        """Every line is with the kernel already."""

    def isatty(self) -> bool:
        """It is a file."""
        return False

    def remask(self) -> None:
        """Hide what the masker has learned since."""
        with self._lock, suppress(OmgError, OSError):
            with os.fdopen(self._tree.old_file(RUN_LOG), "rb") as file:
                before = file.read()
            after = self._masker.text(before)
            if after != before:
                write_whole(self._tree, RUN_LOG, [after])
                os.close(self._fd)
                self._fd = self._opened()

    def close(self) -> None:
        """Sync it to the disk and close it."""
        with self._lock, suppress(OSError):
            if self._fd >= 0:
                os.fsync(self._fd)
                os.close(self._fd)
            self._fd = -1

    def _opened(self) -> int:
        return os.open(RUN_LOG, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._tree.fd)
