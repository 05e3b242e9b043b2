"""What is wanted of the cluster, as it serves it."""

import pytest

from omg.cluster.resource import Resource
from omg.errors import Absent, Unreachable
from omg.tasks.api_resources import ApiResources
from omg.tasks.served_kinds import in_namespaces, in_the_cluster

PODS = Resource("", "v1", "pods", "Pod", namespaced=True, verbs=frozenset({"list"}))
REVIEWS = Resource(
    "authentication.k8s.io", "v1", "tokenreviews", "TokenReview", namespaced=False, verbs=frozenset({"create"})
)


def test_a_kind_that_is_not_served_is_absent_once() -> None:
    wanted = list(in_namespaces([("", "pods"), ("apps", "deployments")], ApiResources([PODS]), ["a", "b"]))
    assert [str(one) for one in wanted] == ["pods/a", "pods/b", "deployments.apps"]
    with pytest.raises(Absent, match=r"does not serve deployments\.apps"):
        _ = wanted[2].resource


def test_a_kind_without_a_list_counts_as_not_served() -> None:
    [wanted] = in_the_cluster([("authentication.k8s.io", "tokenreviews")], ApiResources([REVIEWS]))
    with pytest.raises(Absent):
        _ = wanted.resource


def test_a_kind_of_a_group_that_does_not_answer_is_not_absent() -> None:
    served = ApiResources([PODS], ["packages.operators.coreos.com/v1"])
    [wanted] = in_the_cluster([("packages.operators.coreos.com", "packagemanifests")], served)
    with pytest.raises(Unreachable, match="does not answer"):
        _ = wanted.resource
