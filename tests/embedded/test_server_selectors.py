import pytest
from tests.embedded.serving import NS, serving

from omg.embedded.negotiation import clauses, wanted_form, wants_aggregated


@pytest.mark.parametrize(
    ("selector", "sentence"),
    [
        ("a=b c", "found unexpected token"),
        ("a in (b", "expected: ',' or ')'"),
        ("a in", "found '' expected: '('"),
        ("a b", "expected: in, notin"),
    ],
)
async def test_a_selector_that_can_not_be_read_is_a_bad_request(selector: str, sentence: str) -> None:
    async with serving() as (_, client):
        given_back = await client.get(f"{NS}/configmaps?labelSelector={selector}")
        assert given_back.status == 400
        assert sentence in given_back.json["message"]


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        ("", ["empty", "nova", "nova-config"]),
        ("!", ["empty", "nova", "nova-config"]),
        ("tier=a,service=nova", ["nova-config"]),
        ("number>3", ["big"]),
        ("number<3", ["small"]),
        ("number<x", []),
    ],
)
async def test_requirements_are_met_all_together(selector: str, names: list[str]) -> None:
    async with serving() as (cluster, client):
        if "number" in selector:
            for name, number in (("big", "5"), ("small", "1")):
                metadata = {"name": name, "namespace": "openstack", "labels": {"number": number}}
                cluster.store.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
        assert (await client.get(f"{NS}/configmaps?labelSelector={selector.replace('<', '%3C')}")).names == names


async def test_fields_that_an_object_lacks_have_their_empty_value() -> None:
    async with serving() as (_, client):
        assert (await client.get("/api/v1/nodes?fieldSelector=spec.unschedulable=false")).names == [
            "master-0",
            "worker-1",
        ]
        failed = await client.get(f"{NS}/pods?fieldSelector=status.phase=Failed,metadata.namespace!=x")
        assert len(failed.names) == 4
        jobs = await client.get("/apis/batch/v1/jobs?fieldSelector=status.successful=0")
        assert jobs.names == ["broken", "paused", "running"]


async def test_a_watch_and_a_kind_that_can_not_be_listed_are_not_allowed() -> None:
    async with serving() as (_, client):
        assert (await client.get("/api/v1/pods?watch=true")).status == 405
        assert (await client.get(f"{NS}/bindings")).status == 405


def test_the_most_wanted_form_that_can_be_made_is_chosen() -> None:
    accept = "application/json;as=Table;v=v1;g=meta.k8s.io;q=0.5,application/json;q=0.9,text/html;q=x"
    assert [one.quality for one in clauses(accept)] == [1.0, 0.9, 0.5]
    assert wanted_form(accept).target == ""
    assert wanted_form("").target == ""


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", True),
        ("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json", False),
        ("application/json,application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", False),
        ("application/json;as=Table", False),
    ],
)
def test_aggregated_discovery_is_given_to_who_prefers_it(accept: str, expected: bool) -> None:
    assert wants_aggregated(accept) is expected
