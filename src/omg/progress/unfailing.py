"""A stream to a person that may go away: a closed terminal doesn't end a run."""

import os
import sys
from typing import TextIO


def open_what_is_closed() -> None:
    """Let standard streams that were closed lead nowhere: else a file of the tree would get one of their numbers."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", errors="replace", closefd=False))


def fall_silent(stream: TextIO) -> None:
    """Let a stream whose far end has gone away lead nowhere, so that its last flush can't fail either."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return  # no descriptor beneath: nothing is left that could fail


class Unfailing:
    """A text stream whose far end may go away, or not know every character."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write, with question marks for what the encoding doesn't have; or lose the text."""
        try:
            return self._stream.write(text)
        except UnicodeEncodeError:
            return self.write(text.encode(self.encoding, "replace").decode(self.encoding))
        except (OSError, ValueError):
            fall_silent(self._stream)
            return len(text)

    def flush(self) -> None:
        """Flush, or lose the text."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            fall_silent(self._stream)

    def isatty(self) -> bool:
        """Whether a terminal is there."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """The descriptor beneath."""
        return self._stream.fileno()

    @property
    def encoding(self) -> str:
        """The stream's encoding."""
        return self._stream.encoding or "ascii"
