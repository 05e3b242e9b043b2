"""A whole run against the embedded cluster."""

import asyncio
import base64
import os
import re
import signal
from collections import Counter
from pathlib import Path

import pytest
import yaml

from omg.embedded.corpus import Corpus
from omg.errors import ConfigError
from omg.gather import limits_of
from omg.settings import load_settings
from tests.gathering import Gathering

FINE = {"collected", "empty", "absent", "skipped"}


async def test_everything_is_collected_once_recorded_and_no_planted_secret_is_anywhere(
    gathering: Gathering, corpus: Corpus
) -> None:
    result = await gathering.run()
    assert result.exit_code == 0, [r for r in gathering.view.records if r.outcome.value not in FINE]
    assert result.clean
    assert len(corpus.planted) >= 500
    assert list(gathering.found([planted.value for planted in corpus.planted])) == []
    ends = Counter((line["task"], line["key"]) for line in gathering.journal() if line.get("event") == "ended")
    assert max(ends.values()) == 1
    files = gathering.files()
    assert {"version", "omg-manifest.json", "omg-manifest.jsonl"} <= files
    assert (gathering.root / "version").read_text() == "omg\n0.0.0-unknown\n"
    assert not any(name.endswith(".partial") for name in files)
    for folder in ("configmaps", "secrets", "pods", "crs", "deployments", "services"):
        assert any(name.startswith(f"namespaces/openstack/{folder}/") for name in files), folder


@pytest.mark.parametrize("concurrency", ["1", "5"])
async def test_no_more_requests_overlap_than_concurrency_says(gathering: Gathering, concurrency: str) -> None:
    result = await gathering.run(concurrency=concurrency)
    assert result.exit_code == 0
    assert 1 <= gathering.cluster.peak <= int(concurrency)


async def test_the_tree_does_not_depend_on_concurrency(gathering: Gathering) -> None:
    await gathering.run(concurrency="1")
    one = gathering.files()
    await gathering.run(concurrency="5")
    assert gathering.files() == one


async def test_requests_that_fail_now_and_then_cost_nothing_but_time(gathering: Gathering) -> None:
    await gathering.run()
    whole = gathering.files()
    api, faults = r"^/api", gathering.cluster.faults
    faults.status(429, path=api, share=0.05, retry_after=0)
    faults.status(500, path=api, share=0.05)
    faults.reset(path=api, share=0.05)
    faults.stall(path=api, share=0.02)
    faults.expire(path=api, share=0.05)
    result = await gathering.run(item_timeout="8s", stall_timeout="1s")
    bad = [record for record in gathering.view.records if record.outcome.value not in FINE]
    assert result.exit_code == (1 if bad else 0)
    assert len(bad) <= 5
    missing = whole - gathering.files()
    assert len(missing) <= 60 * len(bad)


async def test_a_log_that_is_cut_on_the_way_is_truncated_and_says_so_at_its_end(gathering: Gathering) -> None:
    gathering.cluster.faults.cut(2000, path=r"/log\?")
    result = await gathering.run("pod_logs")
    assert result.exit_code == 1
    cut = [record for record in gathering.view.records if record.outcome.value == "truncated"]
    assert cut
    for record in cut:
        text = (gathering.root / record.paths[0]).read_text(errors="replace")
        assert re.search(r"-- omg: cut after \d+ bytes: .* --\n\Z", text)


async def test_a_dead_kubelet_costs_two_time_limits_and_a_probe(gathering: Gathering, corpus: Corpus) -> None:
    pods = [one for one in corpus.objects if one["kind"] == "Pod" and one["metadata"]["namespace"] == "openstack"]
    nodes = Counter(pod["spec"].get("nodeName") for pod in pods)
    node = next(name for name, _ in nodes.most_common() if name)
    names = "|".join(pod["metadata"]["name"] for pod in pods if pod["spec"].get("nodeName") == node)
    gathering.cluster.faults.stall(path=rf"/pods/({names})/log")
    began = asyncio.get_running_loop().time()
    result = await gathering.run("pod_logs", stall_timeout="500ms", item_timeout="1s")
    assert asyncio.get_running_loop().time() - began < 30
    assert result.exit_code == 1
    blocked = [record for record in gathering.view.records if record.outcome.value == "blocked"]
    assert blocked
    assert all(f"node {node} does not answer" in record.reason for record in blocked)
    logs = [record for record in gathering.view.records if record.task == "pod_logs"]
    assert len([record for record in logs if record.outcome.value == "timed_out"]) <= 7


async def test_a_deadline_ends_a_stalled_run_with_the_failing_pods_logs_there(gathering: Gathering) -> None:
    gathering.cluster.faults.stall(path=r"/log\?", after=3000)
    result = await gathering.run("pod_logs", deadline="4s")
    assert result.exit_code == 1
    assert result.ending.seconds < 14
    assert "deadline" in result.ending.stopped_by
    started = [record for record in gathering.view.records if record.task == "pod_logs" and record.size]
    assert started
    ended = {record.outcome.value for record in gathering.view.records if record.key}
    assert ended <= FINE | {"truncated", "cancelled", "timed_out"}
    assert any(line["outcome"] == "cancelled" for line in gathering.journal() if line.get("event") == "ended")


@pytest.mark.parametrize(
    ("flags", "request_limit", "stall"),
    [({}, 60, 30), ({"deadline": "20s"}, 10, 2), ({"deadline": "1s"}, 1, 1), ({"deadline": "1h"}, 60, 30)],
)
def test_under_a_deadline_no_stream_may_stall_for_most_of_it(
    flags: dict[str, str], request_limit: float, stall: float
) -> None:
    limits = limits_of(load_settings(flags))
    assert (limits.request, limits.stall) == (request_limit, stall)


async def test_a_user_without_rights_gets_a_manifest_full_of_denied(gathering: Gathering) -> None:
    gathering.cluster.rbac.deny()
    ended = await gathering.command("gather", str(gathering.root))
    assert ended.code == 1
    assert "Traceback" not in ended.stderr + ended.stdout
    outcomes = Counter(line["outcome"] for line in gathering.journal() if line.get("event") == "ended")
    assert outcomes["denied"] > 20
    assert not outcomes["failed"]
    assert len(ended.stdout.splitlines()) <= 10


async def test_where_a_cluster_wide_list_is_denied_it_is_asked_by_namespace(gathering: Gathering) -> None:
    await gathering.run("custom_resources", "config_maps")
    whole = gathering.files()
    gathering.cluster.rbac.deny(verb="list", namespace="", resource="namespaces")
    gathering.cluster.rbac.deny(verb="list", namespace="", group="*openstack.org")
    result = await gathering.run("custom_resources", "config_maps")
    assert result.exit_code == 0
    assert gathering.files() == whole


async def test_an_order_to_stop_while_late_secrets_are_looked_for_ends_the_run_and_closes_the_journal(
    gathering: Gathering, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(phase: str) -> None:
        if "secrets" in phase:
            gathering.cluster.faults.stall(path=r"/secrets\?")
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("omg.gather.ENDING_RESERVE", 0.5)
    result = await gathering.run("config_maps", on_phase=stop)
    assert result.exit_code == 128 + signal.SIGTERM
    assert gathering.outcome("late_secrets", "files") == "timed_out"
    assert gathering.journal()[-1]["event"] == "end"


async def test_a_cluster_that_does_not_say_what_it_serves_blocks_what_needs_to_know(gathering: Gathering) -> None:
    gathering.cluster.faults.status(403, path=r"^/apis$")
    result = await gathering.run("workloads", "config_maps")
    assert result.exit_code == 1
    assert gathering.reason("api_resources") == "The cluster does not say which kinds it serves."
    assert gathering.outcome("workloads") == "blocked"
    assert gathering.outcome("config_maps", "configmaps/openstack") == "collected"


async def test_a_manifest_that_can_not_be_made_is_a_failure_of_the_run(gathering: Gathering) -> None:
    def take_the_tree_away(phase: str) -> None:
        if "secrets" in phase:
            gathering.root.rename(gathering.root.with_name("elsewhere"))
            for one in gathering.root.with_name("elsewhere").iterdir():
                if one.is_file():
                    one.unlink()
            (gathering.root.with_name("elsewhere") / "omg-manifest.json.partial").mkdir()

    result = await gathering.run("config_maps", on_phase=take_the_tree_away, audit="0")
    assert result.exit_code == 1
    assert any("manifest could not be made" in line for line in result.lines)


async def test_a_secret_that_appears_during_the_run_is_gone_at_its_end(gathering: Gathering) -> None:
    late = "vT9pLw3QzR7mXk2B"
    store = gathering.cluster.store
    store.put(
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"namespace": "openstack", "name": "nova-notes"},
            "data": {"notes": f"we agreed on {late} for now"},
        }
    )

    def appear(step: str) -> None:
        if "log" in step or (gathering.root / "namespaces/openstack/configmaps/nova-notes.yaml").exists():
            store.put(
                {
                    "apiVersion": "v1",
                    "kind": "Secret",
                    "metadata": {"namespace": "openstack", "name": "late"},
                    "type": "Opaque",
                    "data": {"password": base64.b64encode(late.encode()).decode()},
                }
            )

    gathering_files = await gathering.run("config_maps", step=appear)
    assert gathering_files.exit_code == 0
    assert list(gathering.found([late.encode(), base64.b64encode(late.encode())])) == []
    assert (gathering.root / "namespaces/openstack/configmaps/nova-notes.yaml").exists()


async def test_do_not_mask_writes_everything_and_says_so_first(gathering: Gathering) -> None:
    ended = await gathering.command("gather", str(gathering.root), "--only", "secrets", DO_NOT_MASK="1")
    assert ended.code == 0
    assert ended.stdout.startswith("! DO_NOT_MASK is set")
    assert "__hidden_" not in "".join(path.read_text() for path in gathering.root.rglob("*.yaml"))


async def test_secrets_that_may_not_be_read_are_warned_of(gathering: Gathering) -> None:
    gathering.cluster.rbac.deny(resource="secrets", namespace="openstack")
    result = await gathering.run("config_maps")
    assert any("Secrets could not be read" in warning for warning in result.ending.warnings)


async def test_the_same_directory_is_used_again_and_foreign_files_are_left_alone(gathering: Gathering) -> None:
    await gathering.run("config_maps")
    first = gathering.files()
    await gathering.run("config_maps")
    assert gathering.files() == first
    (gathering.root / "my-notes.txt").write_text("keep me")
    with pytest.raises(ConfigError, match=r"my-notes\.txt"):
        await gathering.run("config_maps")
    assert (gathering.root / "my-notes.txt").read_text() == "keep me"
    assert gathering.files() == first | {"my-notes.txt"}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
async def test_a_signal_ends_the_command_with_everything_recorded(
    gathering: Gathering, number: signal.Signals, code: int
) -> None:
    gathering.cluster.faults.stall(path=r"/log\?", after=1000)
    process = await gathering.start("gather", str(gathering.root), "--only", "pod_logs")
    async with asyncio.timeout(30):
        while not list(gathering.root.rglob("*.log.partial")):
            await asyncio.sleep(0.02)
        process.send_signal(number)
        stdout, stderr = await process.communicate()
    assert process.returncode == code, stderr.decode()
    assert b"Ended early: Ended by" in stdout
    last = gathering.journal()[-1]
    assert last["exit_code"] == code
    assert not list(gathering.root.rglob("*.partial"))


async def test_a_limit_of_bytes_stops_the_collection(gathering: Gathering) -> None:
    result = await gathering.run(max_bytes="200kB")
    assert result.exit_code == 1
    assert "MAX_BYTES" in result.ending.stopped_by
    size = sum(path.stat().st_size for path in gathering.root.rglob("*.log"))
    assert size < 400_000


async def test_a_disk_that_is_too_full_already_stops_the_run_in_one_sentence(gathering: Gathering) -> None:
    ended = await gathering.command("gather", str(gathering.root), DISK_LIMIT="1%")
    assert ended.code == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "DISK_LIMIT" in ended.stderr


async def test_a_cluster_without_the_control_planes_namespace_is_pointed_out(gathering: Gathering) -> None:
    result = await gathering.run("namespaces", osp_ns="elsewhere")
    assert any("OSP_NS" in warning for warning in result.ending.warnings)


async def test_the_newest_lines_of_a_log_are_kept(gathering: Gathering) -> None:
    result = await gathering.run("pod_logs", log_max_bytes="1kB")
    assert result.exit_code == 0
    assert all(path.stat().st_size < 2000 for path in gathering.root.rglob("*.log"))


async def test_a_credential_that_expires_is_refreshed_once(gathering: Gathering, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("first")
    gathering.cluster.rbac.tokens = {"first": "someone"}
    kubeconfig = gathering.cluster.kubeconfig()
    kubeconfig["users"] = [{"name": "u", "user": {"tokenFile": str(token)}}]
    kubeconfig["contexts"][0]["context"]["user"] = "u"
    gathering.kubeconfig.write_text(yaml.safe_dump(kubeconfig))

    def rotate(_step: str) -> None:
        token.write_text("second")
        gathering.cluster.rbac.tokens = {"second": "someone"}

    result = await gathering.run("config_maps", "pod_logs", step=rotate)
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (lambda path: path.unlink(), "kubeconfig"),
        (lambda path: path.write_text("{not: [yaml"), "kubeconfig"),
        (lambda path: path.write_text("just words"), "kubeconfig"),
        (lambda path: path.write_text(path.read_text().replace("127.0.0.1:", "127.0.0.1:1")), "127.0.0.1"),
        (lambda path: path.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:9", path.read_text())), "127.0.0.1:9"),
        (lambda path: path.write_text(path.read_text().replace("127.0.0.1", "no-such-host.invalid")), "invalid"),
    ],
)
async def test_a_kubeconfig_that_cannot_work_is_one_sentence_and_exit_status_2(
    gathering: Gathering, break_it: object, sentence: str
) -> None:
    break_it(gathering.kubeconfig)  # type: ignore[operator]
    async with asyncio.timeout(20):
        ended = await gathering.command("gather", str(gathering.root))
    assert ended.code == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("omg: ")
    assert len(ended.stderr.splitlines()) == 1
    assert sentence in ended.stderr
    assert not gathering.root.exists()


async def test_credentials_that_are_refused_are_one_sentence_and_exit_status_2(gathering: Gathering) -> None:
    gathering.cluster.rbac.tokens = {"other": "someone"}
    ended = await gathering.command("gather", str(gathering.root))
    assert ended.code == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "Traceback" not in ended.stderr


async def test_wrong_settings_stop_the_command_before_anything_is_touched(gathering: Gathering) -> None:
    ended = await gathering.command("gather", str(gathering.root), "--concurrency", "many", DEADLINE="soon")
    assert ended.code == 2
    assert "CONCURRENCY: given 'many'" in ended.stderr
    assert "DEADLINE: given 'soon'" in ended.stderr
    assert not gathering.root.exists()


async def test_hostile_objects_become_safe_files_inside_the_tree(gathering: Gathering) -> None:
    names = ["nova-..", "nova-" + "x" * 248, "nova-a:b", "nova-%2F", "..-nova"]
    for name in names:
        gathering.cluster.store.put(
            {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"namespace": "openstack", "name": name},
                "data": {"k": "\x00\x1b[2J y \u0085"},
            }
        )
    result = await gathering.run("config_maps")
    assert result.exit_code == 0
    paths = list((gathering.root / "namespaces/openstack/configmaps").iterdir())
    assert all(len(os.fsencode(path.name)) <= 255 for path in paths)
    assert len(paths) >= len(names)


async def test_the_plan_needs_no_cluster(gathering: Gathering) -> None:
    ended = await gathering.command("plan", KUBECONFIG="/nonexistent")
    assert ended.code == 0
    assert "pod_logs" in ended.stdout


@pytest.mark.parametrize("arguments", [("gather", "--nonsense"), ("nothing",), ("gather", "--only", "pod_log")])
async def test_a_wrong_command_line_is_exit_status_2(gathering: Gathering, arguments: tuple[str, ...]) -> None:
    ended = await gathering.command(*arguments)
    assert ended.code == 2
    assert "Traceback" not in ended.stderr
