from omg.tasks.container_logs import Log, how_telling, logs_of
from omg.tasks.pods import Container, Pod


def pod(*containers: Container, failing: bool = False, node_ready: bool = True) -> Pod:
    return Pod("openstack", "nova-0", "worker-1", node_ready, {}, failing, containers)


RUNS = Container("runs", has_run=True, has_previous=False, is_failing=False)
CRASHES = Container("crashes", has_run=True, has_previous=True, is_failing=True)
WAITS = Container("waits", has_run=False, has_previous=False, is_failing=False)


def test_a_container_that_has_run_has_a_log_and_one_that_restarted_two() -> None:
    assert [str(log) for log in logs_of([pod(RUNS, CRASHES, WAITS)])] == [
        "openstack/nova-0/runs",
        "openstack/nova-0/crashes",
        "openstack/nova-0/crashes-previous",
    ]


def test_failing_containers_go_first_then_their_pods_and_dead_nodes_last() -> None:
    logs = [
        Log(pod(RUNS, node_ready=False, failing=True), RUNS),
        Log(pod(RUNS), RUNS),
        Log(pod(RUNS, CRASHES, failing=True), RUNS),
        Log(pod(CRASHES, failing=True), CRASHES),
    ]
    assert sorted(logs, key=how_telling) == logs[::-1]
