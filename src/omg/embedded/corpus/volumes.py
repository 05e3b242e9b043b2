"""The claims of what keeps its data, and the volumes behind them."""

from __future__ import annotations

from collections.abc import Iterator

from omg.embedded.corpus.draws import name_end
from omg.embedded.corpus.nodes import ADDRESSES
from omg.embedded.corpus.objects import Object, made
from omg.embedded.corpus.world import World


def add_volumes(world: World) -> None:
    """Add a claim and a volume for everything that a StatefulSet keeps."""
    for pod in world.of_kind("Pod"):
        for volume in pod["spec"].get("volumes", ()):
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            if claim:
                world.add(*_claim(pod, claim))


def _claim(pod: Object, name: str) -> Iterator[Object]:
    namespace, node = pod["metadata"]["namespace"], pod["spec"].get("nodeName", next(iter(ADDRESSES)))
    volume = f"pvc-{name_end(8, name)}-{name_end(12, namespace, name)}"
    size = "5Gi" if name.startswith("mysql") else "10Gi"
    backed_up = {"backup.openstack.org/backup": "true", "backup.openstack.org/restore": "true"}
    yield made(
        "PersistentVolumeClaim",
        name,
        namespace,
        labels=backed_up if "galera" in name else None,
        annotations={
            "pv.kubernetes.io/bind-completed": "yes",
            "volume.kubernetes.io/selected-node": node,
            "volume.kubernetes.io/storage-provisioner": "topolvm.io",
        },
        metadata={"finalizers": ["kubernetes.io/pvc-protection"]},
        spec={
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": size}},
            "storageClassName": "lvms-vg1",
            "volumeMode": "Filesystem",
            "volumeName": volume,
        },
        status={"accessModes": ["ReadWriteOnce"], "capacity": {"storage": size}, "phase": "Bound"},
    )
    yield made(
        "PersistentVolume",
        volume,
        annotations={"pv.kubernetes.io/provisioned-by": "topolvm.io"},
        metadata={"finalizers": ["kubernetes.io/pv-protection"]},
        spec={
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": size},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "name": name,
                "namespace": namespace,
            },
            "csi": {"driver": "topolvm.io", "fsType": "xfs", "volumeHandle": f"{name_end(12, volume)}"},
            "persistentVolumeReclaimPolicy": "Delete",
            "storageClassName": "lvms-vg1",
            "volumeMode": "Filesystem",
        },
        status={"phase": "Bound"},
    )
