"""SOS reports of cluster nodes in a whole run against the embedded cluster."""

import asyncio
import json
import signal
import tarfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from omg.embedded.node_files import report_of
from omg.embedded.streams import V4
from omg.settings import Settings
from omg.sos.script import SENDS
from omg.tasks.cluster_sos import services_by_node, why_not
from omg.tasks.pods import Pod
from tests.gathering import Gathering

NODES = ("worker-0", "worker-1")
SILENT = "worker-2"
"""A node of the corpus whose kubelet is heard no more."""

REPORTS = "sos-reports/_all_nodes"

SENDING = "/exec.*exec\\+(cat|tail).*sosreport"
"""A request for a report's bytes."""


def made_by(gathering: Gathering, kind: str) -> list[str]:
    """What of omg's own the cluster holds."""
    store = gathering.cluster.store
    there = store.collection(store.kinds.of_object("v1", kind)).entries
    return [key for key in there if "omg-sos" in key]


def nothing_is_left(gathering: Gathering) -> bool:
    return made_by(gathering, "Pod") == made_by(gathering, "Namespace") == []


async def gathered(gathering: Gathering, **flags: str) -> dict[str, Any]:
    """Run it; each node's record."""
    settings: dict[str, Any] = {"read_only": "0", "sos_services": "nova", **flags}
    await gathering.run("cluster_sos", **settings)
    ended = (one for one in gathering.journal() if one.get("task") == "cluster_sos" and "outcome" in one)
    return {one["key"]: one for one in ended}


def changes(gathering: Gathering) -> list[str]:
    return [f"{one.method} {one.path}" for one in gathering.cluster.requests if one.method != "GET"]


async def test_reports_come_whole_from_every_node_of_the_services(gathering: Gathering) -> None:
    records = await gathered(gathering)
    for node in NODES:
        path = gathering.root / REPORTS / f"sosreport-{node}.tar.xz"
        assert path.read_bytes() == report_of(node)
        with tarfile.open(path) as report:
            assert f"sosreport-{node}-2026-01-01-demo/etc/hostname" in report.getnames()
        assert records[node]["outcome"] == "collected"
        assert "the plugin" not in records[node].get("reason", "")
    assert nothing_is_left(gathering)


async def test_every_pod_of_a_wanted_service_has_a_link_to_its_nodes_report(gathering: Gathering) -> None:
    await gathered(gathering, sos_services="nova,ovsdb")
    folder = gathering.root / "sos-reports"
    reports = {(folder / "_all_nodes" / f"sosreport-{node}.tar.xz") for node in NODES}
    assert {path.name for path in folder.iterdir()} == {"_all_nodes", "nova", "ovsdb"}
    links = list(folder.glob("nova/*"))
    assert "sos-report-nova-api-0" in {link.name for link in links}
    for link in links:
        assert link.readlink().parts[:2] == ("..", "_all_nodes")
        assert link.resolve() in reports


async def test_reports_that_are_unpacked_are_what_the_links_of_the_pods_lead_to(gathering: Gathering) -> None:
    await gathered(gathering, sos_decompress="1")
    folder = gathering.root / "sos-reports"
    links = list(folder.glob("nova/*"))
    assert links
    for link in links:
        assert (link / "etc/hostname").is_file()
        assert link.resolve().with_name(f"{link.resolve().name}.tar.xz").is_file()


async def test_rotated_logs_of_the_pods_come_masked(gathering: Gathering) -> None:
    await gathered(gathering)
    planted = [one.value for one in gathering.cluster.corpus.planted]
    for node in NODES:
        with tarfile.open(gathering.root / REPORTS / f"podlogs-{node}.tar.gz") as logs:
            names = logs.getnames()
            texts = [file.read() for one in logs.getmembers() if (file := logs.extractfile(one)) is not None]
        assert all(name.startswith("pods/") and ".log." in name for name in names)
        assert names
        assert [value for value in planted for text in texts if value in text] == []
        assert any(b" stdout F " in text for text in texts)


async def test_with_the_reports_rotated_logs_are_unpacked_too_and_linked_beside_their_pods_logs(
    gathering: Gathering,
) -> None:
    records = await gathered(gathering, sos_decompress="1")
    root = gathering.root
    planted = [one.value for one in gathering.cluster.corpus.planted]
    links = [path for path in (root / "namespaces").rglob("*.log.*") if path.is_symlink()]
    assert links
    for link in links:
        target = link.resolve()
        assert target.is_relative_to(root / REPORTS)
        assert target.parts[-6:-3] == ("var", "log", "pods")
        of_pod, container, name = target.parts[-3:]
        namespace, pod, _uid = of_pod.split("_")
        assert link.relative_to(root).parts == ("namespaces", namespace, "pods", pod, "logs", f"{container}.{name}")
        text = link.read_bytes()
        assert b" stdout F " in text
        assert [value for value in planted if value in text] == []
    for node in NODES:
        assert (root / REPORTS / f"podlogs-{node}.tar.gz").is_file()
        assert records[node]["outcome"] == "collected"
    written = {path for one in gathering.journal() if one.get("event") == "files" for path in one["files"]}
    assert {str(link.relative_to(root)) for link in links} <= written


async def test_a_service_that_is_named_and_of_which_no_pod_runs_is_absent(gathering: Gathering) -> None:
    records = await gathered(gathering, sos_services="nova,NOVA,no-such-service")
    assert {key for key in records if key.startswith("services/")} == {"services/no-such-service"}
    assert records["services/no-such-service"]["outcome"] == "absent"
    assert "has no-such-service in its label `service`" in records["services/no-such-service"]["reason"]


async def test_a_service_that_is_named_twice_has_its_links_once(gathering: Gathering) -> None:
    records = await gathered(gathering, sos_services="nova,nova,NOVA")
    assert {records[node]["outcome"] for node in NODES} == {"collected"}
    names = [path.name for path in (gathering.root / "sos-reports").glob("*/sos-report-*")]
    assert len(names) == len(set(names))


async def test_rotated_logs_that_can_not_be_had_are_a_loss_of_their_own_beside_the_report(gathering: Gathering) -> None:
    gathering.cluster.faults.cut(0, path="/exec.*podlogs.tar.gz")
    records = await gathered(gathering)
    for node in NODES:
        assert records[node]["outcome"] == "collected"
        assert records[f"{node}/podlogs"]["outcome"] == "truncated"
        assert (gathering.root / REPORTS / f"sosreport-{node}.tar.xz").exists()
    assert nothing_is_left(gathering)


async def test_a_debug_pod_is_made_as_oc_debug_makes_it_and_ends_by_itself(gathering: Gathering) -> None:
    seen: list[dict[str, Any]] = []
    put = gathering.cluster.store.put

    def keep(obj: dict[str, Any]) -> Any:
        seen.append(obj)
        return put(obj)

    gathering.cluster.store.put = keep  # type: ignore[method-assign, assignment]
    await gathered(gathering, support_tools="registry.example/tools:9")
    namespace = next(one for one in seen if one["kind"] == "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    pods = [one for one in seen if one["kind"] == "Pod"]
    assert {one["spec"]["nodeName"] for one in pods} == set(NODES)
    for pod in pods:
        spec, (container,) = pod["spec"], pod["spec"]["containers"]
        assert pod["metadata"]["namespace"] == namespace["metadata"]["name"]
        assert pod["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "omg"
        assert (spec["hostPID"], spec["hostNetwork"], spec["hostIPC"], spec["restartPolicy"]) == (
            True,
            True,
            True,
            "Never",
        )
        assert spec["tolerations"] == [{"operator": "Exists"}]
        assert spec["activeDeadlineSeconds"] > 0
        assert spec["automountServiceAccountToken"] is False
        assert container["image"] == "registry.example/tools:9"
        assert container["securityContext"]["privileged"] is True
        assert spec["volumes"][0]["hostPath"]["path"] == "/"


async def test_a_node_whose_kubelet_is_silent_is_told_and_gets_no_pod(gathering: Gathering) -> None:
    records = await gathered(gathering, sos_services="")
    assert records == {"": records[""]}
    records = await gathered(gathering, sos_services="ovn")
    assert SILENT in records
    assert records[SILENT]["outcome"] == "failed"
    assert "Kubelet stopped posting node status" in records[SILENT]["reason"]
    assert records[NODES[0]]["outcome"] == "collected"
    assert nothing_is_left(gathering)


async def test_a_kubelet_that_takes_the_pod_and_says_nothing_ends_in_its_own_time_limit(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omg.tasks.cluster_sos.START_LIMIT", 0.5)
    gathering.cluster.dead_nodes.add(NODES[0])
    records = await gathered(gathering)
    assert "its kubelet has said nothing about the pod" in records[NODES[0]]["reason"]
    assert records[NODES[1]]["outcome"] == "collected"
    assert nothing_is_left(gathering)


async def test_an_image_that_can_not_be_pulled_is_told_with_the_reason_of_the_events(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omg.cluster.debug_pod.TROUBLE_LIMIT", 0.3)
    gathering.cluster.refused_images.add("registry.example/wrong")
    records = await gathered(gathering, support_tools="registry.example/wrong")
    for node in NODES:
        assert records[node]["outcome"] == "failed"
        assert "ImagePullBackOff" in records[node]["reason"]
        assert "Failed: Failed to pull image" in records[node]["reason"]
    assert nothing_is_left(gathering)


async def test_it_is_the_same_where_stdin_has_no_end(gathering: Gathering) -> None:
    gathering.cluster.exec_protocols = (V4,)
    await gathered(gathering)
    for node in NODES:
        assert (gathering.root / REPORTS / f"sosreport-{node}.tar.xz").read_bytes() == report_of(node)
    assert nothing_is_left(gathering)


async def test_a_stream_that_is_cut_is_taken_up_where_it_broke(gathering: Gathering) -> None:
    fault = gathering.cluster.faults.cut(300 + len(SENDS), path=SENDING, count=2)
    records = await gathered(gathering)
    assert fault.hits == 2
    for node in NODES:
        assert (gathering.root / REPORTS / f"sosreport-{node}.tar.xz").read_bytes() == report_of(node)
    notes = " ".join(records[node].get("reason", "") for node in NODES)
    assert notes.count("The stream broke after 300 bytes") == 2
    assert nothing_is_left(gathering)


async def test_a_stream_that_breaks_a_fourth_time_keeps_partial_and_the_others_go_on(gathering: Gathering) -> None:
    gathering.cluster.faults.cut(100 + len(SENDS), path=f"{SENDING}-{NODES[0]}")
    records = await gathered(gathering)
    assert records[NODES[0]]["outcome"] == "truncated"
    assert "broke 4 times" in records[NODES[0]]["reason"]
    assert (gathering.root / REPORTS / f"sosreport-{NODES[0]}.tar.xz.partial").stat().st_size == 400
    assert records[NODES[1]]["outcome"] == "collected"
    assert nothing_is_left(gathering)


async def test_a_file_that_can_not_be_removed_at_once_goes_with_the_pod(gathering: Gathering) -> None:
    gathering.cluster.faults.status(403, path="/exec.*omg-sos\\+remove")
    records = await gathered(gathering)
    for node in NODES:
        assert records[node]["outcome"] == "collected"
        assert "It goes with the debug pod: Not allowed" in records[node]["reason"]
    assert nothing_is_left(gathering)


async def test_with_read_only_nothing_is_changed(gathering: Gathering) -> None:
    records = await gathered(gathering, read_only="1")
    assert (records[""]["outcome"], records[""]["reason"]) == ("skipped", "READ_ONLY=1")
    assert changes(gathering) == []


async def test_where_the_namespace_is_given_none_is_made_and_the_own_pod_owns_the_others(gathering: Gathering) -> None:
    own = {"metadata": {"name": "must-gather-x", "namespace": "openstack", "uid": "u-1"}, "spec": {"containers": []}}
    gathering.cluster.store.put({"apiVersion": "v1", "kind": "Pod", **own})
    seen: list[dict[str, Any]] = []
    put = gathering.cluster.store.put

    def keep(obj: dict[str, Any]) -> Any:
        seen.append(obj)
        return put(obj)

    gathering.cluster.store.put = keep  # type: ignore[method-assign, assignment]
    await gathered(gathering, run_namespace="openstack", pod_name="must-gather-x")
    assert {one["kind"] for one in seen} == {"Pod"}
    for pod in seen:
        assert pod["metadata"]["namespace"] == "openstack"
        assert [one["uid"] for one in pod["metadata"]["ownerReferences"]] == ["u-1"]
    assert nothing_is_left(gathering)


async def test_a_namespace_that_may_not_be_made_is_one_denied_item_and_every_node_names_it(
    gathering: Gathering,
) -> None:
    gathering.cluster.faults.status(403, path="^/api/v1/namespaces$")
    records = await gathered(gathering)
    assert records["namespace/temporary"]["outcome"] == "denied"
    assert {records[node]["outcome"] for node in NODES} == {"blocked"}
    assert changes(gathering) == ["POST /api/v1/namespaces"]


async def test_what_a_killed_run_left_is_removed_by_a_later_one(gathering: Gathering) -> None:
    labels = {
        "app.kubernetes.io/name": "omg",
        "app.kubernetes.io/component": "sos",
        "app.kubernetes.io/managed-by": "omg",
    }
    now = datetime.now(UTC)
    ages = {"old": timedelta(hours=3), "new": timedelta(minutes=3), "long": timedelta(hours=5)}
    for name, age in ages.items():
        born = (now - age).strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata = {"name": f"omg-sos-{name}", "labels": labels, "creationTimestamp": born}
        gathering.cluster.store.put({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    for name, minutes in (("old", 170), ("long", 280), ("long", 20)):
        born = (now - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")
        metadata = {"name": f"omg-sos-{minutes}", "namespace": f"omg-sos-{name}", "creationTimestamp": born}
        gathering.cluster.store.put({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}})
    records = await gathered(gathering)
    assert "omg-sos-old" in records["namespace/temporary"]["reason"]
    assert sorted(made_by(gathering, "Namespace")) == ["omg-sos-long", "omg-sos-new"], (
        "a pod of the long one may still work"
    )


async def test_what_is_left_may_not_be_looked_for_and_reports_are_made_all_the_same(gathering: Gathering) -> None:
    gathering.cluster.faults.status(403, path=r"^/api/v1/namespaces\?.*labelSelector")
    records = await gathered(gathering)
    assert "What earlier runs may have left was not looked for" in records["namespace/temporary"]["reason"]
    assert {records[node]["outcome"] for node in NODES} == {"collected"}
    assert nothing_is_left(gathering)


async def test_ctrl_c_while_reports_are_on_their_way_leaves_nothing_behind(gathering: Gathering) -> None:
    gathering.cluster.faults.stall(path=SENDING, after=50)
    settings = {"READ_ONLY": "0", "SOS_SERVICES": "nova"}
    process = await gathering.start("gather", str(gathering.root), "--only=cluster_sos", **settings)
    async with asyncio.timeout(60):
        while not any("sosreport" in str(one.query) for one in gathering.cluster.requests):
            await asyncio.sleep(0.05)
        process.send_signal(signal.SIGINT)
        await process.communicate()
    assert process.returncode == 128 + signal.SIGINT
    assert nothing_is_left(gathering)
    assert json.dumps(gathering.journal()).count('"outcome": "collected"') > 0


def pod(name: str, node: str, service: str, namespace: str = "openstack") -> Pod:
    return Pod(namespace, name, node, True, {"service": service} if service else {}, False, ())


def test_the_nodes_are_those_with_a_pod_of_the_control_plane_whose_label_contains_a_wanted_service() -> None:
    found = [
        pod("api", "a", "nova-api"),
        pod("metadata", "a", "Nova-Metadata"),
        pod("other", "b", "keystone"),
        pod("elsewhere", "c", "nova-api", namespace="default"),
        pod("pending", "", "nova-api"),
        pod("unlabelled", "d", ""),
    ]
    assert services_by_node(found, Settings(sos_services=("nova",))) == {"a": {"nova": ["api", "metadata"]}}
    assert set(services_by_node(found, Settings())) == {"a", "b"}
    assert services_by_node(found, Settings(sos_services=("nova", "nova-api")))["a"]["nova-api"] == ["api"]


@pytest.mark.parametrize(
    ("flags", "reason"),
    [({"read_only": "1"}, "READ_ONLY=1"), ({"sos_services": ""}, "SOS_SERVICES"), ({}, None)],
)
def test_it_is_on_unless_something_says_otherwise(flags: dict[str, Any], reason: str | None) -> None:
    assert why_not(Settings(**flags)) == reason
