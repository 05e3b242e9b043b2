"""The archive at the end of a run: whether there is one, and what became of it in a sentence."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from omg.errors import OmgError
from omg.gather.stopping import EXIT_AFTER, Stopping
from omg.gather.summary import human_size
from omg.output import Sink
from omg.settings import ArchiveFormat, Settings

LAST_SECONDS = 3.0
"""Of the time until the process is ended by force: what stays for leaving."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of the archive.

    Args:
        lines: for the person; none where no archive is wanted.
        failed: it is wanted and is not there.
        alone: nothing but the archive was left.
    """

    lines: Sequence[str] = ()
    failed: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Archiving:
    """The last act of a run.

    Args:
        settings: of the run.
        sink: whose tree is complete.
        stopping: what may end it.
        began: when the run began, by the monotonic clock.
        phase: told when it begins.
    """

    settings: Settings
    sink: Sink
    stopping: Stopping
    began: float
    phase: Callable[[str], None]

    async def archive(self) -> Archived:
        """Pack the tree as the settings ask, and leave only the archive where they ask for that."""
        form = wanted_format(self.settings)
        if form is ArchiveFormat.NONE:
            return Archived()
        if why := self._is_over():
            return Archived((f"No archive was made: {why}",), failed=self.settings.archive is not None)
        where = Path(self.settings.compressed_path) if self.settings.compressed_path else None
        self.phase("Packing the tree")
        try:
            packed = await self.sink.archive(form.value, where, self._is_over)
        except OmgError as error:
            return Archived((f"! No archive was made, and the tree is whole: {error}",), failed=True)
        measure = f"{packed.path} ({human_size(packed.size)}, {packed.files:,} files)"
        line = f"Archive: {measure}."
        if not self.settings.delete_after_compression:
            return Archived((line,))
        try:
            await self.sink.leave_only(packed)
        except OmgError as error:
            return Archived((line, f"! The tree could not be removed: {error}"), failed=True)
        return Archived(
            (f"Everything is in {measure} alone; its omg-manifest.json says how each item ended.",), alone=True
        )

    def _is_over(self) -> str:
        """Why there is no time for it; empty where there is."""
        if self.stopping.signal is not None:
            return "the run was stopped."
        deadline = self.settings.deadline
        if deadline is not None and time.monotonic() - self.began > deadline + EXIT_AFTER - LAST_SECONDS:
            return "DEADLINE leaves no time for it."
        return ""


def wanted_format(settings: Settings) -> ArchiveFormat:
    """The format that is asked for; unless one is, none in a pod, whose tree is copied out, and gz elsewhere."""
    return settings.archive or (ArchiveFormat.NONE if settings.in_a_pod else ArchiveFormat.GZ)
