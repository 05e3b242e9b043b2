"""The API services that OpenStack's and RabbitMQ's operators register."""

from typing import Any

from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.api_resources import api_resources
from omg.tasks.served_kinds import Wanted, in_the_cluster

KINDS = (("apiregistration.k8s.io", "apiservices"),)
WORDS = ("openstack", "rabbitmq")


@task(needs=(api_resources,), reads=(Access(*KINDS[0], "list", EVERYWHERE),))
async def api_services(run: Run) -> None:
    """Save the API services of OpenStack and RabbitMQ."""
    await run.each(in_the_cluster(KINDS, run.result_of(api_resources)), save)


async def save(run: Run, wanted: Wanted) -> None:
    """List the API services and write those that are named after one of the words."""
    await run.output.objects(wanted.resource, run.cluster.list(wanted.resource), keep=is_wanted)


def is_wanted(service: dict[str, Any]) -> bool:
    """Whether the name, which is the version and the group, holds one of the words."""
    return any(word in service["metadata"]["name"] for word in WORDS)
