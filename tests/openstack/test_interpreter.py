"""The client's own interpreter, which need not be the pod's `python3`."""

import subprocess
import sys
from pathlib import Path

import pytest

from omg.openstack import interpreter
from omg.openstack.batch import Batch, NotStarted, Refused, starting_commands
from tests.openstack.local import running
from tests.openstack.sessions import PATIENCE, TEXT, session

BY_PYTHON, BY_SHELL = starting_commands(TEXT)


@pytest.fixture
def wrapped(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A pod whose `python3` has no client; its `openstack` is of a virtual environment that has one."""
    packages = environment.pop("PYTHONPATH")
    script(tmp_path / "venv" / "python", f'#!/bin/sh\nPYTHONPATH={packages} exec {sys.executable} "$@"\n')
    script(tmp_path / "bin" / "openstack", f"#!{tmp_path / 'venv' / 'python'} -s\nimport openstackclient\n")
    return environment


def script(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#!/usr/bin/python3 -s\nimport x\n", ["/usr/bin/python3", "-s"]),
        ("#! /opt/venv/bin/python3.12\n", ["/opt/venv/bin/python3.12"]),
        ("#!/usr/bin/env sh-python\n", ["sh-python"]),
        ("#!/usr/bin/env -S sh-python -I\n", ["sh-python", "-I"]),
        ('#!/bin/sh\n\'\'\'exec\' "/a path/that is long/python" "$0" "$@"\n', ["/a path/that is long/python"]),
        ("#!/bin/sh\n'''exec' /long/pypy3 \"$0\" \"$@\"\n' '''\n", ["/long/pypy3"]),
        ('#!/bin/sh\nexec /opt/openstack "$@"\n', []),
        ("#!/usr/bin/env\n", []),
        ("#!\n", []),
        ("", []),
        ("\x7fELF\udcff\udcfe\n", []),
    ],
)
def test_the_interpreter_is_what_the_first_lines_of_the_script_name(
    tmp_path: Path, text: str, words: list[str]
) -> None:
    path = tmp_path / "openstack"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert interpreter.named_in(path) == words  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("command", [BY_PYTHON, BY_SHELL])
async def test_the_driver_runs_by_the_interpreter_of_the_client(wrapped: dict[str, str], command: list[str]) -> None:
    async with session(wrapped, command) as (batch, _local, _over):
        assert await batch.run(["echo", "x"], limit=PATIENCE) == (b"x\n", None)


async def test_a_pod_without_python3_has_the_other_way(wrapped: dict[str, str], tmp_path: Path) -> None:
    wrapped["PATH"] = str(tmp_path / "bin")
    (tmp_path / "bin" / "python3").unlink()
    (tmp_path / "bin" / "sh").symlink_to("/bin/sh")
    with pytest.raises(FileNotFoundError):
        subprocess.run(BY_PYTHON, env=wrapped, check=False)
    async with session(wrapped, BY_SHELL) as (batch, _local, _over):
        assert await batch.run(["echo", "x"], limit=PATIENCE) == (b"x\n", None)


@pytest.mark.parametrize("line", ["#!/no/such/python", "#!/bin/sh", "\x7fELF"])
async def test_a_client_that_names_no_python_that_is_there_leaves_python3(
    environment: dict[str, str], tmp_path: Path, line: str
) -> None:
    script(tmp_path / "bin" / "openstack", f"{line}\nexec nothing\n")
    async with session(environment) as (batch, _local, _over):
        assert await batch.run(["echo", "x"], limit=PATIENCE) == (b"x\n", None)
    async with running(BY_SHELL, environment) as local:
        with pytest.raises(NotStarted):
            await Batch(local).start(TEXT, within=PATIENCE)


async def test_why_the_client_could_not_be_set_up_is_told(environment: dict[str, str]) -> None:
    async with running(BY_PYTHON, environment | {"STUB": "misconfigured"}) as local:
        with pytest.raises(Refused, match=r"ValueError: Missing value auth-url"):
            await Batch(local).start(TEXT, within=PATIENCE)
