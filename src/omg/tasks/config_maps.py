"""The config maps of the OpenStack services."""

from typing import Any

from omg.engine import Access, Run, task
from omg.tasks.kinds import CONFIG_MAPS
from omg.tasks.namespaces import namespaces
from omg.tasks.services import matching_services


@task(needs=(namespaces,), reads=(Access("", "configmaps", "list"),))
async def config_maps(run: Run) -> None:
    """Save the config maps in scope whose name contains a service's name."""
    await run.each(run.result_of(namespaces), save, key=lambda namespace: f"configmaps/{namespace}")


async def save(run: Run, namespace: str) -> None:
    """List the config maps of one namespace and write those of a service."""
    listed = run.cluster.list(CONFIG_MAPS, namespace=namespace)
    await run.output.objects(CONFIG_MAPS, listed, namespace=namespace, keep=is_of_a_service)


def is_of_a_service(config_map: dict[str, Any]) -> bool:
    """Whether the name contains a service's name."""
    return bool(matching_services(config_map["metadata"]["name"]))
