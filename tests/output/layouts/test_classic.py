from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from omg.output.layouts import Document, File, Granularity, Layout, Parts, RotatedLog, Text
from omg.output.layouts.classic import Classic
from tests.output.desk import CONFIG_MAPS, SECRETS, Kind, chunks, config_map, desk, pages

LAYOUT: Layout = Classic()


def path(task: str, group: str, plural: str, *, namespace: str | None = "ns", under: Sequence[str] = ()) -> list[str]:
    kind = Kind(group, plural, "K")
    granularity = LAYOUT.granularity(task, kind)
    lists = [] if granularity is Granularity.ONE_FILE_EACH else ["/".join(LAYOUT.list_file(task, kind, namespace))]
    if granularity is Granularity.ONE_LIST:
        return lists
    files = LAYOUT.object_files(task, kind, config_map("obj", namespace=namespace), under)
    return [*lists, *("/".join(file.parts) for file in files)]


@pytest.mark.parametrize(
    ("task", "kind", "expected"),
    [
        ("custom_resources", "nova.openstack.org novas", "namespaces/ns/crs/novas.nova.openstack.org/obj.yaml"),
        ("config_maps", " configmaps", "namespaces/ns/configmaps/obj.yaml"),
        ("workloads", " services", "namespaces/ns/services/obj.yaml"),
        ("workloads", "route.openshift.io routes", "namespaces/ns/routes/obj.yaml"),
        ("workloads", "apps daemonsets", "namespaces/ns/daemonset/obj.yaml"),
        ("workloads", "apps replicasets", "namespaces/ns/replicaset/obj.yaml"),
        ("workloads", "apps deployments", "namespaces/ns/deployments/obj.yaml"),
        ("workloads", "apps statefulsets", "namespaces/ns/statefulset/obj.yaml"),
        ("workloads", "build.openshift.io buildconfigs", "namespaces/ns/buildconfig/obj.yaml"),
        ("workloads", "batch jobs", "namespaces/ns/jobs/obj.yaml"),
        ("workloads", "batch cronjobs", "namespaces/ns/cronjobs/obj.yaml"),
        ("workloads", "cert-manager.io certificates", "namespaces/ns/cert/obj.yaml"),
        ("workloads", "cert-manager.io issuers", "namespaces/ns/issuer/obj.yaml"),
        ("workloads", "cert-manager.io certificaterequests", "namespaces/ns/certificaterequests/obj.yaml"),
        ("workloads", "image.openshift.io imagestreams", "namespaces/ns/imagestream/obj.yaml"),
        ("workloads", "policy poddisruptionbudgets", "namespaces/ns/poddisruptionbudgets/obj.yaml"),
        ("operators", "operators.coreos.com subscriptions", "namespaces/ns/subscriptions/obj"),
        ("operators", "operators.coreos.com installplans", "namespaces/ns/installplans/obj"),
        ("operators", "operators.coreos.com operatorgroups", "namespaces/ns/operatorgroups/obj"),
        ("operators", "operators.coreos.com clusterserviceversions", "csv/obj"),
        ("operators", "packages.operators.coreos.com packagemanifests", "packagemanifests"),
        ("overviews", "k8s.cni.cncf.io network-attachment-definitions", "namespaces/ns/nad.log"),
        ("pod_descriptions", " pods", "namespaces/ns/pods/obj/obj.yaml"),
        ("backup_restore", "velero.io backups", "backup-restore/oadp/backups/obj.yaml"),
        ("backup_restore", "snapshot.storage.k8s.io volumesnapshots", "backup-restore/volumesnapshots/ns/obj.yaml"),
        ("brand_new", "x.io things", "namespaces/ns/things/obj.yaml"),
    ],
)
def test_a_namespaced_kind_goes_where_users_look_for_it(task: str, kind: str, expected: str) -> None:
    group, plural = kind.split(" ")
    assert path(task, group, plural) == [expected]


@pytest.mark.parametrize(
    ("task", "kind", "expected"),
    [
        ("custom_resources", "nmstate.io nodenetworkstates", "crs/nodenetworkstates.nmstate.io/obj.yaml"),
        ("api_services", "apiregistration.k8s.io apiservices", "apiservices/obj.yaml"),
        ("webhooks", "x validatingwebhookconfigurations", "webhooks/validating/obj.yaml"),
        ("webhooks", "x mutatingwebhookconfigurations", "webhooks/mutating/obj.yaml"),
        ("crd_manifests", "apiextensions.k8s.io customresourcedefinitions", "crd/obj.yaml"),
        ("cluster_state", "config.openshift.io clusterversions", "cluster/clusterversions/obj.yaml"),
        ("nodes", " nodes", "nodes/obj.yaml"),
        ("backup_restore", "s.k8s.io volumesnapshotclasses", "backup-restore/volumesnapshotclasses/obj.yaml"),
        ("persistent_volumes", " persistentvolumes", "persistentvolumes/obj.yaml"),
    ],
)
def test_a_kind_of_the_cluster_goes_where_users_look_for_it(task: str, kind: str, expected: str) -> None:
    group, plural = kind.split(" ")
    assert path(task, group, plural, namespace=None) == [expected]


@pytest.mark.parametrize(
    ("kind", "namespace", "expected"),
    [
        ("nmstate.io nodenetworkstates", None, ["network/nns/obj.yaml", "crs/nodenetworkstates.nmstate.io/obj.yaml"]),
        (
            "metallb.io ipaddresspools",
            "ns",
            ["network/ipaddresspools/obj.yaml", "namespaces/ns/crs/ipaddresspools.metallb.io/obj.yaml"],
        ),
        (
            "metallb.io l2advertisements",
            "ns",
            ["network/l2advertisement.yaml", "namespaces/ns/crs/l2advertisements.metallb.io/obj.yaml"],
        ),
    ],
)
def test_what_is_of_the_network_is_also_among_the_custom_resources(
    kind: str, namespace: str | None, expected: list[str]
) -> None:
    group, plural = kind.split(" ")
    assert path("network", group, plural, namespace=namespace) == expected


def test_a_text_about_an_object_is_beside_it() -> None:
    pods, nodes = Kind("", "pods", "Pod"), Kind("", "nodes", "Node")
    about_pod = LAYOUT.beside_file("pod_descriptions", pods, config_map("p", namespace="ns"))
    assert "/".join(about_pod) == "namespaces/ns/pods/p/p-describe"
    assert "/".join(LAYOUT.beside_file("nodes", nodes, config_map("n", namespace=None))) == "nodes/n.describe"


def test_secrets_are_sorted_by_service_and_without_one_stand_alone() -> None:
    assert path("secrets", "", "secrets", under=["nova", "ovn"]) == [
        "namespaces/ns/secrets/nova/obj.yaml",
        "namespaces/ns/secrets/ovn/obj.yaml",
    ]
    assert path("secrets", "", "secrets") == ["namespaces/ns/secrets/obj.yaml"]


def test_only_keys_of_secrets_that_end_in_conf_and_are_base64_get_a_file() -> None:
    data = {"a.conf": "YQ==", "b.txt": "YQ==", "c.conf": "no base64", "d.conf": 7}
    obj = {"metadata": {"name": "s"}, "data": data}
    files = list(LAYOUT.object_files("secrets", SECRETS, obj, ["nova"]))
    assert files[1:] == [File(("secrets", "nova", "s.yaml-a.conf"), Text(b"a"))]
    assert len(list(LAYOUT.object_files("config_maps", CONFIG_MAPS, obj, []))) == 1
    assert len(list(LAYOUT.object_files("secrets", SECRETS, obj | {"data": None}, []))) == 1


def test_a_list_without_a_line_in_the_table_has_a_general_path() -> None:
    kind = Kind("x.io", "things", "Thing")
    assert LAYOUT.list_file("t", kind, "ns") == ("namespaces", "ns", "things.yaml")
    assert LAYOUT.list_file("t", kind, None) == ("things.yaml",)


def test_a_name_stays_in_its_part_whatever_it_holds() -> None:
    obj = config_map("{name}/../{0}", namespace="{plural}/x")
    (file,) = LAYOUT.object_files("config_maps", CONFIG_MAPS, obj, [])
    assert file.parts == ("namespaces", "{plural}/x", "configmaps", "{name}/../{0}.yaml")


@pytest.mark.parametrize(
    ("task", "names", "expected"),
    [
        ("version", ["version"], "version"),
        ("overviews", ["ns", "events.log"], "namespaces/ns/events.log"),
        ("openstack_status", ["manila", "pool_list"], "ctlplane/manila/pool_list"),
        ("openstack_status", ["endpoints"], "ctlplane/endpoints"),
        ("rabbitmq", ["pod", "status"], "ctlplane/rabbitmq/pod/status"),
        ("ovn", ["cluster-status", "nb", "pod.txt"], "ctlplane/ovn/cluster-status/nb/pod.txt"),
        ("databases", ["openstack", "pod-nova.sql"], "dbs/openstack/pod-nova.sql"),
        ("backup_restore", ["labels", "ns", "x.log"], "backup-restore/labels/ns/x.log"),
        ("brand_new", ["a", "b"], "brand_new/a/b"),
    ],
)
def test_a_text_goes_where_users_look_for_it(task: str, names: list[str], expected: str) -> None:
    assert "/".join(LAYOUT.command_file(task, names)) == expected


class Inspect:
    """A skeleton of the layout of `oc adm inspect`: one list for each kind."""

    def granularity(self, task: str, kind: Any) -> Granularity:
        return Granularity.ONE_FILE_EACH if kind.plural == "pods" else Granularity.ONE_LIST

    def object_files(self, task: str, kind: Any, obj: dict[str, Any], under: Sequence[str]) -> list[File]:
        name = obj["metadata"]["name"]
        return [File(("namespaces", obj["metadata"]["namespace"], kind.plural, name, f"{name}.yaml"), Document(obj))]

    def beside_file(self, task: str, kind: Any, obj: dict[str, Any]) -> Parts:
        return (kind.plural, obj["metadata"]["name"])

    def list_file(self, task: str, kind: Any, namespace: str | None) -> Parts:
        scope = ("namespaces", namespace) if namespace else ("cluster-scoped-resources",)
        return (*scope, kind.group or "core", f"{kind.plural}.yaml")

    def log_file(self, namespace: str, pod: str, container: str, *, previous: bool) -> Parts:
        name = "previous.log" if previous else "current.log"
        return ("namespaces", namespace, "pods", pod, container, container, "logs", name)

    def rotated_log_link(self, log: RotatedLog) -> Parts:
        return ("namespaces", log.namespace, "pods", log.pod, log.container, log.container, "logs", "rotated", log.name)

    def link_file(self, task: str, names: Sequence[str]) -> Parts:
        return ("links", task, *names)

    def command_file(self, task: str, names: Sequence[str]) -> Parts:
        return tuple(names)


async def test_a_second_layout_needs_no_change_of_a_collector(tmp_path: Path) -> None:
    layout: Layout = Inspect()
    objects = [config_map("a"), config_map("b")]
    with desk(tmp_path) as here:
        output = here.output("config_maps", layout)
        await output.objects(CONFIG_MAPS, pages(objects), namespace="openstack", under=lambda _: ("nova",))
        await output.objects(Kind("", "pods", "Pod"), pages([config_map("p")]), namespace="openstack")
        await output.log("openstack", "p", "c", chunks(b"x\n"), previous=True)
        files = here.files()
    assert set(files) == {
        "namespaces/openstack/core/configmaps.yaml",
        "namespaces/openstack/pods/p/p.yaml",
        "namespaces/openstack/pods/p/c/c/logs/previous.log",
    }
    listed = yaml.safe_load(files["namespaces/openstack/core/configmaps.yaml"])
    assert (listed["kind"], len(listed["items"])) == ("List", 2)
