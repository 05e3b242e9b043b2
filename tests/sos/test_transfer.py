"""The scripts, run by the real shell; and what becomes of a stream that breaks."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from omg.errors import CommandFailed, OmgError, RequestFailed, Truncated
from omg.sos.options import Wanted
from omg.sos.script import SENDS, Made, made_by
from omg.sos.transfer import Arrival, Running, fetch, remove
from tests.sos.machines import Local, Programs, Script, keepers, left_on_this_machine, made_on

pytestmark = pytest.mark.usefixtures("alone_with_reports")


@pytest.fixture
def machine(tmp_path: Path) -> Local:
    return Local(Programs(tmp_path / "bin"))


async def fetched(machine: Local, made: Made, notes: list[str]) -> bytes:
    """What came, compared with what is there."""
    arrival, pieces = Arrival(machine, made), []
    async for chunk in fetch(machine, made, notes.append):
        arrival.take(chunk)
        pieces.append(chunk)
    arrival.check()
    return b"".join(pieces)


async def test_a_report_comes_whole_and_nothing_stays(machine: Local) -> None:
    before = left_on_this_machine()
    made, dropped = await made_on(machine, Wanted(profiles=("system", "virt")))
    assert "the profile virt" in dropped
    assert "--all-logs --profiles system --tmp-dir" in machine.programs.asked
    notes: list[str] = []
    data = await fetched(machine, made, notes)
    assert (len(data), hashlib.sha256(data).hexdigest()) == (made.size, made.sha256)
    assert (made.ending, notes) == (".tar.xz", [])
    waiting = keepers()
    assert waiting
    await remove(machine, made.folder)
    assert keepers() < waiting
    assert left_on_this_machine() == before


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("echo 'plugin exploded' >&2; exit 3", "sos failed: plugin exploded"),
        ("echo 'OSError: No space left on device'; exit 1", "/var/tmp is full"),
        ("exit 0", "left no report"),
    ],
)
async def test_each_way_in_which_sos_fails_has_its_sentence(machine: Local, before: str, sentence: str) -> None:
    there = left_on_this_machine()
    machine.programs.tell("sos.before", before)
    with pytest.raises(CommandFailed, match=sentence):
        await made_on(machine)
    assert left_on_this_machine() == there


async def test_a_machine_without_sos_says_so(machine: Local) -> None:
    (machine.programs.folder / "sos").unlink()
    machine.programs.environment["PATH"] = str(machine.programs.folder)
    (machine.programs.folder / "command").touch()
    with pytest.raises(CommandFailed, match="sos is not installed"):
        await made_on(WithoutSos(machine.programs))


class WithoutSos(Local):
    """Only what the shell itself has."""

    @asynccontextmanager
    async def run(self, script: str) -> AsyncIterator[Running]:
        async with super().run(f"PATH=/nowhere\n{script}") as running:
            yield running


async def test_a_sos_whose_caller_is_gone_is_stopped_and_leaves_nothing(machine: Local, tmp_path: Path) -> None:
    there = left_on_this_machine()
    machine.programs.tell("sos.before", f"mkfifo {tmp_path}/never; echo $$ >{tmp_path}/pid; cat {tmp_path}/never")
    making = asyncio.create_task(made_on(machine))
    async with asyncio.timeout(20):
        while not (tmp_path / "pid").exists():
            await asyncio.sleep(0)
        making.cancel()
        with pytest.raises(asyncio.CancelledError):
            await making
    assert left_on_this_machine() == there
    pid = (tmp_path / "pid").read_text().strip()
    assert is_over(pid)


def is_over(pid: str) -> bool:
    """Whether a process has ended; one that nobody has asked for yet is a zombie."""
    stat = Path("/proc", pid, "stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


class Breaking(Local):
    """Its streams of reports break after so many bytes, each."""

    ends_well = False

    def __init__(self, programs: Programs, *, times: int, after: int) -> None:
        super().__init__(programs)
        self.times, self.after = times, after

    @asynccontextmanager
    async def run(self, script: str) -> AsyncIterator[Running]:
        async with super().run(script) as running:
            if "omg-sos send" in script and self.times:
                self.times -= 1
                yield Cut(running, self.after, ends_well=self.ends_well)
            else:
                yield running


class Cut:
    def __init__(self, running: Running, after: int, *, ends_well: bool) -> None:
        self._running, self._after, self._ends_well = running, after, ends_well

    async def stdout(self) -> AsyncIterator[bytes]:
        left = len(SENDS) + self._after
        async for chunk in self._running.stdout():
            yield chunk[:left]
            left -= len(chunk[:left])
            if not left and self._ends_well:
                return
            if not left:
                raise Truncated("cut")

    async def wait(self) -> None:
        if not self._ends_well:
            await self._running.wait()


async def test_a_stream_that_breaks_is_taken_up_where_it_broke(tmp_path: Path) -> None:
    machine = Breaking(Programs(tmp_path / "bin"), times=3, after=700)
    made, _ = await made_on(machine)
    notes: list[str] = []
    data = await fetched(machine, made, notes)
    assert hashlib.sha256(data).hexdigest() == made.sha256
    assert [note.split()[4] for note in notes] == ["700", "1,400", "2,100"]
    await remove(machine, made.folder)


async def test_a_stream_that_breaks_a_fourth_time_is_given_up(tmp_path: Path) -> None:
    machine = Breaking(Programs(tmp_path / "bin"), times=4, after=10)
    made, _ = await made_on(machine)
    with pytest.raises(Truncated, match="broke 4 times"):
        await fetched(machine, made, [])
    await remove(machine, made.folder)


async def test_a_stream_that_ends_well_before_the_report_does_is_taken_up_too(tmp_path: Path) -> None:
    class Hasty(Breaking):
        """What the end of a command was faster than, is lost."""

        ends_well = True

    machine = Hasty(Programs(tmp_path / "bin"), times=2, after=700)
    made, _ = await made_on(machine)
    notes: list[str] = []
    assert len(await fetched(machine, made, notes)) == made.size
    assert len(notes) == 2
    await remove(machine, made.folder)


async def test_a_report_that_changed_on_the_way_is_not_called_whole(machine: Local) -> None:
    made, _ = await made_on(machine)
    other = Made(made.path, made.size, "0" * 64)
    with pytest.raises(Truncated, match="not the"):
        await fetched(machine, other, [])
    await remove(machine, made.folder)
    with pytest.raises(Truncated, match="No such file"):
        await fetched(machine, made, [])


async def test_a_report_that_stays_is_named(machine: Local) -> None:
    class Refusing(Local):
        @asynccontextmanager
        async def run(self, script: str) -> AsyncIterator[Running]:
            if script:
                raise Truncated("cut")
            yield Script(await asyncio.create_subprocess_exec("true"))

    with pytest.raises(OmgError, match="stays there for an hour at most: cut"):
        await remove(Refusing(machine.programs), "/var/tmp/omg-sos.a")


def test_what_is_no_answer_of_the_script_is_refused() -> None:
    sha = "0" * 64
    for output in (b"Welcome!\n", f"omg-sos made 3 {sha} /etc/passwd".encode(), b"omg-sos made x"):
        with pytest.raises(RequestFailed, match="login shell"):
            made_by(output)
    assert made_by(f"hi\nomg-sos made 3 {sha} /var/tmp/omg-sos.aB1/sosreport-x.tar\n".encode()).ending == ".tar"
