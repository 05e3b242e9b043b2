"""Whether a tree and its manifest tell the same: what is listed is there, and nothing else is. Pure."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from omg.audit.findings import Category, Finding

JOURNAL = "omg-manifest.jsonl"
MANIFEST = "omg-manifest.json"
PARTIAL = ".partial"
_OWN = frozenset({JOURNAL, MANIFEST, "run.log", "version"})
_ARCHIVE = "must-gather.tar."


class JournalCheck:
    """Reads a journal as it comes, and compares it with the paths of the tree."""

    def __init__(self) -> None:
        self.is_there = False
        self._listed: set[str] = set()
        self._ended = False
        self._tells_why = False
        self._torn = b""

    def feed(self, block: bytes) -> None:
        """The next block of the journal."""
        self.is_there = True
        *lines, self._torn = (self._torn + block).split(b"\n")
        for line in lines:
            self._read(line)

    def _read(self, line: bytes) -> None:
        told: dict[str, Any] = {}
        with suppress(
            ValueError, TypeError
        ):  # a line that a kill or a full disk has torn, which the missing end record tells
            told = dict(json.loads(line))
        if told.get("event") == "files" and isinstance(told.get("files"), dict):
            self._listed.update(told["files"])
        if told.get("event") == "given up" and isinstance(told.get("files"), list):
            self._listed.difference_update(told["files"])
        self._ended = self._ended or told.get("event") == "end"
        self._tells_why = self._tells_why or told.get("event") == "no manifest"

    def findings(self, paths: Iterable[str]) -> list[Finding]:
        """What is wrong.

        Args:
            paths: of the tree's files and links, as they are.
        """
        there = set(paths)
        found = []
        if not self._ended:
            found.append(Finding(JOURNAL, 0, "no end record: the run was killed", Category.CUT))
        else:
            missing = (path for path in self._listed if path not in there and path + PARTIAL not in there)
            found += [Finding(path, 0, "listed in the manifest, but missing", Category.MANIFEST) for path in missing]
        for path in filter(self._is_foreign, there):
            in_flight = not self._ended and path.endswith(PARTIAL)  # under its own or a passing name
            category = Category.CUT if in_flight else Category.MANIFEST
            found.append(Finding(path, 0, "not listed in the manifest", category))
        if self._ended and MANIFEST not in there:
            category = Category.CUT if self._tells_why else Category.MANIFEST
            found.append(Finding(MANIFEST, 0, "missing", category))
        return found

    def _is_foreign(self, path: str) -> bool:
        known = path in self._listed or path in _OWN or path.removesuffix(PARTIAL) in self._listed
        return not known and not ("/" not in path and path.startswith(_ARCHIVE))
