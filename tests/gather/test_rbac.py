"""The rights that a run needs: enough, and none too many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from omg.cluster.resource import Resource
from omg.embedded.corpus import Corpus
from omg.embedded.server import EmbeddedCluster
from omg.engine import EVERYWHERE, Access, Graph, Run, task
from omg.errors import ConfigError, DeclarationError
from omg.gather.catalog import graph_of
from omg.gather.known_groups import KNOWN_GROUPS
from omg.gather.rbac import Account, Grant, Served, grants_of, manifests, rules_of
from omg.settings import Settings, load_settings
from omg.tasks.custom_resources import GROUP_ENDINGS
from tests.gathering import Gathering
from tests.rights import Granted, Right, Rule, all_rights, documents, rules

ACCOUNT = Account("support", "default")


def _off(settings: Settings) -> str | None:
    return "READ_ONLY=1" if settings.read_only else None


@task(reads=(Access("", "pods", "list"), Access("", "pods", "get", is_fallback=True)), writes=False)
async def here(_run: Run) -> None:
    """Look into the namespaces in scope."""


@task(reads=(Access("", "pods", "list", EVERYWHERE), Access("*.rhobs", "*", "list", EVERYWHERE)), writes=False)
async def everywhere(_run: Run) -> None:
    """Look everywhere."""


@task(changes=(Access("", "pods/exec", "create", "$OSP_NS"),), off=_off, writes=False)
async def act(_run: Run) -> None:
    """Run a command in the control plane."""


@task(needs=(act,), reads=(Access("", "leases", "list", "kube-node-lease"),), writes=False)
async def dependant(_run: Run) -> None:
    """Follow the command."""


def granted(*tasks: Any, served: Served | None = None, **flags: str) -> set[tuple[str, ...]]:
    found = grants_of(Graph(tasks), load_settings(flags), served)
    return {(one.namespace, one.group, one.resource, one.verb) for one in found}


FEW: dict[str, Any] = {
    "osp_operators_ns": "openstack",
    "metallb_namespace": "",
    "oadp_ns": "",
}


def test_a_right_in_scope_is_one_in_each_namespace_and_a_fallback_is_none() -> None:
    found = granted(here, **FEW)
    assert ("openstack", "", "pods", "list") in found
    assert ("openshift-machine-api", "", "pods", "list") in found
    assert {verb for *_, verb in found} == {"list"}
    assert "" not in {namespace for namespace, *_ in found}


def test_what_is_allowed_everywhere_needs_no_role_in_a_namespace() -> None:
    assert granted(here, everywhere) == {("", "", "pods", "list"), ("", "monitoring.rhobs", "*", "list")}


def test_a_command_needs_what_old_and_new_servers_check_and_only_where_the_setting_says() -> None:
    assert granted(act, osp_ns="mine") == {("mine", "", "pods/exec", "create"), ("mine", "", "pods/exec", "get")}


def test_what_is_off_needs_no_right_nor_does_what_needs_it() -> None:
    assert ("kube-node-lease", "", "leases", "list") in granted(dependant)
    assert granted(dependant, read_only="1") == set()


def kind(group: str, plural: str, *verbs: str) -> Resource:
    return Resource(group, "v1", plural, plural, namespaced=True, verbs=frozenset(verbs))


def test_a_cluster_that_was_asked_names_its_kinds_and_namespaces() -> None:
    kinds = (kind("", "pods", "list"), kind("x.rhobs", "stacks", "list"), kind("x.rhobs", "reviews", "create"))
    served = Served(kinds, ("openstack",))
    assert granted(here, everywhere, act, dependant, served=served, additional_namespaces="x") == {
        ("", "", "pods", "list"),
        ("", "x.rhobs", "stacks", "list"),
        ("openstack", "", "pods/exec", "create"),
        ("openstack", "", "pods/exec", "get"),
    }


def test_namespaces_that_only_the_cluster_knows_are_asked_for() -> None:
    with pytest.raises(ConfigError, match=r"ADDITIONAL_NAMESPACES: only the cluster knows .* --live"):
        granted(here, additional_namespaces="x")


def test_a_resource_that_no_role_can_name_is_a_mistake_in_the_declaration() -> None:
    @task(reads=(Access("", "pod*", "list"),), writes=False)
    async def vague(_run: Run) -> None:
        """Look at something."""

    with pytest.raises(DeclarationError, match=r"No role can say list pod\*"):
        granted(vague)


def test_rules_hold_together_what_is_alike_and_allow_nothing_else() -> None:
    grants = {
        Grant("", "", "pods", "list"),
        Grant("", "", "nodes", "list"),
        Grant("", "", "pods/log", "get"),
        Grant("", "a", "*", "list"),
        Grant("", "b", "*", "list"),
    }
    found = rules_of(grants)
    assert [(one.groups, one.resources, one.verbs) for one in found] == [
        (("",), ("nodes", "pods"), ("list",)),
        (("",), ("pods/log",), ("get",)),
        (("a", "b"), ("*",), ("list",)),
    ]


@pytest.mark.parametrize("text", ["", "default", "a:", ":b", "a:b:c", "a b:c", 'a:"b'])
def test_an_account_is_a_namespace_and_a_name(text: str) -> None:
    with pytest.raises(ConfigError, match="expected NAMESPACE:NAME"):
        Account.parse(text)


def test_every_role_is_bound_to_the_account_where_it_is() -> None:
    found = documents("\n".join(manifests(grants_of(graph_of(), load_settings({})), Account.parse("support:default"))))
    roles = [one for one in found if one["kind"] in {"Role", "ClusterRole"}]
    bindings = [one for one in found if one["kind"] in {"RoleBinding", "ClusterRoleBinding"}]
    places = [one["metadata"].get("namespace") for one in roles]
    assert places[0] is None
    assert {"openstack", "kube-node-lease"} <= set(places[1:])
    assert [one["metadata"].get("namespace") for one in bindings] == places
    for role, binding in zip(roles, bindings, strict=True):
        assert binding["roleRef"]["kind"] == role["kind"]
        assert binding["roleRef"]["name"] == role["metadata"]["name"]
        assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "default", "namespace": "support"}]


CONSTRAINTS = ("security.openshift.io", "securitycontextconstraints", "use", "privileged")


def test_who_makes_privileged_pods_may_use_the_constraint_that_openshift_has_for_them_and_no_other() -> None:
    graph, settings = graph_of(["cluster_sos"]), load_settings({"run_namespace": "support"})
    found = grants_of(graph, settings)
    assert Grant("support", *CONSTRAINTS) in found
    role = next(
        one
        for one in documents("\n".join(manifests(found, ACCOUNT)))
        if one["kind"] == "Role" and one["metadata"]["namespace"] == "support"
    )
    assert [one for one in role["rules"] if "resourceNames" in one] == [
        {
            "apiGroups": ["security.openshift.io"],
            "resources": ["securitycontextconstraints"],
            "resourceNames": ["privileged"],
            "verbs": ["use"],
        }
    ]
    everywhere = grants_of(graph, load_settings({}))
    assert Grant("", *CONSTRAINTS) in everywhere
    assert not {one for one in grants_of(graph, load_settings({"read_only": "1"})) if one.verb == "use"}


def test_a_constraint_is_named_only_where_the_cluster_has_constraints() -> None:
    graph, settings = graph_of(["cluster_sos"]), load_settings({})
    pods, constraints = kind("", "pods", "list"), kind("security.openshift.io", "securitycontextconstraints", "list")
    for kinds, is_named in (((pods,), False), ((pods, constraints), True)):
        found = grants_of(graph, settings, Served(kinds, ("openstack",)))
        assert (Grant("", *CONSTRAINTS) in found) is is_named


def test_a_right_to_all_objects_makes_that_to_one_of_them_superfluous() -> None:
    @task(
        reads=(Access("", "secrets", "get", EVERYWHERE), Access("", "secrets", "get", EVERYWHERE, name="one")),
        writes=False,
    )
    async def look(_run: Run) -> None:
        """Look at all, and at one."""

    assert grants_of(Graph((look,)), load_settings({})) == {Grant("", "", "secrets", "get")}


def test_every_known_group_has_one_of_the_endings() -> None:
    assert [one for one in KNOWN_GROUPS if not one.endswith(GROUP_ENDINGS)] == []


# what a gather says to them


RUNS_COMMANDS = ("openstackclient", "rabbitmq-server-0", "ovsdbserver-nb-0")
"""Pods in which commands are run, and none that would be waited for because it was asked for a report."""

FOR_NEWER_SERVERS = Right("openstack", "", "pods/exec", "create")
"""The embedded cluster checks `get` alone, as servers before Kubernetes 1.35 do."""


@pytest.fixture
def few(corpus: Corpus) -> Corpus:
    """Namespaces, nodes, definitions, and in each namespace one pod with its logs: little to read of everything."""
    kinds = {"Namespace", "Node", "CustomResourceDefinition"}
    kept = [one for one in corpus.objects if one["kind"] in kinds]
    logged = {(namespace, pod) for namespace, pod, *_ in corpus.logs}
    pod = next(one for one in corpus.objects if one["kind"] == "Pod" and _name(one) in logged)
    mine = {place[2:]: log for place, log in corpus.logs.items() if place[:2] == _name(pod)}
    spaces = [one["metadata"]["name"] for one in kept if one["kind"] == "Namespace"]
    pods = [{**pod, "metadata": {**pod["metadata"], "namespace": name}} for name in spaces]
    pods += [one for one in corpus.objects if one["kind"] == "Pod" and _name(one)[1].startswith(RUNS_COMMANDS)]
    logs = {(name, pod["metadata"]["name"], *place): log for name in spaces for place, log in mine.items()}
    return Corpus(objects=[*kept, *pods], logs=logs, execs=corpus.execs, planted=[])


def _name(pod: dict[str, Any]) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


@asynccontextmanager
async def guarded(corpus: Corpus, directory: Path) -> AsyncIterator[tuple[Gathering, Granted]]:
    rbac = Granted()
    async with EmbeddedCluster(corpus, rbac=rbac) as cluster:
        cluster.write_kubeconfig(directory / "kubeconfig")
        yield Gathering(cluster, directory / "kubeconfig", directory / "out"), rbac


async def printed(gathering: Gathering, *arguments: str, **settings: str) -> list[Rule]:
    """What the command prints, as the administrator of the same cluster."""
    ended = await gathering.command("rbac", "--service-account=support:default", *arguments, **settings)
    assert ended.code == 0, ended.stderr
    return rules(ended.stdout)


SETTINGS: dict[str, dict[str, str]] = {
    "every default": {},
    "one task": {"only": "pod_logs"},
    "other namespaces": {"additional_namespaces": "kube-,openshift-monitoring", "read_only": "1"},
}


@pytest.mark.parametrize("given", SETTINGS.values(), ids=SETTINGS.keys())
async def test_with_the_printed_rights_nothing_is_denied_and_each_of_them_is_used(
    given: dict[str, str], few: Corpus, tmp_path: Path
) -> None:
    flags: dict[str, Any] = {name: value for name, value in given.items() if name != "only"}
    only = [given["only"]] if "only" in given else []
    async with guarded(few, tmp_path) as (gathering, rbac):
        rbac.rights = frozenset({Right("", group, "*", "list") for group in ("", "apps")})
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]
        found = await printed(gathering, "--live", *arguments)
        rbac.rights, rbac.used = all_rights(found), set()
        await gathering.run(*only, **flags)
        assert gathering.outcomes()["denied"] == 0, [one for one in gathering.view.records if one.outcome == "denied"]
        assert gathering.outcomes()["collected"] > 5
        assert rbac.rights - rbac.used <= {FOR_NEWER_SERVERS}


@pytest.mark.parametrize("place", [{}, {"run_namespace": "openstack-operators"}], ids=["temporary", "given"])
async def test_the_rights_for_debug_pods_are_enough_and_each_of_them_is_used(
    place: dict[str, str], few: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omg.cluster.debug_pod.TROUBLE_LIMIT", 0.1)
    flags: dict[str, Any] = {"sos_services": "ovs", "read_only": "0", "pod_name": "x", **place}
    async with guarded(few, tmp_path) as (gathering, rbac):
        words = [f"--{name.replace('_', '-')}={value}" for name, value in flags.items() if name != "pod_name"]
        found = await printed(gathering, "--only=cluster_sos", *words)
        rbac.rights, rbac.used = all_rights(found), set()
        for image in ("willing", "refused"):
            gathering.cluster.refused_images.add("refused")
            await gathering.run("cluster_sos", support_tools=image, **flags)
            assert gathering.outcomes()["denied"] == 0, gathering.view.records
        assert gathering.outcomes()["failed"] > 0
    places = {one.namespace for one in rbac.rights if one.resource in {"pods/exec", "events"}}
    assert places == {place.get("run_namespace", "")}
    unused = {one for one in rbac.rights - rbac.used if one.namespace in places}
    assert {one.verb for one in unused} == {"use"}  # which OpenShift's admission looks at, and nobody asks for


async def test_without_a_cluster_the_rights_are_enough_too(few: Corpus, tmp_path: Path) -> None:
    async with guarded(few, tmp_path) as (gathering, rbac):
        rbac.rights = all_rights(await printed(gathering))
        requests = len(gathering.cluster.requests)
        assert requests == 0
        await gathering.run()
        assert gathering.outcomes()["denied"] == 0, [one for one in gathering.view.records if one.outcome == "denied"]


NEW_GROUP = "novelty.openstack.org"


@pytest.fixture
def with_a_new_group(few: Corpus) -> Corpus:
    """The same, with a kind of a group of OpenStack's that omg does not know by name, and one object of it."""
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"novelties.{NEW_GROUP}"},
        "spec": {
            "group": NEW_GROUP,
            "names": {"plural": "novelties", "singular": "novelty", "kind": "Novelty", "listKind": "NoveltyList"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True}],
        },
    }
    novelty = {
        "apiVersion": f"{NEW_GROUP}/v1",
        "kind": "Novelty",
        "metadata": {"name": "one", "namespace": "openstack"},
    }
    return Corpus(objects=[*few.objects, definition, novelty], logs=few.logs, execs=few.execs, planted=[])


async def test_a_group_that_is_not_known_without_a_cluster_is_all_that_is_denied_and_is_named(
    with_a_new_group: Corpus, tmp_path: Path
) -> None:
    async with guarded(with_a_new_group, tmp_path) as (gathering, rbac):
        rbac.rights = all_rights(await printed(gathering))
        result = await gathering.run()
        assert result.exit_code == 1
        denied = [one for one in gathering.view.records if one.outcome == "denied"]
        assert {one.task for one in denied} == {"custom_resources", "backup_restore"}
        assert [one for one in denied if NEW_GROUP not in one.reason] == []
        assert any("→ let `omg rbac " in line for line in result.lines)
        labels = gathering.root / "backup-restore" / "labels" / "openstack"
        assert {path.name for path in labels.iterdir()} >= {"restore-labeled-resources.log", "annotation-overrides.log"}
        rbac.rights = all_rights(await printed(gathering, "--live"))
        await gathering.run()
        assert gathering.outcomes()["denied"] == 0
        assert f"namespaces/openstack/crs/novelties.{NEW_GROUP}/one.yaml" in gathering.files()


@pytest.mark.slow
async def test_with_any_one_rule_less_something_is_denied(few: Corpus, tmp_path: Path) -> None:
    async with guarded(few, tmp_path) as (gathering, rbac):
        rbac.rights = frozenset({Right("", "", "*", "list")})
        found = await printed(gathering, "--live")
        for missing in found:
            if missing.namespace in {"", "openstack", "kube-node-lease"}:
                rbac.rights = all_rights(rule for rule in found if rule is not missing)
                await gathering.run(graph=graph_of(concerned(missing)))
                assert gathering.outcomes()["denied"] > 0, missing.text


def concerned(rule: Rule) -> list[str]:
    """The tasks that declare something of a rule; those of all others would say the same as ever."""
    asked = [(one.group, one.resource, one.verb, one.namespace or None) for one in rule.rights]
    return [one.name for one in graph_of().tasks if any(one.permits(*right) for right in asked)]
