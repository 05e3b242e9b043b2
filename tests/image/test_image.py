"""The image in a pod of `oc adm must-gather`, against the real API server with a service account's token."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ahocorasick_rs import BytesAhoCorasick

from omg.embedded.corpus import Corpus
from tests.cluster.accounts import ServiceAccount
from tests.cluster.gathers import MB, Gathered, moments
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.trees import comparable, different_files
from tests.image.chroot import Chroot
from tests.image.conftest import VERSION
from tests.image.pods import ANYBODY, VOLUME, Ended, Pod
from tests.image.storage import Storage

NewPod = Callable[..., Pod]

MOST = 200 * MB
"""Of the image over its base."""

MOMENTS = 20

FIRST_FILE = f"[ -e {VOLUME}/version ]"
ENDINGS = (
    f"grep -qs 'Looking for secrets that appeared' {VOLUME}/run.log",
    f"grep -qs 'Looking for what masking missed' {VOLUME}/run.log",
    f"[ -e {VOLUME}/must-gather.tar.gz.partial ]",
)
"""How the shell knows the last seconds of a run, in which it is killed six times: late secrets, audit, archive."""

FEW = "/usr/bin/gather --only pod_logs"
WITHOUT_REPORTS = "SOS_SERVICES= /usr/bin/gather"
"""This cluster's nodes run no debug pods."""


def journal(root: Path) -> list[dict[str, Any]]:
    """The journal's whole lines; a torn last one is left out."""
    lines = (root / "omg-manifest.jsonl").read_bytes().split(b"\n")[:-1]
    return [json.loads(line) for line in lines if line]


def test_it_is_200_mb_at_most_over_its_base(storage: Storage | Chroot, base_image: str, image: str) -> None:
    assert 0 < storage.size(image) - storage.size(base_image) <= MOST


def test_it_says_what_it_is(storage: Storage | Chroot, image: str) -> None:
    if isinstance(storage, Chroot):
        pytest.skip("a directory has no labels")
    labels = storage.labels(image)
    assert labels["version"] == VERSION
    assert {"name", "summary", "description", "io.k8s.display-name", "io.k8s.description"} <= labels.keys()


def test_what_oc_calls_is_there(new_pod: NewPod) -> None:
    names = "bash setsid ps pkill sleep df du tar rsync awk sed sort sync timeout omg gather gather_debug"
    ended = new_pod().run(f"type -P {names}")
    assert len(ended.stdout.split()) == len(names.split()), ended.explain()
    assert {"/usr/bin/gather", "/usr/bin/gather_debug", "/usr/bin/omg"} <= set(ended.stdout.split())


@pytest.mark.parametrize("user", ["0", ANYBODY], ids=["root", "any user"])
def test_its_tree_is_the_local_runs_however_it_is_copied(
    new_pod: NewPod, local: Gathered, user: str, tmp_path: Path
) -> None:
    """Any user is one that no file knows, without a home; and another must-gather has left its version there."""
    pod = new_pod(user=user)
    if user == ANYBODY:
        (pod.volume / "version").write_text("openshift/must-gather\n4.20.0\n")
    ended = pod.gather(WITHOUT_REPORTS if user == "0" else f"env -u HOME {WITHOUT_REPORTS}")
    assert ended.code == 0, ended.explain()
    assert "is no setting" not in ended.stdout
    here = comparable(local.root)
    assert here.pop("version") != (pod.volume / "version").read_bytes()
    for copy in (pod.rsync, pod.tar):
        copied = tmp_path / copy.__name__
        copy(copied)
        assert (copied / "version").read_text() == f"omg\n{VERSION}\n"
        there = comparable(copied)
        there.pop("version")
        assert different_files(there, here) == []


def test_it_ends_well_with_losses_and_badly_where_it_could_not_start(new_pod: NewPod) -> None:
    pod = new_pod()
    pod.account.cluster.api.send("DELETE", f"{ROLES}/{pod.account.namespace}-{pod.account.name}")
    try:
        ended = pod.gather(FEW)
    finally:
        pod.account.cluster.api.send("POST", ROLES, binding(pod))
    assert ended.code == 0, ended.explain()
    assert "denied" in {one.get("outcome") for one in journal(pod.volume)}
    wrong = new_pod().gather("CONCURRENCY=none gather")
    assert wrong.code == 2
    assert "CONCURRENCY: given 'none', expected a positive integer" in wrong.stderr


ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"


def binding(pod: Pod) -> dict[str, Any]:
    return {
        "metadata": {"name": f"{pod.account.namespace}-{pod.account.name}"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
        "subjects": [{"kind": "ServiceAccount", "name": pod.account.name, "namespace": pod.account.namespace}],
    }


def test_the_rights_that_it_prints_are_enough_to_run_it_in_a_namespace_of_somebodys_own(
    new_pod: NewPod, cluster: Cluster
) -> None:
    account = ServiceAccount(cluster, "support-of-images", "default")
    account.create()
    pod = new_pod(user=ANYBODY)
    printed = pod.run(f"omg rbac --service-account {account.subject}")
    assert printed.code == 0, printed.explain()
    there = {one["metadata"]["name"] for one in cluster.api.items("/api/v1/namespaces")}
    found = [one for one in yaml.safe_load_all(printed.stdout) if one]
    applied = [one for one in found if one["metadata"].get("namespace") in {None, *there}]
    pod.account = account
    pod.mount_token()
    with account.granted(yaml.safe_dump_all(applied)):
        ended = pod.gather(WITHOUT_REPORTS)
    assert ended.code == 0, ended.explain()
    outcomes = Counter(one["outcome"] for one in journal(pod.volume) if one.get("event") == "ended")
    assert outcomes["denied"] == 0
    assert outcomes["collected"] > 100


def test_what_the_kernel_kills_for_its_memory_is_downloaded_and_says_so(new_pod: NewPod) -> None:
    pod = new_pod()
    ended = pod.run(
        f"{WITHOUT_REPORTS} & gather=$!\n"
        f"for try in $(seq 5000); do [ -e {VOLUME}/version ] && break; sleep 0.02; done\n"
        'pkill --signal SIGKILL --parent "$gather"; wait "$gather"'
    )
    assert ended.code == 0, ended.explain()
    assert "omg was killed (SIGKILL)" in ended.stderr
    assert journal(pod.volume)[-1].get("event") != "end"


def test_the_time_that_oc_was_given_is_honoured(new_pod: NewPod) -> None:
    pod = new_pod(env={"MUST_GATHER_SINCE": "1s"})
    ended = pod.gather(FEW)
    assert ended.code == 0, ended.explain()
    assert journal(pod.volume)[0]["settings"] == {
        "must_gather_since": 1.0,
        "kubernetes_service_host": "127.0.0.1",
        "os_git_version": VERSION,
    }


def test_without_a_volume_the_tree_is_in_a_fresh_directory_that_is_named(new_pod: NewPod) -> None:
    pod = new_pod(user=ANYBODY, env={"BASE_COLLECTION_PATH": "/nowhere"})
    ended = pod.run("gather --only namespaces && ls -d /tmp/must-gather-*/version && rm -r /tmp/must-gather-*")
    assert ended.code == 0, ended.explain()
    named = ended.stdout.split()[-1].removesuffix("/version")
    assert named in ended.stdout.removesuffix(f"{named}/version\n")


def test_gather_debug_waits_until_its_file_is_removed(new_pod: NewPod) -> None:
    pod = new_pod(user=ANYBODY)
    ended = pod.run(
        "gather_debug > /tmp/said & waiting=$!\n"
        "for try in $(seq 200); do grep -q 'ends the wait' /tmp/said && break; sleep 0.05; done\n"
        "omg gather --only config_maps || exit 9\n"
        "kill -0 $waiting || exit 8\n"
        "rm /tmp/rm-to-finish-gathering; wait $waiting && cat /tmp/said && rm /tmp/said"
    )
    assert ended.code == 0, ended.explain()
    assert "omg gather --only pod_logs" in ended.stdout
    assert list(pod.volume.glob("namespaces/openstack/configmaps/*.yaml"))


def test_killed_at_any_moment_the_copied_tree_is_whole_or_says_what_is_not(
    new_pod: NewPod, local: Gathered, corpus: Corpus, tmp_path: Path
) -> None:
    whole = comparable(local.root)
    planted = BytesAhoCorasick([one.value for one in corpus.planted])
    last = moments(2 * len(ENDINGS), 0.5)
    kills = [(moment, FIRST_FILE) for moment in moments(MOMENTS - len(last), local.seconds)]
    kills += [(moment, ENDINGS[number % len(ENDINGS)]) for number, moment in enumerate(last)]
    for number, (moment, when) in enumerate(kills):
        pod = new_pod()
        ended = pod.gather_killed(moment, f"ARCHIVE=gz {WITHOUT_REPORTS}", when=when)
        assert ended.code == 0, ended.explain()
        copied = tmp_path / f"copy-{number}"
        pod.tar(copied)
        assert (copied / "version").read_text() == f"omg\n{VERSION}\n"
        assert journal(copied)[0]["omg"]
        files = [path for path in copied.rglob("*") if path.is_file()]
        assert [path for path in files if planted.find_matches_as_indexes(path.read_bytes())] == []
        assert found_by_the_audit(copied) <= OF_A_KILLED_RUN
        left = comparable(copied)
        left.pop("version")
        finished = {name: content for name, content in left.items() if not name.endswith((".partial", ".tar.gz"))}
        assert different_files(finished, {name: whole[name] for name in finished if name in whole}) == [], moment


OF_A_KILLED_RUN = {"cut"}
"""What was in flight: told, and no failing of the audit."""


def found_by_the_audit(tree: Path) -> set[str]:
    """The categories of what it found, strict as it can be; none of them may make it fail."""
    command = [sys.executable, "-m", "omg", "audit", str(tree), "--strict", "--format=json"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout[-3000:]
    return {one["category"] for one in json.loads(ended.stdout)["findings"]}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Puts a directory on a disk of 16 MiB."""
    mounted: list[Path] = []

    def mount(directory: Path) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0777", "omg-test", str(directory)], check=True)
        mounted.append(directory)

    yield mount
    for directory in mounted:
        subprocess.run(["umount", str(directory)], check=True)


def disk_used(directory: Path) -> float:
    told = subprocess.run(["df", "-P", str(directory)], capture_output=True, text=True, check=True).stdout
    return float(told.splitlines()[1].split()[4].removesuffix("%"))


def test_a_disk_that_fills_ends_the_collection_before_oc_does(
    new_pod: NewPod, local: Gathered, small_disk: Callable[[Path], None]
) -> None:
    pod = new_pod()
    small_disk(pod.volume)
    ended: Ended = pod.gather(WITHOUT_REPORTS)
    assert ended.code == 0, ended.explain()
    assert 40 < disk_used(pod.volume) <= 70
    last = journal(pod.volume)[-1]
    assert last["event"] == "end"
    assert "DISK_LIMIT is 60%" in last["stopped_by"], last
    assert f"Ended early: {last['stopped_by']}" in ended.stdout
    assert found_by_the_audit(pod.volume) == set()
    whole = comparable(local.root)
    left = comparable(pod.volume)
    left.pop("version")
    logs = {name for name in left if name.endswith((".log", ".partial"))}
    kept = {name: content for name, content in left.items() if name not in logs and name in whole}
    assert kept
    assert different_files(kept, {name: whole[name] for name in kept}) == []


def test_of_a_disk_that_others_have_filled_half_of_what_oc_leaves_is_used(
    new_pod: NewPod, small_disk: Callable[[Path], None]
) -> None:
    pod = new_pod()
    small_disk(pod.volume)
    others = pod.volume / "lost+found"  # a volume's own, in which omg neither looks nor writes
    others.mkdir()
    (others / "theirs").write_bytes(bytes(10 * 1024 * 1024))
    assert 61 <= disk_used(pod.volume) <= 64
    ended = pod.gather(WITHOUT_REPORTS)
    assert ended.code == 0, ended.explain()
    assert "disk check" not in ended.stdout
    assert disk_used(pod.volume) <= 70
    limit = re.search(r"DISK_LIMIT is (\d+)%", journal(pod.volume)[-1]["stopped_by"])
    assert limit
    assert 64 < int(limit[1]) < 70
    assert sum(one.get("outcome") == "collected" for one in journal(pod.volume)) > 20
