"""A stream on its way to the disk: chunks, blocks, masked, written; and what becomes of it when it is cut."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from omg.errors import LimitReached, OmgError, Truncated
from omg.output.behind import Behind
from omg.output.blocks import BINARY_BLOCK, Blocks
from omg.output.contracts import Again, Check, Masker, TextStream
from omg.output.disk import Budget
from omg.output.draft import Draft
from omg.output.newest import Newest
from omg.output.threads import FINISH_LIMIT, Threads, to_its_end

LONGEST_REASON = 300
"""Characters of a closing line's reason."""

_TAIL = 4096
"""Bytes of a dump's end that decide whether it is whole."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What becomes of a stream.

    Args:
        binary: it is no text: written as it is, unmasked, for what was masked where it was made.
        through: what it goes through on its way instead of the masker of texts, and masks it.
        complete: tells from the last 4 KiB (masked) whether a dump is whole.
        newest: bytes of its newest lines that are kept; None: all.
        again: makes what masks it once more when a secret is learned late, where it is no text.
        check: is told of every byte as it came, and must agree before the file gets its final name.
    """

    binary: bool = False
    complete: Callable[[bytes], bool] | None = None
    through: TextStream | None = None
    newest: int | None = None
    again: Again | None = None
    check: Check | None = None

    @property
    def is_closed_when_cut(self) -> bool:
        """Whether what came until a cut is worth a final name, with a line that says so: a text's is."""
        return not self.binary and self.complete is None


class Stream:
    """One file that a stream is written to.

    Args:
        draft: the file.
        masking: hides secrets; None for binary.
    """

    def __init__(self, draft: Draft, *, kept: Kept, masker: Masker, budget: Budget, threads: Threads) -> None:
        self.draft = draft
        self._kept = kept
        self._masker = masker
        self._masking: TextStream | None = kept.through or (None if kept.binary else masker.stream())
        self._newest = None if kept.newest is None else Newest(kept.newest)
        self._budget = budget
        self._threads = threads
        self._behind = Behind(threads, self._append_unmasked) if self._masking is None else None
        self._tail = b""
        self._step: asyncio.Future[None] | None = None

    async def copy(
        self, chunks: AsyncIterator[bytes], *, first: bytes, cut: asyncio.CancelledError | None = None
    ) -> None:
        """Write everything and give it its final name, or leave it as its kind is left when it is cut.

        Args:
            chunks: what follows the first chunk.
            first: the first chunk, which came before there was a file.
            cut: the cancellation that came while the file was opened.

        Raises:
            OmgError, asyncio.CancelledError: what cut it.
        """
        blocks = Blocks(size=BINARY_BLOCK, binary=True) if self._kept.binary else Blocks()
        blocks.add(first)
        try:
            _raise(cut)
            await self._take_due(blocks)
            async for chunk in chunks:
                blocks.add(chunk)
                await self._take_due(blocks)
            await to_its_end(self._alone(self._finish(blocks)))
        except BaseException as error:
            if self.draft.is_open and not self._is_stuck:
                within = FINISH_LIMIT if isinstance(error, asyncio.CancelledError) else None
                with suppress(TimeoutError):
                    await to_its_end(self._end_early(blocks, error), within=within)
            raise

    async def _take_due(self, blocks: Blocks) -> None:
        while block := blocks.due():
            await to_its_end(self._alone(self._take(block)))

    def _alone(self, step: Awaitable[None]) -> "asyncio.Future[None]":
        """Remember the step in hand."""
        self._step = asyncio.ensure_future(step)
        return self._step

    @property
    def _is_stuck(self) -> bool:
        """Whether the step in hand still goes on though nobody waits for it: it must not be written past.

        The step itself is asked: what is called when it is done may come after a cancellation of the same moment.
        """
        return self._step is not None and not self._step.done()

    def _take(self, block: bytes) -> Awaitable[None]:
        if self._behind is not None:
            return self._behind.put(block)
        return self._threads.call(partial(self._mask_and_append, block))

    def _mask_and_append(self, block: bytes) -> None:
        """All that is done with a block, on one way to a thread and back."""
        assert self._masking is not None  # noqa: S101 - the caller asked
        if self._kept.check is not None:
            self._kept.check.take(block)
        self._append(self._masking.feed(block))
        if self._newest is not None:
            self._budget.give_back(self._newest.trim(self.draft))

    async def _finish(self, blocks: Blocks) -> None:
        if self._behind is None:
            await self._threads.call(partial(self._end, list(blocks.rest())))
        else:
            await self._drain(blocks)
            await self._threads.call(self._name)

    async def _drain(self, blocks: Blocks) -> None:
        """Write the last blocks, and what masking held back."""
        if self._behind is None:
            await self._threads.call(partial(self._append_rest, list(blocks.rest())))
        else:
            for block in blocks.rest():
                await self._behind.put(block)
            await self._behind.written()

    def _end(self, rest: Sequence[bytes]) -> None:
        """All that is done when the last blocks are there, on one way to a thread and back."""
        self._append_rest(rest)
        self._name()

    def _append_rest(self, rest: Sequence[bytes]) -> None:
        """Append the last blocks, and what masking held back, once."""
        for block in rest:
            self._mask_and_append(block)
        masking, self._masking = self._masking, None
        if masking is not None:
            self._append(masking.finish())

    async def _written(self) -> None:
        if self._behind is not None:
            await self._behind.written()

    def _name(self) -> None:
        if self._kept.complete is not None and not self._kept.complete(self._tail):
            raise Truncated(f"{self.draft.path} stops before its end: what came is kept as {self.draft.where}.")
        if self._kept.check is not None:
            self._kept.check.check()
        if self._newest is not None:
            self._budget.give_back(self._newest.finish(self.draft))
        self.draft.commit()

    def _append(self, data: bytes) -> None:
        """Append as much as there is room for; in a thread.

        Raises:
            LimitReached: that was not all.
        """
        while data:
            room = self._budget.take(len(data), part=True)
            part = data[:room]
            if room < len(data):
                part = part[: part.rfind(b"\n") + 1] or part
            self.draft.write(part)
            self._tail = (self._tail + part[-_TAIL:])[-_TAIL:]
            data = data[room:]

    def _append_unmasked(self, block: bytes) -> None:
        """Append a block as it is, and tell who compares it."""
        self._append(block)
        if self._kept.check is not None:
            self._kept.check.take(block)

    async def _end_early(self, blocks: Blocks, error: BaseException) -> None:
        """Keep what came; never raises: the error that cut it is what counts."""
        try:
            with suppress(LimitReached):  # there is always room for the closing line
                await (self._written() if isinstance(error, LimitReached) else self._drain(blocks))
            if self._kept.is_closed_when_cut:
                await self._threads.call(partial(self._close_with, error))
        except OmgError:
            pass  # it keeps the name that says that it isn't whole
        finally:
            if self._behind is None or not self._behind.is_at_work:  # what is stuck in a thread keeps its file
                self.draft.close()

    def _close_with(self, error: BaseException) -> None:
        if self._newest is not None:
            self._budget.give_back(self._newest.finish(self.draft))
        reason = self._masker.text(_why(error).encode(errors="replace")).decode(errors="replace")
        line_break = "" if self._tail.endswith(b"\n") or not self.draft.size else "\n"
        line = f"{line_break}-- omg: cut after {self.draft.size} bytes: {reason} --\n"
        self.draft.write(line.encode())
        self.draft.commit()


def _raise(cut: BaseException | None) -> None:
    if cut is not None:
        raise cut


def _why(error: BaseException) -> str:
    """One line for a person."""
    if isinstance(error, OmgError | asyncio.CancelledError):
        text = " ".join(str(error).split()) or "It was cancelled."
    else:
        text = f"omg met an error it does not know ({type(error).__name__})."
    return text[:LONGEST_REASON]
