"""The OpenStack side of a run: status, messaging, OVN, databases, reports, backups."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from omg.embedded.corpus import Corpus, ExecAnswer
from omg.embedded.server import EmbeddedCluster
from omg.tasks.openstack_commands import COMMANDS, ZONES, wanted_commands
from tests.gathering import Gathering


def text_of(gathering: Gathering, path: str) -> str:
    return (gathering.root / path).read_text()


@pytest.fixture
async def changed(corpus: Corpus, tmp_path: Path) -> AsyncIterator["Changes"]:
    changes = Changes(corpus, tmp_path)
    yield changes
    for cluster in changes.clusters:
        await cluster.__aexit__(None, None, None)


class Changes:
    """Clusters whose commands answer otherwise."""

    def __init__(self, corpus: Corpus, tmp_path: Path) -> None:
        self._corpus, self._tmp_path = corpus, tmp_path
        self.clusters: list[EmbeddedCluster] = []

    async def with_answers(self, *answers: ExecAnswer) -> Gathering:
        corpus = replace(self._corpus, execs=[*answers, *self._corpus.execs])
        cluster = EmbeddedCluster(corpus)
        await cluster.__aenter__()
        self.clusters.append(cluster)
        cluster.write_kubeconfig(self._tmp_path / "kubeconfig")
        return Gathering(cluster, self._tmp_path / "kubeconfig", self._tmp_path / "out")


async def test_every_command_of_the_catalogues_services_has_its_file(gathering: Gathering) -> None:
    result = await gathering.run("openstack_status")
    assert result.exit_code == 0
    catalogue = [line for line in text_of(gathering, "ctlplane/services").splitlines() if line.startswith("| ")]
    names = [line.split("|")[2].strip() for line in catalogue[1:]]
    wanted = {"/".join(("ctlplane", *command.names)) for command in wanted_commands(names)}
    written = {path for path in gathering.files() if path.startswith("ctlplane/")}
    assert written == wanted
    assert len(written) > 50
    assert gathering.outcome("openstack_status", "driver") == "absent"
    assert "one by one" in gathering.reason("openstack_status", "driver")


def test_only_the_blocks_of_services_that_are_there_are_wanted() -> None:
    assert [command.file for command in wanted_commands(["glancev2"])] == ["endpoints", "services", "task_list"]
    assert len({"/".join(command.names) for command in COMMANDS}) == len(COMMANDS)


async def test_a_command_that_fails_says_why_in_its_file_and_in_the_manifest(changed: "Changes") -> None:
    words = ("openstack", "volume", "backend", "pool", "list", "--long")
    refused = ExecAnswer("openstack", "openstackclient", "*", words, b"", b"HTTP 504\n", 1)
    gathering = await changed.with_answers(refused)
    result = await gathering.run("openstack_status")
    assert result.exit_code == 1
    assert gathering.outcome("openstack_status", "cinder/pool_list") == "failed"
    assert text_of(gathering, "ctlplane/cinder/pool_list").startswith("-- omg: openstack volume backend pool list")
    assert "HTTP 504" in gathering.reason("openstack_status", "cinder/pool_list")
    assert gathering.outcome("openstack_status", "cinder/type_list") == "collected"


async def test_zones_that_nobody_answers_for_cost_two_limits_and_no_more(changed: "Changes") -> None:
    zones = ExecAnswer("openstack", "openstackclient", "*", ("openstack", *ZONES), b"one\ntwo\nthree\nfour\n")
    silent = ExecAnswer("openstack", "openstackclient", "*", ("openstack", "recordset", "list"), delay=60)
    gathering = await changed.with_answers(zones, silent)
    await gathering.run("openstack_status", item_timeout="2s", stall_timeout="20s")
    found = {
        zone: gathering.outcome("openstack_status", f"designate/recordset_list/{zone}")
        for zone in ("one", "two", "three", "four")
    }
    assert found == {"one": "timed_out", "two": "timed_out", "three": "blocked", "four": "blocked"}
    assert gathering.outcome("openstack_status", "designate/zone_share_list") == "collected"
    lines = text_of(gathering, "ctlplane/designate/recordset_list").splitlines()
    assert len(lines) == 4
    assert all(line.startswith("-- omg: ") for line in lines)


async def test_where_the_first_command_fails_the_others_are_blocked_and_not_tried(changed: "Changes") -> None:
    down = ExecAnswer("openstack", "openstackclient", "*", ("openstack", "service", "list"), b"", b"503\n", 1)
    gathering = await changed.with_answers(replace(down, command=(*down.command, "-c", "Name", "-f", "value")))
    result = await gathering.run("openstack_status")
    assert result.exit_code == 1
    assert gathering.outcome("openstack_status", "catalogue") == "failed"
    assert_blocked(gathering, "503")


def assert_blocked(gathering: Gathering, reason: str) -> None:
    """Every command of the table was blocked for this reason, and none was tried."""
    keys = {str(command) for command in COMMANDS}
    ends = [one for one in gathering.view.records if one.task == "openstack_status" and one.key in keys]
    assert {one.key for one in ends} == keys
    assert {one.outcome.value for one in ends} == {"blocked"}
    assert all(reason in one.reason for one in ends)
    assert sum(one.requests for one in ends) == 0
    assert not [path for path in gathering.files() if path.startswith("ctlplane/")]


async def test_without_the_clients_pod_a_control_planes_status_is_blocked(gathering: Gathering) -> None:
    gathering.cluster.store.delete("v1", "Pod", "openstackclient", "openstack")
    result = await gathering.run("openstack_status")
    assert result.exit_code == 1
    assert gathering.outcome("openstack_status", "catalogue") == "absent"
    assert_blocked(gathering, "no pod openstackclient")


async def test_without_a_control_plane_there_is_no_status_to_be_had(gathering: Gathering) -> None:
    gathering.cluster.store.delete("v1", "Pod", "openstackclient", "openstack")
    gathering.cluster.store.delete("core.openstack.org/v1beta1", "OpenStackControlPlane", "controlplane", "openstack")
    result = await gathering.run("openstack_status")
    assert result.exit_code == 0
    assert gathering.outcome("openstack_status", "catalogue") == "absent"


async def test_a_client_that_is_not_ready_blocks_every_command(gathering: Gathering, corpus: Corpus) -> None:
    pod = next(one for one in corpus.objects if one["metadata"]["name"] == "openstackclient" and one["kind"] == "Pod")
    gathering.cluster.store.put({**pod, "spec": {**pod["spec"], "nodeName": ""}, "status": {"phase": "Pending"}})
    result = await gathering.run("openstack_status")
    assert result.exit_code == 1
    assert gathering.outcome("openstack_status", "catalogue") == "blocked"
    assert_blocked(gathering, "The client can't be asked")


async def test_rabbitmq_and_ovn_are_asked_and_copied(gathering: Gathering) -> None:
    result = await gathering.run("rabbitmq", "ovn")
    assert result.exit_code == 0
    assert "Cluster" in text_of(gathering, "ctlplane/rabbitmq/rabbitmq-server-0/cluster_status")
    assert (gathering.root / "ctlplane/ovn/ovnnb_db.db").read_bytes().startswith(b"OVSDB ")
    assert text_of(gathering, "ctlplane/ovn/cluster-status/sb/ovsdbserver-sb-1.txt")


async def test_an_ovn_file_that_cannot_be_masked_is_left_out(changed: "Changes") -> None:
    words = ("cat", "/etc/ovn/ovnnb_db.db")
    gathering = await changed.with_answers(ExecAnswer("openstack", "ovsdbserver-nb-0", "*", words, b"garbage " * 50))
    result = await gathering.run("ovn")
    assert result.exit_code == 1
    assert gathering.outcome("ovn", "ovnnb_db.db") == "failed"
    assert "no OVSDB file" in gathering.reason("ovn", "ovnnb_db.db")
    assert not [path for path in gathering.files() if "ovnnb_db" in path]


@pytest.mark.parametrize("asked", ["ALL", "all,keystone"])
async def test_all_databases_come_in_one_dump(gathering: Gathering, asked: str) -> None:
    result = await gathering.run("databases", openstack_databases=asked, filter_db_cells="true")
    assert result.exit_code == 0
    assert {path for path in gathering.files() if path.startswith("dbs/")} == {
        "dbs/openstack/openstack-galera-0-openstack_databases.sql"
    }


async def test_named_databases_are_dumped_and_an_unknown_one_is_absent(gathering: Gathering) -> None:
    result = await gathering.run("databases", openstack_databases="keystone,nowhere")
    assert result.exit_code == 0
    assert "dbs/openstack/openstack-galera-0-keystone.sql" in gathering.files()
    assert gathering.outcome("databases", "openstack/openstack-galera-0/nowhere") == "absent"
    assert (await gathering.run("databases", openstack_databases="a;b")).exit_code == 1
    assert "no database can have" in gathering.reason("databases", "openstack/openstack-galera-0/a;b")


@pytest.mark.parametrize(
    ("said", "status"),
    [(b"ERROR 2002 (HY000): Can't connect to local server through socket (2)\n", 1), (b"no such file\n", 127)],
)
async def test_a_database_of_a_server_that_is_down_is_not_called_absent(
    changed: "Changes", said: bytes, status: int
) -> None:
    asked = ("mysql", "-u", "root", "-e", "USE keystone;")
    down = ExecAnswer("openstack", "openstack-galera-0", "galera", asked, b"", said, status)
    gathering = await changed.with_answers(down)
    result = await gathering.run("databases", openstack_databases="keystone", filter_db_cells="1")
    assert result.exit_code == 1
    assert gathering.outcome("databases", "openstack/openstack-galera-0/keystone") == "failed"
    assert said.decode().strip() in gathering.reason("databases", "openstack/openstack-galera-0/keystone")
    assert not [path for path in gathering.files() if path.startswith("dbs/")]


async def test_a_name_of_a_database_is_never_an_option(gathering: Gathering) -> None:
    await gathering.run("databases", openstack_databases="--all-databases", filter_db_cells="1")
    assert gathering.outcome("databases", "openstack/openstack-galera-0/--all-databases") == "failed"


@pytest.mark.parametrize("setting", [{}, {"openstack_databases": ""}])
async def test_no_database_is_dumped_unless_one_is_named(gathering: Gathering, setting: dict[str, str]) -> None:
    await gathering.run("databases", graph=None, **setting)
    assert gathering.outcome("databases") == "skipped"


async def test_a_dump_that_breaks_off_is_not_whole(changed: "Changes") -> None:
    dump = ("mysqldump", "-uroot", "--single-transaction")
    cut = ExecAnswer(
        "openstack", "openstack-galera-0", "galera", dump, b"-- MariaDB dump\nINSERT INTO `a` VALUES (1", b""
    )
    gathering = await changed.with_answers(replace(cut, command=_DUMP_OF_KEYSTONE))
    result = await gathering.run("databases", openstack_databases="keystone", filter_db_cells="1")
    assert result.exit_code == 1
    assert gathering.outcome("databases", "openstack/openstack-galera-0/keystone") == "truncated"
    assert "dbs/openstack/openstack-galera-0-keystone.sql.partial" in gathering.files()


_DUMP_OF_KEYSTONE = (
    "mysqldump",
    "-uroot",
    "--single-transaction",
    "--complete-insert",
    "--skip-lock-tables",
    "--lock-tables=0",
    "keystone",
)


async def test_backups_labels_and_stages_are_there(gathering: Gathering) -> None:
    result = await gathering.run("backup_restore")
    assert result.exit_code == 0
    lines = text_of(gathering, "backup-restore/labels/openstack/restore-labeled-resources.log").splitlines()
    assert lines[0].split() == ["KIND", "NAME", "RESTORE-ORDER", "CATEGORY"]
    assert ["Secret", "osp-secret", "10", "controlplane"] in [line.split() for line in lines]
    stage = text_of(gathering, "backup-restore/deployment-stage/controlplane-stage.log").splitlines()[1].split()
    assert stage == ["controlplane", "infrastructure-only", "True", "False"]
    assert "backup-restore/oadp/backups/openstack-nightly-0.yaml" in gathering.files()


@pytest.mark.slow
async def test_reports_are_in_the_logs_that_are_read_twelve_seconds_later(gathering: Gathering) -> None:
    result = await gathering.run("pod_logs", "reported_pod_logs", read_only="0")
    assert result.exit_code == 0
    started = [line for line in gathering.journal() if line.get("event") == "started" and line["key"]]
    asked = {line["key"]: line["at"] for line in started if line["task"] == "trigger_gmr"}
    mine = {line["key"]: line["at"] for line in started if line["task"] == "reported_pod_logs"}
    read = {key: at for key, at in mine.items() if key != "driver" and not key.endswith("/request")}
    requests = {key.removesuffix("/request"): at for key, at in mine.items() if key.endswith("/request")}
    assert requests.keys() == {key for key in asked if "/nova-api-" in key}
    assert min(requests.values()) >= max(at for key, at in asked.items() if key in requests)
    assert all(at - requests[key.rsplit("/", 1)[0]] >= 12 for key, at in read.items() if "/nova-api-" in key)
    assert asked.keys() == {key.rsplit("/", 1)[0] for key in read}
    assert all(at - asked[key.rsplit("/", 1)[0]] >= 12 for key, at in read.items())
    others = {one.key for one in gathering.view.records if one.task == "pod_logs" and one.key}
    assert not others & {one.key for one in gathering.view.records if one.task == "reported_pod_logs" and one.key}
    assert max(line["at"] for line in started if line["task"] == "pod_logs") < 12


async def test_nothing_is_touched_when_nothing_may_be_changed(gathering: Gathering) -> None:
    await gathering.run("pod_logs", "reported_pod_logs", read_only="1")
    assert gathering.outcome("trigger_gmr") == "skipped"
    assert "READ_ONLY" in gathering.reason("trigger_gmr")
    assert any("cinder" in one.key for one in gathering.view.records if one.task == "pod_logs")
