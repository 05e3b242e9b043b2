"""The definitions of OpenStack's and RabbitMQ's custom resources."""

from omg.engine import Run, task
from omg.tasks.crds import crds
from omg.tasks.kinds import CRDS


@task(needs=(crds,))
async def crd_manifests(run: Run) -> None:
    """Save the custom resource definitions of OpenStack and RabbitMQ."""
    await run.each(["customresourcedefinitions"], save)


async def save(run: Run, _what: str) -> None:
    """Write what was listed."""
    await run.output.objects(CRDS, run.result_of(crds).kept.pages())
