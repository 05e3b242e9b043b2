"""The only writer: what collectors hand over becomes masked files of the tree, whole ones under final names.

Everything slow happens in a few threads; an item that is cancelled waits for the step in hand, so that the tree is
consistent at every await.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

from omg.output import yaml
from omg.output.batches import BATCH, Beside, Done, Keep, Plan, Under, Writer
from omg.output.blocks import BLOCK
from omg.output.contracts import Again, Check, Kind, Masker, Meter, Page
from omg.output.directory import RESERVED
from omg.output.draft import Draft, open_draft
from omg.output.layouts import Granularity, Layout, Parts, RotatedLog
from omg.output.links import link
from omg.output.masked_tar import MaskedTar
from omg.output.names import safe
from omg.output.streams import Kept, Stream
from omg.output.threads import Threads, to_its_end
from omg.output.unpacking import Unpacked, folder_of, unpack


class Output:
    """The door to the disk as one item sees it.

    Args:
        writer: what all items share.
        threads: where everything slow happens.
        for_streams: where it happens for streams, which would wait for dozens of objects otherwise.
        task: of the item.
        meter: is told what the item wrote.
        layout: names the files.
        newest: bytes of a log's newest lines that are kept; None: all.
    """

    def __init__(
        self,
        writer: Writer,
        threads: Threads,
        for_streams: Threads,
        task: str,
        meter: Meter,
        layout: Layout,
        *,
        newest: int | None = None,
    ) -> None:
        self._writer = writer
        self._threads = threads
        self._for_streams = for_streams
        self._task = task
        self._meter = meter
        self._layout = layout
        self._newest = newest

    async def objects(
        self,
        resource: Kind,
        pages: AsyncIterator[Page],
        *,
        namespace: str | None = None,
        keep: Keep | None = None,
        under: Under | None = None,
        beside: Beside | None = None,
    ) -> int:
        """Write the objects of a list; how many were written.

        Args:
            resource: the kind that is listed.
            pages: of the list.
            namespace: of the list; None: of the whole cluster.
            keep: whether an object, not yet masked, is wanted. Called in a thread.
            under: what an object is sorted under, such as services. Called in a thread.
            beside: makes a text about an object, which is masked, for a file of its own. Called in a thread.

        Raises:
            LimitReached: nothing more may be written.
        """
        plan = Plan(self._layout, self._task, resource, keep, under, beside)
        if self._layout.granularity(self._task, resource) is not Granularity.ONE_FILE_EACH:
            return await self._list(plan, pages, namespace)
        return await self._each(pages, lambda page, done: self._writer.files(page, plan, done))

    async def log(
        self,
        namespace: str,
        pod: str,
        container: str,
        chunks: AsyncIterator[bytes],
        *,
        previous: bool = False,
        newest: int | None = None,
    ) -> int:
        """Write a container's log; its size in bytes.

        Args:
            namespace: of the pod.
            pod: its name.
            container: its name.
            chunks: as they come.
            previous: of the container before.
            newest: bytes of its newest lines that are kept; None: LOG_MAX_BYTES.

        Raises:
            OmgError: what `chunks` raised; what came before that is in the file, which ends with a line that says so.
        """
        parts = self._layout.log_file(namespace, pod, container, previous=previous)
        held = {"namespace": namespace, "pod": pod, "container": container, "previous": previous}
        kept = Kept(newest=self._newest if newest is None else newest)
        return (await self._stream(parts, held, chunks, kept)).size

    async def stream(
        self,
        *names: str,
        chunks: AsyncIterator[bytes],
        binary: bool = False,
        complete: Callable[[bytes], bool] | None = None,
        again: Again | None = None,
    ) -> int:
        """Write a stream as it comes; its size in bytes.

        A text that is cut is closed by a line that says so. What is binary, or a dump, keeps `.partial`.

        Args:
            *names: of the file, for the layout.
            chunks: as they come.
            binary: written unmasked: only for what was masked where it was made.
            complete: tells from the last 4 KiB, masked, whether a dump is whole.
            again: makes what masks it once more when a secret is learned late; where it is binary.

        Raises:
            Truncated: a dump isn't whole.
            OmgError: what `chunks` raised.
        """
        parts = self._layout.command_file(self._task, names)
        kept = Kept(binary=binary, complete=complete, again=again)
        return (await self._stream(parts, {"names": list(names)}, chunks, kept)).size

    async def report(self, name: str, *, chunks: AsyncIterator[bytes], check: Check | None = None) -> str:
        """Write a packed report as it comes, unmasked; its path in the tree, with a number where the name is taken.

        Raises:
            OmgError: what `chunks` or `check` raised; the file keeps `.partial`.
        """
        parts = self._layout.command_file(self._task, (name,))
        kept = Kept(binary=True, check=check)
        return (await self._stream(parts, {"names": [name]}, chunks, kept)).path

    async def unpack(self, path: str) -> Unpacked:
        """Unpack a report of the tree to a folder beside it that has its name without the ending; texts are masked.

        Raises:
            Truncated: it could not be unpacked to its end; what came before is there.
            LimitReached: nothing more may be written.
        """
        return await self._unpack(path, self._unpacked(folder_of(path)))

    async def unpack_logs(
        self, path: str, *, report: str, place: str, of: Callable[[Sequence[str]], RotatedLog | None]
    ) -> Unpacked:
        """Unpack rotated logs of the tree, packed ones too, masked; each gets a link beside its pod's logs.

        Args:
            path: of the packed logs.
            report: the path of a packed report, to whose folder they go.
            place: in that folder.
            of: which log one is, by the names of its path; None: it gets no link. Called in a thread.

        Raises:
            Truncated, LimitReached: see `unpack`.
        """

        def beside(names: Sequence[str]) -> Parts | None:
            found = of(names)
            return None if found is None else self._layout.rotated_log_link(found)

        return await self._unpack(path, self._unpacked(f"{folder_of(report)}/{place}", beside))

    def _unpacked(self, folder: str, beside: Callable[[Sequence[str]], Parts | None] | None = None) -> Unpacked:
        """What tells the meter from another thread."""
        tell, meter = asyncio.get_running_loop().call_soon_threadsafe, self._meter
        return Unpacked(
            folder,
            wrote=lambda path, size: tell(meter.wrote, path, size),
            works=lambda: tell(meter.objects, 0),
            beside=beside,
        )

    async def _unpack(self, path: str, found: Unpacked) -> Unpacked:
        over = threading.Event()
        thread = Threads(1)  # of its own: it takes minutes, in which others want to write
        try:
            act = partial(unpack, self._writer, self._task, path, found, is_over=over.is_set)
            await to_its_end(thread.call(act), hurry=over.set)
        finally:
            thread.shutdown()
        return found

    async def packed_logs(
        self, *names: str, chunks: AsyncIterator[bytes], check: Check | None = None
    ) -> tuple[str, list[str]]:
        """Write a tar.gz of logs as it comes, masked; its path, and what was left out of it, in sentences.

        Raises:
            OmgError: what `chunks` or `check` raised; the file keeps `.partial`.
        """
        parts = self._layout.command_file(self._task, names)
        again = partial(MaskedTar, self._writer.masker.stream)
        masking = again()
        kept = Kept(binary=True, through=masking, again=again, check=check)
        draft = await self._stream(parts, {"names": list(names)}, chunks, kept)
        return draft.path, masking.refused

    async def text(self, *names: str, data: bytes) -> None:
        """Write a small text as a whole.

        Raises:
            LimitReached: nothing more may be written.
        """
        parts = self._layout.command_file(self._task, names)

        written: list[Draft] = []

        def write() -> None:
            masker, budget = self._writer.masker, self._writer.budget
            draft = self._open(parts, {"names": list(names)}, generation=masker.generation)
            try:
                for masked in _masked(masker, data):
                    budget.take(len(masked))
                    draft.write(masked)
                draft.commit()
                written.append(draft)
            finally:
                draft.discard()

        try:
            await to_its_end(self._threads.call(write))
        finally:
            for draft in written:
                self._meter.wrote(draft.path, draft.size)

    async def link(self, *names: str, to: str) -> None:
        """Make a relative symbolic link to a file that this task names `to`, or would.

        Raises:
            LimitReached, OmgError: it could not be made.
        """
        parts = [safe(part) for part in self._layout.link_file(self._task, names)]
        target = [safe(part) for part in self._layout.command_file(self._task, (to,))]
        made: list[str] = []
        try:
            await to_its_end(self._threads.call(lambda: made.append(link(self._writer, self._task, parts, target))))
        finally:
            for path in made:
                self._meter.wrote(path, 0)

    async def _each(self, pages: AsyncIterator[Page], write: Callable[[Page, Done], None]) -> int:
        """Hand batches to a thread, and tell the meter what became of each."""
        count = seen = 0
        async with _closing(pages):
            async for page in pages:
                for batch in page.batches(BATCH):
                    done = Done(first=seen)
                    try:
                        await to_its_end(self._threads.call(partial(write, batch, done)), hurry=done.halt)
                    finally:
                        self._tell(done)
                    if done.stop is not None:
                        raise done.stop
                    count += done.objects
                    seen += len(batch)
        return count

    def _tell(self, done: Done) -> None:
        for path, size in done.files:
            self._meter.wrote(path, size)
        for key, error in done.lost:
            self._meter.lost(key, error)
        self._meter.objects(done.objects)

    async def _list(self, plan: Plan, pages: AsyncIterator[Page], namespace: str | None) -> int:
        parts = self._layout.list_file(self._task, plan.kind, namespace)
        held = {"kind": f"{plan.kind.kind}List"} | ({"namespace": namespace} if namespace else {})
        shared, cut = await self._opened(partial(self._open, parts, held), self._threads)

        def finish() -> None:
            if not shared.size:
                shared.write(yaml.EMPTY_LIST)
            shared.commit()

        try:
            if cut is not None:
                raise cut
            count = await self._each(pages, lambda page, done: self._writer.items(page, plan, done, shared))
            await to_its_end(self._threads.call(finish))
        finally:  # a list that was cut keeps the name that says so, and is still YAML
            if shared.size:
                shared.close()
                self._meter.wrote(shared.where, shared.size)
            else:
                shared.discard()
        return count

    async def _stream(self, parts: Parts, held: Mapping[str, Any], chunks: AsyncIterator[bytes], kept: Kept) -> Draft:
        async with _closing(chunks):
            first = await anext(chunks, None)  # before there is a file: what fails at once leaves none
            writer = self._writer
            draft, cut = await self._opened(partial(self._open, parts, held, kept=kept), self._for_streams)
            stream = Stream(draft, kept=kept, masker=writer.masker, budget=writer.budget, threads=self._for_streams)
            try:
                await stream.copy(chunks, first=first or b"", cut=cut)
            finally:
                self._meter.wrote(draft.where, draft.size)
            return draft

    async def _opened(
        self, opening: Callable[[], Draft], threads: Threads
    ) -> tuple[Draft, asyncio.CancelledError | None]:
        """A draft that is opened in a thread, and the cancellation that came meanwhile."""
        opened: list[Draft] = []
        try:
            await to_its_end(threads.call(lambda: opened.append(opening())))
        except asyncio.CancelledError as cancelled:
            if opened:
                return opened[0], cancelled
            raise
        return opened[0], None

    def _open(
        self,
        parts: Parts,
        held: Mapping[str, Any],
        *,
        kept: Kept = Kept(),  # noqa: B008 - frozen
        generation: int | None = None,
    ) -> Draft:
        """A draft that the journal knows, so that a run that is killed has named it."""
        writer = self._writer
        known = writer.masker.generation if generation is None else generation
        draft = open_draft(writer.tree, [safe(part) for part in parts], reserved=RESERVED)
        try:
            files = {draft.path: held}
            writer.journal.writing(self._task, files, generation=known, binary=kept.binary, again=kept.again)
        except BaseException:
            draft.discard()
            raise
        return draft


def _masked(masker: Masker, data: bytes) -> Iterator[bytes]:
    """A text without its secrets, in blocks: masking one takes several times its memory."""
    masking = masker.stream()
    for start in range(0, len(data), BLOCK):
        yield masking.feed(data[start : start + BLOCK])
    yield masking.finish()


def _closing(source: AsyncIterator[Any]) -> AsyncExitStack:
    """Closes a generator whatever ends its use."""
    stack = AsyncExitStack()
    close = getattr(source, "aclose", None)
    if close is not None:
        stack.push_async_callback(close)
    return stack
