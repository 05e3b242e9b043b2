from omg.settings import Settings
from omg.tasks.namespaces import FIXED, in_scope, wanted_namespaces


def test_the_known_namespaces_that_exist_come_first_then_those_with_a_key() -> None:
    found = in_scope(["default", "kube-system", "openstack", "openstack-2"], ["openstack", "cert-manager"], ["2", "ku"])
    assert found == ("openstack", "kube-system", "openstack-2")


def test_no_key_adds_nothing() -> None:
    assert in_scope(["default"], ["openstack"], []) == ()


def test_the_settings_name_the_namespaces_and_an_empty_one_is_left_out() -> None:
    wanted = wanted_namespaces(Settings(osp_ns="cloud", metallb_namespace=""))
    assert wanted[0] == "cloud"
    assert set(FIXED) < set(wanted)
    assert "" not in wanted
