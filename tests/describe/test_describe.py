"""Descriptions where a cluster says little, or what no cluster of the tests says; tests/cluster has the rest."""

from datetime import UTC, datetime
from typing import Any

from omg.describe import NodeSlice, Surroundings, describe_node, describe_pod, pod_on_node
from omg.describe.containers import probe_text
from omg.describe.pods import selector_text

NOW = datetime(2026, 1, 15, 10, tzinfo=UTC)


def pod(**spec: Any) -> dict[str, Any]:
    containers = [{"name": "main", "image": "i"}]
    return {"metadata": {"name": "a", "namespace": "b"}, "spec": {"containers": containers, **spec}, "status": {}}


def lines(text: str) -> list[str]:
    return text.splitlines()


def test_a_pod_of_which_little_is_known_is_described() -> None:
    text = describe_pod(pod(), [], NOW)
    assert lines(text)[:3] == ["Name:         a", "Namespace:    b", "Node:         <none>"]
    assert lines(text)[-1] == "Events:           <none>"


def test_events_that_may_not_be_read_are_not_called_none() -> None:
    assert lines(describe_pod(pod(), None, NOW))[-1] == "Events:           not authorized"


def test_a_variable_from_nowhere_and_an_unknown_resource_leave_no_value() -> None:
    env = [
        {"name": "NOWHERE", "valueFrom": {}},
        {"name": "STRANGE", "valueFrom": {"resourceFieldRef": {"resource": "limits.gpu"}}},
    ]
    text = describe_pod(pod(containers=[{"name": "main", "env": env}]), (), NOW)
    assert "NOWHERE" not in text
    assert "      STRANGE:    (limits.gpu)" in lines(text)


def test_a_volume_of_a_kind_that_is_not_known_is_said_to_be() -> None:
    text = describe_pod(pod(volumes=[{"name": "v", "brandNew": {}}]), (), NOW)
    assert "  v:\n  <unknown>\n" in text


def test_an_unnamed_subpath_is_quoted_as_go_quotes_it() -> None:
    mounts = [{"name": "v", "mountPath": "/m", "subPath": 'a"\n\x01\u0085\U000e0001'}]
    text = describe_pod(pod(containers=[{"name": "main", "volumeMounts": mounts}]), (), NOW)
    assert r'path="a\"\n\x01\u0085\U000e0001"' in text


def test_a_pod_of_a_scheduling_group_names_it() -> None:
    assert "PodGroupName:  g" in describe_pod(pod(schedulingGroup={"podGroupName": "g"}), (), NOW)


def test_a_probe_that_does_nothing_known_is_unknown() -> None:
    assert probe_text({"periodSeconds": 1}) == "unknown delay=0s timeout=0s period=1s #success=0 #failure=0"


def test_a_selector_with_an_unknown_operator_is_an_error_and_an_empty_one_is_none() -> None:
    assert selector_text({"matchExpressions": [{"key": "a", "operator": "Near"}]}) == "<error>"
    assert selector_text({}) == "<none>"


def test_a_node_whose_surroundings_may_not_be_read_says_so() -> None:
    text = describe_node({"metadata": {"name": "n"}}, Surroundings(no_lease="not authorized"), NOW)
    assert "Lease:              Failed to get lease: not authorized" in lines(text)
    assert any(line.startswith("Pods:") and line.endswith("not authorized") for line in lines(text))


def test_the_pools_of_a_node_are_counted() -> None:
    slices = (NodeSlice("d", "p", 2), NodeSlice("d", "p", 3))
    text = describe_node({"metadata": {"name": "n"}}, Surroundings(pods=(), events=(), slices=slices), NOW)
    assert "  d       p     2       5" in lines(text)


def test_pods_of_a_node_without_figures_have_the_percentage_that_kubectl_prints() -> None:
    one = pod_on_node(pod())
    text = describe_node({"metadata": {"name": "n"}}, Surroundings(pods=(one,), events=()), NOW)
    assert "0 (-9223372036854775808%)" in text
    assert "<unknown>" in text
