from omg.cluster.resource import Resource
from omg.tasks.api_resources import ApiResources
from omg.tasks.workloads import KINDS, wanted_lists


def test_each_served_kind_is_listed_in_each_namespace_and_each_missing_one_is_absent_once() -> None:
    jobs = Resource(group="batch", version="v1", plural="jobs", kind="Job", namespaced=True, verbs=frozenset({"list"}))
    wanted = list(wanted_lists(ApiResources([jobs]), ["a", "b"]))
    assert [(one.name, one.namespace) for one in wanted if one.resource] == [("jobs.batch", "a"), ("jobs.batch", "b")]
    assert len([one for one in wanted if one.resource is None]) == len(KINDS) - 1
    assert "services" in {one.name for one in wanted}
