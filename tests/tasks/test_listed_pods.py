from typing import Any

import pytest

from omg.tasks.listed_pods import Container, slim


def pod(*statuses: dict[str, Any], phase: str = "Running", ready: bool = True, **status: Any) -> dict[str, Any]:
    return {
        "metadata": {"namespace": "openstack", "name": "nova-0", "labels": {"service": "nova"}},
        "spec": {"nodeName": "worker-1"},
        "status": {
            "phase": phase,
            "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
            "containerStatuses": list(statuses),
            **status,
        },
    }


def container(state: dict[str, Any], last: dict[str, Any] | None = None, restarts: int = 0) -> dict[str, Any]:
    return {"name": "api", "state": state, "lastState": last or {}, "restartCount": restarts}


RUNNING = {"running": {"startedAt": "2026-01-01T00:00:00Z"}}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (container(RUNNING), Container("api", has_run=True, has_previous=False, is_failing=False)),
        (
            container({"waiting": {"reason": "ContainerCreating"}}),
            Container("api", has_run=False, has_previous=False, is_failing=False),
        ),
        (
            container({"waiting": {"reason": "ImagePullBackOff"}}),
            Container("api", has_run=False, has_previous=False, is_failing=True, trouble="ImagePullBackOff"),
        ),
        (
            container({"waiting": {"reason": "CrashLoopBackOff"}}, {"terminated": {"exitCode": 1}}, 7),
            Container("api", has_run=True, has_previous=True, is_failing=True, trouble="CrashLoopBackOff"),
        ),
        (
            container({"terminated": {"exitCode": 0}}),
            Container("api", has_run=True, has_previous=False, is_failing=False),
        ),
        (
            container({"terminated": {"exitCode": 3, "reason": "Error"}}),
            Container("api", has_run=True, has_previous=False, is_failing=True, trouble="Error"),
        ),
        (
            container(RUNNING, {"terminated": {"exitCode": 0}}, 1),
            Container("api", has_run=True, has_previous=True, is_failing=True),
        ),
    ],
)
def test_a_container_tells_whether_it_has_logs_and_fails(status: dict[str, Any], expected: Container) -> None:
    assert slim(pod(status)).containers == (expected,)


def test_init_ordinary_and_ephemeral_containers_are_all_there() -> None:
    one = pod(
        container(RUNNING),
        initContainerStatuses=[container({"terminated": {"exitCode": 0}}) | {"name": "init"}],
        ephemeralContainerStatuses=[container(RUNNING) | {"name": "debug"}],
    )
    assert [each.name for each in slim(one).containers] == ["init", "api", "debug"]


@pytest.mark.parametrize(
    ("phase", "ready", "failing"),
    [("Running", True, False), ("Running", False, True), ("Succeeded", False, False), ("Pending", False, True)],
)
def test_a_pod_fails_unless_it_runs_well_or_is_done(phase: str, ready: bool, failing: bool) -> None:
    assert slim(pod(phase=phase, ready=ready)).is_failing is failing


def test_a_pod_of_which_little_is_known_is_in_trouble() -> None:
    bare = slim({"metadata": {"namespace": "n", "name": "p"}})
    assert (bare.node, bare.labels, bare.containers, bare.is_failing) == ("", {}, (), True)
