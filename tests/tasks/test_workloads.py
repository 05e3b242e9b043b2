from omg.cluster.resource import Resource
from omg.tasks.api_resources import ApiResources
from omg.tasks.served_kinds import in_namespaces
from omg.tasks.workloads import KINDS


def test_each_served_kind_is_listed_in_each_namespace_and_each_missing_one_is_absent_once() -> None:
    jobs = Resource(group="batch", version="v1", plural="jobs", kind="Job", namespaced=True, verbs=frozenset({"list"}))
    wanted = list(in_namespaces(KINDS, ApiResources([jobs]), ["a", "b"]))
    assert [str(one) for one in wanted if one.found] == ["jobs.batch/a", "jobs.batch/b"]
    assert len([one for one in wanted if one.found is None]) == len(KINDS) - 1
    assert "services" in {str(one) for one in wanted}
