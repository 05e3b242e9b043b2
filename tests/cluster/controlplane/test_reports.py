"""Guru Meditation Reports on a real cluster: who is asked, in which container, and when the logs are read."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cluster.controlplane.conftest import Plane, outcomes
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.audit import Request

REPORTED_AFTER = 12.0

TOUCHES = {
    ("cinder-api-0", "cinder-api"): "/var/lib/cinder",
    ("cinder-backup-0", "cinder-backup"): "/var/lib/cinder",
    ("manila-share-0", "manila-share"): "/var/lib/manila",
    ("nova-scheduler-0", "nova-scheduler-scheduler"): "/var/lib/nova",
    ("nova-cell1-novncproxy-0", "nova-cell1-novncproxy-novncproxy"): "/var/lib/nova",
    ("nova-cell0-conductor-0", "nova-cell0-conductor-conductor"): "/var/lib/nova",
    ("nova-api-0", "nova-api-api"): "/var/lib/nova",
    ("nova-api-1", "nova-api-api"): "/var/lib/nova",
}

REFUSES = "cinder-backup-0"

SLOW = 20
"""Seconds that the client takes for the request."""


@dataclass(frozen=True)
class Told:
    """A program that was run: when it ended, where, and with which arguments."""

    at: float
    pod: str
    container: str
    words: str


def _told(record: Path) -> list[Told]:
    lines = [line.split(" ", 3) for line in record.read_text().splitlines()] if record.exists() else []
    return [Told(float(at), pod, container, words) for at, pod, container, words in lines]


def _programs(record: Path) -> dict[str, str]:
    tell = f'echo "$(/bin/date +%s.%N) $POD $CONTAINER $*" >>{record}\n'
    return {
        "touch": f"{tell}case $POD in {REFUSES}) echo 'Permission denied' >&2; exit 1;; esac\n",
        "openstack": f"/bin/sleep {SLOW}\n{tell}",
    }


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reports") / "told"


@pytest.fixture(scope="module")
def gathered(plane: Plane, record: Path) -> Gathered:
    plane.serve(_programs(record))
    return plane.gather("reports", "pod_logs", "reported_pod_logs")


@pytest.fixture(scope="module")
def told(gathered: Gathered, record: Path) -> list[Told]:
    assert outcomes(gathered, "trigger_gmr")
    return _told(record)


@pytest.fixture(scope="module")
def logs(plane: Plane, gathered: Gathered) -> dict[str, list[Request]]:
    """The requests for logs, by pod."""
    found: dict[str, list[Request]] = {}
    for request in plane.cluster.requests_of(gathered.user):
        if request.is_log:
            found.setdefault(request.path.split("/")[-2], []).append(request)
    return found


def test_the_files_of_exactly_these_containers_are_touched(told: list[Told]) -> None:
    touched = {(one.pod, one.container): one.words for one in told if one.pod != "openstackclient"}
    assert touched == TOUCHES
    assert len(told) == len(TOUCHES) + 2, "each once"


def test_novas_api_gets_a_request_for_each_of_its_pods_after_all_were_touched(told: list[Told]) -> None:
    requests = [one for one in told if one.pod == "openstackclient"]
    assert [one.words for one in requests] == ["compute service list"] * 2
    touched = [one.at for one in told if one.pod.startswith("nova-api")]
    assert min(one.at for one in requests) - SLOW > max(touched) - 1


def test_a_log_is_read_when_its_own_pods_report_is_in_it(told: list[Told], logs: dict[str, list[Request]]) -> None:
    touched = {one.pod: one.at for one in told}
    answered = min(one.at for one in told if one.pod == "openstackclient")
    for pod, _container in TOUCHES:
        began = min(request.began for request in logs[pod])
        if pod == REFUSES:
            assert began < touched[pod] + REPORTED_AFTER, "it has no report to wait for"
        elif not pod.startswith("nova-api"):
            assert REPORTED_AFTER <= began - touched[pod] + 0.05 < REPORTED_AFTER + SLOW, pod
        else:
            assert began + 0.05 >= answered + REPORTED_AFTER, pod


def test_no_other_log_waits(told: list[Told], logs: dict[str, list[Request]]) -> None:
    first = min(one.at for one in told)
    asked = {pod for pod, _ in TOUCHES}
    others = [request for pod, requests in logs.items() if pod not in asked for request in requests]
    assert {pod for pod in logs if pod not in asked} >= {"nova-metadata-0", "glance-0", "cinder-db-sync"}
    assert max(request.began for request in others) < first + REPORTED_AFTER


def test_who_refuses_or_has_no_such_container_is_recorded_and_nothing_stops(gathered: Gathered) -> None:
    found = outcomes(gathered, "trigger_gmr")
    assert found.pop(f"openstack/{REFUSES}") == ("failed", "touch /var/lib/cinder: exit status 1: Permission denied")
    assert found.pop("openstack/cinder-volume-ceph-0")[0] == "absent"
    assert {key: outcome for key, (outcome, _) in found.items()} == {
        f"openstack/{pod}": "collected" for pod, _ in TOUCHES if pod != REFUSES
    }
    ends = {outcome for outcome, _ in outcomes(gathered, "reported_pod_logs").values()}
    assert ends <= {"collected", "empty", "absent"}
    assert gathered.code == 1


def test_nothing_is_touched_where_nothing_may_be_changed(plane: Plane, tmp_path: Path) -> None:
    plane.serve(_programs(tmp_path / "told"))
    gathered = plane.gather("read-only", "pod_logs", "reported_pod_logs", READ_ONLY="1")
    assert _told(tmp_path / "told") == []
    assert gathered.code == 0, gathered.explain()
    assert not [one for one in plane.cluster.requests_of(gathered.user) if one.is_exec]
