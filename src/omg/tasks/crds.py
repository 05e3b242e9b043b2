"""The custom resource definitions: slim, and those of OpenStack and RabbitMQ whole."""

from dataclasses import dataclass, replace
from typing import Any

from omg.cluster.kept import Kept
from omg.cluster.listing import Page
from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.kinds import CRDS

WHOLE = ("openstack.org", "rabbitmq.com")
"""Endings of the groups whose definitions are collected."""


@dataclass(frozen=True, slots=True)
class Crd:
    """One definition.

    Args:
        name: plural.group.
        served: the versions that are served.
    """

    name: str
    group: str
    plural: str
    kind: str
    namespaced: bool
    served: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crds:
    """All definitions, and those that are collected as they are."""

    all: tuple[Crd, ...]
    kept: Kept

    def __len__(self) -> int:
        return len(self.all)


@task(reads=(Access("apiextensions.k8s.io", "customresourcedefinitions", "list", EVERYWHERE),), writes=False)
async def crds(run: Run) -> Crds:
    """List the custom resource definitions."""
    found = await run.each(["customresourcedefinitions"], list_definitions)
    return found[0] if found else Crds((), Kept())


async def list_definitions(run: Run, _what: str) -> Crds:
    """Every definition, without its schemas but for those that are collected."""
    kept = Kept()
    definitions: list[Crd] = []
    async for page in run.cluster.list(CRDS):
        found = [slim(one) for one in page.objects()]
        definitions += found
        await kept.add(only_whole(page, found))
    return Crds(tuple(definitions), kept)


def only_whole(page: Page, definitions: list[Crd]) -> Page:
    """The page with those of the definitions that are collected."""
    wanted = [item for item, one in zip(page.items, definitions, strict=True) if one.group.endswith(WHOLE)]
    return replace(page, items=wanted)


def slim(definition: dict[str, Any]) -> Crd:
    """What omg needs of a CustomResourceDefinition."""
    spec = definition["spec"]
    return Crd(
        name=definition["metadata"]["name"],
        group=spec["group"],
        plural=spec["names"]["plural"],
        kind=spec["names"]["kind"],
        namespaced=spec.get("scope") != "Cluster",
        served=tuple(version["name"] for version in spec.get("versions", ()) if version.get("served")),
    )
