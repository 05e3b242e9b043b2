"""What the Operator Lifecycle Manager installed, and what it could install."""

from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.api_resources import api_resources
from omg.tasks.namespaces import namespaces
from omg.tasks.served_kinds import Wanted, in_namespaces, in_the_cluster

OFFERED = ("packages.operators.coreos.com", "packagemanifests")
VERSIONS = ("operators.coreos.com", "clusterserviceversions")
IN_NAMESPACES = (
    ("operators.coreos.com", "subscriptions"),
    ("operators.coreos.com", "installplans"),
    ("operators.coreos.com", "operatorgroups"),
)

NOT_A_COPY = "!olm.copiedFrom"
"""The Operator Lifecycle Manager copies a version into every namespace that its operator watches."""


@task(
    needs=(api_resources, namespaces),
    reads=(
        *(Access(group, plural, "list", EVERYWHERE) for group, plural in (OFFERED, VERSIONS)),
        *(Access(group, plural, "list") for group, plural in IN_NAMESPACES),
    ),
)
async def operators(run: Run) -> None:
    """Save subscriptions, install plans and operator groups, the operators' versions, and the packages on offer."""
    served = run.result_of(api_resources)
    await run.each(
        [
            *in_the_cluster((OFFERED, VERSIONS), served),
            *in_namespaces(IN_NAMESPACES, served, run.result_of(namespaces)),
        ],
        save,
    )


async def save(run: Run, wanted: Wanted) -> None:
    """List one kind, in one namespace or everywhere, and write it."""
    resource, namespace = wanted.resource, wanted.namespace
    labels = NOT_A_COPY if (resource.group, resource.plural) == VERSIONS else None
    if namespace is None:
        pages = run.cluster.list_everywhere(resource, run.result_of(namespaces), labels=labels)
    else:
        pages = run.cluster.list(resource, namespace=namespace)
    await run.output.objects(resource, pages, namespace=namespace)
