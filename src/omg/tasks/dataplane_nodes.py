"""The EDPM nodes of the data plane as Ansible would see them: address, user, port and the Secret with the key.

The operator writes a nodeset's template as variables of a group, and what a node says itself as variables of a host: a
field (`ansibleUser`) first, `ansibleVars` over it. Ansible looks each variable up at the host, then at the group, and
its connection prefers the older of two names: `ansible_ssh_user` to `ansible_user` (documentation of its plugin ssh).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from omg.engine import EVERYWHERE, Access, Run, task
from omg.errors import Absent, Denied
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
        namespace: of its nodeset, and so of the Secret.
        host: a name or an IPv4 or IPv6 address; empty: the nodeset says none.
        secret: with the private key; empty: the nodeset names none.
    """

    name: str
    namespace: str
    nodeset: str
    host: str
    port: int
    user: str
    secret: str


def why_not(settings: Settings) -> str | None:
    """The setting that asks for none."""
    return None if settings.sos_edpm else "SOS_EDPM"


@task(needs=(api_resources,), reads=(Access(GROUP, PLURAL, "list", EVERYWHERE),), writes=False, off=why_not)
async def dataplane_nodes(run: Run) -> tuple[EdpmNode, ...]:
    """List the EDPM nodes of every nodeset."""
    found = await run.each([PLURAL], list_nodes)
    return found[0] if found else ()


async def list_nodes(run: Run, _what: str) -> tuple[EdpmNode, ...]:
    """The nodes of all namespaces, or of the control plane's only; a name that two nodesets have is the first's."""
    resource, home = run.result_of(api_resources).find(GROUP, PLURAL), run.settings.osp_ns
    if resource is None:
        raise Absent(f"The cluster does not serve {PLURAL}.{GROUP}.")
    try:
        nodesets = [one async for page in run.cluster.list(resource) for one in page.objects()]
    except Denied:
        nodesets = [one async for page in run.cluster.list(resource, namespace=home) for one in page.objects()]
        run.note(f"Only those of the namespace {home} may be listed.")
    nodesets.sort(key=lambda one: (one["metadata"]["namespace"] != home, one["metadata"]["namespace"]))
    nodes: dict[str, EdpmNode] = {}
    for node in (node for nodeset in nodesets for node in nodes_of(nodeset)):
        nodes.setdefault(node.name, node)
    return tuple(nodes.values())


def nodes_of(nodeset: Mapping[str, Any]) -> Iterator[EdpmNode]:
    """The nodes of one OpenStackDataPlaneNodeSet."""
    metadata, spec = nodeset["metadata"], nodeset.get("spec") or {}
    template = spec.get("nodeTemplate") or {}
    addresses = (nodeset.get("status") or {}).get("allIPs") or {}
    for key, node in (spec.get("nodes") or {}).items():
        name = node.get("hostName") or key
        networks = node.get("networks") or template.get("networks") or ()
        fixed = next((one.get("fixedIP") for one in networks if str(one.get("name", "")).lower() == NETWORK), None)
        known = addresses.get(name) or addresses.get(key) or {}
        assigned = {"ansible_host": known.get(NETWORK) or fixed}
        variables = _variables(template) | _said(assigned) | _variables(node)
        yield EdpmNode(
            name=name,
            namespace=metadata["namespace"],
            nodeset=metadata["name"],
            host=_connection(variables, "host").strip("[]"),
            port=_port(_connection(variables, "port")),
            user=_connection(variables, "user") or USER,
            secret=template.get("ansibleSSHPrivateKeySecret") or "",
        )


def _variables(owner: Mapping[str, Any]) -> dict[str, str]:
    """What a template or a node says of its connection, as variables of Ansible."""
    ansible = owner.get("ansible") or {}
    fields = {
        "ansible_host": ansible.get("ansibleHost"),
        "ansible_port": ansible.get("ansiblePort"),
        "ansible_user": ansible.get("ansibleUser"),
    }
    return _said(fields) | _said(ansible.get("ansibleVars") or {})


def _said(variables: Mapping[str, Any]) -> dict[str, str]:
    """Those with a value; a template of Jinja is none, for only Ansible can fill it in."""
    return {
        name: str(value)
        for name, value in variables.items()
        if name in _NAMES and value not in (None, "", 0) and "{{" not in str(value)
    }


_NAMES = frozenset(f"ansible_{alias}{what}" for what in ("host", "port", "user") for alias in ("", "ssh_"))


def _connection(variables: Mapping[str, str], what: str) -> str:
    return variables.get(f"ansible_ssh_{what}") or variables.get(f"ansible_{what}") or ""


def _port(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() else SSH_PORT
