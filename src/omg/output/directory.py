"""The beginning of a run in its directory: locked, and cleared of what an earlier omg wrote, and of nothing else."""

import errno
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from omg.errors import ConfigError
from omg.output.names import PARTIAL
from omg.output.tree import Step, Tree, names_in, no_step

JOURNAL = "omg-manifest.jsonl"
MANIFEST = "omg-manifest.json"
RUN_LOG = "run.log"
ARCHIVES = frozenset(f"must-gather.tar.{suffix}" for suffix in ("gz", "xz", "zst"))
OWN = frozenset({JOURNAL, MANIFEST, RUN_LOG, "version", *ARCHIVES})
"""What omg writes for itself, in the root."""

RESERVED = OWN - {"version"}
"""What no collector may write; `version` goes through the sink like everything else."""

_NO_LOCKS = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})
"""What a file system without locks on directories answers (NFS): such a run goes on without one."""

_SHOWN = 3


def open_tree(root: Path, *, step: Step = no_step) -> Tree:
    """The directory, open and locked against another omg as long as it is open; made where it is missing.

    The lock is on the open directory itself, so that nothing of it is left behind however the process ends.

    Args:
        root: may be a symbolic link; nothing below it may.
        step: see `Step`.

    Raises:
        ConfigError: it can't be opened or another omg has it.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        reason = (
            "it is a file; name another" if isinstance(error, FileExistsError | NotADirectoryError) else error.strerror
        )
        raise ConfigError(f"The output directory {root} can't be used: {reason}.") from error
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(fd)
            raise ConfigError(f"Another omg is writing to {root}: wait for it, or choose another directory.") from error
    return Tree(root, fd, step=step)


def clear(tree: Tree) -> None:
    """Remove what an earlier omg wrote, its journal excepted: the journal goes last, when the new one replaces it.

    So a run that is killed while it clears leaves a journal that still lists all that is left.

    Raises:
        ConfigError: there are files that no omg wrote; nothing was removed.
    """
    try:
        entries = list(paths_in(tree))
        mine = _written_by_omg(tree)
        foreign = [path for path in entries if not _is_omgs(path, mine)]
        if foreign:
            more = f" and {len(foreign) - _SHOWN:,} more" if len(foreign) > _SHOWN else ""
            raise ConfigError(
                f"{tree.root} holds files that omg did not write ({', '.join(sorted(foreign)[:_SHOWN])}{more}): "
                "choose an empty directory, or move them away."
            )
        _remove(tree, [path for path in entries if path != JOURNAL])
    except OSError as error:
        raise ConfigError(f"The output directory {tree.root} can't be cleared: {error.strerror}.") from error


def journal_lines(tree: Tree) -> Iterator[dict[str, Any]]:
    """The lines of the directory's journal; none where there is no journal."""
    try:
        fd = tree.old_file(JOURNAL)
    except OSError:
        return
    with os.fdopen(fd, "rb") as file:
        for data in file:
            with suppress(ValueError):  # a line that a kill or a full disk has torn
                line = json.loads(data)
                if isinstance(line, dict):
                    yield line


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a journal; what is torn is left out.

    Args:
        path: the journal, or the directory that holds it.

    Raises:
        ConfigError: the directory can't be read.
    """
    root = path if path.is_dir() else path.parent
    try:
        fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigError(f"There is no journal in {root}: {error.strerror}.") from error
    tree = Tree(root, fd)
    try:
        yield from journal_lines(tree)
    finally:
        tree.close()


def remove_all(tree: Tree, paths: Iterable[str]) -> None:
    """Remove these files of a tree, and the journal last.

    Args:
        tree: whose run is over.
        paths: in it.

    Raises:
        OSError: something could not be removed.
    """
    _remove(tree, [path for path in paths if path != JOURNAL])
    os.unlink(JOURNAL, dir_fd=tree.fd)


def paths_in(tree: Tree) -> Iterator[str]:
    """The paths of everything in the directory that isn't a folder."""
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        parts = waiting.pop()
        with tree.folder(parts) as folder:
            for name, is_folder in names_in(folder):
                if not is_folder:
                    yield "/".join((*parts, name))
                elif (*parts, name) != ("lost+found",):  # a volume's own, and closed to all but root
                    waiting.append((*parts, name))


def _written_by_omg(tree: Tree) -> frozenset[str] | None:
    """The paths that the directory's journal lists; None where there is no journal of omg's."""
    paths: set[str] = set()
    is_omgs = False
    for line in journal_lines(tree):
        is_omgs = is_omgs or line.get("event") == "run"
        if line.get("event") == "files" and isinstance(line.get("files"), dict):
            paths.update(line["files"])
    return frozenset(paths) if is_omgs else None


def _is_omgs(path: str, mine: frozenset[str] | None) -> bool:
    if mine is None:  # of a run that was killed before its first line; and what every must-gather image writes first
        return path in (JOURNAL + PARTIAL, "version")
    return path in mine or path in OWN or path.endswith(PARTIAL)


def _remove(tree: Tree, paths: list[str]) -> None:
    folders: set[tuple[str, ...]] = set()
    for path in paths:
        *above, name = path.split("/")
        tree.step(f"before remove {path}")
        with tree.folder(above) as folder:
            os.unlink(name, dir_fd=folder)
        tree.step(f"after remove {path}")
        folders.update(tuple(above[:depth]) for depth in range(1, len(above) + 1))
    for parts in sorted(folders, key=len, reverse=True):
        with tree.folder(parts[:-1]) as folder, suppress(OSError):  # not empty: somebody else's folder is in it
            os.rmdir(parts[-1], dir_fd=folder)
