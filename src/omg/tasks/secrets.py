"""The Secrets of the OpenStack services: their configuration with every secret in it hidden."""

from typing import Any

from omg.engine import Access, Run, task
from omg.tasks.kinds import SECRETS
from omg.tasks.namespaces import namespaces
from omg.tasks.services import matching_services

NOT_CONFIGURATION = ("token", "dockercfg")


@task(needs=(namespaces,), reads=(Access("", "secrets", "list"),))
async def secrets(run: Run) -> None:
    """Save the Secrets in scope whose name contains a service's name, masked, by service."""
    await run.each(run.result_of(namespaces), save, key=lambda namespace: f"secrets/{namespace}")


async def save(run: Run, namespace: str) -> None:
    """List the Secrets of one namespace and write those of a service."""
    listed = run.cluster.list(SECRETS, namespace=namespace)
    await run.output.objects(SECRETS, listed, namespace=namespace, keep=is_configuration, under=services_of)


def is_configuration(secret: dict[str, Any]) -> bool:
    """Whether it belongs to a service and is neither a token nor the key to a registry."""
    described = (secret["metadata"]["name"].lower(), secret.get("type", "").lower())
    kept_out = any(word in text for word in NOT_CONFIGURATION for text in described)
    return bool(services_of(secret)) and not kept_out


def services_of(secret: dict[str, Any]) -> tuple[str, ...]:
    """The services whose name is part of the Secret's name."""
    return matching_services(secret["metadata"]["name"])
