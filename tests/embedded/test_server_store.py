from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedded.sample import named, objects

from omg.embedded.kinds import Kinds, kinds_of_crd
from omg.embedded.store import Store

NAMES = st.text("abz-.09é", min_size=1, max_size=4)


def names(store: Store, plural: str = "configmaps", namespace: str | None = None) -> list[str]:
    kind = store.kinds.find("", "v1", plural)
    assert kind is not None
    return [one.key for one in store.collection(kind).now().within(namespace)]


def test_two_stores_of_one_corpus_give_the_same_uids_and_versions() -> None:
    first, second = Store(objects()), Store(objects())
    kind = first.kinds.of_object("v1", "Pod")
    told = [[one.rest for one in store.collection(kind).now().entries] for store in (first, second)]
    assert told[0] == told[1]
    assert len(first) == len(objects())


def test_a_changed_object_keeps_its_uid_and_birth_and_gets_a_higher_version() -> None:
    store = Store([named("ConfigMap", "a", "ns", data={"x": "1"})])
    before = store.find(store.kinds.of_object("v1", "ConfigMap"), "ns", "a")
    assert before is not None
    after = store.put(named("ConfigMap", "a", "ns", data={"x": "2"}))
    old, new = before.object()["metadata"], after.object()["metadata"]
    assert (old["uid"], old["creationTimestamp"]) == (new["uid"], new["creationTimestamp"])
    assert int(new["resourceVersion"]) > int(old["resourceVersion"])
    assert after.object()["data"] == {"x": "2"}


def test_an_object_that_comes_again_after_its_end_has_another_uid() -> None:
    store = Store([named("ConfigMap", "a", "ns")])
    first = store.find(store.kinds.of_object("v1", "ConfigMap"), "ns", "a")
    store.delete("v1", "ConfigMap", "a", "ns")
    again = store.put(named("ConfigMap", "a", "ns"))
    assert first is not None
    assert first.object()["metadata"]["uid"] != again.object()["metadata"]["uid"]


def test_what_is_not_there_cannot_be_deleted_and_an_unknown_kind_not_be_added() -> None:
    store = Store()
    with pytest.raises(LookupError):
        store.delete("v1", "ConfigMap", "a", "ns")
    with pytest.raises(LookupError, match="neither built in nor defined"):
        store.put(named("Thing", "a", "ns", "x.io/v1"))


def test_a_crd_that_goes_takes_its_kind_with_it() -> None:
    store = Store(objects())
    assert store.kinds.find("nmstate.io", "v1beta1", "nodenetworkstates") is not None
    store.delete("apiextensions.k8s.io/v1", "CustomResourceDefinition", "nodenetworkstates.nmstate.io")
    assert store.kinds.find("nmstate.io", "v1beta1", "nodenetworkstates") is None


@settings(deadline=None, max_examples=60)
@given(st.sets(st.tuples(NAMES, NAMES), max_size=8))
def test_lists_are_in_the_byte_order_of_the_whole_key_and_a_namespace_is_one_stretch_of_it(
    places: set[tuple[str, str]],
) -> None:
    store = Store([named("ConfigMap", name, space) for space, name in places])
    keys = [f"{space}/{name}" for space, name in places]
    assert names(store) == sorted(keys, key=str.encode)
    for space in {space for space, _ in places}:
        assert names(store, namespace=space) == [key for key in names(store) if key.startswith(space + "/")]


def crd(*versions: str, **rest: Any) -> dict[str, Any]:
    told = [{"name": one, "served": True, "storage": one == versions[0], **rest} for one in versions]
    return {
        "metadata": {"name": "things.x.io"},
        "spec": {"group": "x.io", "names": {"kind": "Thing", "plural": "things"}, "versions": told},
    }


def test_versions_of_a_crd_are_preferred_as_kubernetes_orders_them() -> None:
    given_order = ["foo1", "v1alpha2", "v1", "v1beta1", "v2beta3", "v2", "v1beta", "v12alpha1"]
    found = [one.version for one in kinds_of_crd(crd(*given_order))]
    assert found == ["v2", "v1", "v2beta3", "v1beta1", "v12alpha1", "v1alpha2", "foo1", "v1beta"]


def test_a_crd_without_the_optional_parts_gets_their_defaults_and_scale_is_a_subresource() -> None:
    (kind,) = kinds_of_crd(crd("v1", subresources={"status": {}, "scale": {}}))
    assert (kind.singular, kind.list_kind, kind.namespaced) == ("thing", "ThingList", True)
    assert [one.name for one in kind.subresources] == ["status", "scale"]


def test_the_built_in_kinds_include_what_a_must_gather_reads() -> None:
    kinds = Kinds()
    for group, version, plural in (("", "v1", "pods"), ("apps", "v1", "deployments"), ("batch", "v1", "cronjobs")):
        assert kinds.find(group, version, plural) is not None
