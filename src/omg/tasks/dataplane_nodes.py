"""The EDPM nodes of the data plane as Ansible would see them: address, user, port and the Secret with the key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from omg.engine import Access, Run, task
from omg.errors import Absent
from omg.settings import Settings
from omg.tasks.api_resources import api_resources

GROUP, PLURAL = "dataplane.openstack.org", "openstackdataplanenodesets"
NETWORK = "ctlplane"
SSH_PORT = 22
USER = "cloud-admin"
"""The user that the data plane's documentation makes; what the operator assumes, too."""


@dataclass(frozen=True, slots=True)
class EdpmNode:
    """One node.

    Args:
        name: its hostName.
        host: a name or an IPv4 or IPv6 address; empty: the nodeset says none.
        secret: with the private key; empty: the nodeset names none.
    """

    name: str
    nodeset: str
    host: str
    port: int
    user: str
    secret: str


def why_not(settings: Settings) -> str | None:
    """The setting that asks for none."""
    return None if settings.sos_edpm else "SOS_EDPM"


@task(needs=(api_resources,), reads=(Access(GROUP, PLURAL, "list", "$OSP_NS"),), writes=False, off=why_not)
async def dataplane_nodes(run: Run) -> tuple[EdpmNode, ...]:
    """List the EDPM nodes of every nodeset."""
    found = await run.each([run.settings.osp_ns], list_nodes, key=lambda namespace: f"{PLURAL}/{namespace}")
    return found[0] if found else ()


async def list_nodes(run: Run, namespace: str) -> tuple[EdpmNode, ...]:
    """The nodes of one namespace; a name that two nodesets have is the first's."""
    resource = run.result_of(api_resources).find(GROUP, PLURAL)
    if resource is None:
        raise Absent(f"The cluster does not serve {PLURAL}.{GROUP}.")
    nodes: dict[str, EdpmNode] = {}
    async for page in run.cluster.list(resource, namespace=namespace):
        for nodeset in page.objects():
            for node in nodes_of(nodeset):
                nodes.setdefault(node.name, node)
    return tuple(nodes.values())


def nodes_of(nodeset: Mapping[str, Any]) -> Iterator[EdpmNode]:
    """The nodes of one OpenStackDataPlaneNodeSet.

    What a node says goes before what the template says; at each of them, a variable of Ansible goes before the field
    that is made one, as it does in the inventory that the operator writes.
    """
    spec = nodeset.get("spec") or {}
    template = spec.get("nodeTemplate") or {}
    shared = _Connection.of(template)
    addresses = (nodeset.get("status") or {}).get("allIPs") or {}
    for key, node in (spec.get("nodes") or {}).items():
        name = node.get("hostName") or key
        own = _Connection.of(node)
        networks = node.get("networks") or template.get("networks") or ()
        fixed = next((one.get("fixedIP") for one in networks if str(one.get("name", "")).lower() == NETWORK), None)
        known = addresses.get(name) or addresses.get(key) or {}
        yield EdpmNode(
            name=name,
            nodeset=nodeset["metadata"]["name"],
            host=str(own.host or known.get(NETWORK) or fixed or ""),
            port=_port(own.port or shared.port),
            user=str(own.user or shared.user or USER),
            secret=template.get("ansibleSSHPrivateKeySecret") or "",
        )


@dataclass(frozen=True, slots=True)
class _Connection:
    host: Any
    port: Any
    user: Any

    @classmethod
    def of(cls, owner: Mapping[str, Any]) -> "_Connection":
        ansible = owner.get("ansible") or {}
        variables = ansible.get("ansibleVars") or {}
        return cls(
            host=variables.get("ansible_host") or ansible.get("ansibleHost"),
            port=variables.get("ansible_port") or ansible.get("ansiblePort"),
            user=variables.get("ansible_user") or ansible.get("ansibleUser"),
        )


def _port(given: Any) -> int:
    try:
        return int(given) if given else SSH_PORT
    except (TypeError, ValueError):
        return SSH_PORT
