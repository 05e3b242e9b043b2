"""The rights that `omg rbac` prints, judged by the real server's authorizer."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.cluster.accounts import ServiceAccount, rights_of, rules_of, without
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster

SETTINGS = {
    "every act but debug pods": ("--read-only=0", "--sos-services="),
    "nothing that changes anything": ("--read-only=1",),
    "logs only": ("--read-only=1", "--only=pod_logs"),
    "other namespaces": ("--read-only=1", "--additional-namespaces=kube-,monitoring"),
    "databases and EDPM nodes": (
        "--read-only=0",
        "--sos-services=",
        "--openstack-databases=ALL",
        "--sos-edpm=all",
        "--run-namespace=openstack-operators",
    ),
    "OADP and MetalLB elsewhere": (
        "--read-only=1",
        "--oadp-ns=openshift-monitoring",
        "--metallb-namespace=openstack-operators",
    ),
}
"""The debug pods' rights are tried in the fast tests: here no kubelet starts a pod."""

CHECKED_ONLY = ("pods/exec", "create")
"""Servers since Kubernetes 1.35 check it beside the `get` that a WebSocket is; the audit log names the latter alone."""

TAKEN_AWAY = {
    "secrets": "secret_values",
    "pods/log": "pod_logs",
    "pods/exec": "rabbitmq",
    "nodes": "nodes",
    "leases": "node_surroundings",
}
"""A resource, and the task that misses its rule; each rule is taken away once in the fast tests."""


@pytest.fixture(scope="module")
def account(cluster: Cluster) -> Iterator[ServiceAccount]:
    account = ServiceAccount(cluster, "support-of-rights", "gatherer")
    account.create()
    yield account
    cluster.api.send("DELETE", f"/api/v1/namespaces/{account.namespace}")


@pytest.fixture(scope="module")
def mine(account: ServiceAccount, tmp_path_factory: pytest.TempPathFactory) -> Place:
    directory = tmp_path_factory.mktemp("rights")
    account.write_kubeconfig(directory / "kubeconfig")
    return Place(directory / "kubeconfig", directory)


def printed(account: ServiceAccount, *arguments: str) -> str:
    command = [sys.executable, "-m", "omg", "rbac", f"--service-account={account.subject}", *arguments]
    kubeconfig = f"--kubeconfig={account.cluster.kubeconfig}"
    return subprocess.run([*command, kubeconfig], capture_output=True, text=True, check=True, timeout=60).stdout


def denied(ended: Gathered) -> list[str]:
    return [f"{one['task']} {one['key']}: {one['reason']}" for one in ended.records() if one["outcome"] == "denied"]


def test_an_account_without_rights_is_denied_what_it_asks_for(account: ServiceAccount, mine: Place) -> None:
    ended = mine.gather("nothing", user=account.name)
    assert ended.code == 1
    assert any("secrets" in one for one in denied(ended))


@pytest.mark.parametrize("arguments", SETTINGS.values(), ids=SETTINGS.keys())
def test_with_the_printed_rights_nothing_is_denied_and_each_allows_something_that_no_other_does(
    account: ServiceAccount, mine: Place, arguments: tuple[str, ...]
) -> None:
    manifests = printed(account, "--live", *arguments)
    before = len(account.cluster.requests_of(account.user))
    with account.granted(manifests):
        ended = mine.gather("granted", *arguments, user=account.name)
    assert denied(ended) == []
    assert ended.outcomes()["collected"] > 50, ended.explain()
    rights = rights_of(manifests)
    asked = [one for one in account.cluster.requests_of(account.user)[before:] if one.path.startswith("/api")]
    needed = {covering.pop() for one in asked if len(covering := allowing(one.right, rights)) == 1}
    inhabited = {one["metadata"]["namespace"] for one in account.cluster.api.items("/api/v1/pods")}
    unneeded = {one for one in rights - needed if one[2:] != CHECKED_ONLY}
    assert {one for one in unneeded if one[0] in inhabited or one[2] != "pods/log"} == set()


def allowing(
    asked: tuple[str, str, str, str], rights: set[tuple[str, str, str, str]]
) -> set[tuple[str, str, str, str]]:
    """The rights that allow a request."""
    namespace, group, resource, verb = asked
    wider = {(where, group, what, verb) for where in {namespace, ""} for what in (resource, "*")}
    return wider & rights


def test_the_tree_is_the_administrators(account: ServiceAccount, mine: Place, full: Gathered) -> None:
    with account.granted(printed(account, "--live")):
        ended = mine.gather("same", user=account.name)
    assert ended.files() == full.files()


@pytest.mark.parametrize("resource", TAKEN_AWAY)
def test_with_a_rule_less_something_is_denied(account: ServiceAccount, mine: Place, resource: str) -> None:
    manifests = printed(account, "--live")
    roles = ("", "openstack", "kube-node-lease")
    role, number = next(
        (role, number) for role, number, rule in rules_of(manifests, roles) if resource in rule["resources"]
    )
    with account.granted(without(manifests, role, number)):
        ended = mine.gather(f"less-{number}", f"--only={TAKEN_AWAY[resource]}", user=account.name)
    assert denied(ended) != []


def test_without_cluster_admin_what_the_namespaces_hold_is_still_collected(
    account: ServiceAccount, mine: Place, full: Gathered
) -> None:
    """Roles in the namespaces alone, as somebody can give them who may give nothing cluster-wide."""
    tasks = ("pod_descriptions", "pod_logs", "config_maps", "secrets", "workloads")
    manifests = printed(account, "--live", f"--only={','.join(tasks)}")
    roles = "---\n".join(one for one in manifests.split("---\n") if "kind: Cluster" not in one)
    with account.granted(roles):
        ended = mine.gather("roles", user=account.name)
    assert ended.code == 1
    assert any("nodes" in one for one in denied(ended))
    for folder in ("pods", "configmaps", "secrets", "deployments"):
        mine_of_it, all_of_it = (
            {one for one in files if one.startswith(f"namespaces/openstack/{folder}/")}
            for files in (ended.files(), full.files())
        )
        assert mine_of_it == all_of_it != set(), folder
