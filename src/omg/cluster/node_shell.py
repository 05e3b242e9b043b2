"""Scripts as root on a node, through its debug pod."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from omg.cluster.debug_pod import CONTAINER, DebugPod
from omg.cluster.door import Cluster
from omg.cluster.exec import Execution
from omg.errors import Absent, Unreachable


class NodeShell:
    """One node, as omg.sos.transfer takes a machine.

    Args:
        prelude: goes before every script.
        stall: seconds without output after which a script is given up.
    """

    def __init__(self, cluster: Cluster, pod: DebugPod, *, prelude: str, stall: float) -> None:
        self._cluster = cluster
        self._pod = pod
        self._prelude = prelude
        self._stall = stall

    @property
    def name(self) -> str:
        """For sentences."""
        return f"node {self._pod.node}"

    @asynccontextmanager
    async def run(self, script: str) -> AsyncIterator[Execution]:
        """A script with the node's root as its own; its stdin stays open for as long as the block lasts.

        Raises:
            Unreachable: the pod is gone, or its node does not answer.
            OmgError: see Cluster.exec.
        """
        command = ("chroot", "/host", "sh", "-c", self._prelude + script)
        where = (self._pod.namespace, self._pod.name, CONTAINER)
        try:
            async with self._cluster.exec(*where, command, stdin=True, stall=self._stall) as execution:
                yield execution
        except Absent as error:
            raise Unreachable(f"The debug pod on the node {self._pod.node} is gone: {error}") from error
