"""A kubelet that is gone costs little, and only what was behind it."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load_objects
from tests.cluster.testbed.process import free_port

PODS = 50
LONGEST = 90.0
"""Seconds for the whole gather."""


@pytest.fixture(params=["silent", "refusing"])
def dead(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[str]:
    """A namespace with 50 pods on one node whose kubelet is gone; the cluster hasn't noticed."""
    name = f"dead-{request.param}"
    with socket.socket() as listener:
        if request.param == "silent":  # connections come in, and nobody is there
            listener.bind(("127.0.0.1", 0))
            listener.listen(200)
            port = listener.getsockname()[1]
        else:
            port = free_port()
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        load_objects(cluster, [namespace, node(name, port), *(pod(name, number) for number in range(PODS))])
        yield name
    cluster.api.send("DELETE", f"/api/v1/namespaces/{name}/pods?gracePeriodSeconds=0")
    cluster.api.send("DELETE", f"/api/v1/nodes/{name}")


def node(name: str, port: int) -> dict[str, Any]:
    ready = {"type": "Ready", "status": "True", "reason": "KubeletReady"}
    endpoint = {"kubeletEndpoint": {"Port": port}}
    status = {"conditions": [ready], "daemonEndpoints": endpoint}
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": status}


def pod(namespace: str, number: int) -> dict[str, Any]:
    container = {"name": "main", "image": "image", "imageID": "", "ready": True, "restartCount": 0}
    running = {**container, "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}
    status = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}], "containerStatuses": [running]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"nova-compute-{number}", "namespace": namespace},
        "spec": {"nodeName": namespace, "containers": [{"name": "main", "image": "image"}]},
        "status": status,
    }


def test_a_dead_kubelet_behind_50_pods_is_over_soon(cluster: Cluster, place: Place, dead: str, full: Gathered) -> None:
    user = cluster.new_user()
    settings = {"ADDITIONAL_NAMESPACES": dead}
    ended = place.gather(dead, "--only=pod_logs", user=user, settings=settings)
    assert ended.seconds < LONGEST, ended.explain()
    assert ended.code == 1, ended.explain()
    behind = [record for record in ended.records() if record["key"].startswith(f"{dead}/")]
    assert len(behind) == PODS
    blocked = [record for record in behind if record["outcome"] == "blocked"]
    assert len(blocked) >= PODS - 10
    assert all(dead in record["reason"] for record in blocked)
    others = {name for name in full.files() if "/logs/" in name}
    assert others <= ended.files()
