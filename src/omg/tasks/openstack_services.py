"""The services of Keystone's catalogue, and the pod whose client asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass

from omg.engine import Access, Run, task
from omg.errors import Absent
from omg.tasks.command_output import printed_in
from omg.tasks.openstack_commands import SERVICE_NAMES
from omg.tasks.pods import Pod, pods

CLIENT = "openstackclient"
"""The pod in which RHOSO keeps the client and its credentials."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the first command of the client told.

    Args:
        client: the pod that commands run in; None where there is none.
        services: the names of the catalogue's services; None where the command failed.
    """

    client: Pod | None
    services: tuple[str, ...] | None


@task(needs=(pods,), reads=(Access("", "pods/exec", "create", where="$OSP_NS"),), writes=False)
async def openstack_services(run: Run) -> Catalogue:
    """Ask Keystone which services there are: the first command of the client, on which all others depend."""
    pod = client_in(run.result_of(pods), run.settings.osp_ns)
    found = await run.each([CLIENT], lambda here, _client: list_services(here, pod))
    return Catalogue(pod, found[0] if found else None)


async def list_services(run: Run, pod: Pod | None) -> tuple[str, ...]:
    """The names of the services."""
    if pod is None:
        raise Absent(f"The namespace {run.settings.osp_ns} has no pod {CLIENT}.")
    printed = await printed_in(run, pod, None, ("openstack", *SERVICE_NAMES))
    return tuple(name for line in printed.whole().decode("utf-8", "replace").splitlines() if (name := line.strip()))


def client_in(found: Iterable[Pod], namespace: str) -> Pod | None:
    """The pod with the client."""
    return next((pod for pod in found if (pod.namespace, pod.name) == (namespace, CLIENT)), None)
