"""Every object of the custom resources that OpenStack and what it stands on define."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from omg.cluster.kept import Kept
from omg.cluster.resource import Resource
from omg.engine import EVERYWHERE, Access, Run, task
from omg.errors import Absent
from omg.tasks.api_resources import ApiResources, api_resources
from omg.tasks.control_planes import GROUP, PLURAL, control_planes
from omg.tasks.crds import Crd, crds
from omg.tasks.namespaces import namespaces
from omg.tasks.network import is_of_the_network
from omg.tasks.printed_lists import PrintedList, save_everywhere

GROUP_ENDINGS = (
    "openstack.org",
    "rabbitmq.com",
    "monitoring.rhobs",
    "grafana.com",
    "observability.openshift.io",
    "logging.openshift.io",
    "nmstate.io",
    "metallb.io",
    "k8s.cni.cncf.io",
)
SINGLE = ("metal3.io", "baremetalhosts")
ATTACHMENTS = ("k8s.cni.cncf.io", "network-attachment-definitions")
"""Also collected as a list of each namespace, by the overviews."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A custom resource to collect; without a resource, the reason why there is none."""

    name: str
    resource: Resource | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the overviews show of custom resources.

    Args:
        printed: the kinds that `oc get all` shows, in each namespace in scope; one that is in none under no name.
        attachments: the NetworkAttachmentDefinitions.
    """

    printed: tuple[PrintedList, ...] = ()
    attachments: Kept = field(default_factory=Kept)


@task(
    needs=(crds, api_resources, namespaces, control_planes),
    reads=(
        *(Access(f"*{ending}", "*", "list", EVERYWHERE) for ending in GROUP_ENDINGS),
        Access(*SINGLE, "list", EVERYWHERE),
    ),
)
async def custom_resources(run: Run) -> Found:
    """Save every object of these definitions, from all namespaces; control planes and the network are others'."""
    wanted = wanted_resources(run.result_of(crds).all, run.result_of(api_resources))
    attachments = Kept()
    found = await run.each([(one, attachments) for one in wanted], save, key=lambda one: one[0].name)
    printed = (run.result_of(control_planes).printed, *found)
    return Found(tuple(one for some in printed for one in some), attachments)


async def save(run: Run, what: tuple[Wanted, Kept]) -> tuple[PrintedList, ...]:
    """List one custom resource everywhere and write each object."""
    wanted, attachments = what
    resource, scope = wanted.resource, run.result_of(namespaces)
    if resource is None:
        raise Absent(wanted.reason)
    is_kept = (resource.group, resource.plural) == ATTACHMENTS
    return await save_everywhere(run, resource, scope, through=attachments.keeping if is_kept else None)


def is_wanted(group: str, plural: str) -> bool:
    """Tell whether a kind is one of those that omg collects as custom resources."""
    return group.endswith(GROUP_ENDINGS) or (group, plural) == SINGLE


def is_of_another_task(group: str, plural: str) -> bool:
    """Tell whether a kind that is wanted is collected elsewhere."""
    return is_of_the_network(group, plural) or (group, plural) == (GROUP, PLURAL)


def wanted_resources(definitions: Iterable[Crd], served: ApiResources) -> Iterator[Wanted]:
    """The custom resources to collect: those defined, those served though no definition was read, those missing."""
    defined = {(one.group, one.plural): one.name for one in definitions if is_wanted(one.group, one.plural)}
    offered = {(one.group, one.plural): one.name for one in served if is_wanted(one.group, one.plural)}
    names = offered | defined
    mine = {identity: name for identity, name in names.items() if not is_of_another_task(*identity)}
    for (group, plural), name in sorted(mine.items(), key=lambda entry: entry[1]):
        resource = served.find(group, plural)
        yield Wanted(name, resource, "" if resource else f"{name} is defined, but the cluster does not serve it.")
    for ending in GROUP_ENDINGS:
        if not any(group.endswith(ending) for group, _ in names):
            yield Wanted(f"*{ending}", None, f"The cluster defines nothing in a group that ends in {ending}.")
    if SINGLE not in names:
        yield Wanted(".".join(reversed(SINGLE)), None, "The cluster does not serve bare metal hosts.")
