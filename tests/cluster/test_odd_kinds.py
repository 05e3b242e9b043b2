"""Kinds that are odd or broken: each fails alone, says why, and takes no other's place."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.api import Refused
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load_objects

SPACE = "openstack"
DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
HUGE = [f"{number} " + "x" * 1000 for number in range(1200)]

NOBODY = {
    "strategy": "Webhook",
    "webhook": {"conversionReviewVersions": ["v1"], "clientConfig": {"url": "https://127.0.0.1:9/convert"}},
}


def definition(plural: str, group: str, kind: str, *, served: str = "v1", unserved: str = "", **spec: Any) -> Any:
    """A definition in the category `all`, of which one version is served; an unserved one is what is stored."""
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    stored = unserved or served
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"plural": plural, "kind": kind, "categories": ["all"]},
            "versions": [
                {"name": name, "served": name == served, "storage": name == stored, "schema": schema}
                for name in (served, unserved)
                if name
            ],
            **spec,
        },
    }


def thing(version: str, kind: str, name: str, namespace: str | None = SPACE, **fields: Any) -> Any:
    place = {} if namespace is None else {"namespace": namespace}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **place}, **fields}


def kill_conversion(cluster: Cluster) -> None:
    """Store a second version from now on, to which nobody converts what is stored in the first."""
    path = f"{DEFINITIONS}/deadones.dead.openstack.org"
    made = cluster.api.get(path)
    first = made["spec"]["versions"][0]
    made["spec"]["versions"] = [{**first, "storage": False}, {**first, "name": "v2", "storage": True}]
    made["spec"]["conversion"] = NOBODY
    cluster.api.send("PUT", path, made)


def wait_until_lists_fail(cluster: Cluster) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            cluster.api.get(f"/apis/dead.openstack.org/v2/namespaces/{SPACE}/deadones")
        except Refused as error:
            if "conversion webhook" in str(error):
                return
        time.sleep(0.2)
    raise AssertionError("the dead kind is listed")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of odd kinds."""
    with Cluster(tmp_path_factory.mktemp("odd")) as running:
        load_objects(running, [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}}])
        load_objects(
            running,
            [
                definition("deadones", "dead.openstack.org", "Deadone"),
                definition("services", "odd.openstack.org", "Service"),
                definition("things", "a.openstack.org", "Thing"),
                definition("things", "b.openstack.org", "Thing"),
                definition("clustered", "odd.openstack.org", "Clustered", scope="Cluster"),
                definition("olds", "odd.openstack.org", "Old", served="v1beta1", unserved="v1"),
                definition("hiddens", "odd.openstack.org", "Hidden", served="", unserved="v1"),
                definition(
                    "nodenetworkconfigurationpolicies", "nmstate.io", "NodeNetworkConfigurationPolicy", scope="Cluster"
                ),
                thing("dead.openstack.org/v1", "Deadone", "stored-before"),
                thing("odd.openstack.org/v1", "Service", "s" * 253),
                thing("v1", "Service", "real", spec={"ports": [{"port": 80}]}),
                thing("a.openstack.org/v1", "Thing", "same", spec={"of": "a"}),
                thing("b.openstack.org/v1", "Thing", "same", spec={"of": "b"}),
                *(thing("a.openstack.org/v1", "Thing", f"huge-{at}", spec={"lines": HUGE}) for at in range(3)),
                thing("odd.openstack.org/v1", "Clustered", "of-all", None),
                thing("odd.openstack.org/v1beta1", "Old", "o"),
                thing("nmstate.io/v1", "NodeNetworkConfigurationPolicy", "p", None),
                {
                    "apiVersion": "apiregistration.k8s.io/v1",
                    "kind": "APIService",
                    "metadata": {"name": "v1.packages.operators.coreos.com"},
                    "spec": {
                        "group": "packages.operators.coreos.com",
                        "version": "v1",
                        "groupPriorityMinimum": 1000,
                        "versionPriority": 10,
                        "insecureSkipTLSVerify": True,
                        "service": {"name": "gone", "namespace": SPACE},
                    },
                },
            ],
        )
        kill_conversion(running)
        wait_until_lists_fail(running)
        yield running


@pytest.fixture(scope="module")
def tree(odd: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    place = Place(odd.kubeconfig, tmp_path_factory.mktemp("trees"))
    only = "custom_resources,overviews,operators,backup_restore,network,crd_manifests"
    return place.gather("odd", f"--only={only}", user=odd.new_user())


def records(tree: Gathered, task: str) -> dict[str, Any]:
    return {record["key"]: record for record in tree.records() if record["task"] == task}


def test_a_kind_that_nobody_converts_fails_alone_and_says_why(tree: Gathered) -> None:
    assert tree.code == 1
    ended = records(tree, "custom_resources")
    dead = ended.pop("deadones.dead.openstack.org")
    assert dead["outcome"] == "failed"
    assert "conversion webhook for dead.openstack.org/v1, Kind=Deadone failed" in dead["reason"]
    assert {one["outcome"] for one in ended.values()} <= {"collected", "empty", "absent"}
    labels = records(tree, "backup_restore")
    assert labels["labels/restore-labeled-resources/deadones.dead.openstack.org"]["outcome"] == "failed"
    assert labels["labels/restore-labeled-resources"]["outcome"] == "collected"


def test_an_api_whose_server_is_down_is_not_absent(tree: Gathered) -> None:
    silent = records(tree, "operators")["packagemanifests.packages.operators.coreos.com"]
    assert silent["outcome"] == "failed"
    assert "does not answer" in silent["reason"]


def test_kinds_of_the_same_name_do_not_mix(tree: Gathered) -> None:
    crs = tree.root / "namespaces" / SPACE / "crs"
    found = {path.parent.name: yaml.safe_load(path.read_text())["spec"] for path in crs.glob("things.*/same.yaml")}
    assert found == {"things.a.openstack.org": {"of": "a"}, "things.b.openstack.org": {"of": "b"}}
    assert len(list((crs / "services.odd.openstack.org").iterdir())) == 1


def test_what_is_served_decides_not_what_is_stored(tree: Gathered) -> None:
    ended = records(tree, "custom_resources")
    assert ended["olds.odd.openstack.org"]["outcome"] == "collected"
    assert ended["hiddens.odd.openstack.org"]["outcome"] == "absent"
    assert (tree.root / "crs" / "clustered.odd.openstack.org" / "of-all.yaml").exists()


def test_huge_objects_are_whole(tree: Gathered) -> None:
    paths = sorted((tree.root / "namespaces" / SPACE / "crs" / "things.a.openstack.org").glob("huge-*.yaml"))
    assert [yaml.load(path.read_bytes(), yaml.CSafeLoader)["spec"]["lines"] for path in paths] == [HUGE] * 3


def test_everything_is_shown_but_what_could_not_be_listed(tree: Gathered) -> None:
    text = (tree.root / "namespaces" / SPACE / "all_resources.log").read_text()
    shown = {line.split()[0] for line in text.splitlines() if "/" in line}
    assert shown == {
        "service/real",
        f"service.odd.openstack.org/{'s' * 253}",
        "thing.a.openstack.org/same",
        *(f"thing.a.openstack.org/huge-{at}" for at in range(3)),
        "thing.b.openstack.org/same",
        "clustered.odd.openstack.org/of-all",
        "old.odd.openstack.org/o",
        "nodenetworkconfigurationpolicy.nmstate.io/p",
    }
    lacks = records(tree, "overviews")[f"all_resources/{SPACE}/others"]
    assert lacks["outcome"] == "blocked"
    assert "deadones.dead.openstack.org" in json.dumps(lacks)
