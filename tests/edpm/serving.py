"""EDPM nodes: SSH servers on loopback that run commands with the real shell; and what stands between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from tests.sos.machines import Programs

USER_KEY = asyncssh.generate_private_key("ssh-ed25519")


@dataclass
class Host:
    """A server.

    Args:
        hangs: commands never start.
        options: for asyncssh, such as the ciphers that the server knows.
    """

    programs: Programs
    user: str = "stack"
    hangs: bool = False
    key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    options: dict[str, Any] = field(default_factory=dict)
    logins: int = 0
    port: int = 0
    running: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def known_hosts(self) -> bytes:
        return b"* " + self.key.export_public_key()

    @asynccontextmanager
    async def serving(self, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator["Host"]:
        server = await asyncssh.listen(
            address,
            port,
            server_factory=lambda: _Logins(self),
            server_host_keys=[self.key],
            process_factory=self._run,
            encoding=None,
            **self.options,
        )
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()
            for one in self.running:
                one.cancel()
            if self.running:
                await asyncio.wait(self.running)

    async def _run(self, process: "asyncssh.SSHServerProcess[bytes]") -> None:
        task = asyncio.current_task()
        assert task is not None
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        if self.hangs:
            await process.channel.wait_closed()
            return
        local = await asyncio.create_subprocess_exec(
            "sh",
            "-c",
            process.command or "",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self.programs.environment,
        )
        assert local.stdin is not None
        assert local.stdout is not None
        assert local.stderr is not None
        pumps = [
            asyncio.create_task(_pump(process.stdin, local.stdin, ends=True)),
            asyncio.create_task(_pump(local.stdout, process.stdout)),
            asyncio.create_task(_pump(local.stderr, process.stderr)),
        ]
        try:
            await asyncio.wait(pumps[1:])
            status = await local.wait()
            process.exit(status)
        finally:
            for one in pumps:
                one.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            local.stdin.close()
            await local.communicate()


async def _pump(source: Any, target: Any, *, ends: bool = False) -> None:
    """Carry bytes on until there are no more, or nobody takes them."""
    try:
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
    except (asyncssh.Error, OSError):
        pass
    finally:
        if ends:
            target.close()
        elif hasattr(source, "feed_eof"):
            while await source.read(65536):
                pass


class _Logins(asyncssh.SSHServer):
    def __init__(self, host: Host) -> None:
        self._host = host

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        fits = username == self._host.user and key == USER_KEY.convert_to_public()
        self._host.logins += fits
        return fits


class Proxy:
    """Stands in front of a server, and harms connections when so many bytes have come from it: cuts them.

    Args:
        cuts: how many connections; the ones after that are left alone.
        stalls: lets them stall instead.
        falsifies: changes a byte of them instead.
    """

    def __init__(self, port: int, *, after: int, cuts: int, stalls: bool = False, falsifies: bool = False) -> None:
        self.target, self.after, self.cuts, self.stalls, self.falsifies = port, after, cuts, stalls, falsifies
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Proxy"]:
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for one in self._tasks:
                one.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, to_them = await asyncio.open_connection("127.0.0.1", self.target)
        up = asyncio.create_task(self._pipe(reader, to_them))
        down = asyncio.create_task(self._pipe(theirs, writer, cutting=True))
        self._tasks |= {up, down}
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        for one in (up, down):
            one.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
        for end in (writer, to_them):
            end.transport.abort()

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, cutting: bool = False) -> None:
        passed = 0
        while chunk := await reader.read(4096):
            passed += len(chunk)
            if cutting and self.cuts and passed > self.after:
                self.cuts -= 1
                if self.stalls:
                    await asyncio.Event().wait()
                if not self.falsifies:
                    return
                at = len(chunk) // 3  # not the first: chunks often begin with a packet's length
                chunk = chunk[:at] + bytes([chunk[at] ^ 1]) + chunk[at + 1 :]
            writer.write(chunk)
            await writer.drain()
