from typing import Any

from omg.tasks.dataplane_nodes import EdpmNode, nodes_of
from omg.tasks.edpm_sos import selected


def nodeset(node: dict[str, Any], template: dict[str, Any], ips: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "metadata": {"name": "edpm", "namespace": "openstack"},
        "spec": {
            "nodeTemplate": {"ansibleSSHPrivateKeySecret": "key", **template},
            "nodes": {"edpm-a": {"hostName": "edpm-a", **node}},
        },
        "status": {"allIPs": ips or {}},
    }


def only(*what: Any) -> EdpmNode:
    (node,) = nodes_of(nodeset(*what))
    return node


def test_a_node_that_says_nothing_is_as_its_template_says_and_where_the_status_says() -> None:
    node = only({}, {"ansible": {"ansibleUser": "stack", "ansiblePort": 2022}}, {"edpm-a": {"ctlplane": "192.0.2.7"}})
    assert node == EdpmNode("edpm-a", "openstack", "edpm", "192.0.2.7", 2022, "stack", "key")


def test_what_a_node_says_goes_before_its_template_and_a_variable_before_a_field() -> None:
    template = {"ansible": {"ansibleUser": "a", "ansibleVars": {"ansible_user": "b", "ansible_port": "2200"}}}
    assert (only({}, template).user, only({}, template).port) == ("b", 2200)
    own = {"ansible": {"ansibleUser": "c", "ansiblePort": 23, "ansibleVars": {"ansible_host": "2001:db8::7"}}}
    node = only(own, template, {"edpm-a": {"ctlplane": "192.0.2.7"}})
    assert (node.user, node.port, node.host) == ("c", 23, "2001:db8::7")


def test_the_names_that_ansibles_ssh_knows_too_are_followed_each_by_itself_and_before_the_newer_ones() -> None:
    template = {"ansible": {"ansibleUser": "a", "ansibleVars": {"ansible_ssh_user": "b", "ansible_ssh_port": 2200}}}
    variables = {"ansible_ssh_host": "[2001:db8::7]", "ansible_port": 23}
    own = {"ansible": {"ansibleUser": "c", "ansibleVars": variables}}
    node = only(own, template, {"edpm-a": {"ctlplane": "192.0.2.7"}})
    assert (node.host, node.port, node.user) == ("2001:db8::7", 2200, "b")
    variables |= {"ansible_ssh_user": "d", "ansible_ssh_port": "24"}
    node = only(own, template)
    assert (node.port, node.user) == (24, "d")


def test_a_variable_that_only_ansible_can_fill_in_is_passed_over() -> None:
    own = {"ansible": {"ansibleUser": "c", "ansibleVars": {"ansible_user": "{{ someone }}", "ansible_host": None}}}
    node = only(own, {}, {"edpm-a": {"ctlplane": "192.0.2.7"}})
    assert (node.host, node.user) == ("192.0.2.7", "c")


def test_without_a_status_the_fixed_address_counts_and_without_both_there_is_none() -> None:
    fixed = {"networks": [{"name": "ctlPlane", "fixedIP": "192.0.2.9"}]}
    assert only(fixed, {}).host == "192.0.2.9"
    bare = only({}, {})
    assert (bare.host, bare.port, bare.user) == ("", 22, "cloud-admin")


def test_a_port_that_is_none_is_the_usual_one() -> None:
    assert only({"ansible": {"ansibleVars": {"ansible_port": "{{ port }}"}}}, {}).port == 22


def test_names_select_exactly_and_unknown_ones_are_told() -> None:
    nodes = [EdpmNode(name, "openstack", "edpm", "", 22, "", "") for name in ("compute-1", "compute-10", "compute-2")]
    chosen, unknown = selected(nodes, ("compute-1", "compute-3"))
    assert ([node.name for node in chosen], unknown) == (["compute-1"], ["compute-3"])
    chosen, unknown = selected(nodes, ("compute-1", "compute-3", "compute-1", "compute-3"))
    assert ([node.name for node in chosen], unknown) == (["compute-1"], ["compute-3"])
    chosen, unknown = selected(nodes, ("ALL", "compute-3"))
    assert (len(chosen), unknown) == (3, ["compute-3"])
