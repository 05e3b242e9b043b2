"""A run from its beginning to its end: doors opened, graph run, late secrets hidden, journal closed."""

import asyncio
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from omg import __version__
from omg.allocator import give_back
from omg.cluster.credentials import load_credentials
from omg.cluster.door import Cluster
from omg.cluster.session import Limits, Session
from omg.engine import Doors, Graph, Outcome, Record, Run, Scheduler, Tally, Task
from omg.engine.items import Batch, Item
from omg.engine.scheduler import TimeLimits, default_slots
from omg.errors import ConfigError, LimitReached, OmgError
from omg.gather.archiving import Archiving
from omg.gather.audited import Audited
from omg.gather.late_secrets import LateSecrets
from omg.gather.stopping import Stopping, exit_code_of
from omg.gather.summary import Ending, exit_code, summary
from omg.gather.views import Both, Pulse, View
from omg.masking import AnyMasker, Masker, Unmasked
from omg.open_files import items_that_fit
from omg.output import Journal, RunLog, Sink
from omg.settings import Settings, slips
from omg.tasks.cluster_sos import cluster_sos
from omg.tasks.edpm_sos import edpm_sos
from omg.tasks.namespaces import namespaces
from omg.tasks.pods import pods
from omg.tasks.secret_values import secret_values
from omg.tasks.services import unknown

ENDING_RESERVE = 10.0
"""Seconds that the ending of a run has when it was told to stop."""


NEAR_THE_END = 0.2
"""Of a deadline: what is left when a person is told."""

LARGEST_SHARE_OF_A_REQUEST = 0.5
LARGEST_SHARE_OF_SILENCE = 0.1
"""Of a deadline: logs that stall give their slots to the next ones in time for dozens of them."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for.

    Args:
        directory: where to write; None: BASE_COLLECTION_PATH, or a fresh temporary directory where that is missing.
        context: of the kubeconfig; None: its current one.
        impersonate: user to act as; with its groups.
        terminal: file descriptor of the terminal, or None.
        log_view: makes the view that run.log is a copy of; None: there is no run.log.
        make_masker: makes what hides secrets; a test switches nets off with it.
    """

    settings: Settings
    graph: Graph
    directory: Path | None = None
    context: str | None = None
    impersonate: str | None = None
    impersonate_groups: tuple[str, ...] = ()
    terminal: int | None = None
    step: Callable[[str], None] = field(default=lambda _name: None)
    log_view: Callable[[TextIO], View] | None = None
    make_masker: Callable[[], Masker] = Masker


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended.

    Args:
        exit_code: of the process.
        ending: what the summary is made of.
        clean: False when a thread of it is stuck and only the process's end will free it.
        lines: the summary, and what became of the archive.
    """

    exit_code: int
    ending: Ending
    clean: bool
    lines: Sequence[str]


async def gather(request: Request, view: View) -> Result:
    """Run once, from credentials to manifest.

    Raises:
        ConfigError: it could not start; nothing was touched.
    """
    began = time.monotonic()
    settings = request.settings
    async with AsyncExitStack() as doors:
        credentials = await load_credentials(
            kubeconfig=settings.kubeconfig,
            context=request.context,
            impersonate=request.impersonate,
            impersonate_groups=request.impersonate_groups,
        )
        limits = limits_of(settings)
        session = await doors.enter_async_context(Session(credentials, limits))
        version = await session.check(spent=time.monotonic() - began)
        root = _directory(request)
        masker: AnyMasker = Unmasked() if settings.do_not_mask else request.make_masker()
        journal = doors.enter_context(Journal.open(root, masker, _header(request, version)))
        sink = doors.enter_context(Sink.from_settings(root, masker, journal, settings, step=request.step))
        if request.log_view is not None:
            log = doors.enter_context(closing(RunLog(journal.tree, masker)))
            view = Both(view, request.log_view(log.stream()))
            run = _Gathering(request, view, session, masker, journal, sink, log)
        else:
            run = _Gathering(request, view, session, masker, journal, sink)
        return await run.whole(began)


@dataclass(slots=True)
class _Gathering:
    """The open doors of one run, and what happens between them."""

    request: Request
    view: View
    session: Session
    masker: AnyMasker
    journal: Journal
    sink: Sink
    log: RunLog | None = None
    absent_home: bool = False
    too_few_files: str = ""

    async def whole(self, began: float) -> Result:
        settings, graph = self.request.settings, self.request.graph
        await self._write_version()
        scheduler = Scheduler(
            graph,
            settings=settings,
            slots=self._slots(),
            open_doors=self._open,
            observer=self,
            hide=self._hidden,
            limits=TimeLimits(ready=settings.item_timeout, silence=settings.item_timeout + settings.stall_timeout),
            began=datetime.now(UTC),
            kept=(pods, namespaces, secret_values),
        )
        stopping = Stopping(scheduler.stop, terminal=self.request.terminal)
        self.view.begin(graph, self.sink.root, lambda: self._pulse(scheduler, began))
        try:
            with stopping.listening(settings.deadline):
                clean = await scheduler.run()
                self.journal.make_room()
                self.view.phase("Looking for secrets that appeared meanwhile")
                await self._hide_late_secrets(scheduler, stopping)
                audited = await self._audit(scheduler, stopping, began)
                ending, code = self._close(scheduler, stopping, began, audited)
                lines = summary(ending)
                self._close_log(lines)
                archived = await Archiving(settings, self.sink, stopping, began, self.view.phase).archive()
        finally:
            self.view.end()
        if stopping.signal is not None:
            code = exit_code_of(stopping.signal)
        elif archived.failed and code == 0:
            code = 1
        if archived.alone:
            del lines[-1]  # where the tree was
        return Result(code, ending, clean, (*lines, *archived.lines))

    def _slots(self) -> dict[str, int]:
        """The slots that the settings ask for, as far as the process may open files."""
        settings = self.request.settings
        fitting = items_that_fit(settings.concurrency)
        if fitting < settings.concurrency:
            self.too_few_files = (
                f"CONCURRENCY is {settings.concurrency}, and {fitting} items were collected at a time: this process "
                "may not open more files (ulimit -n)."
            )
        return default_slots(settings.model_copy(update={"concurrency": fitting}))

    def _pulse(self, scheduler: Scheduler, began: float) -> Pulse:
        near = self.sink.near_limits()
        deadline = self.request.settings.deadline
        if deadline is not None:
            left = deadline - (time.monotonic() - began)
            if left < max(deadline * NEAR_THE_END, ENDING_RESERVE):
                near.append(f"deadline in {max(left, 0):.0f} s")
        return Pulse(scheduler.running(), scheduler.waiting(), self.sink.written, near)

    def _close_log(self, lines: Sequence[str]) -> None:
        """End run.log with the summary; what the masker learned late is hidden in it, as in all files."""
        if self.log is not None:
            for line in lines:
                self.log.write(line + "\n")
            self.log.remask()
            self.log.close()

    async def _audit(self, scheduler: Scheduler, stopping: Stopping, began: float) -> Audited:
        """Look for what masking missed in what was written."""
        if self.request.settings.do_not_mask or not self.request.settings.audit:
            return Audited()
        from omg.gather.auditing import Auditing  # noqa: PLC0415 - a tenth of what is loaded, and not for the beginning

        self.view.phase("Looking for what masking missed")
        scheduler.forget(but=(pods,))
        self.masker.rest()
        give_back()
        auditing = Auditing(self.request.settings, self.masker, self.sink, stopping, began, self._note(scheduler))
        try:
            return await auditing.audit(stopped=bool(scheduler.stopped_by), reserve=ENDING_RESERVE)
        finally:
            give_back()

    def _close(self, scheduler: Scheduler, stopping: Stopping, began: float, audited: Audited) -> tuple[Ending, int]:
        """Close the journal, from which the manifest is made; nothing is recorded after this."""
        tally = scheduler.tally
        ending = Ending(
            directory=self.sink.root,
            tally=tally,
            seconds=time.monotonic() - began,
            warnings=[*audited.warnings, *self._warnings(tally)],
            stopped_by=scheduler.stopped_by or "",
            pods=scheduler.result_of(pods) if scheduler.has_result(pods) else (),
            audit=audited.line,
        )
        code = exit_code(tally.total()) if stopping.signal is None else exit_code_of(stopping.signal)
        self.journal.end(_footer(ending, code) | audited.member())
        if self.journal.trouble:
            code = code or 1
            warnings = (*ending.warnings, self.journal.trouble)
            ending = replace(ending, warnings=warnings, has_manifest=self.journal.has_manifest)
        return ending, code

    # the scheduler's observer: the journal first, so that what a person saw is always in it

    def started(self, task: str, key: str) -> None:
        self.journal.started(task, key)
        self.view.started(task, key)

    def ended(self, record: Record) -> None:
        home = (namespaces.name, self.request.settings.osp_ns, Outcome.ABSENT)
        self.absent_home |= (record.task, record.key, record.outcome) == home
        self.journal.ended(record.line())
        self.view.ended(record)
        if not record.key:  # a task is over, and what only it needed is let go right after this
            asyncio.get_running_loop().call_soon(give_back)

    def _hidden(self, sentence: str) -> str:
        return self.masker.text(sentence.encode("utf-8", "replace")).decode("utf-8", "replace")

    def _open(self, item: Item) -> Doors:
        return Doors(
            cluster=Cluster(self.session, item),
            output=self.sink.for_item(item.task.name, item),
            masker=self.masker,
        )

    # the beginning and the end

    async def _write_version(self) -> None:
        """The file version: the project, then the version that the image's build names."""
        item = _own_item("version")
        output = self.sink.for_item("version", item)
        try:
            await output.text("version", data=f"omg\n{self.request.settings.os_git_version}\n".encode())
        except LimitReached as error:
            raise ConfigError(f"{error} Free some space, name another directory, or change the limit.") from None
        except OmgError as error:
            raise ConfigError(f"The output directory can't be used: {error}") from None
        self.ended(item.record(Outcome.COLLECTED))

    async def _hide_late_secrets(self, scheduler: Scheduler, stopping: Stopping) -> None:
        if self.request.settings.do_not_mask or not scheduler.has_result(secret_values):
            return
        late = LateSecrets(partial(Cluster, self.session), self.masker, self.sink, self._note(scheduler))
        await late.hide(scheduler.result_of(namespaces), stopping.hurried(ENDING_RESERVE))

    def _note(self, scheduler: Scheduler) -> Callable[[Record], None]:
        def note(record: Record) -> None:
            scheduler.tally.add(record)
            self.ended(record)

        return note

    def _warnings(self, tally: Tally) -> Sequence[str]:
        warnings = [*slips(), *unknown(self.request.settings.sos_services or ())]
        if self.too_few_files:
            warnings.append(self.too_few_files)
        if self.request.settings.do_not_mask:
            warnings.append("DO_NOT_MASK is set: passwords and keys stand in the files as they are.")
        home = self.request.settings.osp_ns
        if self.absent_home:
            warnings.append(f"The cluster has no namespace {home}: check the context, or set OSP_NS.")
        unread = [one.key or "none was listed" for one in tally.problems if one.task == secret_values.name]
        if unread:
            warnings.append(
                f"Secrets could not be read ({unread[0]}{' and more' if len(unread) > 1 else ''}): "
                "what only they would have told could not be hidden; look before you share."
            )
        if any(tally.outcomes.get(one.name, Counter())[Outcome.COLLECTED] for one in (cluster_sos, edpm_sos)):
            warnings.append("Packed SOS reports are as sos itself left them: omg doesn't mask what is in them.")
        if self.masker.left_out:
            warnings.append(f"{self.masker.left_out:,} secret values were too many to look for.")
        return warnings


def limits_of(settings: Settings) -> Limits:
    """The limits of requests and streams: under a deadline, no single one may take it all from the others."""
    if settings.deadline is None:
        return Limits(request=settings.item_timeout, stall=settings.stall_timeout)
    return Limits(
        request=min(settings.item_timeout, max(settings.deadline * LARGEST_SHARE_OF_A_REQUEST, 1.0)),
        stall=min(settings.stall_timeout, max(settings.deadline * LARGEST_SHARE_OF_SILENCE, 1.0)),
    )


def _own_item(name: str) -> Item:
    """An item of omg's own, outside the graph: what the doors meter."""
    return Item(
        task=Task(name, _nothing, writes=False),
        key=name,
        value=None,
        act=_nothing_for,
        rank=(0.0, 0, 0),
        batch=Batch(),
        place=0,
        now=time.monotonic,
    )


async def _nothing(_run: Run) -> None:
    """Do nothing."""


async def _nothing_for(_run: Run, _value: Any) -> None:
    """Do nothing."""


def _directory(request: Request) -> Path:
    if request.directory is not None:
        return request.directory
    usual = request.settings.base_collection_path
    try:
        return usual if os.path.isdir(usual) else Path(tempfile.mkdtemp(prefix="must-gather-"))  # noqa: PTH112 - Path's raises
    except OSError as error:
        raise ConfigError(f"There is no room for a temporary directory: {error.strerror}. Name a directory.") from error


def _header(request: Request, version: Mapping[str, Any]) -> dict[str, Any]:
    """The journal's first line; no setting holds a secret."""
    return {
        "omg": __version__,
        "began": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "cluster": version.get("gitVersion", "unknown"),
        "settings": request.settings.model_dump(mode="json", exclude_unset=True),
        "tasks": [task.name for task in request.graph.tasks],
    }


def _footer(ending: Ending, code: int) -> dict[str, Any]:
    total = ending.tally.total()
    return {
        "ended": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "exit_code": code,
        "stopped_by": ending.stopped_by,
        "seconds": round(ending.seconds, 3),
        "bytes": ending.tally.size,
        "requests": ending.tally.requests,
        "objects": ending.tally.objects,
        "outcomes": {outcome.value: total[outcome] for outcome in Outcome if total[outcome]},
        "warnings": list(ending.warnings),
    }
