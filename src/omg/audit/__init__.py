"""Looks for what masking missed; shares no code with it, so that a mistake of the one is not the other's too.

`audit()` searches a directory or an archive. What it finds is named by file, line and kind; no value leaves it.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from omg.audit.findings import Category, Finding, Report, Searched, as_json, json_schema
from omg.audit.manifest import JOURNAL, PARTIAL, JournalCheck
from omg.audit.names import LEADING_DOT, judged_name
from omg.audit.order import most_telling_first
from omg.audit.plain import as_text
from omg.audit.reading import Entry, NotReadable, Stopped, Walk, entries, is_archive
from omg.audit.search import TextSearch
from omg.audit.values import LearnedValues

__all__ = [
    "Category",
    "Finding",
    "NotReadable",
    "Report",
    "as_json",
    "as_text",
    "audit",
    "audit_written",
    "json_schema",
]

LISTED = 10_000
"""Findings that are listed; the others are counted."""

_SOS = re.compile(r"(?:\A|/)sos-reports/")
_PACKED_TREE = "must-gather.tar."

ONLY_SHAPES_AND_KEYS = (
    "Only shapes and sensitive keys were checked: the values of the cluster's Secrets "
    "are known only while a gather runs."
)
NO_MANIFEST = "There is no manifest of omg's here: whether files are missing or foreign was not checked."


def audit(path: Path, *, values: Iterable[bytes] | None = None) -> Report:
    """Search a directory or an archive.

    Args:
        path: of it.
        values: learned from Secrets; None: only shapes and keys are looked for.

    Raises:
        NotReadable: it is neither, or can't be read.
    """
    search = _Audit(LearnedValues(values or ()), with_manifest=True)
    if path.is_dir():
        search.tree(path)
    elif is_archive(path):
        search.archive(path)
    else:
        raise NotReadable(f"{path} is neither a directory nor an archive (tar, .tar.gz, .tar.xz, .tar.zst).")
    return search.report(str(path), None if values is None else search.values.count)


def audit_written(root: Path, values: Iterable[bytes], *, within: float, is_over: Callable[[], bool]) -> Report:
    """Search what a run has written, the most telling files first, for as long as there is time.

    Args:
        root: of the run's tree, whose journal isn't closed yet.
        values: that were learned.
        within: seconds at most, getting ready included.
        is_over: asked between blocks; when it says so, the search ends.
    """
    end = time.monotonic() + within
    search = _Audit(LearnedValues(values), with_manifest=False, is_over=lambda: time.monotonic() > end or is_over())
    search.tree(root)
    return search.report(str(root), search.values.count)


@dataclass(slots=True)
class _Audit:
    """One audit as it goes on."""

    values: LearnedValues
    with_manifest: bool
    is_over: Callable[[], bool] = lambda: False
    found: dict[Finding, None] = field(default_factory=dict)
    left_out: int = 0
    files: int = 0
    files_in_tree: int = 0
    share: float = 1.0
    journal: JournalCheck = field(default_factory=JournalCheck)
    size: int = 0

    def tree(self, root: Path) -> None:
        """A directory."""
        here = most_telling_first(entries(root, self._trouble))
        if not self.with_manifest:
            here = [one for one in here if not one.path.startswith(_PACKED_TREE)]
        self.files_in_tree = len(here)
        walk = Walk(self._take, self._trouble, self.is_over)
        whole, done = sum(one.size for one in here), 0
        try:
            for one in here:
                self._name(one.path)
                self._file(root, one, walk)
                done += one.size
        except Stopped:
            self.share = done / whole if whole else 1.0
        self.size = walk.size
        self._compare(one.path for one in here)

    def _file(self, root: Path, one: Entry, walk: Walk) -> None:
        if not one.is_link:
            walk.file(root, one.path)

    def archive(self, path: Path) -> None:
        """A packed tree; the folder that everything in it is in, if there is one, is left out of the paths."""
        paths: list[str] = []

        def take(inner: str, blocks: Iterable[bytes]) -> None:
            if "!/" not in inner:
                paths.append(inner)
            self._name(inner)
            self._take(inner, blocks)

        walk = Walk(take, self._trouble, self.is_over)
        with path.open("rb") as file:
            walk.stream("", file)
        self.size, self.files_in_tree = walk.size, len(paths)
        folders = {one.partition("/")[0] if "/" in one else "" for one in paths}
        folder = f"{folders.pop()}/" if len(folders) == 1 else ""
        if folder.strip("/"):
            self.found = {_inside(folder, one): None for one in self.found}
        self._compare(one.removeprefix(folder) for one in paths)

    def _compare(self, paths: Iterable[str]) -> None:
        if self.with_manifest and self.journal.is_there:
            for one in self.journal.findings(paths):
                self._tell(Finding(judged_name(one.file, self.values)[0], one.line, one.kind, one.category))

    def _name(self, path: str) -> None:
        shown, kinds = judged_name(path, self.values)
        for kind in kinds:
            self._tell(Finding(shown, 0, kind, Category.SOS if _is_sos(path) else Category.NAME))
        if path.endswith(PARTIAL):
            self._tell(Finding(shown, 0, "cut: its end is missing", Category.CUT))

    def _take(self, path: str, blocks: Iterable[bytes]) -> None:
        """Search one file."""
        shown, _kinds = judged_name(path, self.values)
        sos = _is_sos(path)
        category = Category.SOS if sos else Category.LEAK
        search = TextSearch(
            self.values, lambda line, kind: self._tell(Finding(shown, line, kind, category)), only_values=sos
        )
        for block in blocks:
            if self.with_manifest and _is_journal(path):
                self.journal.feed(block)
            search.feed(block)
        search.finish()
        self.files += 1

    def _trouble(self, path: str, why: str) -> None:
        category = Category.CUT if _is_cut(path) else Category.SOS if _is_sos(path) else Category.UNREAD
        self._tell(Finding(judged_name(path, self.values)[0], 0, why, category))

    def _tell(self, finding: Finding) -> None:
        if finding in self.found:
            return
        if len(self.found) >= LISTED:
            self.left_out += 1
        else:
            self.found[finding] = None

    def report(self, path: str, learned: int | None) -> Report:
        """What was found so far."""
        notes = [] if learned is not None else [ONLY_SHAPES_AND_KEYS]
        if self.with_manifest and not self.journal.is_there:
            notes.append(NO_MANIFEST)
        if self.values.count == 0 and learned is not None:
            notes.append("No value of a Secret was learned.")
        found = sorted(self.found)
        if self.with_manifest and not self.journal.is_there:
            found = [one for one in found if one.kind != LEADING_DOT]  # other collectors may have their reasons
        searched = Searched(self.files, self.size, self.files_in_tree, round(self.share, 4), learned)
        return Report(path, searched, found, self.left_out, notes)


def _is_sos(path: str) -> bool:
    """Whether a path is in a packed report, which is as sos left it; unpacked reports are masked like all."""
    outer, _mark, inner = path.partition("!/")
    return bool(inner) and _SOS.search(outer) is not None


def _is_cut(path: str) -> bool:
    """Whether a path is a file that a killed run has left unfinished, or is in such an archive."""
    return any(part.endswith(PARTIAL) for part in path.split("!/"))


def _is_journal(path: str) -> bool:
    """Whether a path is the journal of the tree, which may stand in one folder of an archive."""
    return path == JOURNAL or (path.endswith("/" + JOURNAL) and path.count("/") == 1)


def _inside(folder: str, one: Finding) -> Finding:
    return Finding(one.file.removeprefix(folder), one.line, one.kind, one.category)
