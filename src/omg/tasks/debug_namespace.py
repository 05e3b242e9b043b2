"""Where the debug pods of the nodes live: in the namespace that omg runs in, or in a temporary one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from omg.cluster.debug_pod import DEADLINE, SELECTOR, Owner, temporary_namespace
from omg.cluster.door import Cluster
from omg.engine import EVERYWHERE, Access, Run
from omg.errors import Blocked, Denied, OmgError, RequestFailed
from omg.tasks.kinds import NAMESPACES, PODS

MINE = "$RUN_NAMESPACE"

READS = (
    Access("", "pods", "get", MINE),
    Access("", "events", "list", MINE),
    Access("", "namespaces", "list", EVERYWHERE, unless=MINE),
    # Never asked for: OpenShift's admission looks whether whoever makes a privileged pod has it.
    Access("security.openshift.io", "securitycontextconstraints", "use", MINE, name="privileged"),
    Access("", "pods", "list", EVERYWHERE, unless=MINE),
)
CHANGES = (
    Access("", "namespaces", "create", EVERYWHERE, unless=MINE),
    Access("", "namespaces", "delete", EVERYWHERE, unless=MINE),
    Access("", "pods", "create", MINE),
    Access("", "pods", "delete", MINE),
    Access("", "pods/exec", "create", MINE),
)
"""What a task that uses debug pods declares."""

KEY = "namespace/temporary"
"""Of the item that holds the namespace."""

FORGOTTEN = timedelta(seconds=DEADLINE)
"""Age at which a debug pod has ended, whoever made it."""


class DebugNamespace:
    """The namespace, for as long as somebody is in it."""

    def __init__(self) -> None:
        self._name = ""
        self._temporary = ""
        self._owner: Owner | None = None
        self._cluster: Cluster | None = None
        self._known, self._over, self._empty = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._guests: set[str] = set()
        self._empty.set()

    def enter(self, guest: str) -> tuple[str, Owner | None]:
        """The namespace, which stays until the guest leaves, and the owner of what is made there, if it has one.

        Raises:
            Blocked: there is none.
        """
        if not self._name or self._over.is_set():
            raise Blocked("A namespace for the debug pod could not be had.")
        self._guests.add(guest)
        self._empty.clear()
        return self._name, self._owner

    def leave(self, guest: str) -> None:
        """The guest has removed what it had there."""
        self._guests.discard(guest)
        if not self._guests:
            self._empty.set()

    async def hold(self, run: Run, _key: str) -> None:
        """Have the namespace made, and keep it until nobody needs it any more; a session without a slot."""
        self._cluster = run.cluster
        try:
            if run.settings.run_namespace:
                self._owner = await owner_of(run)
                self._name = run.settings.run_namespace
                return
            try:
                await remove_forgotten(run)
            except OmgError as error:
                run.note(f"What earlier runs may have left was not looked for: {error}")
            name, manifest = temporary_namespace()
            self._temporary = name  # from now on it has to be removed, whether the answer comes or not
            try:
                await run.cluster.create(NAMESPACES, manifest)
            except (Denied, RequestFailed):
                self._temporary = ""
                raise
            self._name = name
            run.give_back_slot()
        finally:
            self._known.set()
        await self._over.wait()

    async def end(self, _run: Run, _key: str) -> None:
        """Remove the namespace when everybody has left."""
        await self._empty.wait()
        if self._temporary and self._cluster is not None:
            await self._cluster.delete(NAMESPACES, self._temporary)

    async def known(self) -> None:
        """Wait until it is known whether there is one."""
        await self._known.wait()

    def close(self) -> None:
        """Nobody will enter any more."""
        self._over.set()


@asynccontextmanager
async def debug_namespace(run: Run) -> AsyncIterator[DebugNamespace]:
    """The namespace, for the items of the task whose body this is called in."""
    home = DebugNamespace()
    holding = asyncio.create_task(run.each([KEY], home.hold, cleanup=home.end, priority=lambda _key: -1.0))
    known = asyncio.create_task(home.known())
    try:
        await asyncio.wait({holding, known}, return_when=asyncio.FIRST_COMPLETED)
        yield home
    finally:
        home.close()
        known.cancel()
        await holding


async def owner_of(run: Run) -> Owner | None:
    """The pod that omg runs in; None, with a note, where that can't be known."""
    name = run.settings.own_pod
    if name is None:
        return None
    try:
        pod = await run.cluster.get(PODS, name, namespace=run.settings.run_namespace)
    except OmgError as error:
        run.note(f"The debug pods have no owner: {error}")
        return None
    return Owner(name, pod["metadata"]["uid"])


async def remove_forgotten(run: Run) -> None:
    """Remove the temporary namespaces that runs before this one could not: they were killed."""
    async for page in run.cluster.list(NAMESPACES, labels=SELECTOR):
        for one in page.objects():
            name = one["metadata"]["name"]
            if is_old(one, run.now) and not await is_in_use(run, name):
                await run.cluster.delete(NAMESPACES, name)
                run.note(f"The namespace {name} of a run that was killed was removed.")


async def is_in_use(run: Run, namespace: str) -> bool:
    """Whether a pod in it may still work: a run with many nodes takes longer than one of its pods."""
    pods = run.cluster.list(PODS, namespace=namespace, metadata_only=True)
    return any([not is_old(one, run.now) async for page in pods for one in page.objects()])


def is_old(one: Mapping[str, Any], now: datetime) -> bool:
    """Whether an object is of a time whose debug pods have all ended."""
    return now - datetime.fromisoformat(one["metadata"]["creationTimestamp"]) > FORGOTTEN
