import pytest

from omg.cluster.resource import Resource
from omg.tasks.api_resources import ApiResources
from omg.tasks.crds import Crd
from omg.tasks.custom_resources import GROUP_ENDINGS, Wanted, is_wanted, wanted_resources


def served(group: str, plural: str) -> Resource:
    return Resource(group=group, version="v1", plural=plural, kind="K", namespaced=True, verbs=frozenset({"list"}))


def defined(group: str, plural: str) -> Crd:
    return Crd(f"{plural}.{group}", group, plural, "K", True, ("v1",))


NOVA = served("nova.openstack.org", "novas")


def wanted(definitions: list[Crd], resources: list[Resource]) -> dict[str, Wanted]:
    return {one.name: one for one in wanted_resources(definitions, ApiResources(resources))}


@pytest.mark.parametrize(
    ("group", "plural", "expected"),
    [
        ("core.openstack.org", "openstackcontrolplanes", True),
        ("metal3.io", "baremetalhosts", True),
        ("metal3.io", "provisionings", False),
        ("nmstate.io", "nodenetworkstates", True),
        ("apps", "deployments", False),
    ],
)
def test_the_group_decides_and_of_metal3_only_the_hosts(group: str, plural: str, expected: bool) -> None:
    assert is_wanted(group, plural) is expected


def test_what_is_defined_and_served_is_collected() -> None:
    assert wanted([defined("nova.openstack.org", "novas")], [NOVA])["novas.nova.openstack.org"].resource is NOVA


def test_what_is_served_is_collected_even_where_definitions_may_not_be_read() -> None:
    assert wanted([], [NOVA])["novas.nova.openstack.org"].resource is NOVA


def test_what_is_defined_but_not_served_is_absent_with_a_reason() -> None:
    missing = wanted([defined("nova.openstack.org", "novas")], [])["novas.nova.openstack.org"]
    assert missing.resource is None
    assert "does not serve it" in missing.reason


def test_what_is_of_the_network_is_left_to_the_task_for_it() -> None:
    assert "nodenetworkstates.nmstate.io" not in wanted([], [served("nmstate.io", "nodenetworkstates")])
    assert "nmstates.nmstate.io" in wanted([], [served("nmstate.io", "nmstates")])


def test_a_family_of_which_nothing_is_there_is_absent_once() -> None:
    absent = {name for name, one in wanted([], [NOVA]).items() if one.resource is None}
    assert absent == {f"*{ending}" for ending in GROUP_ENDINGS if ending != "openstack.org"} | {
        "baremetalhosts.metal3.io"
    }


def test_the_preferred_version_is_the_first_one_served_and_what_cannot_be_listed_is_not_there() -> None:
    other = Resource(
        group="nova.openstack.org",
        version="v2",
        plural="novas",
        kind="K",
        namespaced=True,
        verbs=frozenset({"list"}),
    )
    review = Resource(
        group="x", version="v1", plural="reviews", kind="R", namespaced=False, verbs=frozenset({"create"})
    )
    resources = ApiResources([NOVA, other, review])
    assert resources.find("nova.openstack.org", "novas") is NOVA
    assert resources.find("x", "reviews") is None
    assert len(resources) == 1
