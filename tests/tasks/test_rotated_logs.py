import pytest

from omg.output.layouts import RotatedLog
from omg.tasks.rotated_logs import rotated_log

SCOPE = ("openstack",)


@pytest.mark.parametrize("name", ["3.log.20260101-000000", "3.log.20260101-000000.gz"])
def test_the_kubelets_names_say_whose_log_it_is(name: str) -> None:
    found = rotated_log(("openstack_nova-cell0-conductor-0_6f1b-22", "conductor", name), SCOPE)
    assert found == RotatedLog("openstack", "nova-cell0-conductor-0", "conductor", "3.log.20260101-000000")


@pytest.mark.parametrize(
    "names",
    [
        ("kube-system_etcd_1", "etcd", "0.log.1"),
        ("openstack_nova_1", "0.log.1"),
        ("openstack_nova_1", "nova", "deeper", "0.log.1"),
        ("openstack_nova", "nova", "0.log.1"),
        ("openstack_a_b_c", "nova", "0.log.1"),
        (),
    ],
)
def test_what_is_elsewhere_or_named_otherwise_is_nobodys(names: tuple[str, ...]) -> None:
    assert rotated_log(names, SCOPE) is None
