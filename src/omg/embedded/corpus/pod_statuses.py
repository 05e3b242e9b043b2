"""How pods are: running, crash looping, waiting, ended, and what the kubelet tells of each."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from omg.embedded.corpus.objects import Object
from omg.embedded.corpus.times import DEPLOYED, before


@dataclass(frozen=True, slots=True)
class Health:
    """How a pod is.

    Attributes:
        state: running, crashing, restarted, unschedulable, init-failing, no-image, creating, completed, failed, lost.
        container: the one that is ill; the others run.
        code: its exit status.
        reason: why it ended.
        restarts: how often.
        message: the kubelet's or scheduler's sentence.
    """

    state: str = "running"
    container: str = ""
    code: int = 1
    reason: str = "Error"
    restarts: int = 0
    message: str = ""


RUNNING = Health()
# Minutes before the collection.
STARTED = DEPLOYED - 20


def container_id(*key: str) -> str:
    """The runtime's name for a container."""
    return "cri-o://" + "".join(f"{zlib.crc32('/'.join((*key, str(at))).encode()):08x}" for at in range(8))


def pod_status(pod: Object, health: Health, *, host: str) -> Object:
    """The status of a pod on the node with this address."""
    if health.state == "unschedulable":
        return {"phase": "Pending", "conditions": _unschedulable(health), "qosClass": _quality(pod)}
    spec = pod["spec"]
    phases = {"completed": "Succeeded", "failed": "Failed"}
    waits = health.state in ("init-failing", "no-image", "creating")
    address = f"10.{128 + zlib.crc32(host.encode()) % 6}.{_number(pod, 250)}.{_number(pod, 199) + 2}"
    status: Object = {
        "phase": phases.get(health.state, "Pending" if waits else "Running"),
        "conditions": _conditions(pod, health),
        "hostIP": host,
        "hostIPs": [{"ip": host}],
        "podIP": address,
        "podIPs": [{"ip": address}],
        "qosClass": _quality(pod),
        "startTime": before(STARTED),
        "containerStatuses": [_container(pod, one, health) for one in spec["containers"]],
    }
    if "initContainers" in spec:
        status["initContainerStatuses"] = [_init(pod, one, health) for one in spec["initContainers"]]
    return status


def _number(pod: Object, most: int) -> int:
    return zlib.crc32(pod["metadata"]["name"].encode()) % most


def _quality(pod: Object) -> str:
    asked = any(one["resources"] for one in pod["spec"]["containers"])
    return "Burstable" if asked else "BestEffort"


def _container(pod: Object, spec: Object, health: Health) -> Object:
    ill = health.container in ("", spec["name"]) and health.state not in ("running", "lost")
    name = spec["name"]
    if not ill:
        return _told(pod, spec, ready=True, state={"running": {"startedAt": before(STARTED - 1)}})
    message = health.message
    if health.state == "crashing":
        waits = {"message": _back_off(pod, name), "reason": "CrashLoopBackOff"}
        last = {"terminated": _ended(pod, name, health, minutes=3)}
        return _told(pod, spec, state={"waiting": waits}, last=last, restarts=health.restarts)
    if health.state == "restarted":
        last = {"terminated": _ended(pod, name, health, minutes=95)}
        state = {"running": {"startedAt": before(94)}}
        return _told(pod, spec, ready=True, state=state, last=last, restarts=health.restarts)
    if health.state in ("completed", "failed"):
        ended = health if health.state == "failed" else Health(code=0, reason="Completed")
        return _told(pod, spec, state={"terminated": _ended(pod, name, ended, minutes=DEPLOYED - 25)})
    reasons = {"no-image": "ImagePullBackOff", "creating": "ContainerCreating", "init-failing": "PodInitializing"}
    waiting = {"reason": reasons[health.state]} | ({"message": message} if health.state == "no-image" else {})
    return _told(pod, spec, state={"waiting": waiting}, started=False)


def _init(pod: Object, spec: Object, health: Health) -> Object:
    if health.state == "init-failing" and health.container in ("", spec["name"]):
        last = {"terminated": _ended(pod, spec["name"], health, minutes=4)}
        waits = {"message": _back_off(pod, spec["name"]), "reason": "CrashLoopBackOff"}
        return _told(pod, spec, state={"waiting": waits}, last=last, restarts=health.restarts)
    done = _ended(pod, spec["name"], Health(code=0, reason="Completed"), minutes=STARTED)
    return _told(pod, spec, ready=True, state={"terminated": done}, started=False)


def _told(
    pod: Object,
    spec: Object,
    *,
    state: Object,
    ready: bool = False,
    last: Object | None = None,
    restarts: int = 0,
    started: bool | None = None,
) -> Object:
    found: Object = {
        "image": spec["image"],
        "imageID": "" if started is False and "waiting" in state else spec["image"],
        "lastState": last or {},
        "name": spec["name"],
        "ready": ready,
        "restartCount": restarts,
        "started": ready if started is None else started,
        "state": state,
    }
    if "waiting" not in state or last:
        ended = (last or {}).get("terminated") if "waiting" in state else state.get("terminated")
        made = ended["containerID"] if ended else container_id(pod["metadata"]["name"], spec["name"])
        found["containerID"] = made
    return found


def _ended(pod: Object, name: str, health: Health, *, minutes: float) -> Object:
    found: Object = {
        "containerID": container_id(pod["metadata"]["name"], name, "ended"),
        "exitCode": health.code,
        "finishedAt": before(minutes),
        "reason": health.reason,
        "startedAt": before(minutes + 2),
    }
    return found | ({"message": health.message} if health.message and health.state == "crashing" else {})


def _back_off(pod: Object, container: str) -> str:
    metadata = pod["metadata"]
    where = f"{metadata['name']}_{metadata['namespace']}"
    return f"back-off 5m0s restarting failed container={container} pod={where}"


def _unschedulable(health: Health) -> list[Object]:
    return [_condition("PodScheduled", DEPLOYED - 60, ok=False, reason="Unschedulable", message=health.message)]


def _conditions(pod: Object, health: Health) -> list[Object]:
    names = [one["name"] for one in pod["spec"]["containers"] if health.container in ("", one["name"])]
    unready: dict[str, Any] = {"reason": "ContainersNotReady"}
    unready["message"] = f"containers with unready status: [{' '.join(names)}]"
    initialized: Object = _condition("Initialized", STARTED)
    if health.state == "init-failing":
        told = f"containers with incomplete status: [{health.container}]"
        initialized = _condition("Initialized", STARTED, ok=False, reason="ContainersNotInitialized", message=told)
    well = health.state in ("running", "restarted")
    rest: dict[str, Any] = {} if well else {"reason": "PodCompleted"} if health.state == "completed" else unready
    if health.state == "lost":
        rest = {}
    return [
        _condition("PodReadyToStartContainers", STARTED),
        initialized,
        _condition("Ready", 2 if health.state == "crashing" else STARTED - 1, ok=well, **rest),
        _condition("ContainersReady", STARTED - 1, ok=well or health.state == "lost", **rest),
        _condition("PodScheduled", STARTED),
    ]


def _condition(kind: str, minutes: float, *, ok: bool = True, reason: str = "", message: str = "") -> Object:
    found: Object = {
        "type": kind,
        "status": "True" if ok else "False",
        "lastProbeTime": None,
        "lastTransitionTime": before(minutes),
    }
    return found | ({"reason": reason} if reason else {}) | ({"message": message} if message else {})
