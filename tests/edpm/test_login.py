"""What a nodeset's Secret may hold: keys in every notation, and known hosts."""

import asyncio
import base64
import hmac
from collections.abc import Callable
from pathlib import Path

import asyncssh
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omg.edpm.door import Address, Node
from omg.edpm.login import login_of
from omg.errors import RequestFailed
from tests.edpm.serving import USER_KEY, Host
from tests.sos.machines import Programs

ED25519 = USER_KEY
RSA = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
EC = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
NO_KEY = "What the Secret ssh has as ssh-privatekey is no private key."

DSA = asyncssh.generate_private_key("ssh-dss")


def secret(key: bytes, **more: bytes) -> dict[str, object]:
    data = {"ssh-privatekey": key, **more}
    return {"metadata": {"name": "ssh"}, "data": {name: base64.b64encode(one).decode() for name, one in data.items()}}


@pytest.mark.parametrize(
    ("key", "form"),
    [
        (RSA, "openssh"),
        (RSA, "pkcs1-pem"),
        (RSA, "pkcs8-pem"),
        (EC, "openssh"),
        (EC, "pkcs1-pem"),
        (EC, "pkcs8-pem"),
        (ED25519, "openssh"),
        (ED25519, "pkcs8-pem"),
        (RSA, "pkcs8-der"),
        (DSA, "openssh"),
    ],
)
@pytest.mark.parametrize(
    "kept",
    [
        lambda data: data,
        lambda data: data.replace(b"\n", b"\r\n"),
        bytes.rstrip,
        lambda data: b"\n\n" + data.replace(b"\n", b"\n    ") + b"\n\n",
        lambda data: b"\xef\xbb\xbf" + data,
    ],
    ids=["as it is", "CRLF", "no line's end", "indented", "byte order mark"],
)
def test_a_key_is_read_in_whatever_notation(key: asyncssh.SSHKey, form: str, kept: Callable[[bytes], bytes]) -> None:
    written = key.export_private_key(form)
    found = login_of(secret(written if form.endswith("der") else kept(written)))
    assert found.key.export_public_key() == key.convert_to_public().export_public_key()


@pytest.mark.parametrize("form", ["pkcs8-pem", "pkcs1-pem"])
def test_a_key_with_a_passphrase_is_told_in_each_notation(form: str) -> None:
    locked = RSA.export_private_key(form, passphrase="sesame", cipher_name="aes256-cbc")
    with pytest.raises(RequestFailed, match="protected by a passphrase"):
        login_of(secret(locked))


@settings(max_examples=200, deadline=None)
@given(form=st.sampled_from(["openssh", "pkcs8-pem", "pkcs1-pem"]), at=st.integers(0, 300), junk=st.binary(max_size=5))
def test_a_key_that_is_damaged_is_told_without_a_byte_of_it(form: str, at: int, junk: bytes) -> None:
    whole = EC.export_private_key(form)
    damaged = whole[:at] + junk + whole[at + 3 :]
    said = ""
    try:
        login_of(secret(damaged))
    except RequestFailed as error:
        said = str(error)
    assert said in {"", NO_KEY, "The key in the Secret ssh is protected by a passphrase."}


def known(host: Host, name: str) -> bytes:
    return name.encode() + b" " + host.key.export_public_key()


def hashed(name: str) -> str:
    salt = b"0123456789abcdefghij"
    digest = hmac.new(salt, name.encode(), "sha1").digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


async def noted(host: Host, known_hosts: bytes) -> str:
    """How the key of the host was checked."""
    notes: list[str] = []
    login = login_of(secret(USER_KEY.export_private_key(), known_hosts=known_hosts))
    address = Address("edpm-a", "127.0.0.1", host.port, "stack")
    node = Node(address, login, stall=10.0, heard=lambda _size: None, note=notes.append)
    try:
        async with node.run("exit 0") as command:
            await command.wait()
    finally:
        await node.close()
    (note,) = notes
    return note


async def test_known_hosts_name_a_host_by_address_port_hash_or_its_name_in_the_nodeset(tmp_path: Path) -> None:
    async with Host(Programs(tmp_path / "bin")).serving() as host:
        there = f"[127.0.0.1]:{host.port}"
        names = ("127.0.0.1", there, hashed("127.0.0.1"), hashed(there), "edpm-a", f"[edpm-a]:{host.port}", "127.0.0.*")
        for name in names:
            assert "is the known one" in await noted(host, known(host, name)), name
            with pytest.raises(RequestFailed, match="not the one that is known"):
                await noted(host, name.encode() + b" " + USER_KEY.export_public_key())


async def test_a_host_that_the_known_hosts_do_not_name_is_accepted_once_and_that_is_said(tmp_path: Path) -> None:
    async with Host(Programs(tmp_path / "bin")).serving() as host:
        others = b"# written by hand\nnonsense\n\n192.0.2.9 " + USER_KEY.export_public_key()
        note = await noted(host, others)
        assert "was accepted once: the known hosts do not name its host (1 lines of the known hosts can't" in note
        revoked = b"@revoked * " + host.key.export_public_key()
        with pytest.raises(RequestFailed, match="host key"):
            await noted(host, revoked)


async def test_a_host_whose_key_changes_between_two_connections_is_not_spoken_to_again(tmp_path: Path) -> None:
    login = login_of(secret(USER_KEY.export_private_key()))
    notes: list[str] = []
    first = Host(Programs(tmp_path / "bin"))
    async with first.serving() as host:
        address = Address("edpm-a", "127.0.0.1", host.port, "stack")
        node = Node(address, login, stall=10.0, heard=lambda _size: None, note=notes.append)
        async with node.run("exit 0") as command:
            await command.wait()
        node.abort()
    async with Host(first.programs).serving(port=host.port) as other:
        with pytest.raises(RequestFailed, match="not the one it had before"):
            async with node.run("exit 0"):
                await asyncio.sleep(0)
        assert other.logins == 0
    assert len(notes) == 1
