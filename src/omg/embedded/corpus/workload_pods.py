"""The pods of the workloads: where they run, by which labels they are found, what they keep."""

from __future__ import annotations

from omg.embedded.corpus.nodes import ADDRESSES, DOWN, MASTERS, WORKERS
from omg.embedded.corpus.objects import OPENSTACK, Object, made
from omg.embedded.corpus.pod_statuses import Health, pod_status
from omg.embedded.corpus.story import health_of
from omg.embedded.corpus.workload_table import Workload
from omg.embedded.corpus.world import World

# What keeps its data in a claim, and how much.
STORED = {"mysql-db": ("galera", "5Gi"), "persistence": ("rabbitmq", "10Gi"), "etc-ovn": ("ovsdbserver", "10Gi")}
# Beside the DaemonSets' pods, these are on the node that doesn't answer.
STRANDED = ("barbican-worker", "placement", "designate-central")


def labels_of(workload: Workload) -> dict[str, str]:
    """The labels by which pods are found: those that the operators give."""
    found = {"service": workload.service}
    if workload.namespace != OPENSTACK:
        return {"app.kubernetes.io/name": workload.service, "control-plane": workload.name}
    main = [one for one in workload.containers if one.startswith(workload.service + "-") and not one.endswith("-log")]
    if workload.service in ("cinder", "manila", "designate", "barbican", "heat") and main:
        found["component"] = main[0]
    if workload.service == "rabbitmq":
        name = workload.name.removesuffix("-server")
        found |= {"app.kubernetes.io/component": "rabbitmq", "app.kubernetes.io/name": name}
    if workload.service == "mariadb":
        found |= {"app": "galera", "cr": f"galera-{workload.name.removesuffix('-galera')}", "galera/name": "openstack"}
    return found


def replicas_of(world: World, workload: Workload) -> int:
    """How many pods there are: a DaemonSet has one a node at most, everything else grows with the scale."""
    return workload.replicas * (1 if workload.kind in "AP" else world.scale)


def claimed(template: Object, pod: str) -> str:
    """The name of the claim that a pod has by this template."""
    return f"{template['metadata']['name']}-{pod}"


def claim_templates(workload: Workload) -> list[Object]:
    """The claims that each pod of a workload gets."""
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": name},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": size}},
                "storageClassName": "lvms-vg1",
                "volumeMode": "Filesystem",
            },
            "status": {"phase": "Pending"},
        }
        for name, (mark, size) in STORED.items()
        if mark in workload.name
    ]


def workload_pod(
    world: World, workload: Workload, spec: Object, name: str, labels: dict[str, str], owner: Object | None, at: int
) -> Object:
    """One pod with its status; ``at`` is its number within the workload."""
    health = health_of(name)
    node = _node(world, workload, at)
    if node == DOWN and health.state == "running":
        health = Health("lost")
    own = dict(spec) if health.state == "unschedulable" else spec | {"nodeName": node}
    if workload.kind == "S":
        own["hostname"] = name
    networks = '[{"name":"internalapi","namespace":"openstack","interface":"internalapi"}]'
    notes = {"openshift.io/scc": "anyuid", "k8s.v1.cni.cncf.io/networks": networks}
    pod = made(
        "Pod",
        name,
        workload.namespace,
        labels=labels,
        annotations=notes if workload.namespace == OPENSTACK else None,
        owner=owner,
        spec=own,
    )
    pod["status"] = pod_status(pod, health, host=ADDRESSES[node])
    return pod


def _node(world: World, workload: Workload, at: int) -> str:
    if workload.namespace == "openshift-etcd":
        return MASTERS[at % len(MASTERS)]
    if workload.kind == "A":
        return WORKERS[at % len(WORKERS)]
    if workload.name in STRANDED:
        return DOWN
    alive = [one for one in WORKERS if one != DOWN]
    return alive[(at + len(world.objects)) % len(alive)]
