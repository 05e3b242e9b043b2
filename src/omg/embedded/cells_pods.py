"""The cells of a pod's row: the state of many containers said in one word.

From printPod in pkg/printers/internalversion/printers.go of Kubernetes 1.36.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omg.printing.ages import since

Object = Mapping[str, Any]
NONE = "<none>"


@dataclass
class Restarts:
    """How often containers were restarted, and when last."""

    count: int = 0
    last: str = ""

    def add(self, status: Object) -> None:
        """Count a container's restarts."""
        self.count += status.get("restartCount", 0)
        ended = _last_terminated(status).get("finishedAt") or ""
        self.last = max(self.last, ended)


def pod_cells(pod: Object, now: datetime) -> list[Any]:
    """Name, Ready, Status, Restarts, Age, IP, Node, Nominated Node, Readiness Gates."""
    spec, status, metadata = pod["spec"], pod.get("status", {}), pod["metadata"]
    sidecars = {one["name"] for one in spec.get("initContainers") or [] if one.get("restartPolicy") == "Always"}
    ready, reason, restarts = _state(pod, sidecars)
    if metadata.get("deletionTimestamp"):
        if status.get("reason") == "NodeLost":
            reason = "Unknown"
        elif status.get("phase") not in ("Succeeded", "Failed"):
            reason = "Terminating"
    restarted = str(restarts.count)
    if restarts.count and restarts.last:
        restarted += f" ({since(restarts.last, now)} ago)"
    addresses = status.get("podIPs") or [{}]
    return [
        metadata["name"],
        f"{ready}/{len(spec['containers']) + len(sidecars)}",
        reason,
        restarted,
        since(metadata.get("creationTimestamp"), now),
        addresses[0].get("ip") or NONE,
        spec.get("nodeName") or NONE,
        status.get("nominatedNodeName") or NONE,
        _gates(spec.get("readinessGates") or [], status.get("conditions") or []),
    ]


def _state(pod: Object, sidecars: set[str]) -> tuple[int, str, Restarts]:
    """Containers that are ready, the word for the whole, and the restarts that count."""
    status = pod.get("status", {})
    conditions = status.get("conditions") or []
    reason = status.get("reason") or status.get("phase") or ""
    if any(one["type"] == "PodScheduled" and one.get("reason") == "SchedulingGated" for one in conditions):
        reason = "SchedulingGated"
    ready, word, restarts, of_sidecars = _initial(pod, sidecars)
    if word and not _is_true(conditions, "Initialized"):
        return ready, word, restarts
    reason = word or reason
    running = False
    for one in reversed(status.get("containerStatuses") or []):
        of_sidecars.add(one)
        state = one.get("state") or {}
        said = _ended_or_waiting(state)
        if said:
            reason = said
        elif one.get("ready") and "running" in state:
            running = True
            ready += 1
    if reason == "Completed" and running:
        reason = "Running" if _is_true(conditions, "Ready") else "NotReady"
    return ready, reason, of_sidecars


def _initial(pod: Object, sidecars: set[str]) -> tuple[int, str, Restarts, Restarts]:
    """Of the init containers: ready sidecars, what holds the pod up ("": nothing), restarts of all and of sidecars."""
    ready, restarts, of_sidecars = 0, Restarts(), Restarts()
    for number, one in enumerate(pod.get("status", {}).get("initContainerStatuses") or []):
        restarts.add(one)
        is_sidecar = one["name"] in sidecars
        if is_sidecar:
            of_sidecars.add(one)
        state = one.get("state") or {}
        if "terminated" in state and not state["terminated"].get("exitCode"):
            continue
        if is_sidecar and one.get("started"):
            ready += bool(one.get("ready"))
            continue
        said = _ended_or_waiting(state)
        if not said or said == "PodInitializing":
            said = f"{number}/{len(pod['spec'].get('initContainers') or [])}"
        return ready, "Init:" + said, restarts, of_sidecars
    return ready, "", restarts, of_sidecars


def _ended_or_waiting(state: Object) -> str:
    """Why a container doesn't run, in a word; "" when it does."""
    if state.get("waiting", {}).get("reason"):
        return str(state["waiting"]["reason"])
    if "terminated" not in state:
        return ""
    ended = state["terminated"]
    signal = ended.get("signal")
    return ended.get("reason") or (f"Signal:{signal}" if signal else f"ExitCode:{ended.get('exitCode', 0)}")


def _last_terminated(status: Object) -> Object:
    return (status.get("lastState") or {}).get("terminated") or {}


def _is_true(conditions: Sequence[Object], kind: str) -> bool:
    return any(one["type"] == kind and one.get("status") == "True" for one in conditions)


def _gates(gates: Sequence[Object], conditions: Sequence[Object]) -> str:
    met = sum(_is_true(conditions, one["conditionType"]) for one in gates)
    return f"{met}/{len(gates)}" if gates else NONE


def pod_conditions(pod: Object) -> list[Object]:
    """What the row of a pod that has ended says beside its cells."""
    phase = pod.get("status", {}).get("phase")
    messages = {"Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."}
    if phase not in messages:
        return []
    return [{"type": "Completed", "status": "True", "reason": phase, "message": messages[phase]}]
