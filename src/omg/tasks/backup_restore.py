"""Backups and restores of the control plane: OADP's and Velero's objects, snapshots, and what is labelled for them."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from omg.engine import EVERYWHERE, Access, Run, task
from omg.printing.tables import columned
from omg.tasks.api_resources import ApiResources, api_resources
from omg.tasks.kinds import CLAIMS, CRDS
from omg.tasks.served_kinds import Wanted, in_namespaces, in_the_cluster

OF_OADP = (
    ("velero.io", "backups"),
    ("velero.io", "restores"),
    ("velero.io", "datauploads"),
    ("velero.io", "datadownloads"),
    ("velero.io", "backupstoragelocations"),
    ("velero.io", "volumesnapshotlocations"),
    ("oadp.openshift.io", "dataprotectionapplications"),
)
SNAPSHOTS = (
    ("snapshot.storage.k8s.io", "volumesnapshotclasses"),
    ("snapshot.storage.k8s.io", "volumesnapshots"),
)

CONTROL_PLANES = ("core.openstack.org", "openstackcontrolplanes")

LABEL = "backup.openstack.org/restore"
ORDER = "backup.openstack.org/restore-order"
CATEGORY = "backup.openstack.org/category"
OVERRIDE = "backup.openstack.org/"
STAGE = "core.openstack.org/deployment-stage"
CONDITIONS = ("OpenStackControlPlaneInfrastructureReady", "Ready")

LABELLED = (
    ("", "configmaps"),
    ("", "secrets"),
    ("", "persistentvolumeclaims"),
    ("", "services"),
    ("", "serviceaccounts"),
    ("cert-manager.io", "issuers"),
    ("cert-manager.io", "certificates"),
    ("k8s.cni.cncf.io", "network-attachment-definitions"),
    ("rbac.authorization.k8s.io", "roles"),
    ("rbac.authorization.k8s.io", "rolebindings"),
)
"""Kinds beside OpenStack's own that may be labelled for a restore."""

GROUPS = "openstack.org"
"""The end of the groups whose kinds may be."""

REPORTS = ("restore-labeled-resources", "backup-labeled-pvcs", "backup-restore-crds")
"""The texts; the first comes with one about the annotations of the same objects."""

OF_RESOURCES = ("KIND", "NAME", "RESTORE-ORDER", "CATEGORY")
OF_OVERRIDES = ("KIND", "NAME", "ANNOTATION", "VALUE")
OF_CLAIMS = ("NAME", "STATUS", "VOLUME", "CAPACITY", "LABELS")
OF_DEFINITIONS = ("NAME", "RESTORE", "CATEGORY", "RESTORE-ORDER")

_NONE = "<none>"


@dataclass(frozen=True, slots=True)
class Report:
    """One of the texts."""

    name: str

    def __str__(self) -> str:
        return f"labels/{self.name}"


@task(
    needs=(api_resources,),
    reads=(
        *(Access(group, plural, "list", where="$OADP_NS") for group, plural in OF_OADP),
        *(Access(group, plural, "list", where=EVERYWHERE) for group, plural in SNAPSHOTS),
        *(Access(group, plural, "list", where="$OSP_NS") for group, plural in LABELLED),
        Access("*.openstack.org", "*", "list", where="$OSP_NS"),
        Access("apiextensions.k8s.io", "customresourcedefinitions", "list", where=EVERYWHERE),
    ),
)
async def backup_restore(run: Run) -> None:
    """Save backups, restores and snapshots, what is labelled to be restored, and how far the deployment is."""
    served = run.result_of(api_resources)
    kinds = [*in_namespaces(OF_OADP, served, [run.settings.oadp_ns]), *in_the_cluster(SNAPSHOTS, served)]
    await run.each(kinds, save)
    await run.each([Report(name) for name in REPORTS], report)
    await run.each(in_namespaces([CONTROL_PLANES], served, [run.settings.osp_ns]), save_stages)


async def save(run: Run, wanted: Wanted) -> None:
    """List one kind and write each object."""
    pages = run.cluster.list(wanted.resource, namespace=wanted.namespace)
    await run.output.objects(wanted.resource, pages, namespace=wanted.namespace)


async def report(run: Run, wanted: Report) -> None:
    """Write the texts about one kind of labels."""
    namespace = run.settings.osp_ns
    match wanted.name:
        case "restore-labeled-resources":
            found = [one async for one in labelled(run, run.result_of(api_resources), namespace)]
            await write(run, wanted.name, OF_RESOURCES, map(labelled_row, found))
            await write(run, "annotation-overrides", OF_OVERRIDES, (row for one in found for row in override_rows(one)))
        case "backup-labeled-pvcs":
            pages = run.cluster.list(CLAIMS, namespace=namespace, labels=LABEL)
            await write(run, wanted.name, OF_CLAIMS, [claim_row(one) async for page in pages for one in page.objects()])
        case _:
            pages = run.cluster.list(CRDS, metadata_only=True, labels=LABEL)
            rows = [definition_row(one) async for page in pages for one in page.objects()]
            await write(run, wanted.name, OF_DEFINITIONS, rows)


async def write(run: Run, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one text."""
    await run.output.text("labels", run.settings.osp_ns, f"{name}.log", data=columned(columns, rows))


async def labelled(run: Run, served: ApiResources, namespace: str) -> AsyncIterator[dict[str, Any]]:
    """The labelled objects of the namespace, their metadata only, kind after kind."""
    for resource in sorted(served, key=lambda one: (one.group, one.plural)):
        known = (resource.group, resource.plural) in LABELLED or resource.group.endswith(f".{GROUPS}")
        if resource.namespaced and known:
            pages = run.cluster.list(resource, namespace=namespace, labels=f"{LABEL}=true", metadata_only=True)
            async for page in pages:
                for one in page.objects():
                    yield {**one, "kind": resource.kind}


async def save_stages(run: Run, wanted: Wanted) -> None:
    """Write how far each control plane of the namespace is deployed."""
    columns = ("NAME", "DEPLOYMENT-STAGE", "INFRASTRUCTURE-READY", "READY")
    pages = run.cluster.list(wanted.resource, namespace=wanted.namespace)
    rows = [stage_row(one) async for page in pages for one in page.objects()]
    await run.output.text("deployment-stage", "controlplane-stage.log", data=columned(columns, rows))


def labelled_row(one: dict[str, Any]) -> tuple[str, ...]:
    """Kind, name, restore order, category."""
    labels = one["metadata"].get("labels") or {}
    return (one["kind"], one["metadata"]["name"], labels.get(ORDER, _NONE), labels.get(CATEGORY, _NONE))


def claim_row(one: dict[str, Any]) -> tuple[str, ...]:
    """Name, status, volume, capacity, labels."""
    status = one.get("status") or {}
    labels = ",".join(f"{name}={value}" for name, value in sorted((one["metadata"].get("labels") or {}).items()))
    capacity = (status.get("capacity") or {}).get("storage", _NONE)
    return (
        one["metadata"]["name"],
        status.get("phase", _NONE),
        one["spec"].get("volumeName") or _NONE,
        capacity,
        labels,
    )


def definition_row(one: dict[str, Any]) -> tuple[str, ...]:
    """Name and labels of a definition."""
    labels = one["metadata"].get("labels") or {}
    return (one["metadata"]["name"], *(labels.get(label, _NONE) for label in (LABEL, CATEGORY, ORDER)))


def override_rows(one: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Each annotation that changes how an object is backed up or restored."""
    for name, value in sorted((one["metadata"].get("annotations") or {}).items()):
        if name.startswith(OVERRIDE):
            yield (one["kind"], one["metadata"]["name"], name, value)


def stage_row(one: dict[str, Any]) -> tuple[str, ...]:
    """Name, stage, and the two conditions."""
    told = {each.get("type"): each.get("status", _NONE) for each in (one.get("status") or {}).get("conditions") or ()}
    stage = (one["metadata"].get("annotations") or {}).get(STAGE, _NONE)
    return (one["metadata"]["name"], stage, *(told.get(name, _NONE) for name in CONDITIONS))
