"""EDPM nodes as they are found: every login shell, every way in which sudo, sos and the disk can be in the way."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from omg.edpm.door import Address, Node
from omg.edpm.login import login_of
from omg.errors import CommandFailed, TimedOut
from omg.sos.options import Wanted
from omg.sos.transfer import fetch, remove
from tests.cluster.testbed.process import free_port
from tests.cluster.testbed.ssh_nodes import CAN_RUN, Account, SshNode, accounts
from tests.edpm.test_login import secret
from tests.sos.machines import made_on

pytestmark = pytest.mark.skipif(not CAN_RUN, reason="needs root, openssh-server, sudo and sosreport")

NOISE = "echo 'Welcome to the machine'; echo 'omg-sos alive'\n"
NOISY = {".bashrc": NOISE, ".cshrc": NOISE, ".zshenv": NOISE, ".config/fish/config.fish": NOISE}
ALL = "USER ALL=(ALL) NOPASSWD: ALL"

SHELLS = {name: path for name in ("sh", "bash", "dash", "csh", "tcsh", "zsh", "fish") if (path := shutil.which(name))}
GOOD = {
    **{name: Account(name, shell=path, files=NOISY) for name, path in SHELLS.items()},
    "pty": Account("pty", sudo=f"Defaults:USER use_pty, log_output, iolog_dir=/run/omg-test\n{ALL}"),
    "lecture": Account("lecture", sudo=f"Defaults:USER lecture=always\n{ALL}"),
    "german": Account("german", shell="/bin/bash", files={".bashrc": "export LANG=de_DE.UTF-8 LANGUAGE=de\n"}),
}
BAD = {
    "asks": (Account("asks", sudo="Defaults:USER lecture=always\nUSER ALL=(ALL) ALL"), "sudo asks for a password"),
    "nobody": (Account("nobody", sudo="# nothing"), "sudo asks for a password"),
    "tty": (Account("tty", sudo=f"Defaults:USER requiretty\n{ALL}"), "switch requiretty off"),
    "little": (
        Account("little", sudo="Defaults:USER !authenticate\nUSER ALL=(ALL) /bin/true"),
        "sudo does not let the user run sh",
    ),
    "nologin": (Account("nologin", shell="/usr/sbin/nologin"), "account is currently not available"),
}
SLEEPY = Account("sleepy", shell="/bin/bash", files={".bashrc": "sleep 60\n"})
PLUGINS = Wanted(plugins=("host", "date"))

FAILING = """#!/bin/sh
case "$*" in *--tmp-dir*) ;; *) echo 'usage: --all-logs'; exit 0 ;; esac
printf 'plugin \\377\\376 exploded\\n' >&2; exit 3
"""
RENAMED = """#!/bin/sh
case "$*" in *--tmp-dir*) ;; *) echo 'usage: --all-logs'; exit 0 ;; esac
while [ $# -gt 1 ]; do shift; done
echo secret >"$1/sosreport-(none)-$(printf '\\303\\244')-2026.tar.xz"; echo abc >"$1/sosreport-(none).tar.xz.sha256"
"""


@dataclass
class Site:
    key: Path
    notes: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def at(self, node: SshNode, user: str, stall: float = 30.0) -> AsyncIterator[Node]:
        login = login_of(secret(self.key.read_bytes()))
        found = Node(
            Address(node.name, node.address, node.port, user),
            login,
            stall=stall,
            heard=lambda _size: None,
            note=self.notes.append,
        )
        try:
            yield found
        finally:
            await found.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    wanted = [SLEEPY, *GOOD.values(), *(account for account, _ in BAD.values())]
    try:
        with accounts(tmp_path_factory.mktemp("keys"), *wanted) as key:
            yield Site(key)
    finally:
        shutil.rmtree("/run/omg-test", ignore_errors=True)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshNode]:
    with SshNode("edpm-a", tmp_path_factory.mktemp("node") / "a", free_port()).serving() as node:
        yield node


@pytest.mark.parametrize("name", GOOD)
async def test_a_report_comes_whole_whatever_the_login_shell_is_and_says(site: Site, node: SshNode, name: str) -> None:
    async with site.at(node, GOOD[name].user) as there:
        made, dropped = await made_on(there, PLUGINS)
        assert "plugin" not in dropped
        data = b"".join([chunk async for chunk in fetch(there, made, site.notes.append)])
        assert len(data) == made.size
        assert data.startswith(b"\xfd7zXZ")
        assert node.left()
        await remove(there, made.folder)
    assert node.left() == []


@pytest.mark.parametrize("name", BAD)
async def test_an_account_that_can_not_be_used_has_its_sentence(site: Site, node: SshNode, name: str) -> None:
    account, sentence = BAD[name]
    async with site.at(node, account.user) as there:
        with pytest.raises(CommandFailed, match=sentence):
            await made_on(there, PLUGINS)
    assert node.left() == []


@pytest.mark.parametrize(
    ("room", "instead", "sentence"),
    [
        ("200m", {"sos": ""}, "sos is not installed there"),
        ("200m", {"sudo": ""}, "sudo is not installed there"),
        ("64k", {}, "/var/tmp is full there"),
        ("200m", {"sos": FAILING}, "sos failed: plugin \ufffd\ufffd exploded"),
    ],
    ids=["no sos", "no sudo", "no room", "bytes that are no text"],
)
async def test_a_node_that_can_not_make_a_report_has_its_sentence(
    site: Site, tmp_path: Path, room: str, instead: dict[str, str], sentence: str
) -> None:
    own = {os.path.realpath(str(shutil.which(name))): script for name, script in instead.items()}
    with SshNode("edpm-b", tmp_path / "b", free_port(), room=room, instead=own).serving() as node:
        async with site.at(node, GOOD["sh"].user) as there:
            with pytest.raises(CommandFailed, match=sentence):
                await made_on(there, PLUGINS)
        assert node.left() == []


async def test_a_login_shell_that_never_comes_to_its_command_is_given_up(site: Site, node: SshNode) -> None:
    async with site.at(node, SLEEPY.user, stall=3.0) as there:
        with pytest.raises(TimedOut, match="it hung after the login, for 3 s"):
            await made_on(there, PLUGINS)
    assert node.left() == []


async def test_a_report_with_a_name_that_no_shell_likes_comes_all_the_same(site: Site, tmp_path: Path) -> None:
    own = {os.path.realpath(str(shutil.which("sos"))): RENAMED}
    with SshNode("edpm-c", tmp_path / "c", free_port(), address="::1", instead=own).serving() as node:
        async with site.at(node, GOOD["sh"].user) as there:
            made, _ = await made_on(there, PLUGINS)
            assert made.ending == ".tar.xz"
            assert [chunk async for chunk in fetch(there, made, site.notes.append)] == [b"secret\n"]
            await remove(there, made.folder)
        assert node.left() == []
