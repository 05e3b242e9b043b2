"""One EDPM node over SSH, with a key that is in memory only."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from omg.edpm.login import Login, Match, is_trusted
from omg.errors import Denied, RequestFailed, TimedOut, Truncated, Unreachable

if TYPE_CHECKING:
    import asyncssh

    from omg.edpm.command import Command

CONNECT_LIMIT = 15.0
"""Seconds for a connection."""

CIPHERS = "^aes128-gcm@openssh.com,aes256-gcm@openssh.com"
"""Tried first: one call decrypts and authenticates a packet; faster here than chacha20, which asyncssh prefers."""


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
        self._is_known = False

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
        data = script.encode()
        command = command_line(len(data), as_root=self.address.user == "root")
        try:
            async with asyncio.timeout(self._stall):
                printed = Printed()
                channel, _ = await connection.create_session(lambda: printed, command, encoding=None, window=WINDOW)
                channel.write(data)
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

        from omg.edpm.host_keys import Client  # noqa: PLC0415 - as above
        from omg.edpm.packets import Network  # noqa: PLC0415 - as above

        address = self.address
        try:
            async with asyncio.timeout(CONNECT_LIMIT + self._stall):
                connection = await asyncssh.connect(
                    address.host,
                    address.port,
                    tunnel=Network(),
                    client_factory=lambda: Client(lambda: not self._is_known),
                    username=address.user,
                    client_keys=[self._login.key],
                    known_hosts=self._match,
                    config=None,  # neither this machine's ~/.ssh nor its agent has a say
                    agent_path=None,
                    preferred_auth="publickey",
                    encryption_algs=CIPHERS,
                    compression_algs=None,  # a report is packed
                    connect_timeout=CONNECT_LIMIT,
                    login_timeout=self._stall,
                )
        except TimeoutError:
            raise TimedOut(f"{self.name}: no connection within the time limit.") from None
        except asyncssh.PermissionDenied:
            raise Denied(f"{self.name}: the key of the Secret {self._login.secret} is not accepted.") from None
        except asyncssh.HostKeyNotVerifiable:
            was = "it had before" if self._host_key is not None else "that is known"
            raise RequestFailed(f"{self.name}: its host key is not the one {was}.") from None
        except asyncssh.Error as error:
            raise Unreachable(f"{self.name}: SSH failed ({error.reason}).") from error
        except OSError as error:
            raise Unreachable(f"{self.name}: it can't be reached ({error.strerror or error}).") from error
        except (ValueError, OverflowError) as error:
            raise RequestFailed(f"{self.name}: there can be no such address ({error}).") from error
        if self._host_key is None:
            self._host_key = connection.get_server_host_key()
            self._note(self._told_of_the_host_key())
        return connection

    def _match(self, host: str, addr: str, port: int | None) -> Match:
        """What is known of the host's key: the one that was seen before, or what the Secret says."""
        match = self._login.match((self.address.name,), host, addr, port)
        if self._host_key is not None:
            match = ([self._host_key], (), *match[2:])
        self._is_known = is_trusted(match)
        return match

    def _told_of_the_host_key(self) -> str:
        told = "is the known one"
        if not self._is_known:
            told = "was accepted once: " + (
                "it was not known before" if self._login.known_hosts is None else "the known hosts do not name its host"
            )
        unread = f" ({self._login.unreadable} lines of the known hosts can't be read)" if self._login.unreadable else ""
        return f"The host key {self._host_key.get_fingerprint()} of {self.address.name} {told}{unread}."


def command_line(size: int, *, as_root: bool) -> str:
    """What the login shell is asked to run, be it sh, csh or fish: a script of so many bytes that comes by stdin.

    A script as an argument would be unquoted by a shell that nobody knows, each in its own way; `env` because sudo
    speaks the language of its environment.
    """
    run = f"sh -c 'eval \"$(dd bs=1 count={size} 2>/dev/null)\"' omg-sos"
    return run if as_root else f"env LC_ALL=C sudo -n {run}"
