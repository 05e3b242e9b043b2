"""The layout that users of openstack-must-gather know. Pure.

Each path that isn't `[namespaces/NS/]PLURAL/NAME.yaml` is one line in a table. In a table's path, {scope} is
`namespaces/NS` for an object in a namespace and nothing for one of the cluster; a star stands for the names that a
collector gives.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from omg.output.contracts import Kind
from omg.output.layouts import Document, File, Granularity, Parts, RotatedLog, Text

GENERAL = "{scope}/{plural}/{name}.yaml"

FOLDERS = {
    ("apps", "daemonsets"): "daemonset",
    ("apps", "replicasets"): "replicaset",
    ("apps", "statefulsets"): "statefulset",
    ("build.openshift.io", "buildconfigs"): "buildconfig",
    ("cert-manager.io", "certificates"): "cert",
    ("cert-manager.io", "issuers"): "issuer",
    ("image.openshift.io", "imagestreams"): "imagestream",
    ("operator.openshift.io", "networks"): "networks.operator.openshift.io",
}
"""Kinds whose folder isn't named by their plural: as users know them, or because two kinds have the same."""

CUSTOM_RESOURCE = "{scope}/crs/{crd}/{name}.yaml"

OBJECTS: Mapping[tuple[str, str], str] = {
    ("custom_resources", "*"): CUSTOM_RESOURCE,
    ("control_planes", "*"): CUSTOM_RESOURCE,
    ("api_services", "*"): "apiservices/{name}.yaml",
    ("webhooks", "validatingwebhookconfigurations"): "webhooks/validating/{name}.yaml",
    ("webhooks", "mutatingwebhookconfigurations"): "webhooks/mutating/{name}.yaml",
    ("crd_manifests", "*"): "crd/{name}.yaml",
    ("cluster_state", "*"): "cluster/{plural}/{name}.yaml",
    ("network", "nodenetworkconfigurationpolicies"): "network/nncp/{name}.yaml",
    ("network", "nodenetworkconfigurationenactments"): "network/nnce/{name}.yaml",
    ("network", "nodenetworkstates"): "network/nns/{name}.yaml",
    ("network", "ipaddresspools"): "network/ipaddresspools/{name}.yaml",
    ("operators", "clusterserviceversions"): "csv/{name}",
    ("operators", "*"): "{scope}/{plural}/{name}",
    ("pod_descriptions", "pods"): "{scope}/pods/{name}/{name}.yaml",
    ("backup_restore", "volumesnapshotclasses"): "backup-restore/volumesnapshotclasses/{name}.yaml",
    ("backup_restore", "volumesnapshots"): "backup-restore/volumesnapshots/{namespace}/{name}.yaml",
    ("backup_restore", "*"): "backup-restore/oadp/{plural}/{name}.yaml",
}
"""Of a task and a plural: a file for each object."""

ALSO: Mapping[tuple[str, str], str] = {("network", "*"): CUSTOM_RESOURCE}
"""The same for a second file of each object: what has a place of its own is also where all custom resources are."""

BESIDE: Mapping[tuple[str, str], str] = {
    ("nodes", "nodes"): "nodes/{name}.describe",
    ("pod_descriptions", "pods"): "{scope}/pods/{name}/{name}-describe",
}
"""Of a task and a plural: a text about each object."""

LISTS: Mapping[tuple[str, str], str] = {
    ("network", "l2advertisements"): "network/l2advertisement.yaml",
    ("operators", "packagemanifests"): "packagemanifests",
    ("overviews", "network-attachment-definitions"): "{scope}/nad.log",
}
"""Of a task and a plural: one file for all objects."""

COMMANDS = {
    "version": "*",
    "overviews": "namespaces/*",
    "openstack_status": "ctlplane/*",
    "rabbitmq": "ctlplane/rabbitmq/*",
    "ovn": "ctlplane/ovn/*",
    "databases": "dbs/*",
    "backup_restore": "backup-restore/*",
    "cluster_sos": "sos-reports/_all_nodes/*",
    "edpm_sos": "sos-reports/_all_nodes/*",
}
"""Of a task: the file of a text with the names that the collector gives it; for others it is TASK/*."""

LINKS = {"cluster_sos": "sos-reports/*", "edpm_sos": "sos-reports/*"}
"""Of a task: the place of a link with the names that the collector gives it."""

CONFIGURATION_FILE = ".conf"
"""Keys of a Secret with this ending are also written decoded."""


class Classic:
    """The classic layout."""

    def granularity(self, task: str, kind: Kind) -> Granularity:
        """One file each, but for the lists in the table; both where the tables have both."""
        if (task, kind.plural) not in LISTS:
            return Granularity.ONE_FILE_EACH
        return Granularity.BOTH if _of(ALSO, task, kind) else Granularity.ONE_LIST

    def object_files(self, task: str, kind: Kind, obj: dict[str, Any], under: Sequence[str]) -> Iterator[File]:
        """The object; of a Secret, also its configuration files, beside it."""
        document = Document(obj)
        places = list(_places(task, kind, obj, under))
        for *above, name in places:
            yield File((*above, name), document)
        if _is_secret(kind):
            for key, text in _configuration_files(obj):
                for *above, name in places:
                    yield File((*above, f"{name}-{key}"), Text(text))

    def beside_file(self, task: str, kind: Kind, obj: dict[str, Any]) -> Parts:
        """Where the table says."""
        return _filled(BESIDE[task, kind.plural], obj["metadata"].get("namespace"), **_names(kind, obj))

    def list_file(self, task: str, kind: Kind, namespace: str | None) -> Parts:
        """Where the table says, or `[namespaces/NS/]PLURAL.yaml`."""
        template = LISTS.get((task, kind.plural), "{scope}/{plural}.yaml")
        return _filled(template, namespace, plural=kind.plural)

    def log_file(self, namespace: str, pod: str, container: str, *, previous: bool) -> Parts:
        """CONTAINER.log or CONTAINER-previous.log of the pod."""
        name = f"{container}-previous.log" if previous else f"{container}.log"
        return ("namespaces", namespace, "pods", pod, "logs", name)

    def rotated_log_link(self, log: RotatedLog) -> Parts:
        """CONTAINER.N.log.TIME of the pod; no container has a dot in its name, so CONTAINER.log is never the same."""
        return ("namespaces", log.namespace, "pods", log.pod, "logs", f"{log.container}.{log.name}")

    def link_file(self, task: str, names: Sequence[str]) -> Parts:
        """Where the table says, or TASK/NAMES."""
        return _named(LINKS.get(task, f"{task}/*"), names)

    def command_file(self, task: str, names: Sequence[str]) -> Parts:
        """Where the table says, or TASK/NAMES."""
        return _named(COMMANDS.get(task, f"{task}/*"), names)


def _named(template: str, names: Sequence[str]) -> Parts:
    parts: list[str] = []
    for part in template.split("/"):
        parts.extend(names if part == "*" else [part.format(*names)])
    return tuple(parts)


def _places(task: str, kind: Kind, obj: Mapping[str, Any], under: Sequence[str]) -> Iterator[Parts]:
    for template in _templates(task, kind):
        *above, name = _filled(template, obj["metadata"].get("namespace"), **_names(kind, obj))
        yield from [(*above, place, name) for place in under] or [(*above, name)]


def _templates(task: str, kind: Kind) -> Iterator[str]:
    first, also = _of(OBJECTS, task, kind), _of(ALSO, task, kind)
    yield first or also or GENERAL
    if first and also:
        yield also


def _of(table: Mapping[tuple[str, str], str], task: str, kind: Kind) -> str | None:
    return table.get((task, kind.plural)) or table.get((task, "*"))


def _names(kind: Kind, obj: Mapping[str, Any]) -> dict[str, str]:
    return {
        "name": obj["metadata"]["name"],
        "plural": FOLDERS.get((kind.group, kind.plural), kind.plural),
        "crd": f"{kind.plural}.{kind.group}" if kind.group else kind.plural,
    }


def _filled(template: str, namespace: str | None, **names: str) -> Parts:
    """A path with names in it, each of which stays within its part, whatever it holds."""
    parts: list[str] = []
    for part in template.split("/"):
        if part == "{scope}":
            parts.extend(("namespaces", namespace) if namespace else ())
        else:
            parts.append(part.format(namespace=namespace or "", **names))
    return tuple(parts)


def _is_secret(kind: Kind) -> bool:
    return (kind.group, kind.plural) == ("", "secrets")


def _configuration_files(secret: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    data = secret.get("data")
    for key, value in data.items() if isinstance(data, dict) else ():
        if key.endswith(CONFIGURATION_FILE) and isinstance(value, str):
            try:
                yield key, base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                continue  # the object's file has it as it is
