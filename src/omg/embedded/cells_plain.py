"""The cells of what isn't a workload: services, claims, config maps, secrets, events, nodes, namespaces.

From pkg/printers/internalversion/printers.go of Kubernetes 1.36.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from omg.embedded.cells_workloads import NONE, age, labels
from omg.printing.ages import UNKNOWN, since

Object = Mapping[str, Any]
MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
ROLE = "node-role.kubernetes.io/"


def name_and_age(obj: Object, now: datetime) -> list[Any]:
    """Name, Age."""
    return [obj["metadata"]["name"], age(obj, now)]


def name_and_birth(obj: Object, _now: datetime) -> list[Any]:
    """Name, Created At."""
    return [obj["metadata"]["name"], obj["metadata"].get("creationTimestamp")]


def config_map_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Data, Age."""
    return [obj["metadata"]["name"], len(obj.get("data") or {}) + len(obj.get("binaryData") or {}), age(obj, now)]


def secret_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Type, Data, Age."""
    return [obj["metadata"]["name"], obj.get("type", ""), len(obj.get("data") or {}), age(obj, now)]


def namespace_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Status, Age."""
    return [obj["metadata"]["name"], obj.get("status", {}).get("phase", ""), age(obj, now)]


def service_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Type, Cluster-IP, External-IP, Port(s), Age, Selector."""
    spec = obj["spec"]
    ports = ",".join(_port(one) for one in spec.get("ports") or []) or NONE
    address = spec.get("clusterIP") or NONE
    told = [spec.get("type", "ClusterIP"), address, _external(obj), ports, age(obj, now)]
    return [obj["metadata"]["name"], *told, labels(spec.get("selector"))]


def _port(port: Object) -> str:
    outside = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port['port']}{outside}/{port.get('protocol', 'TCP')}"


def _external(obj: Object) -> str:
    spec = obj["spec"]
    if spec.get("type") == "ExternalName":
        return str(spec.get("externalName", ""))
    given = ",".join(spec.get("externalIPs") or [])
    if spec.get("type") != "LoadBalancer":
        return given or NONE
    balanced = (obj.get("status", {}).get("loadBalancer") or {}).get("ingress") or []
    found = ",".join(one.get("ip") or one.get("hostname", "") for one in balanced)
    return ",".join(one for one in (found, given) if one) or "<pending>"


def claim_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Status, Volume, Capacity, Access Modes, StorageClass, VolumeAttributesClass, Age, VolumeMode."""
    spec, status = obj["spec"], obj.get("status", {})
    phase = "Terminating" if obj["metadata"].get("deletionTimestamp") else status.get("phase", "")
    bound = bool(spec.get("volumeName"))
    modes = (
        ",".join(short for mode, short in MODES.items() if mode in (status.get("accessModes") or [])) if bound else ""
    )
    capacity = (status.get("capacity") or {}).get("storage", "") if bound else ""
    attributes = spec.get("volumeAttributesClassName") or "<unset>"
    told = [phase, spec.get("volumeName", ""), capacity, modes, spec.get("storageClassName") or "", attributes]
    return [obj["metadata"]["name"], *told, age(obj, now), spec.get("volumeMode") or "<unset>"]


def node_cells(obj: Object, now: datetime) -> list[Any]:
    """Name, Status, Roles, Age, Version, Internal-IP, External-IP, OS-Image, Kernel-Version, Container-Runtime."""
    status, found = obj.get("status", {}), obj["metadata"].get("labels") or {}
    info = status.get("nodeInfo") or {}
    ready = next((one["status"] for one in status.get("conditions") or [] if one["type"] == "Ready"), None)
    words = ["Unknown" if ready is None else "Ready" if ready == "True" else "NotReady"]
    words += ["SchedulingDisabled"] if obj.get("spec", {}).get("unschedulable") else []
    roles = {key.removeprefix(ROLE) for key in found if key.startswith(ROLE) and key != ROLE}
    roles |= {found["kubernetes.io/role"]} if found.get("kubernetes.io/role") else set()
    addresses = {one["type"]: one["address"] for one in reversed(status.get("addresses") or [])}
    kernel = info.get("kernelVersion") or UNKNOWN
    return [
        obj["metadata"]["name"],
        ",".join(words),
        ",".join(sorted(roles)) or NONE,
        age(obj, now),
        info.get("kubeletVersion", ""),
        addresses.get("InternalIP", NONE),
        addresses.get("ExternalIP", NONE),
        info.get("osImage") or UNKNOWN,
        kernel + (f" ({info['architecture']})" if info.get("architecture") else ""),
        info.get("containerRuntimeVersion") or UNKNOWN,
    ]


def event_cells(obj: Object, now: datetime) -> list[Any]:
    """Last Seen, Type, Reason, Object, Subobject, Source, Message, First Seen, Count, Name."""
    about, source, series = obj["involvedObject"], obj.get("source") or {}, obj.get("series") or {}
    first = obj.get("firstTimestamp") or obj.get("eventTime")
    last = series.get("lastObservedTime") or obj.get("lastTimestamp") or first
    count = series.get("count") or obj.get("count") or 1
    reporter = source.get("component") or obj.get("reportingComponent") or ""
    host = source.get("host") or obj.get("reportingInstance") or ""
    kind = about.get("kind", "").lower()
    return [
        since(last, now),
        obj.get("type", ""),
        obj.get("reason", ""),
        f"{kind}/{about['name']}" if about.get("name") else kind,
        about.get("fieldPath", ""),
        ", ".join(one for one in (reporter, host) if one),
        obj.get("message", "").strip(),
        since(first, now),
        count,
        obj["metadata"]["name"],
    ]
