"""The nodes: three masters and three workers, one of which doesn't answer any more."""

from __future__ import annotations

from typing import Any

from omg.embedded.corpus.objects import Object, made
from omg.embedded.corpus.times import INSTALLED, before
from omg.embedded.corpus.world import World

MASTERS = ("master-0", "master-1", "master-2")
WORKERS = ("worker-0", "worker-1", "worker-2")
DOWN = "worker-2"
# Since when that node is down, minutes before the collection.
DOWN_FOR = 47
ADDRESSES = {name: f"192.168.122.{10 + at}" for at, name in enumerate((*MASTERS, *WORKERS))}
HEALTHY = {
    "MemoryPressure": ("KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    "DiskPressure": ("KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    "PIDPressure": ("KubeletHasSufficientPID", "kubelet has sufficient PID available"),
}
LOST = ("NodeStatusUnknown", "Kubelet stopped posting node status.")


def add_nodes(world: World) -> None:
    """Add the nodes."""
    world.add(*(_node(world, name) for name in (*MASTERS, *WORKERS)))


def _node(world: World, name: str) -> Object:
    master = name in MASTERS
    role = "control-plane" if master else "worker"
    labels = {
        "beta.kubernetes.io/arch": "amd64",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.openshift.io/os_id": "rhel",
        f"node-role.kubernetes.io/{role}": "",
    }
    labels |= {"node-role.kubernetes.io/master": ""} if master else {"openstack.org/zone": f"zone-{name[-1]}"}
    notes = {
        "kwok.x-k8s.io/node": "fake",
        "machine.openshift.io/machine": f"openshift-machine-api/ostest-{name}",
        "machineconfiguration.openshift.io/currentConfig": f"rendered-{role}-{world.draw('mc', role).hexadecimal(32)}",
        "machineconfiguration.openshift.io/state": "Done",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
    }
    at = (*MASTERS, *WORKERS).index(name)
    spec: dict[str, Any] = {"podCIDR": f"10.128.{at}.0/24", "podCIDRs": [f"10.128.{at}.0/24"]}
    if master:
        spec["taints"] = [{"effect": "NoSchedule", "key": "node-role.kubernetes.io/master"}]
    if name == DOWN:
        lost = before(DOWN_FOR)
        spec["taints"] = [
            {"effect": effect, "key": "node.kubernetes.io/unreachable", "timeAdded": lost}
            for effect in ("NoSchedule", "NoExecute")
        ]
    return made("Node", name, labels=labels, annotations=notes, age=INSTALLED, spec=spec, status=_status(world, name))


def _status(world: World, name: str) -> Object:
    cpu, memory = ("16", "65842332Ki") if name in MASTERS else ("48", "263921340Ki")
    capacity = {
        "cpu": cpu,
        "ephemeral-storage": "209124332Ki",
        "hugepages-1Gi": "0",
        "hugepages-2Mi": "0",
        "memory": memory,
        "pods": "250",
    }
    draw = world.draw("node", name)
    return {
        "addresses": [
            {"address": ADDRESSES[name], "type": "InternalIP"},
            {"address": name, "type": "Hostname"},
        ],
        "allocatable": capacity | {"cpu": f"{int(cpu) * 1000 - 500}m", "ephemeral-storage": "191655226091"},
        "capacity": capacity,
        "conditions": _conditions(down=name == DOWN),
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
        "images": [
            {"names": [f"quay.io/openstack-k8s-operators/{image}@sha256:{draw.hexadecimal(64)}"], "sizeBytes": size}
            for image, size in (("openstack-nova-api", 1_203_441_020), ("openstack-cinder-volume", 1_411_830_112))
        ],
        "nodeInfo": {
            "architecture": "amd64",
            "bootID": draw.identity(),
            "containerRuntimeVersion": "cri-o://1.31.5-2.rhaos4.18.git",
            "kernelVersion": "5.14.0-427.50.1.el9_4.x86_64",
            "kubeProxyVersion": "",
            "kubeletVersion": "v1.31.5",
            "machineID": draw.hexadecimal(32),
            "operatingSystem": "linux",
            "osImage": "Red Hat Enterprise Linux CoreOS 418.94.202501221327-0",
            "systemUUID": draw.identity(),
        },
    }


def _conditions(*, down: bool) -> list[Object]:
    kinds = {kind: ("False", *told) for kind, told in HEALTHY.items()}
    kinds["Ready"] = ("True", "KubeletReady", "kubelet is posting ready status")
    heartbeat, changed = (before(DOWN_FOR + 1), before(DOWN_FOR)) if down else (before(1), before(INSTALLED - 5))
    return [
        {
            "lastHeartbeatTime": heartbeat,
            "lastTransitionTime": changed,
            "message": LOST[1] if down else message,
            "reason": LOST[0] if down else reason,
            "status": "Unknown" if down else status,
            "type": kind,
        }
        for kind, (status, reason, message) in kinds.items()
    ]
