"""Every object of the custom resources that OpenStack and what it stands on define."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.cluster.resource import Resource
from omg.engine import Access, Run, task
from omg.errors import Absent
from omg.tasks.api_resources import ApiResources, api_resources
from omg.tasks.crds import Crd, crds
from omg.tasks.namespaces import namespaces

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """A custom resource to collect; without a resource, the reason why there is none."""

    name: str
    resource: Resource | None
    reason: str = ""


@task(
    needs=(crds, api_resources, namespaces),
    reads=(*(Access(f"*{ending}", "*", "list") for ending in GROUP_ENDINGS), Access(*SINGLE, "list")),
)
async def custom_resources(run: Run) -> None:
    """Save every object of these definitions, from all namespaces."""
    wanted = wanted_resources(run.result_of(crds), run.result_of(api_resources))
    await run.each(wanted, save, key=lambda one: one.name)


async def save(run: Run, wanted: Wanted) -> None:
    """List one custom resource everywhere and write each object."""
    if wanted.resource is None:
        raise Absent(wanted.reason)
    scope = run.result_of(namespaces)
    await run.output.objects(wanted.resource, run.cluster.list_everywhere(wanted.resource, scope))


def is_wanted(group: str, plural: str) -> bool:
    """Tell whether a kind is one of those that omg collects as custom resources."""
    return group.endswith(GROUP_ENDINGS) or (group, plural) == SINGLE


def wanted_resources(definitions: Iterable[Crd], served: ApiResources) -> Iterator[Wanted]:
    """The custom resources to collect: those defined, those served though no definition was read, those missing."""
    defined = {(one.group, one.plural): one.name for one in definitions if is_wanted(one.group, one.plural)}
    offered = {(one.group, one.plural): one.name for one in served if is_wanted(one.group, one.plural)}
    names = offered | defined
    for (group, plural), name in sorted(names.items(), key=lambda entry: entry[1]):
        resource = served.find(group, plural)
        yield Wanted(name, resource, "" if resource else f"{name} is defined, but the cluster does not serve it.")
    for ending in GROUP_ENDINGS:
        if not any(group.endswith(ending) for group, _ in names):
            yield Wanted(f"*{ending}", None, f"The cluster defines nothing in a group that ends in {ending}.")
    if SINGLE not in names:
        yield Wanted(".".join(reversed(SINGLE)), None, "The cluster does not serve bare metal hosts.")
