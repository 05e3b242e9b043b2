"""A machine with a sos on it: a stand-in for sos and sudo, run by the real shell of this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from omg.errors import CommandFailed
from omg.sos.options import Wanted
from omg.sos.script import Made, sos_of_the_machine
from omg.sos.transfer import Machine, Running, ask, make

SOS = r"""#!/bin/sh
case "$*" in
*--help*) echo 'usage: sos report [-o ONLY] --only-plugins --profiles [--all-logs]'; exit 0 ;;
*--list-plugins*) printf 'The following plugins are currently enabled:\n\n host     Host\n logs     Logs\n\n'; exit 0 ;;
*--list-profiles*) printf 'The following profiles are available:\n\n system     host,\n            logs\n\n'; exit 0 ;;
esac
echo "$*" >>"$0.asked"
[ -f "$0.before" ] && . "$0.before"
while [ $# -gt 1 ]; do [ "$1" = --tmp-dir ] && dir=$2; shift; done
mkdir "$dir/sosreport-a" && head -c "$(cat "$0.size" 2>/dev/null || echo 3000)" /dev/urandom >"$dir/sosreport-a/data"
echo Monday >"$dir/sosreport-a/date"
tar -C "$dir" -cJf "$dir/sosreport-a.tar.xz" sosreport-a
[ -f "$0.after" ] && . "$0.after"
echo abc >"$dir/sosreport-a.tar.xz.sha256"
rm -r "$dir/sosreport-a"
"""

SUDO = """#!/bin/sh
[ -f "$0.refuses" ] && { cat "$0.refuses" >&2; exit 1; }
shift
exec "$@"
"""


class Programs:
    """What is in the PATH of a machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.install("sos", SOS)
        self.install("sudo", SUDO)

    def install(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def tell(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    @property
    def asked(self) -> str:
        return (self.folder / "sos.asked").read_text()

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": f"{self.folder}:/usr/bin:/bin"}


class Local:
    """A machine without a network between."""

    name = "edpm-a"

    def __init__(self, programs: Programs) -> None:
        self.programs = programs

    @asynccontextmanager
    async def run(self, script: str) -> AsyncIterator[Running]:
        process = await asyncio.create_subprocess_exec(
            "sh",
            "-c",
            script,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self.programs.environment,
        )
        try:
            yield Script(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            await process.communicate()


class Script:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def stdout(self) -> AsyncIterator[bytes]:
        assert self._process.stdout is not None
        while chunk := await self._process.stdout.read(1000):
            yield chunk

    async def wait(self) -> None:
        assert self._process.stderr is not None
        stderr = await self._process.stderr.read()
        status = await self._process.wait()
        if status:
            raise CommandFailed("It failed.", exit_code=status, stderr=stderr)


async def made_on(machine: Machine, wanted: Wanted = Wanted()) -> tuple[Made, str]:  # noqa: B008 - frozen
    sos = sos_of_the_machine()
    options, dropped = await ask(machine, wanted, sos)
    return await make(machine, options, sos), dropped


def keepers() -> set[int]:
    """Processes that wait to remove a report."""
    found = set()
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = one.read_bytes()
        except OSError:
            continue
        if b"omg-sos." in command and b"sleep" in command and b"\0-\0" in command:
            found.add(int(one.parent.name))
    return found


def left_on_this_machine() -> set[Path]:
    return set(Path("/var/tmp").glob("omg-sos.*"))
