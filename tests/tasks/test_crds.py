from omg.tasks.crds import Crd, slim


def test_a_definition_is_kept_without_its_schemas() -> None:
    definition = {
        "metadata": {"name": "novas.nova.openstack.org"},
        "spec": {
            "group": "nova.openstack.org",
            "names": {"plural": "novas", "kind": "Nova"},
            "scope": "Namespaced",
            "versions": [{"name": "v1beta1", "served": True, "schema": {}}, {"name": "v1alpha1", "served": False}],
        },
    }
    name, group = "novas.nova.openstack.org", "nova.openstack.org"
    assert slim(definition) == Crd(name, group, "novas", "Nova", True, ("v1beta1",))
