"""What stands around each script on a node, run by the real shell: how it hears of omg, and how it ends."""

import asyncio
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from omg.sos import toolbox
from omg.sos.script import BEATING
from omg.sos.toolbox import base_of, watched

pytestmark = pytest.mark.usefixtures("alone_with_reports")


@pytest.fixture
def token() -> Iterator[str]:
    token = secrets.token_hex(5)
    base = Path(base_of(token))
    base.mkdir(mode=0o700)
    (base / "alive").touch()
    yield token
    shutil.rmtree(base)


async def started(token: str, script: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    command = ("sh", "-c", watched(token), "omg-sos", script)
    return await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)


async def status_of(token: str, script: str) -> int:
    """How a script ends while omg stays there."""
    process = await started(token, script)
    assert process.stdin is not None
    process.stdin.write(b".")
    try:
        async with asyncio.timeout(30):
            return await process.wait()
    finally:
        process.stdin.close()
        await process.communicate()


async def test_a_script_that_ends_at_once_ends_all_however_late_its_ear_is(token: str) -> None:
    for _ in range(5):
        found = await asyncio.gather(*(status_of(token, f"exit {number}") for number in range(20)))
        assert found == list(range(20))
    assert [path.name for path in Path(base_of(token)).iterdir()] == ["alive"]


async def test_what_omg_says_keeps_a_scripts_stdin_open_and_its_silence_ends_it(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolbox, "PATIENCE", 2)
    alive = Path(base_of(token), "alive")
    alive.touch()
    before = alive.stat().st_mtime_ns
    process = await started(token, "read -r word && echo heard; cat; echo over")
    assert process.stdin is not None
    assert process.stdout is not None
    async with asyncio.timeout(30):
        process.stdin.write(b".")
        assert await process.stdout.readline() == b"heard\n"
        assert alive.stat().st_mtime_ns > before
        rest = await process.stdout.read()
        assert rest.endswith(b"over\n")
        assert await process.wait() == 0
    process.stdin.close()


async def test_what_says_that_a_script_is_alive_ends_with_it_though_the_signal_was_lost() -> None:
    script = f"trap '' TERM\n{BEATING}\necho $beat_pid >&2; sleep 1; kill $beat_pid; exit 3"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec("sh", "-c", script, stdout=pipe, stderr=pipe)
    assert process.stderr is not None
    beating = int(await process.stderr.readline())
    try:
        async with asyncio.timeout(20):
            stdout, _ = await process.communicate()  # to the end of the pipe, which the one that beats holds
    finally:
        with suppress(ProcessLookupError):
            os.kill(beating, signal.SIGKILL)
    assert b"alive" in stdout
    assert process.returncode == 3
