"""OVN's databases, and how their clusters are."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from omg.engine import Access, Run, Work, task
from omg.errors import Absent, CommandFailed
from omg.openstack.ovsdb import MaskedRecords, masked_records
from omg.tasks.command_output import Printed, needing, printed_in, save_printed
from omg.tasks.pods import Pod, pods

DATABASES = {"nb": "OVN_Northbound", "sb": "OVN_Southbound"}

FOLDERS = ("/etc/ovn", "/tmp")  # noqa: S108 - where the servers have their control socket
"""Where the control socket may be, in this order."""

NO_SOCKET = b"No such file or directory"
"""How `ovn-appctl` says that there is none: strerror(ENOENT)."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A database file, of the first server of a side."""

    side: str
    pod: Pod | None

    def __str__(self) -> str:
        return f"ovn{self.side}_db.db"


@dataclass(frozen=True, slots=True)
class Server:
    """A server of a side, which knows the state of its cluster."""

    side: str
    pod: Pod

    def __str__(self) -> str:
        return f"cluster-status/{self.side}/{self.pod.name}"


@task(needs=(pods,), reads=(Access("", "pods/exec", "create", where="$OSP_NS"),))
async def ovn(run: Run) -> None:
    """Copy OVN's databases, masked, and save the state of each server's cluster."""
    found = [pod for pod in run.result_of(pods) if pod.namespace == run.settings.osp_ns]
    await run.each(copies(found), save_copy, via=through, work=Work.STREAM)
    await run.each(servers(found), save_status, via=through, work=Work.COMMAND)


def through(one: Copy | Server) -> str | None:
    """The node that answers for it."""
    return f"node {one.pod.node}" if one.pod else None


async def save_copy(run: Run, copy: Copy) -> None:
    """Stream a database's file, masked record by record; one that can't be masked is left out."""
    if copy.pod is None:
        raise Absent(f"There is no pod ovsdbserver-{copy.side}-0.")
    file = read_file(run, copy.pod, f"/etc/ovn/{copy}")
    records = masked_records(file, run.masker.object, note=run.note, goes_on=lambda: run.heard(1))
    again = partial(MaskedRecords, run.masker.object)
    await run.output.stream(str(copy), chunks=records, binary=True, complete=lambda _end: True, again=again)


async def read_file(run: Run, pod: Pod, path: str) -> AsyncIterator[bytes]:
    """A file of a pod's, as it comes.

    Raises:
        OmgError: not all of it came.
    """
    with needing(pod):
        async with run.cluster.exec(pod.namespace, pod.name, pod.main, ("cat", path)) as execution:
            async for chunk in execution.stdout():
                yield chunk
            await execution.wait()


async def save_status(run: Run, server: Server) -> None:
    """Save what one server says of its cluster."""
    answers: list[Printed] = []
    for folder in FOLDERS:
        socket = f"{folder}/ovn{server.side}_db.ctl"
        command = ("ovn-appctl", "-t", socket, "cluster/status", DATABASES[server.side])
        with needing(server.pod):
            answers.append(await printed_in(run, server.pod, None, command))
        if not isinstance(answers[-1].error, CommandFailed):
            break
    await save_printed(run, "cluster-status", server.side, f"{server.pod.name}.txt", printed=most_telling(answers))


def most_telling(answers: Sequence[Printed]) -> Printed:
    """The last answer, if it is one; else the first that says more than that there is no socket."""
    if not isinstance(answers[-1].error, CommandFailed):
        return answers[-1]
    return next((one for one in answers if has_socket(one)), answers[-1])


def has_socket(printed: Printed) -> bool:
    """Whether a server was asked."""
    return not (isinstance(printed.error, CommandFailed) and NO_SOCKET in printed.error.stderr)


def copies(found: Iterable[Pod]) -> Iterator[Copy]:
    """The file of each side."""
    by_name = {pod.name: pod for pod in found}
    return (Copy(side, by_name.get(f"ovsdbserver-{side}-0")) for side in DATABASES)


def servers(found: Iterable[Pod]) -> Iterator[Server]:
    """Every server of both sides."""
    for pod in found:
        side = pod.labels.get("service", "").removeprefix("ovsdbserver-")
        if side in DATABASES and pod.labels["service"].startswith("ovsdbserver-"):
            yield Server(side, pod)
