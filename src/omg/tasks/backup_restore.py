"""Backups and restores of the control plane: OADP's and Velero's objects, snapshots, and what is labelled for them."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from omg.cluster.resource import Resource
from omg.engine import EVERYWHERE, Access, Run, task
from omg.errors import Absent, Denied, RequestFailed, TimedOut, Unreachable
from omg.printing.tables import columned
from omg.tasks.api_resources import ApiResources, api_resources
from omg.tasks.kinds import CLAIMS, CRDS
from omg.tasks.printed_lists import ALL
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

BACKUP = "backup.openstack.org/backup"
LABEL = "backup.openstack.org/restore"
ORDER = "backup.openstack.org/restore-order"
CATEGORY = "backup.openstack.org/category"
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
    ("", "pods"),
    ("", "replicationcontrollers"),
    ("apps", "daemonsets"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("batch", "cronjobs"),
    ("batch", "jobs"),
)
"""Kinds beside OpenStack's own that may be labelled for a restore."""

GROUPS = "openstack.org"
"""The end of the groups whose kinds may be."""

ANNOTATED = (
    ("", "secrets"),
    ("", "configmaps"),
    ("", "persistentvolumeclaims"),
    ("k8s.cni.cncf.io", "network-attachment-definitions"),
)
"""Kinds whose annotations may say otherwise than the labels that the operator gives them, and win over them."""

REPORTS = ("restore-labeled-resources", "backup-labeled-pvcs", "backup-restore-crds", "annotation-overrides")

OF_RESOURCES = ("KIND", "NAME", "RESTORE-ORDER", "CATEGORY")
OF_CLAIMS = ("NAME", "RESTORE", "RESTORE-ORDER")
OF_DEFINITIONS = ("NAME", "RESTORE-ORDER", "CATEGORY")
OF_STAGES = ("NAME", "DEPLOYMENT-STAGE", "INFRA-READY", "READY")

_NONE = "<none>"
_UNSET = "unset"


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
    namespace, served = run.settings.osp_ns, run.result_of(api_resources)
    match wanted.name:
        case "restore-labeled-resources":
            rows = [labelled_row(one) async for one in labelled(run, served, namespace)]
            await write(run, wanted.name, columned(OF_RESOURCES, rows))
        case "backup-labeled-pvcs":
            pages = run.cluster.list(CLAIMS, namespace=namespace, labels=f"{BACKUP}=true", metadata_only=True)
            rows = [label_row(one, LABEL, ORDER) async for page in pages for one in page.objects()]
            await write(run, wanted.name, columned(OF_CLAIMS, rows))
        case "backup-restore-crds":
            pages = run.cluster.list(CRDS, metadata_only=True, labels=f"{LABEL}=true")
            rows = [label_row(one, ORDER, CATEGORY) async for page in pages for one in page.objects()]
            await write(run, wanted.name, columned(OF_DEFINITIONS, rows))
        case _:
            lines = [line async for one in annotated(run, served, namespace) if (line := override_line(one))]
            await write(run, wanted.name, "".join(lines).encode())


async def write(run: Run, name: str, text: bytes) -> None:
    """Write one text."""
    await run.output.text("labels", run.settings.osp_ns, f"{name}.log", data=text)


async def labelled(run: Run, served: ApiResources, namespace: str) -> AsyncIterator[dict[str, Any]]:
    """The labelled objects of the namespace, their metadata only, kind after kind."""
    kinds = [one for one in in_their_order(served) if one.namespaced and may_be_labelled(one)]
    async for found in metadata_of(run, kinds, namespace, labels=f"{LABEL}=true"):
        yield found


def may_be_labelled(kind: Resource) -> bool:
    """Whether objects of a kind may be labelled for a restore."""
    return (kind.group, kind.plural) in LABELLED or kind.group.endswith(f".{GROUPS}")


def in_their_order(served: Iterable[Resource]) -> list[Resource]:
    """The kinds as `oc get all,secrets,configmaps,pvc,net-attach-def` shows them, and then the others."""

    def place(kind: Resource) -> tuple[int, str, str]:
        if ALL in kind.categories:
            return (0, "", "")  # as discovery tells them
        if (kind.group, kind.plural) in ANNOTATED:
            return (1 + ANNOTATED.index((kind.group, kind.plural)), "", "")
        return (1 + len(ANNOTATED), kind.group, kind.plural)

    return sorted(served, key=place)


async def annotated(run: Run, served: ApiResources, namespace: str) -> AsyncIterator[dict[str, Any]]:
    """The objects of the namespace that may have annotations, labelled or not, their metadata only."""
    kinds = [kind for group, plural in ANNOTATED if (kind := served.find(group, plural)) is not None]
    async for found in metadata_of(run, kinds, namespace):
        yield found


async def metadata_of(
    run: Run, kinds: Sequence[Resource], namespace: str, *, labels: str | None = None
) -> AsyncIterator[dict[str, Any]]:
    """The metadata of the objects of these kinds; a kind that can't be listed is lost to the report, which goes on.

    Raises:
        Absent, Denied, RequestFailed, TimedOut, Unreachable: none of them could be listed.
    """
    refused: dict[str, Exception] = {}
    for kind in kinds:
        try:
            async for page in run.cluster.list(kind, namespace=namespace, labels=labels, metadata_only=True):
                for one in page.objects():
                    yield {**one, "kind": kind.kind}
        except (Absent, Denied, RequestFailed, TimedOut, Unreachable) as error:
            refused[f"{kind.plural}.{kind.group}".rstrip(".")] = error
    if refused and len(refused) == len(kinds):
        raise next(iter(refused.values()))
    for name, reason in refused.items():
        run.lost(name, reason)


async def save_stages(run: Run, wanted: Wanted) -> None:
    """Write how far each control plane of the namespace is deployed."""
    pages = run.cluster.list(wanted.resource, namespace=wanted.namespace)
    rows = [stage_row(one) async for page in pages for one in page.objects()]
    await run.output.text("deployment-stage", "controlplane-stage.log", data=columned(OF_STAGES, rows))


def labelled_row(one: dict[str, Any]) -> tuple[str, ...]:
    """Kind, name, restore order, category."""
    return (one["kind"], *label_row(one, ORDER, CATEGORY))


def label_row(one: dict[str, Any], *wanted: str) -> tuple[str, ...]:
    """The name, and the values of some labels."""
    labels = one["metadata"].get("labels") or {}
    return (one["metadata"]["name"], *(labels.get(label, _NONE) for label in wanted))


def override_line(one: dict[str, Any]) -> str:
    """What the annotations of an object say about its restore; empty where they say nothing."""
    notes = one["metadata"].get("annotations") or {}
    if LABEL not in notes and ORDER not in notes:
        return ""
    told = f"restore={notes.get(LABEL, _UNSET)} order={notes.get(ORDER, _UNSET)}"
    return f"{one['kind']}/{one['metadata']['name']} {told}\n"


def stage_row(one: dict[str, Any]) -> tuple[str, ...]:
    """Name, stage, and the two conditions."""
    told = {each.get("type"): each.get("status", _NONE) for each in (one.get("status") or {}).get("conditions") or ()}
    stage = (one["metadata"].get("annotations") or {}).get(STAGE, _NONE)
    return (one["metadata"]["name"], stage, *(told.get(name, _NONE) for name in CONDITIONS))
