"""The webhooks that may change or refuse what operators do."""

from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.api_resources import api_resources
from omg.tasks.served_kinds import Wanted, in_the_cluster

KINDS = (
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
)


@task(needs=(api_resources,), reads=tuple(Access(group, plural, "list", EVERYWHERE) for group, plural in KINDS))
async def webhooks(run: Run) -> None:
    """Save every validating and mutating webhook configuration."""
    await run.each(in_the_cluster(KINDS, run.result_of(api_resources)), save)


async def save(run: Run, wanted: Wanted) -> None:
    """List one kind and write each object."""
    await run.output.objects(wanted.resource, run.cluster.list(wanted.resource))
