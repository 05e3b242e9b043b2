"""Backups of the control plane: OADP, Velero, snapshots."""

from __future__ import annotations

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.objects import OPENSTACK, Object, made
from omg.embedded.corpus.times import DAY, before
from omg.embedded.corpus.world import World

NAMESPACE = "openshift-adp"
# The share of backups that fail: one in so many.
FAILING = 5


def add_backups(world: World) -> None:
    """Add the nightly backups, one restore, and where they go."""
    for at in range(3 * world.scale):
        name, failed = f"openstack-nightly-{at}", at % FAILING == 1
        spec: Object = {"includedNamespaces": [OPENSTACK], "snapshotMoveData": True, "ttl": "720h0m0s"}
        spec |= {
            "storageLocation": "velero-1",
            "labelSelector": {"matchLabels": {"backup.openstack.org/backup": "true"}},
        }
        status: Object = {
            "phase": "PartiallyFailed" if failed else "Completed",
            "startTimestamp": before(at * DAY + 400),
            "progress": {"itemsBackedUp": 941, "totalItems": 941},
            **({"errors": 1} if failed else {}),
        }
        world.add(_made("Backup", name, spec, status))
        spec = {"snapshotType": "CSI", "sourceNamespace": OPENSTACK, "sourcePVC": "mysql-db-openstack-galera-0"}
        status = {
            "phase": "Failed" if failed else "Completed",
            "message": "data path backup canceled" if failed else "",
        }
        world.add(_made("DataUpload", f"{name}-upload", spec, status))
        _add_snapshot(world, name)
    world.add(_made("Restore", "openstack-drill", {"backupName": "openstack-nightly-0"}, {"phase": "Completed"}))
    spec = {
        "sourceNamespace": OPENSTACK,
        "targetVolume": {"namespace": OPENSTACK, "pvc": "mysql-db-openstack-galera-0"},
    }
    world.add(_made("DataDownload", "openstack-drill-1", spec, {"phase": "Completed"}))
    where = f"BackupStorageLocation {NAMESPACE}/velero-1"
    draw, plant = world.draw(where), world.plants.plant
    config = {
        "region": "us-east-1",
        "s3Url": "https://s3.openshift-storage.svc",
        "secretAccessKey": plant(draw.base64(30), "key", where),
    }
    credential = {"key": "cloud", "name": "cloud-credentials"}
    spec = {"provider": "aws", "objectStorage": {"bucket": "openstack"}, "config": config, "credential": credential}
    world.add(_made("BackupStorageLocation", "velero-1", spec, {"phase": "Available", "lastSyncedTime": before(1)}))
    world.add(_made("VolumeSnapshotLocation", "velero-1", {"provider": "aws"}, {}))
    spec = {"backupLocations": [{"velero": {"provider": "aws", "default": True, "credential": credential}}]}
    world.add(
        _made("DataProtectionApplication", "velero", spec, {"conditions": [{"type": "Reconciled", "status": "True"}]})
    )
    api = API_OF["VolumeSnapshotClass"]
    parameters = {"csi.storage.k8s.io/snapshotter-secret-name": "snapshotter"}
    told: Object = {"driver": "topolvm.io", "deletionPolicy": "Retain", "parameters": parameters}
    labels = {"velero.io/csi-volumesnapshot-class": "true"}
    world.add(made("VolumeSnapshotClass", "lvms-vg1", api=api, labels=labels, **told))


def _made(kind: str, name: str, spec: Object, status: Object) -> Object:
    labels = {"openshift.io/oadp": "True"}
    return made(kind, name, NAMESPACE, api=API_OF[kind], labels=labels, age=DAY, spec=spec, status=status)


def _add_snapshot(world: World, backup: str) -> None:
    api = API_OF["VolumeSnapshot"]
    source = {"persistentVolumeClaimName": "mysql-db-openstack-galera-0"}
    spec = {"source": source, "volumeSnapshotClassName": "lvms-vg1"}
    status = {"readyToUse": True, "restoreSize": "5Gi", "boundVolumeSnapshotContentName": f"snapcontent-{backup}"}
    labels = {"velero.io/backup-name": backup}
    world.add(made("VolumeSnapshot", f"galera-{backup}", OPENSTACK, api=api, labels=labels, spec=spec, status=status))
