"""A pod in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from omg.describe.containers import describe_containers, describe_resources, describe_seccomp
from omg.describe.events import Event, describe_events
from omg.describe.needs import quality
from omg.describe.sheet import NONE, Sheet, moment
from omg.describe.volumes import describe_volumes
from omg.printing.ages import since
from omg.printing.order import in_go_order

Part = Mapping[str, Any]

_ENDED = ("Failed", "Succeeded")


def describe_pod(pod: Part, events: Iterable[Event] | None, now: datetime) -> str:
    """A pod as `kubectl describe pod` prints it.

    Args:
        pod: the object, its hidden values hidden.
        events: about it; None where they could not be read.
        now: from when ages count.
    """
    sheet = Sheet()
    _describe_beginning(sheet, pod, now)
    if pod["spec"].get("resources") is not None:
        sheet.put(0, "Resources:\n")
        describe_resources(sheet, pod["spec"]["resources"], 1)
    if pod["spec"].get("initContainers"):
        describe_containers(sheet, "Init Containers", pod, "initContainers")
    describe_containers(sheet, "Containers", pod, "containers")
    if pod["spec"].get("ephemeralContainers"):
        describe_containers(sheet, "Ephemeral Containers", pod, "ephemeralContainers")
    _describe_conditions(sheet, pod)
    describe_volumes(sheet, pod["spec"].get("volumes"))
    sheet.line(0, "QoS Class", quality(pod))
    sheet.labels("Node-Selectors", pod["spec"].get("nodeSelector"))
    tolerations = in_go_order(pod["spec"].get("tolerations") or (), lambda one: one.get("key") or "")
    sheet.pairs("Tolerations", map(toleration_text, tolerations))
    _describe_spread(sheet, pod["spec"].get("topologySpreadConstraints") or ())
    group = pod["spec"].get("schedulingGroup")
    if group is not None:
        sheet.put(0, "SchedulingGroup:\n")
        sheet.line(1, "PodGroupName", group.get("podGroupName", ""))
    describe_events(sheet, events, now)
    return sheet.text()


def _describe_beginning(sheet: Sheet, pod: Part, now: datetime) -> None:
    metadata, spec, status = pod["metadata"], pod["spec"], pod.get("status") or {}
    sheet.line(0, "Name", metadata["name"])
    sheet.line(0, "Namespace", metadata["namespace"])
    if spec.get("priority") is not None:
        sheet.line(0, "Priority", spec["priority"])
    for key, name in _NAMED:
        if spec.get(key):
            sheet.line(0, name, spec[key])
    sheet.line(0, "Node", f"{spec['nodeName']}/{status.get('hostIP') or ''}" if spec.get("nodeName") else NONE)
    if status.get("startTime"):
        sheet.line(0, "Start Time", moment(status["startTime"]))
    sheet.labels("Labels", metadata.get("labels"))
    sheet.annotations(metadata.get("annotations"))
    if metadata.get("deletionTimestamp") and status.get("phase") not in _ENDED:
        sheet.line(0, "Status", f"Terminating (lasts {since(metadata['deletionTimestamp'], now)})")
        sheet.line(0, "Termination Grace Period", f"{metadata.get('deletionGracePeriodSeconds', 0)}s")
    else:
        sheet.line(0, "Status", status.get("phase") or "")
    for key in ("reason", "message"):
        if status.get(key):
            sheet.line(0, key.capitalize(), status[key])
    describe_seccomp(sheet, 0, spec.get("securityContext"), local_level=0)
    sheet.line(0, "IP", status.get("podIP") or "")
    addresses = status.get("podIPs") or ()
    sheet.put(0, "IPs:\n" if addresses else f"IPs:\t{NONE}\n")
    for address in addresses:
        sheet.line(1, "IP", address.get("ip", ""))
    owner = next((one for one in metadata.get("ownerReferences") or () if one.get("controller")), None)
    if owner is not None:
        sheet.line(0, "Controlled By", f"{owner['kind']}/{owner['name']}")
    if status.get("nominatedNodeName"):
        sheet.line(0, "NominatedNodeName", status["nominatedNodeName"])


_NAMED = (
    ("priorityClassName", "Priority Class Name"),
    ("runtimeClassName", "Runtime Class Name"),
    ("serviceAccountName", "Service Account"),
)


def _describe_conditions(sheet: Sheet, pod: Part) -> None:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    found: dict[str, str] = {}
    for one in conditions:
        found.setdefault(one.get("type", ""), one.get("status", ""))
    gates = [one.get("conditionType", "") for one in pod["spec"].get("readinessGates") or ()]
    for title, rows in (
        ("Readiness Gates", [(gate, found.get(gate, NONE)) for gate in gates]),
        ("Conditions", [(one.get("type", ""), one.get("status", "")) for one in conditions]),
    ):
        if rows:
            sheet.put(0, f"{title}:\n  Type\tStatus\n")
        for kind, status in rows:
            sheet.put(1, f"{kind} \t{status} \n")


def toleration_text(toleration: Part) -> str:
    """`KEY=VALUE:EFFECT op=Exists for 300s`, what there is of it."""
    key, value, effect = (toleration.get(name) or "" for name in ("key", "value", "effect"))
    text = key + (f"={value}" if value else "") + (f":{effect}" if effect else "")
    if toleration.get("operator") == "Exists" and not value:
        text += " op=Exists" if key or effect else "op=Exists"
    seconds = toleration.get("tolerationSeconds")
    return text if seconds is None else f"{text} for {seconds}s"


def _describe_spread(sheet: Sheet, constraints: Sequence[Part]) -> None:
    texts = []
    for one in in_go_order(constraints, lambda one: one["topologyKey"]):
        text = f"{one['topologyKey']}:{one['whenUnsatisfiable']} when max skew {one['maxSkew']} is exceeded"
        if one.get("labelSelector") is not None:
            text += f" for selector {selector_text(one['labelSelector'])}"
        texts.append(text)
    if texts:
        sheet.pairs("Topology Spread Constraints", texts)


def selector_text(selector: Part) -> str:
    """A label selector as a person would give it to `--selector`."""
    found = [(key, f"{key}={value}") for key, value in (selector.get("matchLabels") or {}).items()]
    for one in selector.get("matchExpressions") or ():
        key, values = one["key"], ",".join(sorted(one.get("values") or ()))
        shape = _OPERATORS.get(one["operator"])
        if shape is None:
            return "<error>"
        found.append((key, shape.format(key=key, values=values)))
    return ",".join(text for _, text in sorted(found, key=lambda pair: pair[0])) or NONE


_OPERATORS = {
    "In": "{key} in ({values})",
    "NotIn": "{key} notin ({values})",
    "Exists": "{key}",
    "DoesNotExist": "!{key}",
}
