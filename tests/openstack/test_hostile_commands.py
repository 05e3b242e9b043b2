"""What a command may do that no client does on demand: the driver ends it, tells how, and leaves nothing of it."""

import asyncio
from contextlib import suppress
from pathlib import Path

from omg.errors import CommandFailed, TimedOut, Truncated
from omg.openstack.batch import LONGEST, Batch, starting_commands
from tests.openstack.local import running
from tests.openstack.sessions import PATIENCE, TEXT, session


async def _gone(pid: int) -> bool:
    """Whether a process ends within the patience."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while Path(f"/proc/{pid}").exists():
                await asyncio.sleep(0.02)
    return not Path(f"/proc/{pid}").exists()


async def test_a_command_that_leaves_a_process_with_its_output_ends_when_it_ends_itself(
    environment: dict[str, str],
) -> None:
    async with session(environment) as (batch, _local, _over):
        printed, error = await batch.run(["leaves"], limit=PATIENCE)
        assert error is None, "it was no time limit that ended it"
        assert await _gone(int(printed))


async def test_what_a_command_leaves_in_a_session_of_its_own_is_ended_with_the_driver(
    environment: dict[str, str],
) -> None:
    async with session(environment) as (batch, _local, _over):
        printed, error = await batch.run(["daemon"], limit=PATIENCE)
        assert error is None
        assert Path(f"/proc/{int(printed)}").exists(), "it may still be needed"
    assert await _gone(int(printed))


async def test_a_command_that_ignores_signals_is_ended_at_its_limit_with_what_it_has_started(
    environment: dict[str, str],
) -> None:
    async with session(environment) as (batch, _local, _over):
        printed, error = await batch.run(["stubborn"], limit=0.5)
        assert isinstance(error, TimedOut)
        assert await _gone(int(printed))


async def test_a_crash_is_told_as_a_shell_tells_it_and_costs_no_other_command(environment: dict[str, str]) -> None:
    async with session(environment) as (batch, _local, _over):
        ends = await asyncio.gather(*(batch.run([word], limit=PATIENCE) for word in ("crash", "bytes", "warn")))
    printed, error = ends[0]
    assert printed == b"before\n"
    assert isinstance(error, CommandFailed)
    assert error.exit_code == 139
    assert ends[1] == (bytes(range(256)), None)
    assert ends[2] == (b"table\n", None), "what it says on stderr is no part of its output"


async def test_a_command_that_prints_without_end_is_cut_and_the_others_go_on(environment: dict[str, str]) -> None:
    async with session(environment) as (batch, _local, _over):
        flood, other = await asyncio.gather(
            batch.run(["flood", str(LONGEST * 2)], limit=60), batch.run(["echo", "x"], limit=60)
        )
    assert isinstance(flood[1], Truncated)
    assert LONGEST - (1 << 20) < len(flood[0]) <= LONGEST
    assert other == (b"x\n", None)


async def test_a_driver_that_still_logs_in_ends_when_nobody_is_there_any_more(environment: dict[str, str]) -> None:
    async with running(starting_commands(TEXT)[0], environment | {"STUB": "hangs"}) as local:
        batch = Batch(local)
        starting = asyncio.create_task(batch.start(TEXT, within=PATIENCE))
        while not batch.is_loaded:
            await asyncio.sleep(0.02)
        assert local.process.stdin is not None
        local.process.stdin.close()
        async with asyncio.timeout(PATIENCE / 2):
            await local.process.wait()
        await asyncio.gather(starting, return_exceptions=True)


async def test_what_the_login_reads_is_no_frame_and_what_it_prints_is_printed_by_every_command_as_by_hand(
    environment: dict[str, str],
) -> None:
    async with session(environment | {"STUB": "reads"}) as (batch, _local, _over):
        ends = await asyncio.gather(*(batch.run(["echo", word], limit=PATIENCE) for word in "xy"))
    assert ends == [(b"The login reads \nx\n", None), (b"The login reads \ny\n", None)]
