"""What a command in a container prints, as a whole: for tables and statuses, not for dumps."""

import asyncio
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from omg.cluster.exec import Execution
from omg.engine import Run
from omg.errors import Absent, Blocked, CommandFailed, OmgError, TimedOut, Truncated
from omg.tasks.pods import Pod

LONGEST = 64 * 1024 * 1024
"""Bytes of a table that are kept: one of a hundred thousand rows has 20 MB."""

RAN = (CommandFailed, TimedOut, Truncated)
"""How a command fails that has run: its file says so. Where none could run, there is no file."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and why it failed, if it did."""

    stdout: bytes
    error: OmgError | None = None

    def whole(self) -> bytes:
        """The output of a command that ended well.

        Raises:
            OmgError: it did not.
        """
        if self.error is not None:
            raise self.error
        return self.stdout

    def text(self) -> bytes:
        """What its file holds: the output, and of a command that failed one line that says why."""
        if self.error is None:
            return self.stdout
        line_break = b"\n" if self.stdout and not self.stdout.endswith(b"\n") else b""
        reason = " ".join(str(self.error).split())
        return self.stdout + line_break + f"-- omg: {reason} --\n".encode("utf-8", "replace")


async def feed(execution: Execution, data: bytes) -> None:
    """Write to a command's stdin; where it has ended already, its own end says why, and `wait` tells it."""
    with suppress(Truncated):
        await execution.send(data)


@contextmanager
def needing(pod: Pod) -> Iterator[None]:
    """What is asked here needs the pod to run: that there is nothing to ask is no normal state of one that is failing.

    Raises:
        Blocked: in the place of Absent, when the pod is one.
    """
    try:
        yield
    except Absent as error:
        if pod.is_failing:
            raise Blocked(f"{pod.namespace}/{pod.name} does not run as it should: {error}") from error
        raise


async def printed_in(
    run: Run,
    pod: Pod,
    container: str | None,
    command: Sequence[str],
    *,
    fed: bytes = b"",
    called: Sequence[str] | None = None,
) -> Printed:
    """Run a command in a container, None being the pod's main one, within ITEM_TIMEOUT.

    `fed` is what it gets on stdin, and `called` what errors call it, the command itself where it is None.

    Raises:
        OmgError: it could not be started.
    """
    words = shlex.join(called or command)
    stdout = bytearray()
    limit = run.settings.item_timeout
    place = (pod.namespace, pod.name, container or pod.main)
    try:
        async with (
            asyncio.timeout(limit),
            run.cluster.exec(*place, command, stdin=bool(fed), stall=limit) as execution,
        ):
            await feed(execution, fed)
            async for chunk in execution.stdout():
                stdout += chunk
                if len(stdout) > LONGEST:
                    return Printed(bytes(stdout), Truncated(f"{words}: it printed more than {LONGEST >> 20} MiB."))
            await execution.wait()
    except TimeoutError:
        return Printed(bytes(stdout), TimedOut(f"{words}: it had not ended after {limit:g} s."))
    except CommandFailed as error:
        return Printed(bytes(stdout), _named(words, error))
    except (TimedOut, Truncated) as error:
        return Printed(bytes(stdout), type(error)(f"{words}: {error}"))
    return Printed(bytes(stdout))


def _named(words: str, error: CommandFailed) -> CommandFailed:
    """The same with the whole command in it; the door names the program only, for arguments may hold secrets."""
    if error.exit_code is None:
        return CommandFailed(f"{words}: {error}", stderr=error.stderr)
    said = " ".join(error.stderr.decode("utf-8", "replace").split())
    reason = f"exit status {error.exit_code}" + (f": {said}" if said else "")
    return CommandFailed(f"{words}: {reason}", exit_code=error.exit_code, stderr=error.stderr)


async def save_printed(run: Run, *names: str, printed: Printed) -> None:
    """Write what a command printed.

    Raises:
        OmgError: why the command failed, after its file was written.
    """
    if printed.error is None or isinstance(printed.error, RAN):
        await run.output.text(*names, data=printed.text())
    if printed.error is not None:
        raise printed.error
