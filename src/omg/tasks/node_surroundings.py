"""What a node's description tells beside the node: its pods, its events, its lease, its devices. One list of each."""

from dataclasses import dataclass, field
from typing import Any

from omg.cluster.resource import Resource
from omg.describe import NodeSlice, PodOnNode, Surroundings, pod_on_node
from omg.engine import EVERYWHERE, Access, Run, task
from omg.errors import Absent
from omg.tasks.api_resources import ApiResources, api_resources
from omg.tasks.kinds import EVENTS, LEASES, PODS

LEASES_OF_NODES = "kube-node-lease"
"""The namespace in which kubelets renew their leases."""

SLICES_GROUP, SLICES = "resource.k8s.io", "resourceslices"

LISTS = ("pods", "events", "leases", SLICES)

NOT_ENDED = "status.phase!=Succeeded,status.phase!=Failed"


@dataclass(slots=True)
class NodeSurroundings:
    """What was listed; None for what could not be."""

    pods: dict[str, list[PodOnNode]] | None = None
    events: list[dict[str, Any]] | None = None
    leases: dict[str, dict[str, Any]] | None = None
    slices: dict[str, list[NodeSlice]] = field(default_factory=dict)

    def of(self, node: dict[str, Any]) -> Surroundings:
        """What belongs to one node."""
        name = node["metadata"]["name"]
        lease = None if self.leases is None else self.leases.get(name)
        missing = "not authorized" if self.leases is None else f'leases.coordination.k8s.io "{name}" not found'
        return Surroundings(
            pods=None if self.pods is None else self.pods.get(name, ()),
            events=None if self.events is None else events_about(self.events, node),
            lease=lease,
            no_lease=missing,
            slices=self.slices.get(name, ()),
        )


@task(
    needs=(api_resources,),
    reads=(
        Access("", "pods", "list", EVERYWHERE),
        Access("", "events", "list", EVERYWHERE),
        Access("coordination.k8s.io", "leases", "list", LEASES_OF_NODES),
        Access(SLICES_GROUP, SLICES, "list", EVERYWHERE),
    ),
    writes=False,
)
async def node_surroundings(run: Run) -> NodeSurroundings:
    """List the pods that run, the events of nodes, the kubelets' leases and the devices."""
    found = NodeSurroundings()
    served = run.result_of(api_resources)

    async def list_one(run: Run, name: str) -> int:
        match name:
            case "pods":
                return await list_pods(run, found)
            case "events":
                return await list_events(run, found)
            case "leases":
                return await list_leases(run, found)
            case _:
                return await list_slices(run, found, served_slices(served))

    await run.each(LISTS, list_one)
    return found


async def list_pods(run: Run, found: NodeSurroundings) -> int:
    """The pods of all namespaces that have a node and haven't ended."""
    pods: dict[str, list[PodOnNode]] = {}
    async for page in run.cluster.list(PODS, fields=NOT_ENDED):
        for pod in page.objects():
            node = pod["spec"].get("nodeName")
            if node:
                pods.setdefault(node, []).append(pod_on_node(pod))
    found.pods = pods
    return sum(map(len, pods.values()))


async def list_events(run: Run, found: NodeSurroundings) -> int:
    """The events about nodes, which are in no particular namespace."""
    fields = "involvedObject.kind=Node"
    found.events = [one async for page in run.cluster.list(EVENTS, fields=fields) for one in page.objects()]
    return len(found.events)


async def list_leases(run: Run, found: NodeSurroundings) -> int:
    """The kubelets' leases, by node."""
    leases = run.cluster.list(LEASES, namespace=LEASES_OF_NODES)
    found.leases = {one["metadata"]["name"]: one async for page in leases for one in page.objects()}
    return len(found.leases)


async def list_slices(run: Run, found: NodeSurroundings, resource: Resource) -> int:
    """The devices that only one node has, by node."""
    async for page in run.cluster.list(resource):
        for one in page.objects():
            spec = one["spec"]
            device = NodeSlice(spec.get("driver", ""), spec["pool"]["name"], len(spec.get("devices") or ()))
            if spec.get("nodeName"):
                found.slices.setdefault(spec["nodeName"], []).append(device)
    return sum(map(len, found.slices.values()))


def served_slices(served: ApiResources) -> Resource:
    """The kind of devices.

    Raises:
        Absent: the cluster doesn't serve it in the version that is looked at.
    """
    resource = served.find(SLICES_GROUP, SLICES)
    if resource is None or resource.version != "v1":
        raise Absent(f"The cluster does not serve {SLICES}.{SLICES_GROUP} in version v1.")
    return resource


def events_about(events: list[dict[str, Any]], node: dict[str, Any]) -> list[dict[str, Any]]:
    """The events about a node: those of controllers, which write its uid, then its kubelet's, which writes its name."""
    name = node["metadata"]["name"]
    named = [one for one in events if is_named(one.get("involvedObject") or {}, name)]
    uids = (node["metadata"].get("uid"), name)
    return [one for uid in uids for one in named if one["involvedObject"].get("uid") == uid]


def is_named(about: dict[str, Any], name: str) -> bool:
    """Whether an event's object may be the node of this name."""
    return about.get("name") == name and not about.get("namespace")
