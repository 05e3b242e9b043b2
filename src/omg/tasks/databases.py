"""Dumps of the services' databases, for those that were asked for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.engine import Access, Run, task
from omg.errors import Absent, CommandFailed, RequestFailed
from omg.settings import Settings
from omg.tasks.command_output import printed_in
from omg.tasks.pods import Pod, pods

CONTAINER = "galera"
DUMP = ("mysqldump", "-uroot", "--single-transaction", "--complete-insert", "--skip-lock-tables", "--lock-tables=0")
ALL = "all"
LAST_LINE = b"-- Dump completed"

_NAME = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_$-]{0,63}")
"""What MariaDB takes as a name without quotes, and a dash, but not as the first character: that is an option."""

_UNKNOWN_DATABASE = 1049
_ERROR = re.compile(rb"^ERROR (\d+)", re.MULTILINE)
"""How `mysql` says what is wrong; the numbers are in MariaDB's list of error codes."""

_COULD_NOT_START = 126
"""From this exit status on, there was no command, or a signal ended it: sh(1)."""


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


@task(needs=(pods,), reads=(Access("", "pods/exec", "create", where="$OSP_NS"),), off=why_not)
async def databases(run: Run) -> None:
    """Dump the databases that OPENSTACK_DATABASES names, masked."""
    settings = run.settings
    here = (pod for pod in run.result_of(pods) if pod.namespace == settings.osp_ns)
    wanted = dumps(here, settings.openstack_databases, leave_cells_out=settings.filter_db_cells)
    await run.each(wanted, save, via=lambda one: f"node {one.pod.node}", stream=True)


async def save(run: Run, dump: Dump) -> None:
    """Stream one dump to disk; one without its last line is not whole."""
    pod = dump.pod
    if not dump.is_of_all:
        await must_exist(run, dump)
    command = (*DUMP, "--all-databases" if dump.is_of_all else dump.database)
    async with run.cluster.exec(pod.namespace, pod.name, CONTAINER, command) as execution:
        lines = execution.stdout()
        await run.output.stream(pod.namespace, dump.file, chunks=lines, complete=lambda end: LAST_LINE in end)
        await execution.wait()


async def must_exist(run: Run, dump: Dump) -> None:
    """Return when the server has the database.

    Raises:
        Absent: it has not.
        CommandFailed: the server could not be asked.
        RequestFailed: the name can't be one.
    """
    if not _NAME.fullmatch(dump.database):
        raise RequestFailed("OPENSTACK_DATABASES has a name that no database can have: use letters, digits and _.")
    asked = ("mysql", "-u", "root", "-e", f"USE {dump.database};")
    printed = await printed_in(run, dump.pod, CONTAINER, asked)
    if isinstance(printed.error, CommandFailed) and says_there_is_none(printed.error):
        raise Absent(f"{dump.pod.name} has no database {dump.database}.")
    printed.whole()


def says_there_is_none(error: CommandFailed) -> bool:
    """Whether the server has answered, and that it has no such database; one that is down says nothing about it."""
    if error.exit_code is None or error.exit_code >= _COULD_NOT_START:
        return False
    return all(int(number) == _UNKNOWN_DATABASE for number in _ERROR.findall(error.stderr))


def dumps(found: Iterable[Pod], names: Iterable[str], *, leave_cells_out: bool) -> Iterator[Dump]:
    """What is wanted, from the first pod of each Galera cluster."""
    wanted = tuple(names)
    if any(name.lower() == ALL for name in wanted):
        wanted = (ALL,)
    for pod in found:
        is_first = pod.labels.get("app") == CONTAINER and pod.labels.get("apps.kubernetes.io/pod-index") == "0"
        if is_first and not (leave_cells_out and "cell" in pod.name):
            yield from (Dump(pod, name) for name in wanted)
