"""What a process shows while it runs: its and its children's command lines, its temporary files, what it writes to."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_WRITES = 0o3
"""The bits of an open file's flags that are not zero where it may be written to."""


@dataclass
class Watch:
    """Called again and again with a process's number; `also` is called each time, too.

    Attributes:
        arguments: command lines of every process of this machine that began meanwhile.
        temporary: what was in the temporary directory, by name.
        written: the regular files that the process had open for writing.
    """

    directory: Path
    also: Callable[[], None] = lambda: None
    arguments: set[bytes] = field(default_factory=set)
    temporary: dict[str, set[bytes]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def __call__(self, process: int) -> None:
        self.arguments.update(_command_lines())
        self.written.update(_open_for_writing(process))
        for path in self.directory.rglob("*"):
            if content := _read(path):
                self.temporary.setdefault(str(path.relative_to(self.directory)), set()).add(content)
        self.also()

    def seen(self) -> bytes:
        """Everything in one text."""
        return b"\n".join([*self.arguments, *(text for texts in self.temporary.values() for text in texts)])


def _command_lines() -> Iterator[bytes]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            yield _read(Path(entry.path) / "cmdline").replace(b"\0", b" ")


def _open_for_writing(process: int) -> Iterator[str]:
    try:
        open_files = list(os.scandir(f"/proc/{process}/fd"))
    except OSError:
        return
    for one in open_files:
        try:
            target = os.readlink(one.path)
            flags = Path(f"/proc/{process}/fdinfo/{one.name}").read_text()
        except OSError:
            continue
        written = int(flags.split("flags:")[1].split()[0], 8) & _WRITES
        if written and target.startswith("/") and not target.startswith(("/dev/", "/memfd:", "/proc/")):
            yield target.removesuffix(" (deleted)")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
