"""The namespaces in scope: the known ones that exist, and those that ADDITIONAL_NAMESPACES adds."""

from collections.abc import Iterable

from omg.engine import EVERYWHERE, Access, Run, task
from omg.errors import Absent, Denied, TimedOut, Unreachable
from omg.settings import Settings
from omg.tasks.kinds import NAMESPACES

FIXED = (
    "baremetal-operator-system",
    "openshift-machine-api",
    "cert-manager",
    "openshift-nmstate",
    "openshift-operators-redhat",
    "openshift-operators",
    "openshift-logging",
)

ALL = "all"


@task(
    reads=(
        Access("", "namespaces", "list", EVERYWHERE),
        Access("", "namespaces", "get", EVERYWHERE, is_fallback=True),
    ),
    writes=False,
)
async def namespaces(run: Run) -> tuple[str, ...]:
    """Find the namespaces in scope; where they can't be listed, the known ones are looked up one by one."""
    wanted = wanted_namespaces(run.settings)
    listed = await run.each([ALL], list_names)
    if not listed or listed[0] is None:
        return tuple(await run.each(wanted, look_up))
    existing = listed[0]
    found = in_scope(existing, wanted, run.settings.additional_namespaces)
    await run.each([name for name in wanted if name not in existing], say_absent)
    return found


async def list_names(run: Run, _all: str) -> list[str] | None:
    """The names of all namespaces; None where the list is denied and nothing but the known ones is wanted."""
    try:
        pages = run.cluster.list(NAMESPACES, metadata_only=True)
        return [one["metadata"]["name"] async for page in pages for one in page.objects()]
    except Denied:
        if run.settings.additional_namespaces:
            raise
        return None


async def look_up(run: Run, name: str) -> str:
    """The name, unless the cluster says that there is no such namespace: where it doesn't say, it is tried."""
    try:
        await run.cluster.get(NAMESPACES, name)
    except (Denied, TimedOut, Unreachable) as error:
        run.lost("lookup", error)
    return name


async def say_absent(_run: Run, name: str) -> None:
    """Record a namespace of the known ones that this cluster doesn't have."""
    raise Absent(f"The cluster has no namespace {name}.")


def wanted_namespaces(settings: Settings) -> tuple[str, ...]:
    """The namespaces that omg knows by name, the control plane's first."""
    mine = (settings.osp_ns, settings.osp_operators_ns, *FIXED, settings.metallb_namespace, settings.oadp_ns)
    return tuple(dict.fromkeys(name for name in mine if name))


def in_scope(existing: Iterable[str], wanted: Iterable[str], keys: Iterable[str]) -> tuple[str, ...]:
    """The wanted names that exist, then every other one that contains a key."""
    names = tuple(existing)
    known = [name for name in wanted if name in set(names)]
    added = [name for name in names if any(key in name for key in keys)]
    return tuple(dict.fromkeys((*known, *added)))
