"""Descriptions beside `kubectl describe` on the same server: the same text, ages apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster import exhibits
from tests.cluster.beside_kubectl import descriptions, differences
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load_objects

_POD = f"/api/v1/namespaces/{exhibits.SPACE}/pods"


@pytest.fixture(scope="module")
def shown(cluster: Cluster, full: Gathered, place: Place) -> Iterator[Gathered]:
    """A gather of everything that is described, unmasked, of a cluster with the exhibits."""
    assert full.code == 0, full.explain()
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": exhibits.SPACE}}
    lease_space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-node-lease"}}
    added = [*exhibits.nodes(), *exhibits.leases(), *exhibits.slices()]
    pods = exhibits.pods()
    load_objects(cluster, [space, lease_space, *added, *_without_owners(pods), *exhibits.events()])
    _own(cluster, pods)
    _debug(cluster)
    cluster.api.send("DELETE", f"{_POD}/leaving")
    gathered = place.gather(
        "described",
        "--only=pod_descriptions,nodes",
        user=cluster.new_user(),
        settings={"ADDITIONAL_NAMESPACES": exhibits.SPACE, "DO_NOT_MASK": "1", "TZ": "UTC"},
    )
    assert gathered.code == 0, gathered.explain()
    yield gathered
    cluster.api.send("PATCH", f"{_POD}/leaving", {"metadata": {"finalizers": None}}, "application/merge-patch+json")
    for pod in pods:
        if pod["metadata"]["name"] != "leaving":
            cluster.kubectl("delete", "pod", pod["metadata"]["name"], f"--namespace={exhibits.SPACE}", "--force")
    names = [one["metadata"]["name"] for one in exhibits.nodes()]
    cluster.kubectl("delete", "node", *names)
    cluster.kubectl("delete", "lease", *names[:2], "--namespace=kube-node-lease")
    cluster.kubectl("delete", "resourceslice", *(one["metadata"]["name"] for one in exhibits.slices()))


def _without_owners(pods: list[exhibits.Object]) -> list[exhibits.Object]:
    """The owners are nowhere: the garbage collector would take the pods away with them."""
    return [{**pod, "metadata": {k: v for k, v in pod["metadata"].items() if k != "ownerReferences"}} for pod in pods]


def _own(cluster: Cluster, pods: list[exhibits.Object]) -> None:
    """Let a pod be owned, by a set that is there."""
    made = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "set", "namespace": exhibits.SPACE},
        "spec": {
            "serviceName": "set",
            "selector": {"matchLabels": {"app": "set"}},
            "template": {"metadata": {"labels": {"app": "set"}}, "spec": {"containers": [{"name": "a", "image": "a"}]}},
        },
    }
    load_objects(cluster, [made])
    uid = cluster.api.get(f"/apis/apps/v1/namespaces/{exhibits.SPACE}/statefulsets/set")["metadata"]["uid"]
    owner = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "set", "uid": uid, "controller": True}
    patch = {"metadata": {"ownerReferences": [owner]}}
    cluster.api.send("PATCH", f"{_POD}/everything", patch, "application/merge-patch+json")
    assert any(pod["metadata"]["name"] == "everything" for pod in pods)


def _debug(cluster: Cluster) -> None:
    """Add an ephemeral container, as `kubectl debug` does."""
    pod = cluster.api.get(f"{_POD}/debugged")
    container = {
        "name": "debugger",
        "image": "busybox",
        "command": ["sh"],
        "stdin": True,
        "targetContainerName": "main",
    }
    pod["spec"]["ephemeralContainers"] = [container]
    cluster.api.send("PUT", f"{_POD}/debugged/ephemeralcontainers", pod)
    pod = cluster.api.get(f"{_POD}/debugged")
    running = {"running": {"startedAt": exhibits.TIME}}
    pod["status"]["ephemeralContainerStatuses"] = [
        {"name": "debugger", "image": "busybox", "imageID": "", "ready": False, "restartCount": 0, "state": running}
    ]
    cluster.api.send("PUT", f"{_POD}/debugged/status", pod)


def test_every_pod_is_described_as_kubectl_describes_it(cluster: Cluster, shown: Gathered) -> None:
    compared, wrong = 0, dict[str, tuple[str, str]]()
    for space in sorted((shown.root / "namespaces").iterdir()):
        ours = {path.parent.name: path.read_text() for path in space.glob("pods/*/*-describe")}
        if ours:
            compared += len(ours)
            theirs = cluster.kubectl("describe", "pods", "--show-events", f"--namespace={space.name}").decode()
            wrong |= {f"{space.name}/{name}": found for name, found in differences(ours, descriptions(theirs)).items()}
    assert wrong == {}
    assert compared > 110


def test_every_node_is_described_as_kubectl_describes_it(cluster: Cluster, shown: Gathered) -> None:
    ours = {path.stem: path.read_text() for path in (shown.root / "nodes").glob("*.describe")}
    assert differences(ours, descriptions(cluster.kubectl("describe", "nodes", "--show-events").decode())) == {}
    assert {"exhibit-busy", "exhibit-plain", "exhibit-unknown"} < ours.keys()


def test_the_exhibits_show_what_they_are_for(shown: Gathered) -> None:
    folder = Path(shown.root, "namespaces", exhibits.SPACE, "pods")
    text = (folder / "everything" / "everything-describe").read_text()
    assert text.count("\n    Type:") == len(exhibits.VOLUMES)
    assert "Terminating (lasts" in (folder / "leaving" / "leaving-describe").read_text()
    assert "Ephemeral Containers:" in (folder / "debugged" / "debugged-describe").read_text()
    busy = (shown.root / "nodes" / "exhibit-busy.describe").read_text()
    assert "by uid" in busy
    assert "by name" in busy
    assert "not shown" not in busy
    assert "...and 2 more pools" in busy
