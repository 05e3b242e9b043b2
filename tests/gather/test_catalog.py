import pytest

from omg.errors import ConfigError
from omg.gather.catalog import all_tasks, graph_of

NAMES = {
    "namespaces",
    "api_resources",
    "crds",
    "pods",
    "secret_values",
    "custom_resources",
    "config_maps",
    "secrets",
    "workloads",
    "pod_logs",
}


def names(*only: str, skip: tuple[str, ...] = ()) -> set[str]:
    return {task.name for task in graph_of(only, skip).tasks}


def test_every_module_with_a_task_is_found_and_says_what_it_is_for() -> None:
    found = all_tasks()
    assert {task.name for task in found} >= NAMES
    assert all(task.purpose for task in found)


def test_only_takes_what_the_named_tasks_need_and_what_masking_needs() -> None:
    assert names("pod_logs") == {
        "pod_logs",
        "pods",
        "listed_pods",
        "listed_nodes",
        "namespaces",
        "secret_values",
    }
    assert names("pods") == {"pods", "listed_pods", "listed_nodes", "namespaces"}


def test_skip_leaves_out_a_task_with_everything_that_needs_it() -> None:
    assert names(skip=("crds",)) >= {"pod_logs", "workloads"}
    assert not names(skip=("crds",)) & {"crds", "custom_resources"}


def test_an_unknown_task_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match="no task pod_log: did you mean pod_logs"):
        graph_of(["pod_log"])
    with pytest.raises(ConfigError, match="no task zzz: there are"):
        graph_of([], ["zzz"])


def test_what_masking_needs_cannot_be_skipped() -> None:
    for name in ("secret_values", "namespaces"):
        with pytest.raises(ConfigError, match=f"{name} can't be skipped"):
            graph_of([], [name])


def test_a_choice_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="Nothing is left"):
        graph_of(["pod_logs"], ["pods"])
