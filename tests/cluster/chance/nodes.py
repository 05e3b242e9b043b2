"""Nodes, their leases and their devices."""

from tests.cluster.chance.draws import Draw, Object

_INFO = (
    "machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion", "kubeletVersion",
    "kubeProxyVersion", "operatingSystem", "architecture",
)  # fmt: skip

_AMOUNTS = (
    "cpu", "memory", "pods", "ephemeral-storage", "hugepages-2Mi", "hugepages-1Gi", "example.com/gpu",
    "example.org/nic", "attachable-volumes-csi-x", "storage", "devices.kubevirt.io/kvm",
)  # fmt: skip


def node(seed: int) -> Object:
    """The node of a seed, with its status."""
    draw = Draw(f"node {seed}")
    labels = draw.labels()
    for role in draw.some(("worker", "master", "control-plane", "infra", "")):
        labels[f"node-role.kubernetes.io/{role}" if role else "kubernetes.io/role"] = draw.choice(("", "gpu"))
    spec: Object = draw.fields(0.4, unschedulable=draw.flag, providerID=lambda: f"openstack:///{draw.line()}")
    if draw.flag(0.6):
        spec["podCIDR"] = "10.1.0.0/24"
        spec["podCIDRs"] = ["10.1.0.0/24", "fd01::/64"][: draw.randint(1, 2)]
    if draw.flag(0.6):
        spec["taints"] = _taints(draw)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name(seed),
            "labels": labels,
            **draw.fields(0.5, annotations=draw.annotations),
        },
        "spec": spec,
        "status": {
            **draw.fields(
                0.8,
                conditions=lambda: [
                    _condition(draw, kind) for kind in draw.some(("Ready", "MemoryPressure", "a/b", "PIDPressure"))
                ],
                capacity=lambda: _amounts(draw),
                allocatable=lambda: _amounts(draw),
                nodeInfo=lambda: {key: draw.choice(("", draw.line(), draw.text())) for key in _INFO},
                addresses=lambda: [
                    {"type": kind, "address": draw.choice(("10.0.0.1", "fd00::1", "name.example.com"))}
                    for kind in draw.some(("InternalIP", "Hostname", "ExternalDNS", "InternalDNS"))
                ],
            ),
            **draw.fields(0.3, volumesInUse=lambda: ["a"], images=lambda: [{"names": ["x"], "sizeBytes": 5}]),
        },
    }


def name(seed: int) -> str:
    return f"by-chance-{seed}"


def lease(seed: int) -> Object:
    """The lease of a node's kubelet."""
    draw = Draw(f"lease {seed}")
    spec = draw.fields(
        0.7,
        holderIdentity=lambda: draw.choice((name(seed), "someone else")),
        leaseDurationSeconds=lambda: 40,
        acquireTime=draw.micro_time,
        renewTime=draw.micro_time,
    )
    head = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease"}
    return {**head, "metadata": {"name": name(seed), "namespace": "kube-node-lease"}, "spec": spec}


def slices(seed: int) -> list[Object]:
    """Devices that only this node has."""
    draw = Draw(f"slices {seed}")
    return [
        {
            "apiVersion": "resource.k8s.io/v1",
            "kind": "ResourceSlice",
            "metadata": {"name": f"{name(seed)}-{at}"},
            "spec": {
                "driver": f"driver-{draw.randrange(3)}.example.com",
                "pool": {"name": draw.choice(("a", "b/c", f"pool-{at}")), "generation": 1, "resourceSliceCount": 1},
                "nodeName": name(seed),
                "devices": [{"name": f"device-{number}"} for number in range(draw.randint(0, 3))],
            },
        }
        for at in range(draw.choice((0, 1, 5, 14)))
    ]


def _taints(draw: Draw) -> list[Object]:
    found = {}
    for _ in range(draw.randint(1, 5)):
        effect = draw.choice(("NoSchedule", "NoExecute", "PreferNoSchedule"))
        key = draw.key()
        found[key, effect] = {"key": key, "effect": effect, **draw.fields(0.5, value=draw.value, timeAdded=draw.time)}
    return list(found.values())


def _amounts(draw: Draw) -> Object:
    names = draw.some(_AMOUNTS)
    return {one: draw.quantity(whole=one not in ("cpu", "memory", "ephemeral-storage")) for one in names}


def _condition(draw: Draw, kind: str) -> Object:
    state = draw.choice(("True", "False", "Unknown"))
    more = draw.fields(
        0.7, lastHeartbeatTime=draw.time, lastTransitionTime=draw.time, reason=draw.line, message=draw.text
    )
    return {"type": kind, "status": state, **more}
