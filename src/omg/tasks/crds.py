"""The custom resource definitions, slim: what is defined, not how."""

from dataclasses import dataclass
from typing import Any

from omg.engine import Access, Run, task
from omg.tasks.kinds import CRDS


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


@task(reads=(Access("apiextensions.k8s.io", "customresourcedefinitions", "list"),), writes=False)
async def crds(run: Run) -> tuple[Crd, ...]:
    """List the custom resource definitions."""
    found = await run.each(["customresourcedefinitions"], list_definitions)
    return tuple(definition for definitions in found for definition in definitions)


async def list_definitions(run: Run, _what: str) -> list[Crd]:
    """Every definition, without its schemas."""
    return [slim(one) async for page in run.cluster.list(CRDS) for one in page.objects()]


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
