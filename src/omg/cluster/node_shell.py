"""Scripts as root on a node, through its debug pod."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from omg.cluster.debug_pod import CONTAINER, DebugPod
from omg.cluster.door import Cluster
from omg.cluster.exec import Execution
from omg.errors import Absent, OmgError, Unreachable

SAID_EVERY = 5.0
"""Seconds between two words to a script, a fraction of its patience."""


class NodeShell:
    """One node, as omg.sos.transfer takes a machine.

    Args:
        runner: a script that runs its first argument, and ends its stdin when nothing has come for a while.
        stall: seconds without output after which a script is given up.
    """

    def __init__(self, cluster: Cluster, pod: DebugPod, *, runner: str, stall: float) -> None:
        self._cluster = cluster
        self._pod = pod
        self._runner = runner
        self._stall = stall

    @property
    def name(self) -> str:
        """For sentences."""
        return f"node {self._pod.node}"

    @asynccontextmanager
    async def run(self, script: str) -> AsyncIterator[Execution]:
        """A script with the node's root as its own; it hears that somebody is there for as long as the block lasts.

        Raises:
            Unreachable: the pod is gone, or its node does not answer.
            OmgError: see Cluster.exec.
        """
        command = ("chroot", "/host", "sh", "-c", self._runner, "omg-sos", script)
        where = (self._pod.namespace, self._pod.name, CONTAINER)
        try:
            async with self._cluster.exec(*where, command, stdin=True, stall=self._stall) as execution:
                saying = asyncio.create_task(say_that_one_is_there(execution))
                try:
                    yield execution
                finally:
                    saying.cancel()
        except Absent as error:
            raise Unreachable(f"The debug pod on the node {self._pod.node} is gone: {error}") from error


async def say_that_one_is_there(execution: Execution) -> None:
    """Send a byte now and then; when that fails, whoever reads the output finds out why."""
    with suppress(OmgError):
        while True:
            await execution.send(b".")
            await asyncio.sleep(SAID_EVERY)
