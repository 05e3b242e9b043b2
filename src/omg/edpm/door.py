"""One EDPM node over SSH, with a key that is in memory only."""

import asyncio
import base64
import binascii
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from omg.errors import Denied, RequestFailed, TimedOut, Truncated, Unreachable

if TYPE_CHECKING:
    import asyncssh

    from omg.edpm.command import Command

CONNECT_LIMIT = 15.0
"""Seconds for a connection."""

CIPHERS = "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"
"""Tried first: one call decrypts and authenticates a packet; faster here than chacha20, which asyncssh prefers."""

KEEPALIVE = 10.0

PRIVATE_KEY, KNOWN_HOSTS = "ssh-privatekey", ("known_hosts", "ssh_known_hosts")
"""Keys of the nodeset's Secret."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a node is and who logs in there."""

    name: str
    host: str
    port: int
    user: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.name} ({self.user}@{host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Login:
    """What a Secret holds; nothing of it is ever printed.

    Args:
        secret: its name.
        known_hosts: as OpenSSH keeps them; empty: unknown.
    """

    secret: str
    key: Any = field(repr=False)
    known_hosts: bytes = b""


def login_of(secret: Mapping[str, Any]) -> Login:
    """The login of a Secret object.

    Raises:
        RequestFailed: it holds no key that can be used, and why.
    """
    import asyncssh  # noqa: PLC0415 - half of omg's start-up, for those who asked for EDPM nodes

    name, data = secret["metadata"]["name"], secret.get("data") or {}
    if PRIVATE_KEY not in data:
        raise RequestFailed(f"The Secret {name} has no {PRIVATE_KEY}.")
    try:
        key = asyncssh.import_private_key(base64.b64decode(data[PRIVATE_KEY]))
        known = next((base64.b64decode(data[one]) for one in KNOWN_HOSTS if data.get(one)), b"")
    except (asyncssh.KeyEncryptionError, asyncssh.KeyImportError, binascii.Error, ValueError, TypeError) as error:
        if "passphrase" in str(error).lower() or isinstance(error, asyncssh.KeyEncryptionError):
            raise RequestFailed(f"The key in the Secret {name} is protected by a passphrase.") from None
        raise RequestFailed(f"What the Secret {name} has as {PRIVATE_KEY} is no private key.") from None
    return Login(name, key, known)


class Node:
    """One node, connected when it is first used, and anew when its connection broke.

    Args:
        stall: seconds without a byte after which it is given up.
        heard: is told of the bytes that come.
        note: is told how the host's key was checked.
    """

    def __init__(
        self,
        address: Address,
        login: Login,
        *,
        stall: float,
        heard: Callable[[int], None],
        note: Callable[[str], None],
    ) -> None:
        self.address = address
        self._login = login
        self._stall = stall
        self._heard = heard
        self._note = note
        self._connection: asyncssh.SSHClientConnection | None = None
        self._host_key: Any = None

    @property
    def name(self) -> str:
        """For sentences."""
        return str(self.address)

    @asynccontextmanager
    async def run(self, script: str) -> AsyncIterator["Command"]:
        """A script as root; its stdin stays open for as long as the block lasts.

        Raises:
            Denied, Unreachable, TimedOut, RequestFailed: the node can't be reached, each for its own reason.
        """
        import asyncssh  # noqa: PLC0415 - see login_of

        from omg.edpm.command import WINDOW, Command, Printed  # noqa: PLC0415 - as above

        connection = await self._connected()
        words = "sh -c " + _quoted(script)
        command = words if self.address.user == "root" else f"sudo -n {words}"
        try:
            async with asyncio.timeout(self._stall):
                printed = Printed()
                channel, _ = await connection.create_session(lambda: printed, command, encoding=None, window=WINDOW)
        except TimeoutError:
            self.abort()
            raise TimedOut(f"{self.name}: it hung after the login, for {self._stall:g} s.") from None
        except (asyncssh.Error, OSError) as error:
            self.abort()
            raise Truncated(f"{self.name}: the connection broke ({error}).") from error
        try:
            yield Command(self.name, channel, printed, self._stall, self._heard)
        except (Truncated, TimedOut):
            self.abort()
            raise
        finally:
            channel.close()

    def abort(self) -> None:
        """Drop the connection."""
        if self._connection is not None:
            self._connection.abort()
        self._connection = None

    async def close(self) -> None:
        """End the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            try:
                async with asyncio.timeout(2.0):
                    await connection.wait_closed()
            except TimeoutError:
                connection.abort()

    async def _connected(self) -> "asyncssh.SSHClientConnection":
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._connect()
        return self._connection

    async def _connect(self) -> "asyncssh.SSHClientConnection":
        import asyncssh  # noqa: PLC0415 - see login_of

        address = self.address
        try:
            async with asyncio.timeout(CONNECT_LIMIT + self._stall):
                connection = await asyncssh.connect(
                    address.host,
                    address.port,
                    username=address.user,
                    client_keys=[self._login.key],
                    known_hosts=self._known_hosts(),
                    config=None,  # neither this machine's ~/.ssh nor its agent has a say
                    agent_path=None,
                    preferred_auth="publickey",
                    encryption_algs=CIPHERS,
                    connect_timeout=CONNECT_LIMIT,
                    login_timeout=self._stall,
                    keepalive_interval=KEEPALIVE,
                )
        except TimeoutError:
            raise TimedOut(f"{self.name}: no connection within the time limit.") from None
        except asyncssh.PermissionDenied:
            raise Denied(f"{self.name}: the key of the Secret {self._login.secret} is not accepted.") from None
        except asyncssh.HostKeyNotVerifiable:
            raise RequestFailed(f"{self.name}: its host key is not the one that is known.") from None
        except asyncssh.Error as error:
            raise Unreachable(f"{self.name}: SSH failed ({error.reason}).") from error
        except OSError as error:
            raise Unreachable(f"{self.name}: it can't be reached ({error.strerror or error}).") from error
        if self._host_key is None:
            self._host_key = connection.get_server_host_key()
            told = "is the known one" if self._login.known_hosts else "was accepted once: it was not known before"
            self._note(f"The host key {self._host_key.get_fingerprint()} of {address.name} {told}.")
        return connection

    def _known_hosts(self) -> Any:
        """What asyncssh takes: the key seen before, the known hosts of the Secret, or None for any."""
        if self._host_key is not None:
            return ([self._host_key], [], [])
        return self._login.known_hosts or None


def _quoted(script: str) -> str:
    return "'" + script.replace("'", "'\"'\"'") + "'"
