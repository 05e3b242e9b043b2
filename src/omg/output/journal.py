"""The record of a run as it goes on: one JSON object a line, each line on the disk before what follows it.

Lines, by their `event`:

- `run`: the header. Every later line is of that run.
- `started`: task and key of an item.
- `files`: path → what the file holds, written before the first of these files gets its final name. `generation` says
  what the masker knew then; `binary` marks what is not masked text.
- `ended`: a record: task, key, outcome, reason and counts.
- `given up`: files that a line named and that never came to be: the disk, or a cancellation, ended their items before.
- `end`: the footer; a journal without it belongs to a run that was killed.
- `no manifest`: after the footer, where the manifest could not be made of all this, and why.
"""

import errno
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from omg.errors import ConfigError, OmgError
from omg.output.contracts import Again, Masker
from omg.output.directory import JOURNAL, MANIFEST, clear, journal_lines, open_tree
from omg.output.draft import write_whole
from omg.output.manifest import manifest
from omg.output.names import PARTIAL
from omg.output.reserve import Reserve
from omg.output.tree import Step, Tree, no_step, told

Line = dict[str, Any]


class Journal:
    """An open journal in a directory that is locked for this run; a context manager.

    Args:
        tree: the open directory; closed with the journal.
        masker: hides secrets in reasons.
        header: the first line.
    """

    def __init__(self, tree: Tree, masker: Masker, header: Mapping[str, Any]) -> None:
        self.tree = tree
        self.trouble = ""
        """Why lines are missing, in words for a person; empty as long as none is."""
        self.has_manifest = False
        self.oldest_generation: int | None = None
        """Of the masker, over all masked files; None as long as there is none."""
        self._again: dict[str, Again] = {}
        self._masker = masker
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._torn = False
        write_whole(tree, JOURNAL, [_encoded({"event": "run", **header})])
        self._fd = self._reopened()
        self._reserve = Reserve(tree.fd)

    @classmethod
    def open(cls, root: Path, masker: Masker, header: Mapping[str, Any], *, step: Step = no_step) -> "Journal":
        """Lock the directory, clear it of what an earlier omg wrote, and begin.

        Args:
            root: made where it is missing.
            masker: hides secrets in reasons.
            header: the omg version, the time, the settings without secrets.
            step: see `Step`.

        Raises:
            ConfigError: another omg writes there, there are foreign files, or it can't be written.
        """
        tree = open_tree(root, step=step)
        try:
            clear(tree)
            return cls(tree, masker, header)
        except BaseException as error:
            tree.close()
            if isinstance(error, OmgError) and not isinstance(error, ConfigError):
                reason = getattr(error.__cause__, "strerror", None) or str(error)
                raise ConfigError(f"The output directory {root} can't be written: {reason}.") from error
            raise

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it and free the directory; the lock leaves nothing behind."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            self._reserve.close()
            self.tree.close()

    def make_room(self) -> None:
        """Collecting is over: free the room that was kept on the disk for what comes now."""
        with self._lock:
            self._reserve.close()

    def started(self, task: str, key: str) -> None:
        """An item got its slot; with an empty key, a task began."""
        self._try({"event": "started", "task": task, "key": key, "at": round(time.monotonic() - self._began, 3)})

    def ended(self, record: Mapping[str, Any]) -> None:
        """An item, a part of it or a task has ended; the reason is masked here."""
        self._try(self._hidden({"event": "ended", **record}))

    def writing(
        self,
        task: str,
        files: Mapping[str, Mapping[str, Any]],
        *,
        generation: int,
        binary: bool = False,
        again: Again | None = None,
    ) -> None:
        """Files that are about to get their final names.

        Args:
            task: that writes them.
            files: path in the tree → what it holds.
            generation: of the masker when the first byte of them was masked.
            binary: they are no text that the masker of texts has masked.
            again: masks them once more, where they are no text and may have to be.

        Raises:
            LimitReached, OmgError: the line could not be written, and the files must not be.
        """
        line: Line = {"event": "files", "task": task, "generation": generation, "files": files}
        if binary:
            line["binary"] = True
        if again is not None:
            self._again.update(dict.fromkeys(files, again))
        if again is not None or not binary:
            self.oldest_generation = min(generation, generation if (old := self.oldest_generation) is None else old)
        self.tree.step("before journal")
        with told(JOURNAL):
            self._write(line)
        self.tree.step("after journal")

    def end(self, footer: Mapping[str, Any]) -> None:
        """Write the last line, sync it to the disk, and make the manifest."""
        self.make_room()
        if given_up := self._given_up():
            self._try({"event": "given up", "files": given_up})
        self._try({"event": "end", **footer})
        with suppress(OSError):
            os.fsync(self._fd)
        try:
            write_whole(self.tree, MANIFEST, manifest(self.lines))
            self.has_manifest = True
        except OmgError as error:
            self._try({"event": "no manifest", "reason": str(error)})
            self.trouble = self.trouble or f"The manifest could not be made: {error}"

    def _given_up(self) -> list[str]:
        """The files that were to be written, that no record says were, and that aren't there."""
        listed: set[str] = set()
        for line in journal_lines(self.tree):
            if line.get("event") == "files":
                listed.update(line["files"])
            elif line.get("event") == "ended":
                listed.difference_update(line.get("paths", ()))
        return sorted(path for path in listed if not (self._is_there(path) or self._is_there(path + PARTIAL)))

    def _is_there(self, path: str) -> bool:
        *above, name = path.split("/")
        try:
            with self.tree.folder(above) as folder:
                os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (OSError, ValueError):  # a name that no file can have
            return False
        return True

    def lines(self) -> Iterator[Line]:
        """The lines so far, with what the masker has learned since hidden in their reasons."""
        return map(self._hidden, journal_lines(self.tree))

    def files(self, *, older_than: int) -> Iterator[tuple[str, Again | None]]:
        """Masked files, whole and partial, begun before a generation of the masker; some aren't there.

        The path, and what masks it again where it is no text.
        """
        for line in journal_lines(self.tree):
            if line.get("event") != "files" or line["generation"] >= older_than:
                continue
            for path in line["files"]:
                again = self._again.get(path)
                if again is not None or not line.get("binary"):
                    yield path, again
                    yield path + PARTIAL, again

    def remask(self) -> bool:
        """Write it anew with the masker's newest knowledge, where that changes anything; whether it did.

        Raises:
            LimitReached, OmgError: the old one is still there.
        """
        with self._lock:
            if all(line == self._hidden(line) for line in journal_lines(self.tree)):
                return False
            write_whole(self.tree, JOURNAL, map(_encoded, self.lines()))
            os.close(self._fd)
            self._fd = self._reopened()
            return True

    def _reopened(self) -> int:
        return os.open(JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self.tree.fd)

    def _try(self, line: Line) -> None:
        """Write a line that nothing depends on: the run goes on without it, and says so at its end."""
        try:
            self._write(line)
        except OSError as error:
            self.trouble = self.trouble or f"The journal is not complete: {error.strerror}."

    def _write(self, line: Line) -> None:
        data = _encoded(line)
        with self._lock:
            while not self._append(b"\n" + data if self._torn else data):
                if not self._reserve.give_back():
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _append(self, data: bytes) -> bool:
        """Append a line; False: the disk is full. What came of it is taken back, or ends the line where it stands."""
        try:
            written = os.write(self._fd, data)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            return False
        if written == len(data):
            self._torn = False
            return True
        try:
            os.ftruncate(self._fd, os.fstat(self._fd).st_size - written)
        except OSError:
            self._torn = True
        return False

    def _hidden(self, line: Line) -> Line:
        reason = line.get("reason")
        if not isinstance(reason, str):
            return line
        return {**line, "reason": self._masker.text(reason.encode(errors="replace")).decode(errors="replace")}


def _encoded(line: Line) -> bytes:
    return json.dumps(line, separators=(", ", ": ")).encode() + b"\n"
