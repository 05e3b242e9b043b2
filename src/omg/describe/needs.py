"""What a pod asks for and may use, as the scheduler counts it.

From k8s.io/component-helpers/resource: init containers run one after the other, those that restart stay; a pod's own
figures take the place of its containers'; the overhead of its runtime comes on top.
"""

from collections.abc import Mapping
from typing import Any

from omg.describe.quantities import Quantity, Resources, quantities

_OF_PODS = frozenset({"cpu", "memory"})
"""Resources of which a pod may have figures of its own, huge pages beside."""

HUGE_PAGES = "hugepages-"


def requested(pod: Mapping[str, Any], *, actual: bool) -> Resources:
    """What is set aside for a pod.

    Args:
        pod: as the API server shows it.
        actual: count what its containers were given, where that is more than they ask for.
    """
    found = _of_containers(pod, "requests", actual=actual)
    own = quantities(_own(pod).get("requests"))
    found.update({name: amount for name, amount in own.items() if _may_be_of_pod(name)})
    _add(found, quantities(pod["spec"].get("overhead")))
    return found


def limited(pod: Mapping[str, Any], *, actual: bool) -> Resources:
    """What a pod may use; see `requested`."""
    found = _of_containers(pod, "limits", actual=actual)
    own = _own(pod)
    if any(map(_may_be_of_pod, (*(own.get("requests") or ()), *(own.get("limits") or ())))):
        limits = quantities(own.get("limits"))
        found.update({name: amount for name, amount in limits.items() if _may_be_of_pod(name)})
    overhead = quantities(pod["spec"].get("overhead"))
    _add(found, {name: amount for name, amount in overhead.items() if name in found and found[name].amount})
    return found


def quality(pod: Mapping[str, Any]) -> str:
    """The class of quality of service: as the cluster says it, else from what the containers ask for."""
    said = (pod.get("status") or {}).get("qosClass")
    return str(said) if said else _computed_quality(pod["spec"])


def _computed_quality(spec: Mapping[str, Any]) -> str:
    own = spec.get("resources")
    parts = [own] if own is not None else [one.get("resources") or {} for one in _containers(spec)]
    requests, limits = _sum(parts, "requests"), _sum(parts, "limits")
    if not requests and not limits:
        return "BestEffort"
    limited_in_all = all(_sum([part], "limits").keys() == _OF_PODS for part in parts)
    same = limited_in_all and {name: limits[name].amount for name in limits} == {
        name: limits[name].amount if name not in requests else requests[name].amount for name in limits
    }
    return "Guaranteed" if same and requests.keys() == limits.keys() else "Burstable"


def _sum(parts: list[Mapping[str, Any]], which: str) -> dict[str, Quantity]:
    """What several ask for, of processors and memory."""
    found: dict[str, Quantity] = {}
    for part in parts:
        amounts = quantities(part.get(which))
        _add(found, {name: one for name, one in amounts.items() if name in _OF_PODS and one.amount > 0})
    return found


def _containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*(spec.get("containers") or ()), *(spec.get("initContainers") or ())]


def _own(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    return pod["spec"].get("resources") or {}


def _may_be_of_pod(name: str) -> bool:
    return name in _OF_PODS or name.startswith(HUGE_PAGES)


def _of_containers(pod: Mapping[str, Any], which: str, *, actual: bool) -> dict[str, Quantity]:
    status = pod.get("status") or {}
    infeasible = _resize_is_infeasible(status)
    given = {
        one["name"]: one
        for one in (*(status.get("containerStatuses") or ()), *(status.get("initContainerStatuses") or ()))
        if actual
    }
    total: dict[str, Quantity] = {}
    for container in pod["spec"].get("containers") or ():
        _add(total, _of_container(container, which, given.get(container["name"]), infeasible=infeasible))
    staying: dict[str, Quantity] = {}
    most: dict[str, Quantity] = {}
    for container in pod["spec"].get("initContainers") or ():
        stays = container.get("restartPolicy") == "Always"
        found = _of_container(container, which, given.get(container["name"]) if stays else None, infeasible=infeasible)
        if stays:
            _add(total, found)
            _add(staying, found)
            _raise_to(most, staying)
        else:
            _add(found, staying)
            _raise_to(most, found)
    _raise_to(total, most)
    return total


def _of_container(
    container: Mapping[str, Any], which: str, status: Mapping[str, Any] | None, *, infeasible: bool
) -> dict[str, Quantity]:
    """The figures of a container; while it is being resized the largest of what it wants, has and was promised."""
    wanted = quantities((container.get("resources") or {}).get(which))
    if status is None or status.get("resources") is None:
        return wanted
    found = {} if infeasible else wanted
    _raise_to(found, quantities(status["resources"].get(which)))
    if which == "requests":
        _raise_to(found, quantities(status.get("allocatedResources")))
    return found


def _resize_is_infeasible(status: Mapping[str, Any]) -> bool:
    pending = (one for one in status.get("conditions") or () if one.get("type") == "PodResizePending")
    return next((one.get("reason") == "Infeasible" for one in pending), False)


def _add(total: dict[str, Quantity], more: Resources) -> None:
    for name, amount in more.items():
        total[name] = total[name] + amount if name in total else amount


def _raise_to(total: dict[str, Quantity], least: Resources) -> None:
    for name, amount in least.items():
        if name not in total or amount.amount > total[name].amount:
            total[name] = amount
