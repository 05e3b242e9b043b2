"""SOS reports of EDPM nodes in a whole run: the embedded cluster's nodesets, and SSH servers on loopback as nodes."""

import asyncio
import base64
import json
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from omg.embedded.corpus import Corpus
from omg.embedded.server import EmbeddedCluster
from tests.edpm.serving import USER_KEY, Host
from tests.gathering import Gathering
from tests.sos.machines import Programs, left_on_this_machine

pytestmark = pytest.mark.usefixtures("alone_with_reports")

NAMES = ("edpm-a", "edpm-b", "edpm-c")
KEY = base64.b64encode(USER_KEY.export_private_key()).decode()
API = "dataplane.openstack.org/v1beta1"


def nodeset(hosts: dict[str, Host]) -> dict[str, Any]:
    nodes = {
        name: {"hostName": name, "ansible": {"ansibleHost": "127.0.0.1", "ansiblePort": host.port}}
        for name, host in hosts.items()
    }
    template = {"ansible": {"ansibleUser": "stack"}, "ansibleSSHPrivateKeySecret": "edpm-key"}
    return {
        "apiVersion": API,
        "kind": "OpenStackDataPlaneNodeSet",
        "metadata": {"name": "edpm", "namespace": "openstack"},
        "spec": {"nodeTemplate": template, "nodes": nodes},
    }


SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "edpm-key", "namespace": "openstack"},
    "type": "Opaque",
    "data": {"ssh-privatekey": KEY},
}


class Site:
    def __init__(self, gathering: Gathering, hosts: dict[str, Host]) -> None:
        self.gathering, self.hosts = gathering, hosts

    def record(self, key: str) -> dict[str, Any]:
        return next(one for one in self.gathering.journal() if one.get("key") == key and "outcome" in one)


@pytest.fixture
async def site(corpus: Corpus, tmp_path: Path) -> AsyncIterator[Site]:
    async with AsyncExitStack() as stack:
        hosts = {name: await stack.enter_async_context(Host(Programs(tmp_path / name)).serving()) for name in NAMES}
        others = [one for one in corpus.objects if one.get("kind") != "OpenStackDataPlaneNodeSet"]
        changed = replace(corpus, objects=[*others, nodeset(hosts), SECRET])
        cluster = await stack.enter_async_context(EmbeddedCluster(changed))
        cluster.write_kubeconfig(tmp_path / "kubeconfig")
        yield Site(Gathering(cluster, tmp_path / "kubeconfig", tmp_path / "out"), hosts)


async def test_reports_of_three_nodes_are_whole_linked_and_gone_from_the_nodes(site: Site) -> None:
    there = left_on_this_machine()
    result = await site.gathering.run("edpm_sos", sos_edpm="all")
    root = site.gathering.root
    assert result.exit_code == 0, site.gathering.view.records
    assert any("as sos itself left them" in line for line in result.lines)
    for name in NAMES:
        path = root / "sos-reports/_all_nodes" / f"sosreport-{name}.tar.xz"
        with tarfile.open(path) as report:
            assert "sosreport-a/data" in report.getnames()
        link = root / "sos-reports/nova" / f"sos-report-{name}"
        assert not link.readlink().is_absolute()
        assert link.resolve() == path.resolve()
        record = site.record(name)
        assert record["outcome"] == "collected"
        assert record["bytes"] == path.stat().st_size
        assert site.hosts[name].key.get_fingerprint() in record["reason"]
        assert "the profile openstack_edpm" in record["reason"]
    assert left_on_this_machine() == there
    fetches = [one for one in site.gathering.journal() if one.get("key") == "secret/edpm-key" and "outcome" in one]
    assert [one["requests"] for one in fetches] == [1]
    key_line = USER_KEY.export_private_key().splitlines()[1]
    assert list(site.gathering.found([key_line, KEY[:60].encode()])) == []


async def test_a_second_run_into_the_same_directory_finds_its_links_to_be_omgs(site: Site) -> None:
    for _ in range(2):
        assert (await site.gathering.run("edpm_sos", sos_edpm="edpm-a")).exit_code == 0
    assert (site.gathering.root / "sos-reports/nova/sos-report-edpm-a").exists()


async def test_a_report_that_is_unpacked_is_linked_as_a_folder_and_stays_packed_too(site: Site) -> None:
    result = await site.gathering.run("edpm_sos", sos_edpm="edpm-a,edpm-b", sos_decompress="1")
    assert result.exit_code == 0, site.gathering.view.records
    folder = site.gathering.root / "sos-reports/_all_nodes/sosreport-edpm-a"
    assert (folder / "date").read_text() == "Monday\n"
    assert (site.gathering.root / "sos-reports/nova/sos-report-edpm-a").readlink() == Path(
        "../_all_nodes"
    ) / folder.name
    assert folder.with_name("sosreport-edpm-a.tar.xz").exists()
    assert "Not unpacked: sosreport-a/data: it is no text" in site.record("edpm-a")["reason"]


async def test_a_report_that_can_not_be_unpacked_is_a_loss_beside_the_packed_one(site: Site) -> None:
    site.hosts["edpm-a"].programs.tell("sos.after", 'head -c 9000 /dev/urandom >"$dir/sosreport-a.tar.xz"')
    result = await site.gathering.run("edpm_sos", sos_edpm="edpm-a", sos_decompress="1")
    assert result.exit_code == 1
    link = site.gathering.root / "sos-reports/nova/sos-report-edpm-a"
    assert link.resolve().name == "sosreport-edpm-a.tar.xz"
    lost = [one for one in site.gathering.journal() if "could not be unpacked" in str(one.get("reason"))]
    assert len(lost) == 1


async def test_one_node_that_fails_and_a_name_that_is_none_leave_the_others_alone(site: Site) -> None:
    site.hosts["edpm-a"].programs.tell("sudo.refuses", "sudo: a password is required\n")
    site.hosts["edpm-b"].user = "somebody-else"
    result = await site.gathering.run("edpm_sos", sos_edpm="edpm-a,edpm-b,edpm-c,edpm-z")
    assert result.exit_code == 1
    assert "sudo asks for a password" in site.record("edpm-a")["reason"]
    assert site.record("edpm-b")["outcome"] == "denied"
    assert site.record("edpm-c")["outcome"] == "collected"
    assert "there are: edpm-a, edpm-b, edpm-c" in site.record("edpm-z")["reason"]
    assert json.dumps(site.gathering.journal()).count("somebody-else") == 0


async def test_a_run_that_is_stopped_while_sos_works_leaves_nothing_on_the_node(site: Site) -> None:
    there = left_on_this_machine()
    host = site.hosts["edpm-a"]
    host.programs.tell("sos.before", "sleep 100")
    await site.gathering.run("edpm_sos", sos_edpm="edpm-a", deadline="4s")
    assert "--tmp-dir" in host.programs.asked  # it was at work
    assert site.record("edpm-a")["outcome"] in {"cancelled", "truncated"}
    async with asyncio.timeout(20):
        if host.running:
            await asyncio.wait(host.running)
    assert left_on_this_machine() == there


async def test_two_hundred_nodes_of_one_nodeset_fetch_their_key_once(site: Site) -> None:
    away = {f"edpm-{at:03}": Host(site.hosts["edpm-a"].programs, port=1) for at in range(200)}
    cluster = site.gathering.cluster
    cluster.store.put(nodeset(away))
    before = len(cluster.requests)
    await site.gathering.run("edpm_sos", sos_edpm="all", sos_concurrency="20")
    asked = [one.path for one in cluster.requests[before:]]
    assert asked.count("/api/v1/namespaces/openstack/secrets/edpm-key") == 1
    assert sum("openstackdataplanenodesets" in path for path in asked) == 1
    for name in away:
        assert f"{name} (stack@127.0.0.1:1): it can't be reached" in site.record(name)["reason"]


async def test_a_nodeset_of_another_namespace_has_its_key_there(site: Site) -> None:
    site.hosts["edpm-a"].programs.tell("sos.size", "100")
    elsewhere = nodeset({"edpm-far": site.hosts["edpm-a"], "edpm-b": site.hosts["edpm-a"]})
    elsewhere["metadata"] = {"name": "far", "namespace": "openstack-far"}
    key = {**SECRET, "metadata": {"name": "edpm-key", "namespace": "openstack-far"}}
    for one in (elsewhere, key):
        site.gathering.cluster.store.put(one)
    await site.gathering.run("edpm_sos", sos_edpm="edpm-far,edpm-b,edpm-far,edpm-b")
    assert site.record("edpm-far")["outcome"] == "collected"
    assert site.record("secret/openstack-far/edpm-key")["outcome"] == "collected"
    assert site.hosts["edpm-b"].logins > 0, "of two nodes with one name, that of the control plane's namespace counts"


async def test_where_nodesets_may_be_listed_in_one_namespace_only_those_count(site: Site) -> None:
    site.gathering.cluster.faults.status(403, path="^/apis/dataplane.openstack.org/v1beta1/openstackdataplanenodesets")
    result = await site.gathering.run("edpm_sos", sos_edpm="edpm-a")
    assert result.exit_code == 0, site.gathering.view.records
    assert site.record("edpm-a")["outcome"] == "collected"
    assert "Only those of the namespace openstack" in site.gathering.reason(
        "dataplane_nodes", "openstackdataplanenodesets"
    )


async def test_a_node_without_an_address_is_looked_for_by_its_name(site: Site) -> None:
    bare = nodeset({})
    bare["spec"]["nodes"] = {"edpm-x": {"hostName": "edpm-x.invalid"}}
    site.gathering.cluster.store.put(bare)
    await site.gathering.run("edpm_sos", sos_edpm="all")
    reason = site.record("edpm-x.invalid")["reason"]
    assert "can't be reached" in reason
    assert "The nodeset edpm says no address for it: is it deployed?" in reason


async def test_without_sos_edpm_no_node_is_spoken_to(site: Site) -> None:
    await site.gathering.run("edpm_sos")
    assert site.gathering.outcome("edpm_sos") == "skipped"
    assert all(host.logins == 0 for host in site.hosts.values())
