"""SOS reports of EDPM nodes, over SSH with the key of their nodeset, which is held in memory only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from omg.edpm.door import Address, Login, Node, login_of
from omg.engine import Access, Run, task
from omg.errors import Absent, Blocked, RequestFailed
from omg.sos.options import Wanted
from omg.sos.script import Made
from omg.sos.transfer import fetch, make, remove
from omg.tasks.dataplane_nodes import EdpmNode, dataplane_nodes, why_not
from omg.tasks.kinds import SECRETS
from omg.tasks.unpacked_report import unpacked

ALL = "all"
SERVICE = "nova"
"""Under which links to the reports stand."""


@dataclass(slots=True)
class Visit:
    """One node, with what has to be ended and removed there.

    Args:
        login: None: its Secret could not be read.
    """

    node: EdpmNode
    login: Login | None
    session: Node | None = field(default=None, repr=False)
    made: Made | None = None

    def __str__(self) -> str:
        return self.node.name


@task(needs=(dataplane_nodes,), reads=(Access("", "secrets", "get", "$OSP_NS"),), off=why_not)
async def edpm_sos(run: Run) -> None:
    """Make a SOS report on each EDPM node that SOS_EDPM names, and bring it here."""
    there = run.result_of(dataplane_nodes)
    chosen, unknown = selected(there, run.settings.sos_edpm or ())
    await run.each(unknown, lambda _run, name: missing(name, there))
    secrets = sorted({node.secret for node in chosen if node.secret})
    logins = dict(await run.each(secrets, read_login, key=lambda name: f"secret/{name}"))
    visits = [Visit(node, logins.get(node.secret)) for node in chosen]
    await run.each(visits, save, cleanup=leave, via=lambda visit: f"node {visit}", stream=True, pool="sos")


async def read_login(run: Run, name: str) -> tuple[str, Login]:
    """The key of a Secret."""
    try:
        secret = await run.cluster.get(SECRETS, name, namespace=run.settings.osp_ns)
    except Absent as error:
        raise RequestFailed(f"{error} A nodeset names it as the Secret with its SSH key.") from error
    return name, login_of(secret)


async def save(run: Run, visit: Visit) -> None:
    """Make one report, stream it to disk, and link it."""
    node, settings = visit.node, run.settings
    if visit.login is None:
        wanted = f"The Secret {node.secret}" if node.secret else "A Secret"
        raise Blocked(f"{wanted} with the SSH key of the nodeset {node.nodeset} could not be had.")
    if not node.host:
        raise RequestFailed(f"The nodeset {node.nodeset} says no address for {node.name}: is it deployed?")
    address = Address(node.name, node.host, node.port, node.user)
    stall = settings.stall_timeout
    visit.session = Node(address, visit.login, stall=stall, heard=run.heard, note=run.note)
    asked = Wanted(settings.sos_edpm_plugins, settings.sos_edpm_profiles, settings.sos_edpm_journal_size)
    visit.made, dropped = await make(visit.session, asked)
    run.note(dropped)
    name = f"sosreport-{node.name}{visit.made.ending}"
    report = fetch(visit.session, visit.made, run.note)
    path = await run.output.report(name, chunks=report)
    await run.output.link(SERVICE, f"sos-report-{node.name}", to=await unpacked(run, path))


async def leave(_run: Run, visit: Visit) -> None:
    """Remove what was made on the node, and log out."""
    if visit.session is None:
        return
    try:
        if visit.made is not None:
            await remove(visit.session, visit.made)
    finally:
        await visit.session.close()


async def missing(name: str, there: Iterable[EdpmNode]) -> None:
    """Report a name that SOS_EDPM has and no nodeset.

    Raises:
        RequestFailed: always, with the names that there are.
    """
    names = ", ".join(sorted(node.name for node in there)) or "none"
    raise RequestFailed(f"SOS_EDPM names {name}, which no nodeset has; there are: {names}.")


def selected(there: Iterable[EdpmNode], names: Iterable[str]) -> tuple[list[EdpmNode], list[str]]:
    """The nodes of these names, or every node for `all`; and the names that no node has."""
    by_name: Mapping[str, EdpmNode] = {node.name: node for node in there}
    wanted = tuple(names)
    takes_all = ALL in (name.lower() for name in wanted)
    chosen = list(by_name.values()) if takes_all else [by_name[name] for name in wanted if name in by_name]
    unknown = [name for name in wanted if name not in by_name and name.lower() != ALL]
    return chosen, unknown
