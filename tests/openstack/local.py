"""A command on this machine in the place of one in a container: what the driver's session needs of an exec."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

from omg.errors import CommandFailed, Truncated
from omg.openstack.batch import Execution

LAST = 64 * 1024


class Local:
    """A process with its streams."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._errors = bytearray()

    @property
    def stderr(self) -> bytes:
        return bytes(self._errors[-LAST:])

    async def stdout(self) -> AsyncIterator[bytes]:
        assert self.process.stdout is not None
        while data := await self.process.stdout.read(LAST):
            yield data

    async def send(self, data: bytes, /) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(data)
            await self.process.stdin.drain()
        except ConnectionError as error:
            raise Truncated("The connection broke.") from error

    async def wait(self) -> None:
        code = await self.process.wait()
        if code:
            raise CommandFailed(f"exit status {code}", exit_code=code, stderr=self.stderr)

    async def listen(self) -> None:
        assert self.process.stderr is not None
        while data := await self.process.stderr.read(LAST):
            self._errors += data


@asynccontextmanager
async def running(command: Sequence[str], environment: Mapping[str, str]) -> AsyncIterator[Local]:
    """Run a command; it is killed at the end, as a broken connection does not."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment, start_new_session=True
    )
    local = Local(process)
    listening = asyncio.create_task(local.listen())
    try:
        yield local
    finally:
        if process.returncode is None:
            process.kill()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        assert process.stdout is not None
        while await process.stdout.read(LAST):
            pass  # what nobody has read keeps asyncio from seeing the end
        await process.wait()
        await listening


def as_execution(local: Local) -> Execution:
    """It, as the session sees it."""
    return local
