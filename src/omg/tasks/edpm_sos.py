"""SOS reports of EDPM nodes, over SSH with the key of their nodeset, which is held in memory only."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from omg.edpm.door import Address, Node
from omg.edpm.login import Login, login_of
from omg.engine import Access, Run, Work, task
from omg.errors import Absent, Blocked, CommandFailed, OmgError, RequestFailed, Unreachable
from omg.sos.options import Wanted
from omg.sos.script import sos_of_the_machine
from omg.sos.transfer import Arrival, ask, fetch, make, remove
from omg.tasks.dataplane_nodes import EdpmNode, dataplane_nodes, why_not
from omg.tasks.kinds import SECRETS
from omg.tasks.unpacked_report import unpacked

ALL = "all"
SERVICE = "nova"
"""Under which links to the reports stand."""


SecretOf = tuple[str, str]
"""Namespace and name of a Secret."""


@dataclass(slots=True)
class Visit:
    """One node, with what has to be ended and removed there.

    Args:
        login: None: its Secret could not be read.
        folder: a directory there that may hold a report; empty: there is none.
    """

    node: EdpmNode
    login: Login | None
    session: Node | None = field(default=None, repr=False)
    folder: str = ""

    def __str__(self) -> str:
        return self.node.name


@task(needs=(dataplane_nodes,), reads=(Access("", "secrets", "get", "$OSP_NS"),), off=why_not)
async def edpm_sos(run: Run) -> None:
    """Make a SOS report on each EDPM node that SOS_EDPM names, and bring it here."""
    there, home = run.result_of(dataplane_nodes), run.settings.osp_ns
    chosen, unknown = selected(there, run.settings.sos_edpm or ())
    await run.each(unknown, lambda _run, name: missing(name, there))
    secrets = sorted({secret_of(node) for node in chosen if node.secret})
    logins = dict(await run.each(secrets, read_login, key=lambda one: f"secret/{named(one, home)}"))
    visits = [Visit(node, logins.get(secret_of(node))) for node in chosen]
    await run.each(visits, save, cleanup=leave, via=lambda visit: f"EDPM node {visit}", work=Work.STREAM, pool="sos")


def secret_of(node: EdpmNode) -> SecretOf:
    """The Secret that the node's nodeset names."""
    return node.namespace, node.secret


def named(secret: SecretOf, home: str) -> str:
    """Its name, with the namespace where that is not the control plane's."""
    namespace, name = secret
    return name if namespace == home else f"{namespace}/{name}"


async def read_login(run: Run, secret: SecretOf) -> tuple[SecretOf, Login]:
    """The key of a Secret."""
    namespace, name = secret
    try:
        found = await run.cluster.get(SECRETS, name, namespace=namespace)
    except Absent as error:
        raise RequestFailed(f"{error} A nodeset names it as the Secret with its SSH key.") from error
    return secret, login_of(found)


async def save(run: Run, visit: Visit) -> None:
    """Make one report, stream it to disk, and link it."""
    node, settings = visit.node, run.settings
    if visit.login is None:
        wanted = f"The Secret {node.secret}" if node.secret else "A Secret"
        raise Blocked(f"{wanted} with the SSH key of the nodeset {node.nodeset} could not be had.")
    address = Address(node.name, node.host or node.name, node.port, node.user)
    stall = settings.stall_timeout
    visit.session = Node(address, visit.login, stall=stall, heard=run.heard, note=run.note)
    asked = Wanted(settings.sos_edpm_plugins, settings.sos_edpm_profiles, settings.sos_edpm_journal_size)
    sos = sos_of_the_machine()
    try:
        options, dropped = await ask(visit.session, asked, sos)
    except Unreachable as error:
        if node.host:
            raise
        raise Unreachable(f"{error} The nodeset {node.nodeset} says no address for it: is it deployed?") from error
    run.note(dropped)
    visit.folder = sos.folder
    try:
        made = await make(visit.session, options, sos)
    except CommandFailed:  # it has left nothing
        visit.folder = ""
        raise
    report = fetch(visit.session, made, run.note)
    check = Arrival(visit.session, made)
    path = await run.output.report(f"sosreport-{node.name}{made.ending}", chunks=report, check=check)
    with suppress(OmgError):  # at once, for to unpack it may take long; where that fails, the clean-up tries again
        await leave(run, visit)
    await run.output.link(SERVICE, f"sos-report-{node.name}", to=await unpacked(run, path))


async def leave(_run: Run, visit: Visit) -> None:
    """Remove what was made on the node, and log out."""
    if visit.session is None:
        return
    try:
        if visit.folder:
            await remove(visit.session, visit.folder)
            visit.folder = ""
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
    wanted = tuple(dict.fromkeys(names))
    takes_all = ALL in (name.lower() for name in wanted)
    chosen = list(by_name.values()) if takes_all else [by_name[name] for name in wanted if name in by_name]
    unknown = [name for name in wanted if name not in by_name and name.lower() != ALL]
    return chosen, unknown
