"""Every path that a run may write, what it holds and how to read it: docs/output.md is made of this. Pure.

The paths come from the layout itself, which is asked with names in capitals; only the words are written here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from omg.cluster.resource import Resource
from omg.engine import Task
from omg.output.layouts import Granularity, RotatedLog
from omg.output.layouts.classic import BESIDE, CONFIGURATION_FILE, Classic
from omg.tasks import (
    api_services,
    backup_restore,
    cluster_sos,
    cluster_state,
    config_maps,
    control_planes,
    crd_manifests,
    custom_resources,
    databases,
    edpm_sos,
    network,
    nodes,
    openstack_commands,
    openstack_status,
    operators,
    overviews,
    ovn,
    pod_descriptions,
    pod_logs,
    rabbitmq,
    reported_pod_logs,
    secrets,
    webhooks,
    workloads,
)
from omg.tasks.kinds import CONFIG_MAPS, CRDS, NODES, PODS, SECRETS

NS, NAME, SERVICE, KEY = "NS", "NAME", "SERVICE", "KEY"
_OTHERS = ("POD", "CONTAINER", "N", "TIME", "PLURAL", "GROUP", "EXT", "DATABASE")
LAYOUT = Classic()


@dataclass(frozen=True, slots=True)
class PathRow:
    """One line of the page.

    Args:
        path: with names in capitals for what differs.
        task: that writes it, or the tasks that do; empty: omg itself.
        holds: what is in it, and how to read it.
    """

    path: str
    task: str
    holds: str

    @property
    def tasks(self) -> frozenset[str]:
        """The tasks that write it."""
        return frozenset(self.task.split(", ")) if self.task else frozenset()

    def matches(self, path: str) -> bool:
        """Whether a path of a tree is one of these."""
        words = "|".join((NS, NAME, SERVICE, KEY, *_OTHERS))
        pattern = re.sub(rf"\b(?:{words})\b", "[^/]+", re.escape(self.path))
        return re.fullmatch(pattern, path) is not None


@dataclass(frozen=True, slots=True)
class _Objects:
    """Kinds that a task writes as objects, and what is said of them."""

    task: Task[Any]
    kinds: Sequence[Resource]
    holds: str
    under: Sequence[str] = ()
    described: str = ""


def _kind(group: str, plural: str, *, namespaced: bool = True) -> Resource:
    return Resource(group=group, version="v1", plural=plural, kind=plural, namespaced=namespaced)


def _kinds(pairs: Sequence[tuple[str, str]], *, namespaced: bool = True) -> list[Resource]:
    return [_kind(group, plural, namespaced=namespaced) for group, plural in pairs]


_CLUSTER_SCOPED = {"clusterserviceversions"}
"""Kinds of the operators whose files have no namespace in their path, though the objects have one."""

_LISTED_EVERYWHERE = {"packagemanifests", "l2advertisements"}
"""Kinds in namespaces whose list is of the whole cluster."""

OBJECTS = (
    _Objects(nodes.nodes, [NODES], "A node.", described="The node in words, as `oc describe node` prints it."),
    _Objects(
        cluster_state.cluster_state,
        _kinds(cluster_state.KINDS, namespaced=False),
        "What the cluster says of itself: its version and operators, networks, machine pools, volumes.",
    ),
    _Objects(network.network, _kinds(network.KINDS[:3], namespaced=False), "The nodes' networks, by NMState."),
    _Objects(network.network, _kinds(network.KINDS[3:]), "The addresses that MetalLB hands out."),
    _Objects(crd_manifests.crd_manifests, [CRDS], "Definitions of the OpenStack and RabbitMQ kinds."),
    _Objects(
        api_services.api_services,
        _kinds(api_services.KINDS, namespaced=False),
        "API services of OpenStack; `status` says whether they answer.",
    ),
    _Objects(
        webhooks.webhooks,
        _kinds(webhooks.KINDS, namespaced=False),
        "Webhooks; one whose service is gone refuses every change.",
    ),
    _Objects(operators.operators, _kinds([operators.OFFERED]), "What operators could be installed, as one list."),
    _Objects(operators.operators, _kinds([operators.VERSIONS]), "The operators' versions; `status` says how they are."),
    _Objects(operators.operators, _kinds(operators.IN_NAMESPACES), "What was asked of the operator manager."),
    _Objects(
        pod_descriptions.pod_descriptions,
        [PODS],
        "The pod.",
        described="The pod in words, as `oc describe pod` prints it, its events last: what to read first.",
    ),
    _Objects(workloads.workloads, _kinds(workloads.KINDS), "What runs the services, and how they are reached."),
    _Objects(config_maps.config_maps, [CONFIG_MAPS], "Config maps whose name contains a service's."),
    _Objects(
        backup_restore.backup_restore,
        _kinds(backup_restore.OF_OADP),
        "Backups and restores by OADP and Velero; `status.phase` says how each went.",
    ),
    _Objects(
        backup_restore.backup_restore,
        [_kind(*backup_restore.SNAPSHOTS[0], namespaced=False), _kind(*backup_restore.SNAPSHOTS[1])],
        "Snapshots of volumes.",
    ),
    _Objects(secrets.secrets, [SECRETS], "Secrets of a service, values hidden.", under=(SERVICE,)),
    _Objects(
        custom_resources.custom_resources,
        [_kind("GROUP", "PLURAL"), _kind("GROUP", "PLURAL", namespaced=False)],
        "Custom resources of OpenStack and its neighbours, from all namespaces; read `status.conditions`.",
    ),
    _Objects(
        control_planes.control_planes,
        [_kind(control_planes.GROUP, control_planes.PLURAL)],
        "OpenStack's control planes; `status.conditions` says what each still waits for.",
    ),
)

OVERVIEWS = {
    "all_resources": "What `oc get all` prints of the namespace.",
    "events": "What `oc get events --sort-by=.lastTimestamp` prints: the newest is last.",
    "pvc": "What `oc get pvc` prints.",
}

OWN = (
    PathRow("version", "version", "The project's name and the version of the build."),
    PathRow("omg-manifest.json", "", "How every item ended and why; which object each file holds."),
    PathRow("omg-manifest.jsonl", "", "The same as a journal, line by line as it happened; a killed run leaves it."),
    PathRow("run.log", "", "What was printed while the run went on, and the summary."),
    PathRow("must-gather.tar.EXT", "", "All of this in one file, where ARCHIVE asks for it: gz, xz or zst."),
)


def path_rows() -> Iterator[PathRow]:
    """Every line of the page, each path once."""
    seen = set()
    for row in (*OWN, *_of_objects(), *_of_texts(), *_of_commands()):
        if row.path not in seen:
            seen.add(row.path)
            yield row


def _of_objects() -> Iterator[PathRow]:
    for one in OBJECTS:
        task = one.task.name
        for kind in one.kinds:
            holds = f"{one.holds} (`{kind.name}`)" if len(one.kinds) > 1 and kind.plural != "PLURAL" else one.holds
            granularity = LAYOUT.granularity(task, kind)
            if granularity is not Granularity.ONE_FILE_EACH:
                namespace = NS if kind.namespaced and kind.plural not in _LISTED_EVERYWHERE else None
                yield PathRow("/".join(LAYOUT.list_file(task, kind, namespace)), task, holds)
            if granularity is not Granularity.ONE_LIST:
                for path in _files(task, kind, one.under):
                    yield PathRow(path, task, holds)
                    if kind is SECRETS:
                        decoded = "A configuration file of the secret, decoded, its values hidden."
                        yield PathRow(f"{path}-{KEY}{CONFIGURATION_FILE}", task, decoded)
            if (task, kind.plural) in BESIDE:
                yield PathRow("/".join(LAYOUT.beside_file(task, kind, _object(kind))), task, one.described)


def _files(task: str, kind: Resource, under: Sequence[str]) -> Iterator[str]:
    for file in LAYOUT.object_files(task, kind, _object(kind), under):
        yield "/".join(file.parts)


def _object(kind: Resource) -> dict[str, Any]:
    namespaced = kind.namespaced and kind.plural not in _CLUSTER_SCOPED
    return {"metadata": {"name": NAME, **({"namespace": NS} if namespaced else {})}}


def _of_texts() -> Iterator[PathRow]:
    for previous in (False, True):
        holds = "The log of a container" + (" before its last restart: why it died." if previous else ".")
        path = LAYOUT.log_file(NS, "POD", "CONTAINER", previous=previous)
        yield PathRow("/".join(path), f"{pod_logs.pod_logs.name}, {reported_pod_logs.reported_pod_logs.name}", holds)
    task = overviews.overviews.name
    for name, holds in OVERVIEWS.items():
        yield PathRow("/".join(LAYOUT.command_file(task, (NS, f"{name}.log"))), task, holds)
    attachments = _kind("k8s.cni.cncf.io", "network-attachment-definitions")
    holds = "The NetworkAttachmentDefinitions, as one list."
    yield PathRow("/".join(LAYOUT.list_file(task, attachments, NS)), task, holds)


def _of_commands() -> Iterator[PathRow]:
    """What commands in containers print."""
    task = openstack_status.openstack_status.name
    for command in openstack_commands.COMMANDS:
        asked = command.text if command.place else f"openstack {command.text}"
        yield PathRow("/".join(LAYOUT.command_file(task, command.names)), task, f"What `{asked}` prints.")
    task = rabbitmq.rabbitmq.name
    for question in rabbitmq.COMMANDS:
        path = LAYOUT.command_file(task, ("POD", question))
        yield PathRow("/".join(path), task, f"What `rabbitmqctl {question}` prints.")
    task = ovn.ovn.name
    for side, name in ovn.DATABASES.items():
        holds = f"The database {name}, masked: `ovsdb-tool` and `ovsdb-client` read it."
        yield PathRow("/".join(LAYOUT.command_file(task, (f"ovn{side}_db.db",))), task, holds)
        path = LAYOUT.command_file(task, ("cluster-status", side, "POD.txt"))
        yield PathRow("/".join(path), task, f"What `ovn-appctl … cluster/status {name}` prints.")
    task = databases.databases.name
    for name in ("DATABASE", "openstack_databases"):
        path = LAYOUT.command_file(task, (NS, f"POD-{name}.sql"))
        yield PathRow("/".join(path), task, "A dump by `mysqldump`, masked, where OPENSTACK_DATABASES asks for it.")
    task = cluster_sos.cluster_sos.name
    path = LAYOUT.command_file(task, ("sosreport-NODE.tar.xz",))
    yield PathRow("/".join(path), task, "The SOS report of a cluster node that runs the services, as sos left it.")
    path = LAYOUT.command_file(task, ("sosreport-NODE",))
    holds = "With SOS_DECOMPRESS=1 the same unpacked and masked, rotated logs in `var/log/pods`; links lead here then."
    yield PathRow("/".join(path) + "/…", f"{task}, {edpm_sos.edpm_sos.name}", holds)
    path = LAYOUT.link_file(task, (SERVICE, "sos-report-POD"))
    holds = "A link to the report of the node that the pod runs on; under nova also of EDPM nodes, by their names."
    yield PathRow("/".join(path), f"{task}, {edpm_sos.edpm_sos.name}", holds)
    path = LAYOUT.command_file(task, ("podlogs-NODE.tar.gz",))
    holds = "The rotated logs of the node's pods, masked: what `oc logs` shows no more."
    yield PathRow("/".join(path), task, holds)
    path = LAYOUT.rotated_log_link(RotatedLog(NS, "POD", "CONTAINER", "N.log.TIME"))
    holds = "A link to a rotated log, older than CONTAINER.log and than what `oc logs` shows, with SOS_DECOMPRESS=1."
    yield PathRow("/".join(path), task, holds)
    task = edpm_sos.edpm_sos.name
    path = LAYOUT.command_file(task, ("sosreport-HOST.tar.xz",))
    yield PathRow("/".join(path), task, "The SOS report of an EDPM node that SOS_EDPM names, as sos left it.")
    task = backup_restore.backup_restore.name
    for name, holds in REPORTS.items():
        yield PathRow("/".join(LAYOUT.command_file(task, ("labels", NS, f"{name}.log"))), task, holds)
    path = LAYOUT.command_file(task, ("deployment-stage", "controlplane-stage.log"))
    yield PathRow("/".join(path), task, "How far each control plane is deployed.")


REPORTS = {
    "restore-labeled-resources": "What is labelled to be restored, in which order.",
    "backup-labeled-pvcs": "The volume claims that are labelled for it.",
    "backup-restore-crds": "The definitions that are labelled for it.",
    "annotation-overrides": "Annotations that change how an object is backed up or restored.",
}


def page() -> str:
    """docs/output.md."""
    rows = sorted(path_rows(), key=lambda row: row.path)
    width = max(len(row.path) for row in rows) + 2
    lines = [f"| {f'`{row.path}`':{width}} | {row.holds} | {row.task or 'omg'} |" for row in rows]
    return "\n".join((_HEAD, *lines, _FOOT))


_HEAD = """\
# What omg writes

This page is made by `python -m omg.gather.paths` from the tables that write the tree; a test holds it to them, and
another to the tree of a real cluster. Words in capitals stand for names of the cluster. A name that no file system
takes is percent-encoded, one that is too long is cut and marked by a hash, and `omg-manifest.json` says which object a
file holds.

| path | what it holds | written by |
|---|---|---|"""

_FOOT = """
## Reading it

- A kind that the cluster doesn't serve has no files and is `absent` in the manifest; what was denied, failed, timed out
  or was cut is there by name, with the reason.
- A file that ends in `.partial` was being written when the process was killed: masked, useful, not whole.
- A text that was cut ends with a line `-- omg: cut after N bytes: REASON --`.
- `__hidden_K7Q2M4XR__` stands for a secret value: the same mark is the same value, in this tree only.
- `all_resources.log` shows the kinds of `oc get all` that omg collects; what else the cluster counts among them would
  need rights that nothing else needs, and is left out.
"""


def main() -> None:
    """Print the page."""
    import sys  # noqa: PLC0415

    sys.stdout.write(page())


if __name__ == "__main__":
    main()
