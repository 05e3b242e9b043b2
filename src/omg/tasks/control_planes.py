"""Where OpenStack's control planes are, and the Secrets with their passwords."""

from collections.abc import Mapping

from omg.engine import EVERYWHERE, Access, Run, task
from omg.errors import Absent, Denied
from omg.tasks.api_resources import api_resources
from omg.tasks.namespaces import namespaces

GROUP, PLURAL = "core.openstack.org", "openstackcontrolplanes"

ControlPlanes = Mapping[str, frozenset[str]]
"""Namespace → the Secrets that its control planes name."""


@task(
    needs=(api_resources, namespaces),
    reads=(Access(GROUP, PLURAL, "list", EVERYWHERE),),
    writes=False,
)
async def control_planes(run: Run) -> ControlPlanes:
    """List the OpenStackControlPlanes of all namespaces."""
    found = await run.each([PLURAL], list_control_planes)
    return found[0] if found else {}


async def list_control_planes(run: Run, _what: str) -> ControlPlanes:
    """Each namespace with the Secrets that are named there; where the list is denied, of the namespaces in scope."""
    resource = run.result_of(api_resources).find(GROUP, PLURAL)
    if resource is None:
        raise Absent(f"The cluster does not serve {PLURAL}.{GROUP}.")
    found: dict[str, frozenset[str]] = {}
    try:
        async for page in run.cluster.list_everywhere(resource, run.result_of(namespaces)):
            for one in page.objects():
                namespace, secret = one["metadata"]["namespace"], (one.get("spec") or {}).get("secret")
                found[namespace] = found.get(namespace, frozenset()) | ({secret} if secret else frozenset())
    except Denied as error:  # in some namespaces: what the others have is known
        run.lost("denied", error)
    return found
