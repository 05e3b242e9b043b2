"""What becomes of the pods that a client makes: a kubelet starts them at once, or says why it doesn't."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from omg.embedded.store import Store

BACK_OFF = "ImagePullBackOff"


def admitted(
    pod: Mapping[str, Any], store: Store, now: datetime, *, dead: Collection[str], refused_images: Collection[str]
) -> Iterator[dict[str, Any]]:
    """The pod as its node makes it, and the events about it; on a node that doesn't answer it stays as it came."""
    node = pod["spec"].get("nodeName", "")
    stamp = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    image = next((one["image"] for one in pod["spec"]["containers"] if one["image"] in refused_images), None)
    if node in dead or not _is_ready(store, node):
        yield {**pod, "status": {"phase": "Pending", "qosClass": "BestEffort"}}
        return
    states: dict[str, Any] = {"running": {"startedAt": stamp}}
    if image is not None:
        states = {"waiting": {"reason": BACK_OFF, "message": f'Back-off pulling image "{image}"'}}
        yield _failed_pull(pod, image, stamp)
    statuses = [
        {"name": one["name"], "image": one["image"], "imageID": "", "ready": image is None, "restartCount": 0}
        | {"state": states}
        for one in pod["spec"]["containers"]
    ]
    phase = "Pending" if image else "Running"
    yield {**pod, "status": {"phase": phase, "startTime": stamp, "containerStatuses": statuses}}


def _is_ready(store: Store, name: str) -> bool:
    node = store.find(store.kinds.of_object("v1", "Node"), None, name)
    conditions = node.object().get("status", {}).get("conditions", []) if node else []
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def _failed_pull(pod: Mapping[str, Any], image: str, stamp: str) -> dict[str, Any]:
    metadata = pod["metadata"]
    involved = {"kind": "Pod", "namespace": metadata["namespace"], "name": metadata["name"], "apiVersion": "v1"}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{metadata['name']}.17f1", "namespace": metadata["namespace"]},
        "involvedObject": involved,
        "reason": "Failed",
        "message": f'Failed to pull image "{image}": unable to retrieve auth token: invalid username/password',
        "type": "Warning",
        "count": 1,
        "firstTimestamp": stamp,
        "lastTimestamp": stamp,
        "source": {"component": "kubelet", "host": pod["spec"].get("nodeName", "")},
    }
