"""The audit at the end of a run: what was written is searched for what masking missed, as far as there is time."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from omg.audit import Category, Finding, Report, audit_written
from omg.engine import Outcome, Record
from omg.engine.records import reason_of
from omg.errors import OmgError
from omg.gather.audited import Audited
from omg.gather.stopping import Stopping
from omg.gather.summary import human_size
from omg.masking import AnyMasker
from omg.output import Sink
from omg.settings import Settings

TASK = "audit"

SHARE = 0.15
"""Of the time that the run took until now."""

WHEN_STOPPED = 2.0
"""Seconds that it has at most when a person or a signal ended the run."""

STAYS = 2.0
"""Seconds of the ending's reserve that stay for journal and manifest."""

STUCK = 5.0
"""Seconds above its time after which a search that doesn't end is given up: its disk does not answer."""

FILES = 50
"""Files with findings that get a record of their own; the footer of the journal names more."""


@dataclass(frozen=True, slots=True)
class Auditing:
    """What an audit of a run needs.

    Args:
        settings: of the run.
        masker: whose learned values are looked for.
        sink: whose tree is searched; nothing is being written.
        stopping: what may end it.
        began: when the run began, by the monotonic clock.
        record: called with its outcome, and for each file that holds something.
    """

    settings: Settings
    masker: AnyMasker
    sink: Sink
    stopping: Stopping
    began: float
    record: Callable[[Record], None]

    async def audit(self, *, stopped: bool, reserve: float) -> Audited:
        """Search, record, and say so.

        Args:
            stopped: the run was ended before its end.
            reserve: seconds after the deadline that belong to the ending.
        """
        began = time.monotonic()
        within = self.time_left(began, stopped=stopped, reserve=reserve)
        if within <= 0:
            reason = "No time was left to look for what masking missed: run omg audit on the directory."
            self.record(Record(TASK, "files", Outcome.SKIPPED, reason))
            return Audited(f"Audit: {reason}")
        search = partial(
            audit_written,
            self.sink.root,
            self.masker.learned_values(),
            within=within,
            is_over=lambda: self.stopping.signal is not None and not stopped,
        )
        try:
            async with asyncio.timeout(within + STUCK):
                report = await self.sink.threads.call(search)
        except TimeoutError:
            reason = "The disk did not answer while what was written was searched: run omg audit on the directory."
            self.record(Record(TASK, "files", Outcome.TIMED_OUT, reason))
            return Audited(f"Audit: {reason}")
        except (OmgError, OSError) as error:
            reason = f"What was written could not be searched: {reason_of(error)}"
            self.record(Record(TASK, "files", Outcome.FAILED, reason))
            return Audited(f"Audit: {reason}")
        return self._told(report, time.monotonic() - began)

    def time_left(self, now: float, *, stopped: bool, reserve: float) -> float:
        """Seconds that it may take; zero or less: there is no time for it."""
        limits = [(now - self.began) * SHARE]
        if self.settings.deadline is not None:
            limits.append(self.began + self.settings.deadline + reserve - STAYS - now)
        if stopped:
            limits.append(WHEN_STOPPED)
        return min(limits)

    def _told(self, report: Report, seconds: float) -> Audited:
        failing = report.failing()
        for one in records_of(failing):
            self.record(one)
        line = sentence(report)
        self.record(Record(TASK, "files", Outcome.COLLECTED, line.removeprefix("Audit: "), seconds=seconds))
        if not failing:
            return Audited(line, report=report)
        files = len({one.file for one in failing})
        warning = (
            f"The audit found {len(failing):,} places in {files:,} files that may hold secrets: don't share this "
            f"before you have looked at them; omg-manifest.json names them, and so does omg audit {self.sink.root}."
        )
        return Audited(line, (warning,), report)


def records_of(findings: Sequence[Finding]) -> list[Record]:
    """A record for each file that holds something; of many files, one for what is left."""
    files: dict[str, list[str]] = defaultdict(list)
    for one in findings:
        files[one.file].append(f"line {one.line}: {one.kind}" if one.line else one.kind)
    shown = list(files.items())[:FILES]
    records = [Record(TASK, file, Outcome.FAILED, "; ".join(kinds[:10])) for file, kinds in shown]
    if len(files) > FILES:
        records.append(
            Record(TASK, "other files", Outcome.FAILED, f"{len(files) - FILES:,} more files hold something.")
        )
    return records


def sentence(report: Report) -> str:
    """What was searched and what came of it."""
    searched = report.searched
    found = len(report.failing()) + report.left_out
    cut = sum(one.category is Category.CUT for one in report.findings)
    return (
        f"Audit: {searched.files:,} of {searched.files_in_tree:,} files ({human_size(searched.bytes)}, "
        f"{searched.share:.0%} of the tree) searched for {searched.learned_values or 0:,} learned values, keys and "
        f"shapes: "
        f"{f'{found:,} finding' if found else 'nothing found'}{'s' * (found > 1)}"
        f"{f'; {cut:,} cut, masked all the same' if cut else ''}."
    )
