"""What the cluster says of itself beside its version and operators: its settings, machine pools and storage."""

from __future__ import annotations

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.nodes import DOWN, WORKERS
from omg.embedded.corpus.objects import made
from omg.embedded.corpus.times import INSTALLED, before
from omg.embedded.corpus.world import World

DRIVER = "topolvm.io"
DOMAIN = "apps.ostest.test.metalkube.org"


def add_cluster_kinds(world: World) -> None:
    """Add them."""
    _add_settings(world)
    _add_machine_pools(world)
    _add_storage(world)


def _add_settings(world: World) -> None:
    settings = {
        "Proxy": {"trustedCA": {"name": ""}},
        "DNS": {"baseDomain": "ostest.test.metalkube.org"},
        "Ingress": {"domain": DOMAIN, "loadBalancer": {"platform": {"type": ""}}},
        "FeatureGate": {},
    }
    for kind, spec in settings.items():
        world.add(made(kind, "cluster", api=API_OF[kind], age=INSTALLED, spec=spec))
    networks = {"clusterNetwork": [{"cidr": "10.128.0.0/14", "hostPrefix": 23}], "serviceNetwork": ["172.30.0.0/16"]}
    world.add(made("Network", "cluster", api="operator.openshift.io/v1", age=INSTALLED, spec=networks))


def _add_machine_pools(world: World) -> None:
    for role, count, ready in (("master", 3, 3), ("worker", len(WORKERS), len(WORKERS) - 1)):
        status = {
            "machineCount": count,
            "readyMachineCount": ready,
            "updatedMachineCount": count,
            "degradedMachineCount": count - ready,
            "conditions": [
                {
                    "type": "NodeDegraded",
                    "status": "True" if ready < count else "False",
                    "message": f"Node {DOWN} is not ready" if ready < count else "",
                    "lastTransitionTime": before(47),
                }
            ],
        }
        spec = {"maxUnavailable": 1, "paused": False}
        world.add(
            made("MachineConfigPool", role, api=API_OF["MachineConfigPool"], age=INSTALLED, spec=spec, status=status)
        )


def _add_storage(world: World) -> None:
    world.add(
        made(
            "StorageClass",
            "lvms-vg1",
            api="storage.k8s.io/v1",
            age=INSTALLED,
            annotations={"storageclass.kubernetes.io/is-default-class": "true"},
            provisioner=DRIVER,
            parameters={"csi.storage.k8s.io/fstype": "xfs"},
            reclaimPolicy="Delete",
            volumeBindingMode="WaitForFirstConsumer",
            allowVolumeExpansion=True,
        ),
        made(
            "CSIDriver",
            DRIVER,
            api="storage.k8s.io/v1",
            age=INSTALLED,
            spec={
                "attachRequired": False,
                "podInfoOnMount": True,
                "requiresRepublish": False,
                "seLinuxMount": False,
                "storageCapacity": True,
                "fsGroupPolicy": "ReadWriteOnceWithFSType",
                "volumeLifecycleModes": ["Persistent"],
            },
        ),
        made(
            "VolumeAttachment",
            f"csi-{'9d3f' * 16}",
            api="storage.k8s.io/v1",
            spec={
                "attacher": "csi.trident.netapp.io",
                "nodeName": WORKERS[0],
                "source": {"persistentVolumeName": "pvc-netapp-0"},
            },
            status={
                "attached": False,
                "attachError": {"message": "rpc error: no route to the filer", "time": before(9)},
            },
        ),
    )
