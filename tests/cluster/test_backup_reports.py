"""The texts about backup and restore beside what kubectl prints with the same columns on the same server."""

from typing import Any

import msgspec

from omg.tasks.backup_restore import ANNOTATED, GROUPS, LABELLED
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.cluster import Cluster

OPENSTACK = "openstack"
LABEL = r".metadata.labels.backup\.openstack\.org"
STAGE = r".metadata.annotations.core\.openstack\.org/deployment-stage"

RESOURCES = f"KIND:.kind,NAME:.metadata.name,RESTORE-ORDER:{LABEL}/restore-order,CATEGORY:{LABEL}/category"
CLAIMS = f"NAME:.metadata.name,RESTORE:{LABEL}/restore,RESTORE-ORDER:{LABEL}/restore-order"
DEFINITIONS = f"NAME:.metadata.name,RESTORE-ORDER:{LABEL}/restore-order,CATEGORY:{LABEL}/category"


def _condition(name: str) -> str:
    return f'.status.conditions[?(@.type=="{name}")].status'


STAGES = (
    f"NAME:.metadata.name,DEPLOYMENT-STAGE:{STAGE},"
    f"INFRA-READY:{_condition('OpenStackControlPlaneInfrastructureReady')},READY:{_condition('Ready')}"
)


def _written(full: Gathered, name: str) -> str:
    return (full.root / "backup-restore" / name).read_text()


def _columns(cluster: Cluster, *arguments: str, columns: str) -> str:
    return cluster.kubectl("get", *arguments, f"--namespace={OPENSTACK}", "-o", f"custom-columns={columns}").decode()


def _label(report: str) -> str:
    return f"labels/{OPENSTACK}/{report}.log"


def test_what_is_restored_is_listed_as_kubectl_lists_it(cluster: Cluster, full: Gathered) -> None:
    named = ("secrets", "configmaps", "persistentvolumeclaims", "network-attachment-definitions.k8s.cni.cncf.io")
    served = cluster.kubectl("api-resources", "--namespaced", "--verbs=list", "-o", "name").decode().split()
    of_all = cluster.kubectl("api-resources", "--categories=all", "-o", "name").decode().split()
    kinds = sorted((group, plural) for plural, _, group in (name.partition(".") for name in served))
    others = [
        name
        for group, plural in kinds
        if ((group, plural) in LABELLED or group.endswith(f".{GROUPS}"))
        and (name := f"{plural}.{group}".rstrip(".")) not in (*of_all, *named)
    ]
    names = ",".join(("all", *named, *others))
    shown = _columns(cluster, names, "--selector=backup.openstack.org/restore=true", columns=RESOURCES)
    assert _written(full, _label("restore-labeled-resources")) == shown
    kinds_shown = {line.split()[0] for line in shown.splitlines()}
    assert {"ConfigMap", "Secret", "PersistentVolumeClaim", "OpenStackControlPlane"} <= kinds_shown


def test_claims_that_are_backed_up_are_listed_as_kubectl_lists_them(cluster: Cluster, full: Gathered) -> None:
    shown = _columns(cluster, "pvc", "--selector=backup.openstack.org/backup=true", columns=CLAIMS)
    assert _written(full, _label("backup-labeled-pvcs")) == shown
    assert len(shown.splitlines()) > 1


def test_definitions_of_what_is_restored_are_listed_as_kubectl_lists_them(cluster: Cluster, full: Gathered) -> None:
    shown = _columns(cluster, "crd", "--selector=backup.openstack.org/restore=true", columns=DEFINITIONS)
    assert _written(full, _label("backup-restore-crds")) == shown
    assert "openstackcontrolplanes.core.openstack.org" in shown


def test_annotations_that_override_labels_are_those_that_kubectl_shows(cluster: Cluster, full: Gathered) -> None:
    lines = [line for group, plural in ANNOTATED for line in _overrides(cluster, f"{plural}.{group}".rstrip("."))]
    assert _written(full, _label("annotation-overrides")).splitlines() == lines
    assert any(line.endswith("restore=false order=unset") for line in lines)
    assert any(line.endswith("restore=true order=05") for line in lines)


def _overrides(cluster: Cluster, kind: str) -> list[str]:
    listed = msgspec.json.decode(cluster.kubectl("get", kind, f"--namespace={OPENSTACK}", "--output=json"))
    found = []
    for one in listed["items"]:
        notes: dict[str, Any] = one["metadata"].get("annotations", {})
        restore, order = (notes.get(f"backup.openstack.org/{name}") for name in ("restore", "restore-order"))
        if restore is not None or order is not None:
            name = f"{one['kind']}/{one['metadata']['name']}"
            found.append(f"{name} restore={restore or 'unset'} order={order or 'unset'}")
    return found


def test_the_stage_of_each_control_plane_is_what_kubectl_shows(cluster: Cluster, full: Gathered) -> None:
    shown = _columns(cluster, "openstackcontrolplanes.core.openstack.org", columns=STAGES)
    assert _written(full, "deployment-stage/controlplane-stage.log") == shown
    assert "infrastructure-only" in shown


def test_where_nothing_is_labelled_there_is_only_what_kubectl_prints_then(cluster: Cluster) -> None:
    shown = _columns(cluster, "pvc", "--selector=backup.openstack.org/backup=nothing", columns=CLAIMS)
    assert shown.splitlines() in ([], ["NAME   RESTORE   RESTORE-ORDER"])
