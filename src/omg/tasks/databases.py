"""Dumps of the services' databases, for those that were asked for."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.engine import Access, Run, Work, task
from omg.errors import Absent, CommandFailed, RequestFailed
from omg.settings import Settings
from omg.tasks.control_planes import control_planes
from omg.tasks.database_server import CONTAINER, DatabaseServer, codes_in
from omg.tasks.kinds import PODS, SECRETS
from omg.tasks.listed_pods import slim
from omg.tasks.namespaces import namespaces
from omg.tasks.pods import Pod, pods

OPTIONS = ("-uroot", "--single-transaction", "--complete-insert", "--skip-lock-tables", "--lock-tables=0")
ALL = "all"

APP, INDEX = "app", "apps.kubernetes.io/pod-index"
"""Labels of Galera's pods."""

_NAME = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_$-]{0,63}")
"""What MariaDB takes as a name without quotes, and a dash, but not as the first character: that is an option."""

_UNKNOWN_DATABASE = 1049

_COULD_NOT_START = 126
"""From this exit status on, there was no command, or a signal ended it: sh(1)."""

_LAST_LINE = re.compile(rb"(?:\A|\n)-- Dump completed[^\n]*\n?\Z")
"""A line break in a row is written as a backslash and an n, so no row can look like this."""

_CELL = re.compile(r"(?:\A|-)cell")
"""In the name of a Galera cluster that belongs to a cell."""


@dataclass(frozen=True, slots=True)
class Dump:
    """One database of one server, or all of them."""

    pod: Pod
    database: str

    @property
    def is_of_all(self) -> bool:
        """Whether all databases are wanted."""
        return self.database.lower() == ALL

    @property
    def file(self) -> str:
        """Its name."""
        return f"{self.pod.name}-{'openstack_databases' if self.is_of_all else self.database}.sql"

    def __str__(self) -> str:
        return f"{self.pod.namespace}/{self.pod.name}/{self.database}"


def why_not(settings: Settings) -> str | None:
    """The setting that asks for none."""
    return None if settings.openstack_databases else "OPENSTACK_DATABASES"


@task(
    needs=(namespaces, pods, control_planes),
    reads=(
        Access("", "pods/exec", "create", where="$OSP_NS"),
        Access("", "pods", "list", where="$OSP_NS"),
        Access("", "secrets", "list", where="$OSP_NS"),
    ),
    off=why_not,
)
async def databases(run: Run) -> None:
    """Dump the databases that OPENSTACK_DATABASES names, of every control plane, masked."""
    settings = run.settings
    places = dict.fromkeys((settings.osp_ns, *sorted(run.result_of(control_planes).secrets)))
    outside = [place for place in run.result_of(control_planes).secrets if place not in run.result_of(namespaces)]
    added = await run.each(outside, pods_outside, key=lambda place: f"pods/{place}")
    there = [pod for pod in run.result_of(pods) if pod.namespace in places] + [pod for some in added for pod in some]
    wanted = dumps(there, settings.openstack_databases, leave_cells_out=settings.filter_db_cells)
    await run.each(wanted, save, via=lambda one: f"node {one.pod.node}", work=Work.STREAM)


async def pods_outside(run: Run, namespace: str) -> tuple[Pod, ...]:
    """The Galera pods of a control plane out of scope; its Secrets are learned first, as those in scope were."""
    async for page in run.cluster.list(SECRETS, namespace=namespace):
        await asyncio.to_thread(run.masker.learn, page.objects())
    pages = run.cluster.list(PODS, namespace=namespace, labels=f"{APP}={CONTAINER}")
    return tuple([slim(one) async for page in pages for one in page.objects()])


async def save(run: Run, dump: Dump) -> None:
    """Stream one dump to disk; one without its last line is not whole."""
    pod = dump.pod
    server = DatabaseServer(run, pod, run.result_of(control_planes).secrets.get(pod.namespace, ()))
    if not dump.is_of_all:
        await must_exist(server, dump)
    lines = server.dumped((*OPTIONS, "--all-databases" if dump.is_of_all else dump.database))
    await run.output.stream(pod.namespace, dump.file, chunks=lines, complete=is_whole)


async def must_exist(server: DatabaseServer, dump: Dump) -> None:
    """Return when the server has the database.

    Raises:
        Absent: it has not.
        CommandFailed: the server could not be asked.
        RequestFailed: the name can't be one.
    """
    if not _NAME.fullmatch(dump.database):
        raise RequestFailed("OPENSTACK_DATABASES has a name that no database can have: use letters, digits and _.")
    printed = await server.asked(f"USE {dump.database};")
    if isinstance(printed.error, CommandFailed) and says_there_is_none(printed.error):
        raise Absent(f"{dump.pod.name} has no database {dump.database}.")
    printed.whole()


def is_whole(end: bytes) -> bool:
    """Whether the end of a dump is the end of a whole one."""
    return _LAST_LINE.search(end) is not None


def says_there_is_none(error: CommandFailed) -> bool:
    """Whether the server has answered, and that it has no such database; one that is down says nothing about it."""
    if error.exit_code is None or error.exit_code >= _COULD_NOT_START:
        return False
    return codes_in(error) <= {_UNKNOWN_DATABASE}


def dumps(found: Iterable[Pod], names: Iterable[str], *, leave_cells_out: bool) -> Iterator[Dump]:
    """What is wanted, from the first pod of each Galera cluster."""
    wanted = tuple(names)
    if any(name.lower() == ALL for name in wanted):
        wanted = (ALL,)
    for pod in found:
        is_first = pod.labels.get(APP) == CONTAINER and pod.labels.get(INDEX) == "0"
        if is_first and not (leave_cells_out and _CELL.search(pod.name)):
            yield from (Dump(pod, name) for name in wanted)
