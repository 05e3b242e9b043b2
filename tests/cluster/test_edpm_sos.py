"""Whole runs over EDPM nodes: a real sos behind a real sshd on loopback, several ports as several nodes. Needs root."""

import asyncio
import base64
import os
import shutil
import signal
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from omg.embedded.corpus import demo_corpus
from omg.embedded.server import EmbeddedCluster
from tests.cluster.testbed.process import free_port
from tests.cluster.testbed.ssh_nodes import CAN_RUN, Account, SshNode, accounts
from tests.gather.test_edpm_sos import API
from tests.gathering import Gathering

GOOD, ASKING = Account("good"), Account("asking", sudo="USER ALL=(ALL) ALL")
NAMES = ("edpm-a", "edpm-b", "edpm-c")

SLOW = """#!/bin/sh
case "$*" in *--tmp-dir*) ;; *) echo 'usage: --all-logs'; exit 0 ;; esac
while [ $# -gt 1 ]; do shift; done
mkdir "$1/sosreport-x" && echo much >"$1/sosreport-x/file" && sleep 300
"""

pytestmark = pytest.mark.skipif(not CAN_RUN, reason="needs root, openssh-server, sudo and sosreport")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with accounts(tmp_path_factory.mktemp("keys"), GOOD, ASKING) as key:
        yield key


@pytest.fixture
def nodes(key: Path, tmp_path: Path) -> Iterator[dict[str, SshNode]]:
    with ExitStack() as stack:
        found = [SshNode(name, tmp_path / name, free_port()) for name in NAMES]
        yield {node.name: stack.enter_context(node.serving()) for node in found}


@pytest.fixture
def special(key: Path, tmp_path: Path) -> Iterator[dict[str, SshNode]]:
    """Nodes on which sos can't be had, has no room, and takes long."""
    sos = os.path.realpath(str(shutil.which("sos")))
    with ExitStack() as stack:
        found = [
            SshNode("no-sos", tmp_path / "no-sos", free_port(), instead={sos: ""}),
            SshNode("no-room", tmp_path / "no-room", free_port(), room="64k"),
            SshNode("slow", tmp_path / "slow", free_port(), instead={sos: SLOW}),
        ]
        yield {node.name: stack.enter_context(node.serving()) for node in found}


def addressed(node: SshNode, **ansible: Any) -> dict[str, Any]:
    return {"hostName": node.name, "ansible": {"ansibleHost": node.address, "ansiblePort": node.port, **ansible}}


def objects(key: Path, *nodes: dict[str, Any]) -> list[dict[str, Any]]:
    template = {"ansible": {"ansibleUser": GOOD.user}, "ansibleSSHPrivateKeySecret": "edpm-key"}
    return [
        {
            "apiVersion": API,
            "kind": "OpenStackDataPlaneNodeSet",
            "metadata": {"name": "edpm", "namespace": "openstack"},
            "spec": {"nodeTemplate": template, "nodes": {one["hostName"]: one for one in nodes}},
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "edpm-key", "namespace": "openstack"},
            "type": "Opaque",
            "data": {"ssh-privatekey": base64.b64encode(key.read_bytes()).decode()},
        },
    ]


@asynccontextmanager
async def gathering(tmp_path: Path, key: Path, *nodes: dict[str, Any]) -> AsyncIterator[Gathering]:
    demo = demo_corpus(log_bytes=100_000)
    others = [one for one in demo.objects if one.get("kind") != "OpenStackDataPlaneNodeSet"]
    async with EmbeddedCluster(replace(demo, objects=[*others, *objects(key, *nodes)])) as cluster:
        cluster.write_kubeconfig(tmp_path / "kubeconfig")
        yield Gathering(cluster, tmp_path / "kubeconfig", tmp_path / "out")


QUICK = {"SOS_EDPM_PROFILES": "", "SOS_EDPM_PLUGINS": "host,date"}


def records(there: Gathering) -> dict[str, dict[str, Any]]:
    lines = (one for one in there.journal() if one.get("task") == "edpm_sos" and "outcome" in one)
    return {one["key"]: one for one in lines}


async def test_real_reports_come_whole_and_nothing_stays_on_the_nodes(
    key: Path, nodes: dict[str, SshNode], tmp_path: Path
) -> None:
    async with gathering(tmp_path, key, *map(addressed, nodes.values())) as there:
        result = await there.run(
            "edpm_sos",
            sos_edpm="all",
            sos_edpm_profiles="openstack_edpm",
            sos_edpm_plugins="host,date",
            sos_edpm_journal_size="50",
        )
    assert result.exit_code == 0, there.view.records
    for name, node in nodes.items():
        link = tmp_path / "out/sos-reports/nova" / f"sos-report-{name}"
        with tarfile.open(link) as report:
            assert any(member.endswith("/sos_commands/host/hostname") for member in report.getnames())
        reason = there.reason("edpm_sos", name)
        assert "the option --journal-size, the profile openstack_edpm" in reason
        assert node.left() == []
    assert list(there.found(lines_of(key))) == []


async def test_each_node_that_fails_says_why_and_the_others_are_unharmed(
    key: Path, nodes: dict[str, SshNode], special: dict[str, SshNode], tmp_path: Path
) -> None:
    first, second, third = nodes.values()
    found = [
        addressed(first),
        addressed(second, ansibleUser=ASKING.user),
        addressed(third, ansibleVars={"ansible_ssh_user": "root"}),
        addressed(special["no-sos"]),
        addressed(special["no-room"]),
        {"hostName": "away", "ansible": {"ansibleHost": "127.0.0.1", "ansiblePort": 1}},
        {"hostName": "undeployed.invalid"},
    ]
    async with gathering(tmp_path, key, *found) as there:
        await there.command("gather", str(there.root), "--only=edpm_sos", SOS_EDPM="all,edpm-z", **QUICK)
    sentences = {
        "edpm-b": "sudo asks for a password there: allow the user NOPASSWD: ALL.",
        "edpm-c": "the key of the Secret edpm-key is not accepted.",
        "no-sos": "sos is not installed there: install the package sos.",
        "no-room": "/var/tmp is full there: free some space.",
        "away": "it can't be reached (",
        "undeployed.invalid": "The nodeset edpm says no address for it: is it deployed?",
        "edpm-z": "there are: away, edpm-a, edpm-b, edpm-c, no-room, no-sos, undeployed.invalid.",
    }
    ended = records(there)
    assert ended["edpm-a"]["outcome"] == "collected"
    for name, sentence in sentences.items():
        assert sentence in ended[name]["reason"], ended[name]
    assert set(ended) == {"", "secret/edpm-key", "edpm-a", *sentences}, "no clean-up failed"
    assert [node.left() for node in (*nodes.values(), *special.values())] == [[]] * 6


def lines_of(key: Path) -> list[bytes]:
    """What tells a key from others; the first line of all is the same."""
    return [line for line in key.read_bytes().splitlines() if b"-----" not in line][1:]


def holders(lines: list[bytes]) -> list[str]:
    """The processes that have one of these lines among their arguments or in their environment."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for name in ("cmdline", "environ"):
            with suppress(OSError):
                data = Path("/proc", pid, name).read_bytes()
                found += [f"{pid} {name}" for line in lines if line in data]
    return found


def files_with(lines: list[bytes], *places: Path) -> list[str]:
    found = []
    for path in (path for place in places for path in place.rglob("*")):
        with suppress(OSError):
            if path.is_file() and any(line in path.read_bytes() for line in lines):
                found.append(str(path))
    return found


async def until(there: Any, within: float = 30.0) -> None:
    async with asyncio.timeout(within):
        while not there():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_a_run_that_ends_while_sos_works_leaves_nothing_there_and_its_key_was_nowhere(
    key: Path, special: dict[str, SshNode], tmp_path: Path, number: signal.Signals
) -> None:
    node, lines = special["slow"], lines_of(key)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    async with gathering(tmp_path, key, addressed(node)) as there:
        settings = {**QUICK, "SOS_EDPM": "slow", "TMPDIR": str(temporary)}
        process = await there.start("gather", str(there.root), "--only=edpm_sos", **settings)
        await until(lambda: list(node.var_tmp.glob("omg-sos.*/sosreport-x/file")))
        assert holders(lines) == []
        assert files_with(lines, there.root, temporary, Path("/dev/shm"), node.var_tmp) == []
        process.send_signal(number)
        await process.communicate()
    await until(lambda: node.left() == [])
    assert files_with(lines, there.root, temporary, Path("/dev/shm")) == []
