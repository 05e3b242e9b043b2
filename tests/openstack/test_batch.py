"""The driver in a process of its own, and the session with it."""

import ast
import asyncio
import os
import shutil
import time
from importlib.resources import files
from pathlib import Path

import pytest

from omg.errors import CommandFailed, TimedOut, Truncated
from omg.openstack.batch import Batch, Frames, LoginFailed, NotStarted, Refused, framed, starting_commands
from tests.openstack.local import running
from tests.openstack.sessions import PATIENCE, TEXT, session


async def test_commands_run_at_the_same_time_each_with_its_own_output_and_end(environment: dict[str, str]) -> None:
    async with session(environment) as (batch, _local, _over):
        asked = (["echo", "a", "b"], ["fail"], ["raise"], ["exit"], ["read"], ["--os-x=1", "echo", "c"])
        ends = await asyncio.gather(*(batch.run(one, limit=PATIENCE) for one in asked))
    assert ends[0] == (b"a b\n", None)
    assert ends[4] == (b"''\n", None)
    assert ends[5] == (b"c\n", None)
    errors = [error for _, error in ends[1:4]]
    assert all(isinstance(error, CommandFailed) for error in errors)
    assert [str(error) for error in errors] == [
        "openstack fail: exit status 3: It failed.",
        "openstack raise: exit status 1: RuntimeError: It raised.",
        "openstack exit: exit status 7",
    ]
    assert batch.commands == 6


async def test_a_command_that_hangs_is_ended_and_the_others_go_on(environment: dict[str, str]) -> None:
    async with session(environment) as (batch, _local, _over):
        hanging = asyncio.create_task(batch.run(["hang"], limit=0.5))
        assert await batch.run(["echo", "x"], limit=PATIENCE) == (b"x\n", None)
        printed, error = await hanging
    assert printed == b"before\n"
    assert isinstance(error, TimedOut)


async def test_nothing_is_left_when_the_connection_dies(environment: dict[str, str]) -> None:
    async with session(environment) as (batch, local, _over):
        number = int((await batch.run(["pid"], limit=PATIENCE))[0])
        hanging = asyncio.create_task(batch.run(["hang"], limit=60))
        await batch.run(["echo"], limit=PATIENCE)
        assert number > 0
        local.process.kill()
        with pytest.raises(Truncated):
            await hanging
        with pytest.raises(Truncated):
            await batch.run(["echo"], limit=1)
    end = time.monotonic() + 10
    while (left := _processes_with(environment["HOME"])) and time.monotonic() < end:
        await asyncio.sleep(0.05)
    assert left == []
    assert not Path(environment["HOME"]).exists()


def _processes_with(home: str) -> list[str]:
    """Processes that have this home directory in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"HOME={home}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(folder.name)
        except OSError:
            continue
    return found


async def test_a_login_that_fails_is_told_from_a_client_that_is_not_there(environment: dict[str, str]) -> None:
    async with running(starting_commands(TEXT)[0], environment | {"STUB": "denied"}) as local:
        with pytest.raises(LoginFailed, match="The password is wrong"):
            await Batch(local).start(TEXT, within=PATIENCE)
    async with running(starting_commands(TEXT)[0], environment | {"PYTHONPATH": ""}) as local:
        with pytest.raises(Refused, match="openstackclient"):
            await Batch(local).start(TEXT, within=PATIENCE)
    async with running(starting_commands(TEXT)[0], environment | {"STUB": "hangs"}) as local:
        with pytest.raises(LoginFailed, match="no answer within 3 s"):
            await Batch(local).start(TEXT, within=3)


async def test_a_pod_without_python_or_with_another_program_refuses(environment: dict[str, str]) -> None:
    for command in (["false"], ["sh", "-c", "echo no python >&2; exit 127"], ["sh", "-c", "echo hello; cat"]):
        path = {"PATH": os.environ["PATH"]}
        async with running(command, path) as local:
            with pytest.raises(NotStarted):
                await Batch(local).start(TEXT, within=3)
    assert shutil.which("sh")
    assert environment


def test_frames_come_in_any_pieces() -> None:
    data = framed({"id": 1, "size": 3}) + b"abc" + framed({"event": "pong"})
    for step in (1, 2, 7, len(data)):
        frames = Frames()
        found = [one for at in range(0, len(data), step) for one in frames.feed(data[at : at + step])]
        assert found == [({"id": 1, "size": 3}, b"abc"), ({"event": "pong"}, b"")]
    with pytest.raises(ValueError, match="too long"):
        list(Frames().feed(b"\xff\xff\xff\xff"))


def test_the_driver_is_python_3_9() -> None:
    source = files("omg.openstack").joinpath("driver.py").read_text()
    ast.parse(source, feature_version=(3, 9))
    assert "match " not in source
