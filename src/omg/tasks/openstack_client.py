"""The client of OpenStack in its pod: one process for all commands where that can be, else one for each."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

from omg.engine import SHARED, Run, Work
from omg.errors import Absent, Blocked, CommandFailed, OmgError, Truncated
from omg.openstack.batch import Batch, LoginFailed, NotStarted, Refused, driver_text, starting_commands
from omg.tasks.command_output import Printed, printed_in
from omg.tasks.pods import Pod

CLIENT = "openstackclient"
"""The pod in which RHOSO keeps the client and its credentials."""

DRIVER = "driver"
"""The key of the item that holds the session."""

DRIVEN = "openstack"
"""The pool of slots for commands that go through the session: for the API server they all are one request, whose slot
the session holds."""


class Client:
    """Runs `openstack` commands for the items of one task.

    The driver is asked first. Where there is none, a command is run by an exec of its own, in its item's slot. Where it
    broke off, the session's slot is lent to one command after the other, also to those that were under way: all of them
    only read, so it does no harm to run one twice.
    """

    def __init__(self, pod: Pod) -> None:
        self._pod = pod
        self._batch: Batch | None = None
        self._session: Run | None = None
        self._in_the_pod = asyncio.Lock()
        self._locked_out = ""
        self._known = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def pool(self) -> str:
        """Whose slots the commands use."""
        return SHARED if self._session is None else DRIVEN

    async def printed(self, run: Run, arguments: Sequence[str]) -> Printed:
        """What a command prints, within ITEM_TIMEOUT.

        Raises:
            Blocked: the client can't authenticate.
            OmgError: the command could not be started.
        """
        if self._locked_out:
            raise Blocked(self._locked_out)
        if self._batch is not None:
            try:
                stdout, error = await self._batch.run(arguments, limit=run.settings.item_timeout)
            except Truncated:
                self._batch = None
            else:
                run.heard(len(stdout) or 1)
                return Printed(stdout, error)
        command = ("openstack", *arguments)
        try:
            if self._session is None:
                return await printed_in(run, self._pod, None, command)
            async with self._in_the_pod:
                printed = await printed_in(self._session, self._pod, None, command)
        except Absent as error:  # it was there when the pods were listed
            raise Blocked(f"The client can't be asked: {error}") from error
        run.heard(len(printed.stdout) or 1)
        return printed

    async def hold(self, run: Run, pod: Pod) -> int:
        """Start the driver and keep the session until nobody needs it any more; how many commands it has run.

        Raises:
            Absent: there can't be a driver, and why; commands are run one by one.
            CommandFailed: the client can't authenticate.
        """
        try:
            async with self._in_the_pod:
                return await self._session_in(run, pod)
        except LoginFailed as failure:
            self._locked_out = f"The client in {pod.namespace}/{pod.name} could not authenticate: {failure}"
            raise CommandFailed(self._locked_out) from failure
        except (Refused, OmgError) as error:
            if self._session is not None:
                await self._over.wait()
                raise
            raise Absent(
                f"The commands were run one by one: no driver in {pod.namespace}/{pod.name}: {error}"
            ) from error
        finally:
            self._known.set()

    async def _session_in(self, run: Run, pod: Pod) -> int:
        limit = run.settings.item_timeout
        text = driver_text(limit)
        why = []
        for command in starting_commands(text):
            place = (pod.namespace, pod.name, pod.main)
            async with run.cluster.exec(*place, command, stdin=True, stall=limit) as execution:
                batch = Batch(execution)
                try:
                    await batch.start(text, within=limit)
                except NotStarted as error:
                    why.append(f"{command[0]}: {str(error).partition(' -c ')[0]}")  # what follows is omg's own text
                    continue
                self._batch, self._session = batch, run
                self._known.set()
                await batch.serve(self._over)
                return batch.commands
        raise Refused("; ".join(why))

    async def known(self) -> None:
        """Wait until it is known how commands are run."""
        await self._known.wait()

    def close(self) -> None:
        """End the session; what is still asked then is run by itself, in its item's slot."""
        self._batch = self._session = None
        self._over.set()


def client_pod(found: Iterable[Pod], namespace: str) -> Pod | None:
    """The pod with the client."""
    return next((pod for pod in found if (pod.namespace, pod.name) == (namespace, CLIENT)), None)


@asynccontextmanager
async def client_in(run: Run, pod: Pod) -> AsyncIterator[Client]:
    """The client in a pod, for the items of the task whose body this is called in."""
    client = Client(pod)
    session = asyncio.create_task(
        run.each([pod], client.hold, key=lambda _pod: DRIVER, priority=lambda _pod: -1.0, work=Work.COMMAND)
    )
    known = asyncio.create_task(client.known())
    try:
        await asyncio.wait({session, known}, return_when=asyncio.FIRST_COMPLETED)
        yield client
    finally:
        client.close()
        known.cancel()
        await session
