"""The demo's corpus as a whole: the same each time, as large as asked for, with everything that collectors look for."""

from collections import Counter
from typing import Any

import pytest

from omg.embedded.corpus import Corpus, demo_corpus, uid_of
from omg.embedded.corpus.namespaces import IN_SCOPE
from omg.embedded.corpus.story import REQUESTS
from omg.embedded.store import Store
from omg.tasks.services import SERVICES

SMALL_LOGS = 300_000
MB = 1_000_000


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return demo_corpus(log_bytes=SMALL_LOGS)


def named(corpus: Corpus, kind: str, namespace: str | None = "openstack") -> dict[str, Any]:
    found = (one for one in corpus.objects if one["kind"] == kind)
    return {one["metadata"]["name"]: one for one in found if namespace in (None, one["metadata"].get("namespace"))}


def test_the_same_seed_gives_the_same_corpus_and_another_seed_other_secrets(corpus: Corpus) -> None:
    again, other = demo_corpus(log_bytes=SMALL_LOGS), demo_corpus(log_bytes=SMALL_LOGS, seed=1)
    assert again.objects == corpus.objects
    assert again.execs == corpus.execs
    assert again.planted == corpus.planted
    assert {key: b"".join(log.chunks()) for key, log in again.logs.items()} == {
        key: b"".join(log.chunks()) for key, log in corpus.logs.items()
    }
    shared = {one.value for one in corpus.planted} & {one.value for one in other.planted}
    assert shared == set()
    assert [one["metadata"]["name"] for one in other.objects] == [one["metadata"]["name"] for one in corpus.objects]


def test_it_is_as_large_as_a_real_control_plane(corpus: Corpus) -> None:
    kinds = Counter(one["kind"] for one in corpus.objects)
    assert 1_000 <= len(corpus.objects) <= 1_700
    assert kinds["Pod"] >= 100
    assert kinds["CustomResourceDefinition"] >= 60
    assert sum(len(one["spec"]["containers"]) > 1 for one in corpus.objects if one["kind"] == "Pod") >= 25
    assert {"Node": 6, "CronJob": 6}.items() <= kinds.items()
    assert set(named(corpus, "Namespace", None)) > set(IN_SCOPE)


def test_ten_times_the_scale_is_ten_times_the_objects_on_the_same_cluster(corpus: Corpus) -> None:
    large = demo_corpus(scale=10, log_bytes=SMALL_LOGS)
    assert 9_000 <= len(large.objects) <= 15_000
    ours, theirs = (Counter(one["kind"] for one in each.objects) for each in (corpus, large))
    for kind in ("Node", "Namespace", "CustomResourceDefinition"):
        assert ours[kind] == theirs[kind]
    for kind in ("Pod", "Secret", "ConfigMap", "Event"):
        assert theirs[kind] >= 7 * ours[kind]
    identities = Counter(_identity(one) for one in large.objects)
    assert [identity for identity, count in identities.items() if count > 1] == []


def _identity(one: dict[str, Any]) -> tuple[str, str, str, str]:
    return one["apiVersion"], one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]


def test_every_object_has_a_name_of_its_own_and_a_kind_that_is_served(corpus: Corpus) -> None:
    assert len({_identity(one) for one in corpus.objects}) == len(corpus.objects)
    assert len(Store(corpus.objects)) == len(corpus.objects)


def test_no_object_carries_what_only_a_server_gives(corpus: Corpus) -> None:
    for one in corpus.objects:
        assert not {"uid", "resourceVersion", "managedFields", "generation"} & one["metadata"].keys()


def test_namespaces_definitions_and_nodes_come_before_everything_else(corpus: Corpus) -> None:
    order = [one["kind"] for one in corpus.objects]
    ranks = {"Namespace": 0, "CustomResourceDefinition": 1, "APIService": 1, "Node": 2}
    numbers = [ranks.get(kind, 3) for kind in order]
    assert numbers == sorted(numbers)
    spaces = set(named(corpus, "Namespace", None))
    assert {one["metadata"].get("namespace", "default") for one in corpus.objects} <= spaces


def test_owners_and_what_events_are_about_exist(corpus: Corpus) -> None:
    known = {
        uid_of(one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]) for one in corpus.objects
    }
    owners = {owner["uid"] for one in corpus.objects for owner in one["metadata"].get("ownerReferences", ())}
    about = {one["involvedObject"]["uid"] for one in corpus.objects if one["kind"] == "Event"}
    assert len(owners) > 100
    assert owners | about <= known


@pytest.mark.parametrize(
    "service", sorted(set(SERVICES) - {"logging", "ovs", "mariadb", "dataplane", "metric-storage", "telemetry"})
)
def test_every_service_has_pods_and_secrets_that_carry_its_name(corpus: Corpus, service: str) -> None:
    assert any(service in name for name in named(corpus, "Pod"))
    assert any(service in name for name in named(corpus, "Secret"))


@pytest.mark.parametrize("service", ["ovs", "dataplane", "metric-storage", "telemetry", "logging"])
def test_the_other_services_have_something_of_their_name(corpus: Corpus, service: str) -> None:
    assert any(service in name for kind in ("Secret", "Pod", "ConfigMap") for name in named(corpus, kind, None))


def test_everything_that_a_collector_asks_for_by_label_is_there(corpus: Corpus) -> None:
    pods = named(corpus, "Pod")
    labels = {name: pod["metadata"]["labels"] for name, pod in pods.items()}

    def having(**wanted: str) -> list[str]:
        return [name for name, told in labels.items() if wanted.items() <= told.items()]

    assert len(having(service="nova-api")) == 2
    assert len(having(service="ovsdbserver-nb")) == len(having(service="ovsdbserver-sb")) == 3
    assert len(having(component="designate-worker")) == 1
    assert len([one for one in labels.values() if one.get("app.kubernetes.io/component") == "rabbitmq"]) == 4
    first = [
        name
        for name, one in labels.items()
        if one.get("app") == "galera" and one["apps.kubernetes.io/pod-index"] == "0"
    ]
    assert sorted(first) == ["openstack-cell1-galera-0", "openstack-galera-0"]
    for name, one in labels.items():
        if one["service"] in ("cinder", "manila") and "component" in one:
            assert one["component"] in [each["name"] for each in pods[name]["spec"]["containers"]]


def test_nodesets_tell_how_to_reach_every_node(corpus: Corpus) -> None:
    nodesets = named(corpus, "OpenStackDataPlaneNodeSet")
    assert len(nodesets) == 3
    for nodeset in nodesets.values():
        nodes = nodeset["spec"]["nodes"]
        assert nodeset["status"]["allIPs"].keys() == {one["hostName"] for one in nodes.values()}
        key = named(corpus, "Secret")[nodeset["spec"]["nodeTemplate"]["ansibleSSHPrivateKeySecret"]]
        assert "ssh-privatekey" in key["data"]


def test_the_story_can_be_followed_by_its_request_ids(corpus: Corpus) -> None:
    text = {key: b"".join(log.chunks()) for key, log in corpus.logs.items()}
    for request in REQUESTS:
        told = {key[1].rpartition("-")[0] for key, log in text.items() if request.encode() in log}
        assert {"nova-api", "nova-cell1-conductor", "cinder-api", "cinder-scheduler"} <= told
    cinder = named(corpus, "CinderVolume")["cinder-volume-netapp"]
    assert cinder["status"]["conditions"][0]["status"] == "False"
    assert any(one["reason"] == "BackOff" for one in corpus.objects if one["kind"] == "Event")


def test_every_command_of_the_openstack_block_is_answered(corpus: Corpus) -> None:
    answered = [answer.command for answer in corpus.execs]
    for wanted in (
        ("openstack", "service", "list", "-c", "Name", "-f", "value"),
        ("openstack", "compute", "service", "list"),
        ("openstack", "loadbalancer", "l7policy", "list"),
        ("nova-manage", "cell_v2", "list_cells"),
        ("designate-manage", "pool", "show_config"),
        ("rabbitmqctl", "list_unresponsive_queues"),
        ("mysql", "-u", "root", "-e", "USE cinder;"),
    ):
        assert wanted in answered
    assert any(answer.exit_code for answer in corpus.execs)
