"""Objects on their way to the disk: decoded, kept or not, masked, emitted and written, in one go in one thread."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from omg.errors import LimitReached, RequestFailed
from omg.output import yaml
from omg.output.contracts import Kind, Masker, Page
from omg.output.directory import RESERVED
from omg.output.disk import Budget
from omg.output.draft import Draft, open_draft
from omg.output.journal import Journal
from omg.output.layouts import Document, File, Granularity, Layout, Text
from omg.output.names import safe
from omg.output.tree import Tree

BATCH = 64
"""Objects in a thread's hand at a time: one hop to a thread for each would take four times as long."""

Keep = Callable[[dict[str, Any]], bool]
Under = Callable[[dict[str, Any]], Sequence[str]]
Beside = Callable[[dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done with each object of a list.

    Args:
        task: that collects them.
        keep: whether an object, not yet masked, is wanted; None: all are.
        under: what an object is sorted under, such as services; None: nothing.
        beside: makes a text about an object, which is masked, for a file of its own; None: there is none.
    """

    layout: Layout
    task: str
    kind: Kind
    keep: Keep | None = None
    under: Under | None = None
    beside: Beside | None = None

    @property
    def has_files(self) -> bool:
        """Whether each object has files of its own."""
        return self.layout.granularity(self.task, self.kind) is not Granularity.ONE_LIST


@dataclass(slots=True)
class Done:
    """What became of a batch; filled in by the thread as it goes.

    Args:
        first: objects of the list before this batch.
        files: path and size of what was written.
        lost: objects that were not, by a key of their own.
        stop: why nothing more can be written; None: it can.
        halted: whether the batch ends after the object in hand.
    """

    first: int = 0
    files: list[tuple[str, int]] = field(default_factory=list)
    lost: list[tuple[str, Exception]] = field(default_factory=list)
    objects: int = 0
    stop: LimitReached | None = None
    halted: bool = False

    def halt(self) -> None:
        """End the batch after the object in hand."""
        self.halted = True


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes objects; what it needs of the sink."""

    tree: Tree
    journal: Journal
    masker: Masker
    budget: Budget

    def files(self, page: Page, plan: Plan, done: Done) -> None:
        """Write each object of a page into files of its own; one that can't be written doesn't keep the others."""
        self._each(page, plan, done, lambda obj: self._object(obj, plan, done))

    def items(self, page: Page, plan: Plan, done: Done, shared: Draft) -> None:
        """Append each object of a page to the list that they share; it may have files of its own beside."""

        def append(obj: dict[str, Any]) -> None:
            item = yaml.list_item(self.masker.object(obj))
            if not shared.size:
                item = yaml.list_start() + item
            self.budget.take(len(item))
            shared.write(item)
            if plan.has_files:
                self._object(obj, plan, done)

        self._each(page, plan, done, append)

    def _each(self, page: Page, plan: Plan, done: Done, write: Callable[[dict[str, Any]], None]) -> None:
        for place, one in enumerate(page.batches(1)):
            if done.halted:
                return
            key = f"number {done.first + place + 1}"
            try:
                obj = next(one.objects())
                key = _key(obj) or key
                if plan.keep is None or plan.keep(obj):
                    _without_managed_fields(obj)
                    write(obj)
                    done.objects += 1
            except LimitReached as error:
                done.stop = error
                return
            except Exception as error:  # noqa: BLE001 - one object's end; the others go on
                done.lost.append((key, _in_words(error)))

    def _object(self, obj: dict[str, Any], plan: Plan, done: Done) -> None:
        under = plan.under(obj) if plan.under is not None else ()
        if not _key(obj):
            raise RequestFailed(f"The server sent an object of {plan.kind.kind} without a name.")
        generation = self.masker.generation
        masked = self.masker.object(obj)
        held = describe(masked)
        with ExitStack() as open_files:
            drafts = []
            files = [*plan.layout.object_files(plan.task, plan.kind, masked, under), *self._beside(masked, plan, done)]
            for file, content in _contents(files):
                self.budget.take(len(content))
                draft = open_draft(self.tree, [safe(part) for part in file.parts], reserved=RESERVED)
                open_files.callback(_discard_unless_whole, draft)
                draft.write(content)
                drafts.append(draft)
            self.journal.writing(plan.task, {draft.path: held for draft in drafts}, generation=generation)
            for draft in drafts:
                draft.commit()
                done.files.append((draft.path, draft.size))

    def _beside(self, masked: dict[str, Any], plan: Plan, done: Done) -> Iterator[File]:
        """The text about an object; one that can't be made doesn't keep the object from being written."""
        if plan.beside is None:
            return
        parts = plan.layout.beside_file(plan.task, plan.kind, masked)
        try:
            text = plan.beside(masked)
        except Exception as error:  # noqa: BLE001 - the text's end; the object goes on
            done.lost.append((f"{_key(masked)} in words", _in_words(error)))
            return
        yield File(parts, Text(self.masker.text(text.encode("utf-8", "replace"))))


def describe(obj: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal says of an object."""
    metadata = obj.get("metadata")
    named = metadata if isinstance(metadata, dict) else {}
    names = {"namespace": named.get("namespace"), "name": named.get("name")}
    found = {"apiVersion": obj.get("apiVersion"), "kind": obj.get("kind")} | names
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _contents(files: Iterable[File]) -> Iterator[tuple[File, bytes]]:
    """Each file with its bytes; a document that several files hold is emitted once."""
    emitted: dict[int, bytes] = {}
    for file in files:
        content = file.content
        if isinstance(content, Document):
            known = emitted.get(id(content))
            yield file, known if known is not None else emitted.setdefault(id(content), yaml.dump(content.data))
        else:
            yield file, content.data


def _discard_unless_whole(draft: Draft) -> None:
    if not draft.is_whole:
        draft.discard()


def _without_managed_fields(obj: dict[str, Any]) -> None:
    metadata = obj.get("metadata")
    if isinstance(metadata, dict):
        metadata.pop("managedFields", None)


def _key(obj: dict[str, Any]) -> str:
    """`[namespace/]name` of an object; empty where it has no name."""
    named = describe(obj)
    return "/".join(named[part] for part in ("namespace", "name") if part in named) if "name" in named else ""


def _in_words(error: Exception) -> Exception:
    """The error as a record has it: a sentence for what a server may send, as it is for what omg does wrong."""
    if isinstance(error, RecursionError):
        return RequestFailed("The object is nested too deeply to be written.")
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return RequestFailed("The server sent an object that can't be read.")
    return error
