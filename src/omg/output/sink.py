"""What the items of a run share when they write: the tree, the masker, the journal, the limits and the threads."""

import asyncio
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import TracebackType

from omg.errors import OmgError
from omg.output.archive import IsOver, Packed, leave_only, pack
from omg.output.batches import Writer
from omg.output.contracts import Again, Masker, Meter
from omg.output.disk import Budget, DiskLimit, StatDisk
from omg.output.door import Output
from omg.output.journal import Journal
from omg.output.layouts import Layout
from omg.output.layouts.classic import Classic
from omg.output.mending import mend
from omg.output.threads import Threads, to_its_end
from omg.output.tree import Step, no_step
from omg.settings import Settings

THREADS = 2
"""Threads that mask and write: what is in Python holds the interpreter's lock, what isn't fills the other one. As many
again for streams: a block of a log takes a millisecond, and would wait for 64 objects in front of it."""


class Sink:
    """Where a run writes; a context manager.

    Args:
        root: the directory that the journal has opened.
        masker: sees every byte before the disk does.
        max_bytes: of all files together; None: no limit.
        log_max_bytes: of one log, keeping its newest lines; None: no limit.
        step: told before and after each thing that is done to the disk.
        stat_disk: what tells how full the disk is.
    """

    def __init__(
        self,
        root: Path,
        masker: Masker,
        journal: Journal,
        *,
        max_bytes: int | None = None,
        disk_limit: DiskLimit = DiskLimit(),  # noqa: B008 - frozen
        log_max_bytes: int | None = None,
        step: Step = no_step,
        stat_disk: StatDisk = os.fstatvfs,
    ) -> None:
        self.root = root
        self._log_max_bytes = log_max_bytes
        self.threads = Threads(THREADS)
        self._for_streams = Threads(THREADS)
        tree = journal.tree
        if step is not no_step:
            tree.step = step
        budget = Budget(max_bytes=max_bytes, disk_limit=disk_limit, fd=tree.fd, stat_disk=stat_disk)
        self.writer = Writer(tree, journal, masker, budget)
        self._mended_at: int | None = None

    @classmethod
    def from_settings(
        cls, root: Path, masker: Masker, journal: Journal, settings: Settings, *, step: Step = no_step
    ) -> "Sink":
        """The sink that the settings ask for; an unmasked tree is closed to others.

        Raises:
            ConfigError: DISK_LIMIT can't be understood.
        """
        journal.tree.private = settings.do_not_mask
        return cls(
            root,
            masker,
            journal,
            max_bytes=settings.max_bytes,
            disk_limit=DiskLimit.parse(settings.disk_limit_text),
            log_max_bytes=settings.log_max_bytes,
            step=step,
        )

    def __enter__(self) -> "Sink":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the threads go."""
        self.threads.shutdown()
        self._for_streams.shutdown()

    def for_item(self, task: str, meter: Meter, layout: Layout | None = None) -> "Output":
        """What an item of a task writes with; the classic layout unless another is given."""
        return Output(
            self.writer, self.threads, self._for_streams, task, meter, layout or Classic(), newest=self._log_max_bytes
        )

    @property
    def written(self) -> int:
        """Bytes in the tree, whole and partial."""
        return self.writer.budget.written

    def near_limits(self) -> list[str]:
        """The limits of bytes and disk that are near, in words."""
        return self.writer.budget.near()

    async def archive(self, form: str, where: Path | None, is_over: IsOver) -> Packed:
        """Pack the tree, which is complete; see `omg.output.archive.pack`.

        Raises:
            OmgError: it could not be made; nothing of it is left.
        """
        tree, limit = self.writer.tree, self.writer.budget.disk_limit
        return await self.threads.call(partial(pack, tree, form, where=where, is_over=is_over, disk_limit=limit))

    async def leave_only(self, packed: Packed) -> None:
        """Remove what is in the archive.

        Raises:
            OmgError: it could not be removed.
        """
        await self.threads.call(partial(leave_only, self.writer.tree, packed))

    @property
    def masked_since(self) -> int:
        """The lowest generation of the masker that a masked file may be of; the masker's, when nothing is older."""
        journal, masker = self.writer.journal, self.writer.masker
        oldest = journal.oldest_generation
        if oldest is None:
            return masker.generation
        return oldest if self._mended_at is None else max(oldest, self._mended_at)

    async def remask(self, since: int | None = None) -> int:
        """Hide what the masker has learned since in the files that were written before; how many changed.

        Called when nothing is being written. The journal's reasons are hidden anew, too.

        Args:
            since: files begun at or after this generation of the masker are left alone; None: its newest.

        Raises:
            LimitReached, OmgError: a file could not be rewritten, and is as it was; the others were.
        """
        writer = self.writer
        newest = writer.masker.generation
        over = asyncio.Event()
        paths = writer.journal.files(older_than=newest if since is None else since)
        ends = await asyncio.gather(*(self._mend_all(paths, over) for _ in range(THREADS)), return_exceptions=True)
        await self.threads.call(writer.journal.remask)
        failed = [end for end in ends if isinstance(end, BaseException)]
        if failed:
            raise failed[0]
        self._mended_at = newest
        return sum(end for end in ends if isinstance(end, int))

    async def _mend_all(self, paths: Iterator[tuple[str, Again | None]], over: asyncio.Event) -> int:
        changed, problem = 0, None
        writer = self.writer
        for path, again in paths:
            act = partial(mend, writer.tree, path, again or writer.masker.stream, is_over=over.is_set)
            try:
                changed += await to_its_end(self.threads.call(act), hurry=over.set)
            except OmgError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return changed
