"""What a pod asks for, as the scheduler counts it."""

from typing import Any

from omg.describe.needs import limited, quality, requested

DISK: dict[str, Any] = {"ephemeral-storage": "1Gi"}


def pod(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "a"}, "spec": {"containers": [], **spec}}


def container(name: str = "a", *, stays: bool = False, limits: Any = None, **requests: Any) -> dict[str, Any]:
    resources = {"requests": requests, "limits": limits or {}}
    return {"name": name, "resources": resources, **({"restartPolicy": "Always"} if stays else {})}


def shown(found: Any) -> dict[str, str]:
    return {name: str(amount) for name, amount in found.items()}


def test_containers_are_added_and_init_containers_are_not() -> None:
    one = pod(
        containers=[container("a", cpu="100m"), container("b", cpu="200m", memory="1Gi")],
        initContainers=[container("c", cpu="250m", memory="2Gi")],
    )
    assert shown(requested(one, actual=False)) == {"cpu": "300m", "memory": "2Gi"}


def test_a_sidecar_counts_with_the_containers_and_with_the_init_containers_after_it() -> None:
    one = pod(
        containers=[container("a", cpu="100m")],
        initContainers=[container("s", stays=True, cpu="50m"), container("i", cpu="400m")],
    )
    assert shown(requested(one, actual=False)) == {"cpu": "450m"}


def test_figures_of_the_pod_take_the_place_of_its_containers() -> None:
    one = pod(
        containers=[container("a", cpu="100m", **DISK)],
        resources={"requests": {"cpu": "1", "memory": "1Gi", "example.com/gpu": "9"}},
    )
    assert shown(requested(one, actual=False)) == {"cpu": "1", "memory": "1Gi", "ephemeral-storage": "1Gi"}


def test_the_overhead_comes_on_top_of_limits_that_are_set() -> None:
    one = pod(containers=[container("a", limits={"cpu": "1"})], overhead={"cpu": "250m", "memory": "100Mi"})
    assert shown(limited(one, actual=False)) == {"cpu": "1250m"}
    assert shown(requested(one, actual=False)) == {"cpu": "250m", "memory": "100Mi"}


def test_a_container_that_was_resized_counts_with_what_it_has() -> None:
    one = pod(containers=[container("a", cpu="100m", limits={"cpu": "200m"})])
    given = {"name": "a", "allocatedResources": {"cpu": "300m"}, "resources": {"limits": {"cpu": "1"}}}
    one["status"] = {"containerStatuses": [given]}
    assert shown(requested(one, actual=True)) == {"cpu": "300m"}
    assert shown(requested(one, actual=False)) == {"cpu": "100m"}
    assert shown(limited(one, actual=True)) == {"cpu": "1"}
    one["status"]["conditions"] = [{"type": "PodResizePending", "reason": "Infeasible"}]
    given["resources"] = {"limits": {"cpu": "150m"}, "requests": {"cpu": "50m"}}
    given["allocatedResources"] = {"cpu": "60m"}
    assert shown(requested(one, actual=True)) == {"cpu": "60m"}
    assert shown(limited(one, actual=True)) == {"cpu": "150m"}


def test_the_quality_of_service_follows_from_the_containers() -> None:
    full: dict[str, Any] = {"cpu": "1", "memory": "1Gi"}
    assert quality(pod(containers=[container()])) == "BestEffort"
    assert quality(pod(containers=[container(cpu="1")])) == "Burstable"
    assert quality(pod(containers=[container(limits=full, **full)])) == "Guaranteed"
    assert quality(pod(containers=[container(limits=full, cpu="500m", memory="1Gi")])) == "Burstable"
    assert quality(pod(containers=[container(limits=full, **full), container("b")])) == "Burstable"
    assert quality(pod(containers=[], resources={"requests": full, "limits": full})) == "Guaranteed"
    assert quality({**pod(), "status": {"qosClass": "Burstable"}}) == "Burstable"
