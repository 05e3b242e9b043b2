"""The cells of what makes pods: deployments, replica sets, daemon sets, stateful sets, jobs and their like.

From pkg/printers/internalversion/printers.go of Kubernetes 1.36.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from omg.printing.ages import human_duration, since

Object = Mapping[str, Any]
NONE = "<none>"


def age(obj: Object, now: datetime) -> str:
    """How long ago the object was made."""
    return since(obj["metadata"].get("creationTimestamp"), now)


def containers(template: Object) -> list[str]:
    """The names and the images of a pod template's containers, each joined by commas."""
    found = template["spec"]["containers"]
    return [",".join(one["name"] for one in found), ",".join(one.get("image", "") for one in found)]


def labels(pairs: Object | None) -> str:
    """``a=1,b=2`` in order of the keys; <none> for none."""
    return ",".join(f"{key}={value}" for key, value in sorted((pairs or {}).items())) or NONE


def selector(told: Object | None) -> str:
    """A label selector as it is typed."""
    if told is None:
        return NONE
    equal = [(key, f"{key}={value}") for key, value in (told.get("matchLabels") or {}).items()]
    forms = {
        "In": "{key} in ({values})",
        "NotIn": "{key} notin ({values})",
        "Exists": "{key}",
        "DoesNotExist": "!{key}",
    }
    rest = [
        (one["key"], forms[one["operator"]].format(key=one["key"], values=",".join(sorted(one.get("values") or []))))
        for one in told.get("matchExpressions") or []
    ]
    return ",".join(text for _, text in sorted(equal + rest)) or NONE


def deployment_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Ready, Up-to-date, Available, Age, Containers, Images, Selector."""
    spec, status = obj["spec"], obj.get("status", {})
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 1)}"
    counts = [status.get("updatedReplicas", 0), status.get("availableReplicas", 0)]
    return [
        obj["metadata"]["name"],
        ready,
        *counts,
        age(obj, now),
        *containers(spec["template"]),
        selector(spec.get("selector")),
    ]


def replica_set_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Desired, Current, Ready, Age, Containers, Images, Selector."""
    spec, status = obj["spec"], obj.get("status", {})
    counts = [spec.get("replicas", 1), status.get("replicas", 0), status.get("readyReplicas", 0)]
    chosen = (
        selector(spec.get("selector")) if obj.get("kind") != "ReplicationController" else labels(spec.get("selector"))
    )
    return [obj["metadata"]["name"], *counts, age(obj, now), *containers(spec["template"]), chosen]


def replication_controller_cells(obj: Object, now: datetime) -> list[Any]:
    """As a replica set's, with a selector of equalities only."""
    return replica_set_cells({**obj, "kind": "ReplicationController"}, now)


def daemon_set_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Desired, Current, Ready, Up-to-date, Available, Node Selector, Age, Containers, Images, Selector."""
    spec, status = obj["spec"], obj.get("status", {})
    names = (
        "desiredNumberScheduled",
        "currentNumberScheduled",
        "numberReady",
        "updatedNumberScheduled",
        "numberAvailable",
    )
    counts = [status.get(one, 0) for one in names]
    nodes = labels(spec["template"]["spec"].get("nodeSelector"))
    told = [*containers(spec["template"]), selector(spec.get("selector"))]
    return [obj["metadata"]["name"], *counts, nodes, age(obj, now), *told]


def stateful_set_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Ready, Age, Containers, Images."""
    spec, status = obj["spec"], obj.get("status", {})
    ready = f"{status.get('readyReplicas', 0)}/{spec.get('replicas', 1)}"
    return [obj["metadata"]["name"], ready, age(obj, now), *containers(spec["template"])]


def job_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Status, Completions, Duration, Age, Containers, Images, Selector."""
    spec, status = obj["spec"], obj.get("status", {})
    done, wanted, width = status.get("succeeded", 0), spec.get("completions"), spec.get("parallelism", 0)
    of = str(wanted) if wanted is not None else f"1 of {width}" if width > 1 else "1"
    told = [*containers(spec["template"]), selector(spec.get("selector"))]
    return [obj["metadata"]["name"], _job_status(obj), f"{done}/{of}", _job_duration(status, now), age(obj, now), *told]


def _job_status(obj: Object) -> str:
    met = {one["type"] for one in obj.get("status", {}).get("conditions") or [] if one.get("status") == "True"}
    words = (("Complete", "Complete"), ("Failed", "Failed"))
    for condition, word in words:
        if condition in met:
            return word
    if obj["metadata"].get("deletionTimestamp"):
        return "Terminating"
    later = (
        ("Suspended", "Suspended"),
        ("FailureTarget", "FailureTarget"),
        ("SuccessCriteriaMet", "SuccessCriteriaMet"),
    )
    return next((word for condition, word in later if condition in met), "Running")


def _job_duration(status: Object, now: datetime) -> str:
    started, ended = status.get("startTime"), status.get("completionTime")
    if not started:
        return ""
    end = datetime.fromisoformat(ended) if ended else now
    return human_duration((end - datetime.fromisoformat(started)).total_seconds())


def cron_job_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Schedule, Timezone, Suspend, Active, Last Schedule, Age, Containers, Images, Selector."""
    spec, status = obj["spec"], obj.get("status", {})
    job = spec["jobTemplate"]["spec"]
    last = since(status["lastScheduleTime"], now) if status.get("lastScheduleTime") else NONE
    told = [
        spec["schedule"],
        spec.get("timeZone") or NONE,
        str(spec.get("suspend", False)),
        len(status.get("active") or []),
    ]
    return [
        obj["metadata"]["name"],
        *told,
        last,
        age(obj, now),
        *containers(job["template"]),
        selector(job.get("selector")),
    ]


def disruption_budget_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Min Available, Max Unavailable, Allowed Disruptions, Age."""
    spec, status = obj["spec"], obj.get("status", {})
    bounds = [str(spec.get(one, "N/A")) for one in ("minAvailable", "maxUnavailable")]
    return [obj["metadata"]["name"], *bounds, status.get("disruptionsAllowed", 0), age(obj, now)]
