"""The door to a node, against real SSH servers on loopback."""

import base64
import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from omg.edpm.door import Address, Node
from omg.edpm.login import login_of
from omg.errors import CommandFailed, Denied, OmgError, RequestFailed, TimedOut, Truncated, Unreachable
from omg.sos.transfer import fetch, remove
from tests.edpm.serving import USER_KEY, Host, Proxy
from tests.sos.machines import Programs, left_on_this_machine, made_on

pytestmark = pytest.mark.usefixtures("alone_with_reports")


def secret(key: bytes, **more: bytes) -> dict[str, Any]:
    data = {"ssh-privatekey": key, **more}
    return {"metadata": {"name": "ssh"}, "data": {name: base64.b64encode(one).decode() for name, one in data.items()}}


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    async with Host(Programs(tmp_path / "bin")).serving() as host:
        yield host


@asynccontextmanager
async def node_at(
    port: int,
    notes: list[str] | None = None,
    *,
    user: str = "stack",
    stall: float = 5.0,
    host: str = "127.0.0.1",
    key: asyncssh.SSHKey = USER_KEY,
    **more: bytes,
) -> AsyncIterator[Node]:
    login = login_of(secret(key.export_private_key(), **more))
    noted = notes if notes is not None else []
    node = Node(Address("edpm-a", host, port, user), login, stall=stall, heard=lambda _size: None, note=noted.append)
    try:
        yield node
    finally:
        await node.close()


async def printed(node: Node, script: str) -> bytes:
    async with node.run(script) as command:
        output = b"".join([chunk async for chunk in command.stdout()])
        await command.wait()
        return output


async def test_a_script_runs_as_it_is_and_the_host_key_is_noted_once(host: Host) -> None:
    notes: list[str] = []
    async with node_at(host.port, notes) as node:
        assert await printed(node, "printf '%s' \"it's $((1 + 1))\"") == b"it's 2"
        assert await printed(node, "echo again") == b"again\n"
    assert notes == [f"The host key {host.key.get_fingerprint()} of edpm-a was accepted once: it was not known before."]
    assert host.logins == 2  # asked whether the key would do, then shown it


async def test_the_known_host_key_is_checked(host: Host) -> None:
    notes: list[str] = []
    async with node_at(host.port, notes, known_hosts=host.known_hosts) as node:
        assert await printed(node, "echo yes") == b"yes\n"
    assert "is the known one" in notes[0]
    stranger = b"* " + USER_KEY.export_public_key()
    async with node_at(host.port, known_hosts=stranger) as node:
        with pytest.raises(RequestFailed, match="not the one that is known"):
            await printed(node, "echo no")


async def test_a_node_has_an_address_of_version_6(tmp_path: Path) -> None:
    async with Host(Programs(tmp_path / "bin")).serving("::1") as host, node_at(host.port, host="::1") as node:
        assert await printed(node, "echo six") == b"six\n"
        assert node.name == f"edpm-a (stack@[::1]:{host.port})"


async def test_a_key_that_is_not_accepted_and_a_port_that_nobody_hears_are_told_apart(host: Host) -> None:
    async with node_at(host.port, key=asyncssh.generate_private_key("ssh-ed25519")) as node:
        with pytest.raises(Denied, match="the key of the Secret ssh is not accepted"):
            await printed(node, "true")
    async with node_at(1) as node:
        with pytest.raises(Unreachable, match="can't be reached"):
            await printed(node, "true")


async def test_what_answers_without_being_ssh_is_told(tmp_path: Path) -> None:
    async with Proxy(1, after=0, cuts=0).serving() as proxy, node_at(proxy.port) as node:
        with pytest.raises(OmgError, match="edpm-a"):
            await printed(node, "true")


async def test_a_node_that_hangs_after_the_login_is_given_up(tmp_path: Path) -> None:
    async with Host(Programs(tmp_path / "bin"), hangs=True).serving() as host, node_at(host.port, stall=0.3) as node:
        with pytest.raises(TimedOut, match="hung after the login"):
            await printed(node, "true")


async def test_sudo_that_asks_for_a_password_is_told(host: Host) -> None:
    host.programs.tell("sudo.refuses", "sudo: a password is required\n")
    async with node_at(host.port) as node:
        with pytest.raises(CommandFailed, match="sudo asks for a password"):
            await made_on(node)


async def test_a_stream_that_is_cut_or_stalls_is_taken_up_over_a_new_connection(host: Host) -> None:
    there = left_on_this_machine()
    host.programs.tell("sos.size", "200000")
    for stalls in (False, True):
        proxy = Proxy(host.port, after=60_000, cuts=2, stalls=stalls)
        notes: list[str] = []
        async with proxy.serving(), node_at(proxy.port, notes, stall=1.5) as node:
            made, _ = await made_on(node)
            data = b"".join([chunk async for chunk in fetch(node, made, notes.append)])
            assert hashlib.sha256(data).hexdigest() == made.sha256
            await remove(node, made.folder)
        assert sum("taken up again" in note for note in notes) == 2
    assert left_on_this_machine() == there


async def test_a_command_whose_connection_breaks_is_truncated(host: Host) -> None:
    proxy = Proxy(host.port, after=30_000, cuts=1)
    async with proxy.serving(), node_at(proxy.port) as node:
        with pytest.raises(Truncated):
            await printed(node, "head -c 100000 /dev/zero")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"other": "eA=="}, "has no ssh-privatekey"),
        ({"ssh-privatekey": "c2VjcmV0LXdvcmRz"}, "is no private key"),
        ({"ssh-privatekey": "*"}, "is no private key"),
    ],
)
def test_a_secret_without_a_key_is_told_without_its_content(data: dict[str, str], sentence: str) -> None:
    with pytest.raises(RequestFailed, match=sentence) as caught:
        login_of({"metadata": {"name": "ssh"}, "data": data})
    assert "secret-words" not in str(caught.value)


def test_a_key_with_a_passphrase_is_told_and_a_login_never_prints_its_key() -> None:
    locked = (Path(__file__).parent / "locked.key").read_bytes()
    with pytest.raises(RequestFailed, match="protected by a passphrase"):
        login_of(secret(locked))
    key = USER_KEY.export_private_key()
    assert key.split(b"\n")[1].decode() not in repr(login_of(secret(key)))


async def test_a_node_that_is_faster_than_the_disk_has_to_wait(host: Host) -> None:
    size = 96_000_000
    async with node_at(host.port) as node, node.run(f"head -c {size} /dev/zero") as command:
        came = 0
        tracemalloc.start()
        try:
            async for chunk in command.stdout():
                came += len(chunk)
                assert await printed(node, "echo time passes") == b"time passes\n"
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        await command.wait()
    assert came == size
    assert peak < 40_000_000, "what the server of this test holds is counted, too"
