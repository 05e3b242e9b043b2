"""OpenStack's control planes: saved, and told where they are and which Secrets hold their passwords."""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field

from omg.cluster.listing import Page
from omg.engine import EVERYWHERE, Access, Run, task
from omg.errors import Absent, Denied
from omg.tasks.api_resources import api_resources
from omg.tasks.namespaces import namespaces
from omg.tasks.printed_lists import PrintedList, save_everywhere

GROUP, PLURAL = "core.openstack.org", "openstackcontrolplanes"
NAME = f"{PLURAL}.{GROUP}"


@dataclass(frozen=True, slots=True)
class ControlPlanes:
    """What is known of them.

    Args:
        secrets: namespace → the Secrets that its control planes name.
        printed: as `oc get all` shows them, in each namespace in scope.
    """

    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    printed: tuple[PrintedList, ...] = ()


@task(
    needs=(api_resources, namespaces),
    reads=(Access(GROUP, PLURAL, "list", EVERYWHERE),),
)
async def control_planes(run: Run) -> ControlPlanes:
    """Save the OpenStackControlPlanes of all namespaces."""
    found = await run.each([NAME], save, priority=lambda _: -1.0)  # what takes longest waits for it
    return found[0] if found else ControlPlanes()


async def save(run: Run, _what: str) -> ControlPlanes:
    """Write each; where the list is denied, those of the namespaces in scope."""
    resource = run.result_of(api_resources).find(GROUP, PLURAL)
    if resource is None:
        raise Absent(f"The cluster does not serve {NAME}.")
    secrets: dict[str, frozenset[str]] = {}

    async def noted(pages: AsyncIterator[Page]) -> AsyncGenerator[Page, None]:
        try:
            async for page in pages:
                for one in page.objects():
                    namespace, secret = one["metadata"]["namespace"], (one.get("spec") or {}).get("secret")
                    secrets[namespace] = secrets.get(namespace, frozenset()) | ({secret} if secret else frozenset())
                yield page
        except Denied as error:  # in some namespaces: what the others have is known
            run.lost("denied", error)

    return ControlPlanes(secrets, await save_everywhere(run, resource, run.result_of(namespaces), through=noted))
