"""What runs the services in each namespace: workloads, their services and routes, certificates, images, budgets."""

from omg.engine import Access, Run, task
from omg.tasks.api_resources import api_resources
from omg.tasks.namespaces import namespaces
from omg.tasks.printed_lists import PrintedByNamespace, PrintedList
from omg.tasks.served_kinds import Wanted, in_namespaces

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


@task(needs=(namespaces, api_resources), reads=tuple(Access(group, plural, "list") for group, plural in KINDS))
async def workloads(run: Run) -> tuple[PrintedList, ...]:
    """Save every object of these kinds in the namespaces in scope; what they print as is for the overviews."""
    wanted = in_namespaces(KINDS, run.result_of(api_resources), run.result_of(namespaces))
    found = await run.each(wanted, save)
    return tuple(one for printed in found for one in printed)


async def save(run: Run, wanted: Wanted) -> tuple[PrintedList, ...]:
    """List one kind in one namespace and write each object."""
    resource, namespace = wanted.resource, wanted.namespace or ""
    rows = PrintedByNamespace(resource)
    listed = run.cluster.table(resource, namespace=namespace)
    await run.output.objects(resource, rows.printing(listed), namespace=namespace)
    return rows.of([namespace])
