"""Room on the disk that is kept free for the end of a run: on a full disk, too, the journal says where it ended."""

import os
from contextlib import suppress

LARGEST = 8 << 20
"""Bytes: of a run with ten thousand items, what the journal's last lines, the manifest and late secrets need."""

SHARE = 8
"""Of what is free when the run begins, one part in so many is kept at most."""


class Reserve:
    """Two anonymous files that take up room: one for the journal's lines, one for what follows.

    Args:
        folder: an open directory of the disk. Where the system knows no anonymous files there, nothing is kept.
    """

    def __init__(self, folder: int) -> None:
        disk = os.fstatvfs(folder)
        size = min(LARGEST, disk.f_bavail * disk.f_frsize // SHARE)
        self._held = [fd for fd in (_taken(folder, size // 2) for _ in range(2)) if fd >= 0]

    def give_back(self) -> bool:
        """Free a part of it; whether there was one."""
        if not self._held:
            return False
        os.close(self._held.pop())
        return True

    def close(self) -> None:
        """Free all of it."""
        while self.give_back():
            pass


def _taken(folder: int, size: int) -> int:
    """An anonymous file of this size, or -1."""
    if size <= 0 or not hasattr(os, "O_TMPFILE"):
        return -1
    fd = -1
    try:
        fd = os.open(".", os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600, dir_fd=folder)
        os.posix_fallocate(fd, 0, size)
    except OSError:
        with suppress(OSError):
            os.close(fd)
        return -1
    return fd
