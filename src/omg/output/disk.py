"""How much may be written: MAX_BYTES of the whole tree, and what the disk must keep free."""

import os
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from omg.errors import ConfigError, LimitReached

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4, "p": 1000**5}
_BINARY = {"ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30, "ti": 1 << 40, "pi": 1 << 50}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgtp]i?)?b?", re.IGNORECASE)

IN_A_POD = 0.6
KILLS = 0.7
"""Shares of a must-gather pod's volume: where omg stops, and where oc kills. It is a directory of the node's disk, and
others have filled a part of that: of a fuller disk, half of what is left up to there is omg's."""

DEFAULT_LEFT = 1 << 30
DEFAULT_LEFT_SHARE = 0.05
"""Elsewhere than in a pod: 1 GiB or 5 % stay free, whichever is less."""

StatDisk = Callable[[int], os.statvfs_result]


@dataclass(frozen=True, slots=True)
class DiskLimit:
    """Where collecting stops.

    Args:
        used: share of the disk, 0 to 1, that may be used, as `df` counts it; None: any.
        left: bytes that stay free; None: none need to.
        left_share: share of the disk that is enough to stay free, where it is less than `left`.
        kills: share at which somebody else ends the run; see `begun`.
    """

    used: float | None = None
    left: int | None = None
    left_share: float | None = None
    kills: float | None = None

    @classmethod
    def parse(cls, text: str) -> "DiskLimit":
        """From DISK_LIMIT: `60%` used, `1GiB` left, `pod` or `default` where it is unset, or `off`.

        Raises:
            ConfigError: it is none of these.
        """
        if text == "off":
            return cls()
        if text == "default":
            return cls(left=DEFAULT_LEFT, left_share=DEFAULT_LEFT_SHARE)
        if text == "pod":
            return cls(used=IN_A_POD, kills=KILLS)
        if text.endswith("%") and text[:-1].strip().isdigit():
            return cls(used=int(text[:-1]) / 100)
        size = _SIZE.fullmatch(text)
        if size is None:
            raise ConfigError(f"DISK_LIMIT: given {text!r}, expected a share such as 60% or a size such as 1GiB.")
        return cls(left=int(float(size[1]) * (_UNITS | _BINARY)[(size[2] or "").lower()]))

    def begun(self, disk: os.statvfs_result) -> "DiskLimit":
        """The limit of a run that begins on a disk in this state."""
        if self.used is None or self.kills is None:
            return self
        halfway = (_share_used(disk) + self.kills) / 2
        return replace(self, used=min(max(self.used, halfway), self.kills))

    def refusal(self, disk: os.statvfs_result, size: int) -> str:
        """Why `size` more bytes may not be written; empty where they may."""
        free = disk.f_bavail * disk.f_frsize - size
        used = (disk.f_blocks - disk.f_bfree) * disk.f_frsize + size
        if self.used is not None and used > self.used * (used + free):
            full = min(used / max(used + free, 1), 1)
            return f"The disk would be {full:.0%} full and DISK_LIMIT is {self.used:.0%}"
        if self.left is not None:
            share = self.left_share * disk.f_blocks * disk.f_frsize if self.left_share is not None else self.left
            if free < min(self.left, share):
                return f"Only {max(free, 0):,} bytes are left on the disk, which DISK_LIMIT keeps free"
        return ""

    def near(self, disk: os.statvfs_result) -> list[str]:
        """That the limit is near, in words; nothing where it isn't."""
        free = disk.f_bavail * disk.f_frsize
        share = _share_used(disk)
        if self.used is not None and share >= NEAR * self.used:
            return [f"disk {share:.0%} full, limit {self.used:.0%}"]
        if self.left is not None and self.refusal(disk, int((1 - NEAR) * free)):
            return [f"only {free >> 20:,} MiB left on the disk"]
        return []


def _share_used(disk: os.statvfs_result) -> float:
    """As `df` counts it: what is reserved for root is neither used nor free."""
    used = disk.f_blocks - disk.f_bfree
    return used / max(used + disk.f_bavail, 1)


NEAR = 0.8
"""Share of a limit from which on it is near."""


class Budget:
    """Counts what is written, and says when it is enough; used from several threads.

    Args:
        max_bytes: of all files together, the journal and the manifest excepted; None: no limit.
        disk_limit: asked before every block.
        fd: any open file of the disk.
        stat_disk: os.fstatvfs, unless a test has another disk in mind.
    """

    def __init__(
        self, *, max_bytes: int | None, disk_limit: DiskLimit, fd: int, stat_disk: StatDisk = os.fstatvfs
    ) -> None:
        self.written = 0
        self._max_bytes = max_bytes
        self.disk_limit = disk_limit if disk_limit.kills is None else disk_limit.begun(stat_disk(fd))
        self._fd = fd
        self._stat_disk = stat_disk
        self._lock = threading.Lock()
        self._refused = ""

    def take(self, size: int, *, part: bool = False) -> int:
        """Take room for `size` bytes.

        Args:
            size: bytes that somebody wants to write.
            part: where there isn't room for all, take what there is and say so the next time.

        Returns:
            The bytes there is room for.

        Raises:
            LimitReached: there is no room. From then on there is none for anybody: the collection ends here.
        """
        with self._lock:
            refused = self._refused or self.disk_limit.refusal(self._stat_disk(self._fd), size)
            room = size
            if not refused and self._max_bytes is not None and self.written + size > self._max_bytes:
                room = self._max_bytes - self.written if part else 0
                self._refused = f"The tree holds {self.written + room:,} bytes and MAX_BYTES is {self._max_bytes:,}"
                refused = "" if room > 0 else self._refused
            if refused:
                self._refused = refused
                raise LimitReached(f"{refused}: collecting stops here.")
            self.written += room
            return room

    def near(self) -> list[str]:
        """The limits that are near, in words."""
        found = []
        if self._max_bytes is not None and self.written >= NEAR * self._max_bytes:
            found.append(f"MAX_BYTES {self.written / self._max_bytes:.0%} used")
        with suppress(OSError):
            found += self.disk_limit.near(self._stat_disk(self._fd))
        return found

    def give_back(self, size: int) -> None:
        """What was taken away from the disk again."""
        with self._lock:
            self.written -= size
