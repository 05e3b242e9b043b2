"""A node in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from omg.describe.events import Event, describe_events
from omg.describe.needs import HUGE_PAGES, limited, requested
from omg.describe.quantities import ZERO, Quantity, Resources, quantities
from omg.describe.sheet import NONE, Sheet, moment
from omg.printing.ages import since

Part = Mapping[str, Any]

MOST_POOLS = 10
"""Pools of devices that are shown."""

NO_NUMBER = -(2**63)
"""What Go's amd64 makes of a number that is no integer of 64 bits; kubectl prints it, of a division by zero, too."""


@dataclass(frozen=True, slots=True)
class PodOnNode:
    """What a node's description tells of a pod.

    Args:
        namespace: of the pod.
        name: of the pod.
        created: when, RFC 3339.
        requests: of its containers, as the scheduler counts them.
        limits: likewise.
        had: the same with what the containers were given while they are resized.
        may_use: likewise.
    """

    namespace: str
    name: str
    created: str | None
    requests: Resources
    limits: Resources
    had: Resources
    may_use: Resources


@dataclass(frozen=True, slots=True)
class NodeSlice:
    """Devices of one pool on a node."""

    driver: str
    pool: str
    devices: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a node's description tells beside the node.

    Args:
        pods: that haven't ended; None where they may not be read.
        events: about the node; None where they may not be read.
        lease: the kubelet's; None where there is none.
        no_lease: why there is none.
        slices: of devices that only this node has.
    """

    pods: Sequence[PodOnNode] | None = None
    events: Sequence[Event] | None = None
    lease: Part | None = None
    no_lease: str = ""
    slices: Sequence[NodeSlice] = ()


def pod_on_node(pod: Part) -> PodOnNode:
    """What is kept of a Pod object."""
    metadata = pod["metadata"]
    requests, limits = requested(pod, actual=False), limited(pod, actual=False)
    had, may_use = requested(pod, actual=True), limited(pod, actual=True)
    return PodOnNode(
        metadata.get("namespace", ""),
        metadata["name"],
        metadata.get("creationTimestamp"),
        requests,
        limits,
        requests if had == requests else had,
        limits if may_use == limits else may_use,
    )


def describe_node(node: Part, around: Surroundings, now: datetime) -> str:
    """A node as `kubectl describe node` prints it.

    Args:
        node: the object.
        around: what else is told of it.
        now: from when ages count.
    """
    sheet = Sheet()
    metadata, spec, status = node["metadata"], node.get("spec") or {}, node.get("status") or {}
    sheet.line(0, "Name", metadata["name"])
    sheet.line(0, "Roles", ",".join(roles(metadata.get("labels") or {})) or NONE)
    sheet.labels("Labels", metadata.get("labels"))
    sheet.annotations(metadata.get("annotations"))
    sheet.line(0, "CreationTimestamp", moment(metadata.get("creationTimestamp")))
    taints = sorted(spec.get("taints") or (), key=lambda one: f"{one.get('effect', '')},{one.get('key', '')}")
    sheet.pairs("Taints", map(_taint_text, taints))
    sheet.line(0, "Unschedulable", "true" if spec.get("unschedulable") else "false")
    _describe_lease(sheet, around)
    _describe_conditions(sheet, status.get("conditions") or ())
    sheet.put(0, "Addresses:\n")
    for address in status.get("addresses") or ():
        sheet.line(1, address.get("type", ""), address.get("address", ""))
    for title in ("capacity", "allocatable"):
        amounts = quantities(status.get(title))
        if amounts:
            sheet.put(0, f"{title.capitalize()}:\n")
        for name, amount in sorted(amounts.items()):
            sheet.line(1, name, amount)
    _describe_slices(sheet, around.slices)
    sheet.put(0, "System Info:\n")
    for name, key in _SYSTEM:
        sheet.line(1, name, (status.get("nodeInfo") or {}).get(key, ""))
    for name, value in (
        ("PodCIDR", spec.get("podCIDR")),
        ("PodCIDRs", ",".join(spec.get("podCIDRs") or ())),
        ("ProviderID", spec.get("providerID")),
    ):
        if value:
            sheet.line(0, name, value)
    if around.pods is None:
        sheet.line(0, "Pods", "not authorized")
    else:
        _describe_pods(sheet, around.pods, status, now)
    describe_events(sheet, around.events, now)
    return sheet.text()


_SYSTEM = (
    ("Machine ID", "machineID"),
    ("System UUID", "systemUUID"),
    ("Boot ID", "bootID"),
    ("Kernel Version", "kernelVersion"),
    ("OS Image", "osImage"),
    ("Operating System", "operatingSystem"),
    ("Architecture", "architecture"),
    ("Container Runtime Version", "containerRuntimeVersion"),
    ("Kubelet Version", "kubeletVersion"),
)

_ROLE, _OLD_ROLE = "node-role.kubernetes.io/", "kubernetes.io/role"


def roles(labels: Mapping[str, str]) -> list[str]:
    """The roles that a node's labels give it, sorted."""
    named = {name.removeprefix(_ROLE) for name in labels if name.startswith(_ROLE)}
    return sorted((named | {labels.get(_OLD_ROLE, "")}) - {""})


def _taint_text(taint: Part) -> str:
    key, value, effect = (taint.get(name) or "" for name in ("key", "value", "effect"))
    if not effect:
        return f"{key}={value}:" if value else key
    return f"{key}={value}:{effect}" if value else f"{key}:{effect}"


def _describe_lease(sheet: Sheet, around: Surroundings) -> None:
    if around.lease is None:
        sheet.line(0, "Lease", f"Failed to get lease: {around.no_lease}")
        return
    spec = around.lease.get("spec") or {}
    sheet.put(0, "Lease:\n")
    holder = spec.get("holderIdentity")
    sheet.line(1, "HolderIdentity", "<unset>" if holder is None else holder)
    for name in ("AcquireTime", "RenewTime"):
        time = spec.get(name[0].lower() + name[1:])
        sheet.line(1, name, "<unset>" if time is None else moment(time))


def _describe_conditions(sheet: Sheet, conditions: Sequence[Part]) -> None:
    if not conditions:
        return
    sheet.put(0, "Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage\n")
    sheet.put(1, "----\t------\t-----------------\t------------------\t------\t-------\n")
    for one in conditions:
        cells = (
            one.get("type", ""),
            one.get("status", ""),
            moment(one.get("lastHeartbeatTime")),
            moment(one.get("lastTransitionTime")),
            one.get("reason") or "",
            one.get("message") or "",
        )
        sheet.put(1, " \t".join(cells) + "\n")


def _describe_slices(sheet: Sheet, slices: Sequence[NodeSlice]) -> None:
    if not slices:
        return
    pools: dict[tuple[str, str], list[int]] = {}
    for one in slices:
        pools.setdefault((one.driver, one.pool), []).append(one.devices)
    sheet.put(0, "Node-Local ResourceSlices:\n")
    sheet.put(1, "Driver\tPool\tSlices\tDevices\n")
    sheet.put(1, "------\t----\t------\t-------\n")
    shown = sorted(pools.items(), key=lambda item: "/".join(item[0]))
    for (driver, pool), devices in shown[:MOST_POOLS]:
        sheet.put(1, f"{driver}\t{pool}\t{len(devices)}\t{sum(devices)}\n")
    if len(shown) > MOST_POOLS:
        sheet.put(1, f"...and {len(shown) - MOST_POOLS} more pools\n")


def _describe_pods(sheet: Sheet, pods: Sequence[PodOnNode], status: Part, now: datetime) -> None:
    has = quantities(status.get("allocatable") or status.get("capacity"))
    cpu, memory = has.get("cpu", ZERO), has.get("memory", ZERO)
    sheet.line(0, "Non-terminated Pods", f"({len(pods)} in total)")
    sheet.put(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n")
    sheet.put(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n")
    for pod in pods:
        cells = [
            *(_share(used.get("cpu", ZERO), cpu, milli=True) for used in (pod.had, pod.may_use)),
            *(_share(used.get("memory", ZERO), memory) for used in (pod.had, pod.may_use)),
        ]
        age = since(pod.created, now)
        sheet.put(1, f"{pod.namespace}\t{pod.name}\t\t" + "\t".join([*cells, age]) + "\n")
    sheet.put(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n")
    sheet.put(1, "Resource\tRequests\tLimits\n")
    sheet.put(1, "--------\t--------\t------\n")
    used = (_total(pod.requests for pod in pods), _total(pod.limits for pod in pods))
    pages = sorted(name for name in has if name.startswith(HUGE_PAGES))
    for name in (*_STANDARD, *pages):
        of = has.get(name, ZERO)
        shares = (_share(one.get(name, ZERO), of, milli=name == "cpu", or_zero=True) for one in used)
        sheet.put(1, "\t".join([name, *shares]) + "\n")
    for name in sorted(has.keys() - {*_STANDARD, *pages, "pods"}):
        sheet.put(1, "\t".join([name, *(str(one.get(name, ZERO)) for one in used)]) + "\n")


_STANDARD = ("cpu", "memory", "ephemeral-storage")


def _total(amounts: Iterable[Resources]) -> Resources:
    found: dict[str, Quantity] = {}
    for one in amounts:
        for name, amount in one.items():
            found[name] = found[name] + amount if name in found else amount
    return found


def _share(used: Quantity, of: Quantity, *, milli: bool = False, or_zero: bool = False) -> str:
    """An amount and its percentage of the whole, cut to an integer; of nothing, it is as kubectl has it."""
    part, whole = (used.milli, of.milli) if milli else (used.value, of.value)
    percent = float(part) / float(whole) * 100 if whole else 0.0 if or_zero else float(NO_NUMBER)
    return f"{used} ({int(percent) if abs(percent) < -NO_NUMBER else NO_NUMBER}%)"
