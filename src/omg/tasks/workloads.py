"""What runs the services in each namespace: workloads, their services and routes, certificates, images, budgets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.cluster.resource import Resource
from omg.engine import Access, Run, task
from omg.errors import Absent
from omg.tasks.api_resources import ApiResources, api_resources
from omg.tasks.namespaces import namespaces

KINDS = (
    ("", "services"),
    ("route.openshift.io", "routes"),
    ("apps", "daemonsets"),
    ("apps", "replicasets"),
    ("apps", "deployments"),
    ("apps", "statefulsets"),
    ("build.openshift.io", "buildconfigs"),
    ("batch", "jobs"),
    ("batch", "cronjobs"),
    ("cert-manager.io", "certificates"),
    ("cert-manager.io", "issuers"),
    ("cert-manager.io", "certificaterequests"),
    ("image.openshift.io", "imagestreams"),
    ("policy", "poddisruptionbudgets"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One kind in one namespace; without a resource, a kind that the cluster doesn't serve."""

    name: str
    namespace: str
    resource: Resource | None


@task(needs=(namespaces, api_resources), reads=tuple(Access(group, plural, "list") for group, plural in KINDS))
async def workloads(run: Run) -> None:
    """Save every object of these kinds in the namespaces in scope."""
    wanted = wanted_lists(run.result_of(api_resources), run.result_of(namespaces))
    await run.each(wanted, save, key=lambda one: f"{one.name}/{one.namespace}".rstrip("/"))


async def save(run: Run, wanted: Wanted) -> None:
    """List one kind in one namespace and write each object."""
    if wanted.resource is None:
        raise Absent(f"The cluster does not serve {wanted.name}.")
    listed = run.cluster.list(wanted.resource, namespace=wanted.namespace)
    await run.output.objects(wanted.resource, listed, namespace=wanted.namespace)


def wanted_lists(served: ApiResources, scope: Iterable[str]) -> Iterator[Wanted]:
    """Each served kind in each namespace, and each kind that isn't served once."""
    names = tuple(scope)
    for group, plural in KINDS:
        name = f"{plural}.{group}" if group else plural
        resource = served.find(group, plural)
        if resource is None:
            yield Wanted(name, "", None)
        else:
            yield from (Wanted(name, namespace, resource) for namespace in names)
