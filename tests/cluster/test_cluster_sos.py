"""Reports of two nodes of a real API server: a real sos, run in debug pods whose processes are real. Needs root."""

import base64
import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from omg.embedded.corpus import Corpus
from omg.sos.toolbox import PATIENCE
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.cutting_proxy import CuttingProxy
from tests.cluster.testbed.debug_nodes import DebugKubelet, DebugNode, processes, script_for_execs
from tests.cluster.testbed.loader import load
from tests.cluster.testbed.process import POLL

NODES = ("node-a", "node-b")
SECRET = "Bilbo-Baggins-4711"
PLUGINS = "host,date"

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("sos") or not shutil.which("nsenter"),
    reason="needs root, sosreport and util-linux",
)


def corpus() -> Corpus:
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    objects = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "openstack"}},
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "osp-secret", "namespace": "openstack"},
            "stringData": {"AdminPassword": SECRET},
        },
        *({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}, "status": ready} for name in NODES),
        *(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": f"nova-{name}", "namespace": "openstack", "labels": {"service": "nova-api"}},
                "spec": {"nodeName": name, "containers": [{"name": "nova", "image": "image"}]},
                "status": {"phase": "Running"},
            }
            for name in NODES
        ),
    ]
    return Corpus(objects=objects)


class Site:
    """A cluster whose two nodes run debug pods."""

    def __init__(self, cluster: Cluster, place: Place, kubelet: DebugKubelet, nodes: dict[str, DebugNode]) -> None:
        self.cluster, self.place, self.kubelet, self.nodes = cluster, place, kubelet, nodes

    def gather(self, name: str, **settings: str) -> Gathered:
        return self.place.gather(name, "--only=cluster_sos", settings=self.settings(settings))

    def start(self, root: Path, **settings: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "omg", "gather", str(root), "--only=cluster_sos", "--context=admin"]
        command.append(f"--kubeconfig={self.cluster.kubeconfig}")
        env = {**os.environ, **self.settings(settings), "ARCHIVE": "none"}
        return subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def settings(self, given: dict[str, str]) -> dict[str, str]:
        return {"READ_ONLY": "0", "SOS_ONLY_PLUGINS": PLUGINS, "SUPPORT_TOOLS": "registry.example/tools:9", **given}

    def left(self) -> list[str]:
        """Whatever of omg's is still somewhere."""
        found = [str(path) for node in self.nodes.values() for path in node.left()]
        for plural in ("pods", "namespaces"):
            names = (one["metadata"]["name"] for one in self.cluster.api.get(f"/api/v1/{plural}")["items"])
            found += [f"{plural}/{name}" for name in names if name.startswith("omg-sos-")]
        return found + [f"process {pid}" for pid in processes()]

    def until_nothing_is_left(self, *, but: str = "nothing") -> None:
        wait_until(lambda: not [one for one in self.left() if but not in one], lambda: str(self.left()))


def wait_until(there: Callable[[], object], explain: Callable[[], str] = str, within: float = 30.0) -> None:
    end = time.monotonic() + within
    while not there():
        assert time.monotonic() < end, explain()
        time.sleep(POLL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("debug-nodes")
    tokens = folder / "tokens"
    tokens.mkdir()
    mount_point = Path("/host")
    was_there = mount_point.exists()
    mount_point.mkdir(exist_ok=True)
    with ExitStack() as stack:
        nodes = {name: DebugNode(name, folder / name) for name in NODES}
        for node in nodes.values():
            stack.callback(node.close)
            rotate_logs(node)
        cluster = stack.enter_context(Cluster(tmp_path_factory.mktemp("cluster")))
        cluster.kubelet.install("chroot", script_for_execs(tokens))
        load(cluster, corpus())
        kubelet = DebugKubelet(cluster.api, nodes, tokens)
        stack.enter_context(kubelet.working())
        yield Site(cluster, Place(cluster.kubeconfig, folder / "trees"), kubelet, nodes)
    if not was_there:
        with suppress(OSError):
            mount_point.rmdir()


def rotate_logs(node: DebugNode) -> None:
    """Rotated logs as the kubelet leaves them: the newest as it is, older ones packed, and the log itself."""
    logs = node.folder / "log/pods/openstack_nova_u-1/nova"
    logs.mkdir(parents=True)
    line = f"2026-01-01T00:00:00.0Z stdout F admin logged in with {SECRET} on {node.name}\n".encode()
    (logs / "0.log").write_bytes(line)
    (logs / "0.log.20260101-000000").write_bytes(line * 100)
    (logs / "0.log.20251231-000000.gz").write_bytes(gzip.compress(line * 100))


@pytest.fixture(autouse=True)
def as_before(site: Site) -> Iterator[None]:
    yield
    site.kubelet.unable.clear()
    site.kubelet.passed = 0.0
    for node in site.nodes.values():
        for one in ("before", "unauthorized"):
            (node.state / one).unlink(missing_ok=True)


def test_two_real_reports_come_whole_and_nothing_stays(site: Site) -> None:
    ended = site.gather("well")
    assert ended.code == 0, ended.explain()
    for name, node in site.nodes.items():
        with tarfile.open(ended.root / f"sos-reports/_all_nodes/sosreport-{name}.tar.xz") as report:
            assert any(member.endswith("/sos_commands/host/hostname") for member in report.getnames())
        assert "pull --quiet --authfile /var/lib/kubelet/config.json registry.example/tools:9" in node.asked("podman")
        assert "registry.example/tools:9 sos report --batch" in node.asked("toolbox")
        with tarfile.open(ended.root / f"sos-reports/_all_nodes/podlogs-{name}.tar.gz") as logs:
            texts = {one.name: file.read() for one in logs.getmembers() if (file := logs.extractfile(one)) is not None}
        folder = "pods/openstack_nova_u-1/nova"
        plain, packed = f"{folder}/0.log.20260101-000000", f"{folder}/0.log.20251231-000000.gz"
        assert set(texts) == {plain, packed}
        assert texts[plain] == gzip.decompress(texts[packed])
        assert f" on {name}".encode() in texts[plain]
        assert SECRET.encode() not in texts[plain]
    site.until_nothing_is_left()


def test_two_runs_on_the_same_nodes_do_not_disturb_each_other(site: Site, tmp_path: Path) -> None:
    both = [site.start(tmp_path / name) for name in ("one", "two")]
    assert [ended(one) for one in both] == [0, 0]
    for name in ("one", "two"):
        for node in NODES:
            assert tarfile.is_tarfile(tmp_path / name / f"sos-reports/_all_nodes/sosreport-{node}.tar.xz")
    site.until_nothing_is_left()


def test_a_connection_that_is_cut_in_the_middle_is_made_again_and_the_report_goes_on_there(
    site: Site, tmp_path: Path
) -> None:
    node = site.nodes["node-a"]
    large = node.folder / "log/messages"
    large.write_bytes(base64.b64encode(random.Random(7).randbytes(3_000_000)))
    try:
        with CuttingProxy(int(site.cluster.url.rpartition(":")[2]), after=600_000, times=2) as proxy:
            config = site.cluster.kubeconfig.read_text().replace(site.cluster.url, f"https://127.0.0.1:{proxy.port}")
            (tmp_path / "kubeconfig").write_text(config)
            place = Place(tmp_path / "kubeconfig", tmp_path)
            ended = place.gather("cut", "--only=cluster_sos", settings=site.settings({"SOS_ONLY_PLUGINS": "host,logs"}))
    finally:
        large.unlink()
    reasons = {one["key"]: one.get("reason", "") for one in ended.records()}
    assert ended.code == 0, ended.explain()
    assert proxy.cuts == 2
    assert reasons["node-a"].count("was taken up again there") >= 2  # on a busy machine, the cluster breaks one, too
    with tarfile.open(ended.root / "sos-reports/_all_nodes/sosreport-node-a.tar.xz") as report:
        (messages,) = (one for one in report.getmembers() if one.name.endswith("/var/log/messages"))
    assert messages.size == 4_000_000
    site.until_nothing_is_left()


def test_a_sos_that_fails_and_an_image_that_can_not_be_pulled_have_their_sentences(site: Site) -> None:
    site.nodes["node-a"].tell("before", "echo 'plugin exploded' >&2; exit 3")
    site.nodes["node-b"].tell("unauthorized")
    ended = site.gather("failing")
    reasons = {one["key"]: one.get("reason", "") for one in ended.records()}
    assert "sos failed: plugin exploded" in reasons["node-a"], ended.explain()
    assert "SUPPORT_TOOLS could not be pulled there: Error: unauthorized" in reasons["node-b"]
    site.until_nothing_is_left()


def test_a_pod_that_can_not_start_is_told_in_the_kubelets_words_and_the_other_node_goes_on(site: Site) -> None:
    site.kubelet.unable["node-a"] = "pull access denied"
    ended = site.gather("unable")
    outcomes = {one["key"]: one["outcome"] for one in ended.records()}
    reasons = {one["key"]: one.get("reason", "") for one in ended.records()}
    assert outcomes["node-b"] == "collected", ended.explain()
    assert outcomes["node-a"] == "failed"
    assert "ErrImagePull: pull access denied" in reasons["node-a"]
    site.until_nothing_is_left()


def namespace(site: Site, name: str, level: str) -> None:
    """A namespace that admits pods of this level."""
    metadata = {"name": name, "labels": {"pod-security.kubernetes.io/enforce": level}}
    site.cluster.api.send("POST", "/api/v1/namespaces", {"metadata": metadata})


def test_a_namespace_that_admits_no_privileged_pods_is_told_and_one_that_does_is_used(site: Site) -> None:
    namespace(site, "restricted-tools", "restricted")
    namespace(site, "tools", "privileged")
    ended = site.gather("restricted", RUN_NAMESPACE="restricted-tools")
    for record in (one for one in ended.records() if one["key"] in NODES):
        assert record["outcome"] == "denied", ended.explain()
        assert "violates PodSecurity" in record["reason"]
    ended = site.gather("own", RUN_NAMESPACE="tools")
    outcomes = {one["key"]: one["outcome"] for one in ended.records()}
    assert [outcomes[node] for node in NODES] == ["collected"] * 2, ended.explain()
    site.until_nothing_is_left()


def test_a_node_that_takes_no_pods_gives_its_report_and_rotated_logs_are_unpacked_and_linked(site: Site) -> None:
    taints = [{"key": "broken", "effect": effect} for effect in ("NoSchedule", "NoExecute")]
    path, merge = "/api/v1/nodes/node-a", "application/merge-patch+json"
    site.cluster.api.send("PATCH", path, {"spec": {"unschedulable": True, "taints": taints}}, merge)
    try:
        ended = site.gather("cordoned", SOS_DECOMPRESS="1")
    finally:
        site.cluster.api.send("PATCH", path, {"spec": {"unschedulable": None, "taints": None}}, merge)
    assert ended.code == 0, ended.explain()
    assert (ended.root / "sos-reports/nova/sos-report-nova-node-a/sos_commands/host/hostname").is_file()
    logs = ended.root / "namespaces/openstack/pods/nova/logs"
    texts = {path.name: path.read_bytes() for path in logs.iterdir() if path.is_symlink()}
    times = ("20260101-000000", "20251231-000000")
    assert set(texts) == {f"nova.0.log.{time}{again}" for time in times for again in ("", "~2")}, "of both nodes"
    for text in texts.values():
        assert text.count(b" stdout F admin logged in with __hidden_") == 100
        assert SECRET.encode() not in text
    site.until_nothing_is_left()


def ended(process: "subprocess.Popen[bytes]", within: float = 60.0) -> int:
    """Its exit status; where it doesn't end, what runs on the nodes."""
    try:
        return process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("\n".join(line[:200] for line in running() if "sos" in line)) from None


def running() -> list[str]:
    """What runs on this machine."""
    found = subprocess.run(["ps", "-eo", "pid,ppid,stat,etimes,args"], capture_output=True, text=True, check=True)
    return found.stdout.splitlines()


def at_work(site: Site) -> Callable[[], bool]:
    return lambda: (
        all(list(node.state.glob("*.container")) for node in site.nodes.values())
        and all("--tmp-dir" in node.asked("toolbox").splitlines()[-1] for node in site.nodes.values())
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_run_that_is_stopped_while_sos_works_leaves_nothing(site: Site, tmp_path: Path, number: int) -> None:
    for node in site.nodes.values():
        node.tell("before", "sleep 300")
    process = site.start(tmp_path / "out")
    wait_until(at_work(site), within=90.0)
    process.send_signal(number)
    assert ended(process, 20) == 128 + number
    site.until_nothing_is_left()


def time_is_over(site: Site) -> None:
    site.kubelet.passed = 3 * 3600


def nobody_was_there_for_long(site: Site) -> None:
    """The scripts end when omg says nothing any more; the clock of the pods' own processes is the age of a file."""
    wait_until(
        lambda: not [one for one in site.left() if one.endswith(".container")],
        lambda: str(site.left()),
        within=PATIENCE + 20,
    )
    for node in site.nodes.values():
        for path in node.folder.glob("tmp/*/alive"):
            os.utime(path, (0, 0))


@pytest.mark.parametrize("later", [time_is_over, nobody_was_there_for_long])
def test_a_run_that_is_killed_leaves_nothing_on_the_nodes_later(
    site: Site, tmp_path: Path, later: Callable[[Site], None]
) -> None:
    for node in site.nodes.values():
        node.tell("before", "sleep 300")
    process = site.start(tmp_path / "out")
    wait_until(at_work(site), within=90.0)
    process.kill()
    process.wait()
    assert any(one.startswith("pods/") for one in site.left())
    later(site)
    site.until_nothing_is_left(but="s/omg-sos-")
    for one in site.cluster.api.get("/api/v1/namespaces")["items"]:
        if one["metadata"]["name"].startswith("omg-sos-"):
            site.cluster.api.send("DELETE", f"/api/v1/namespaces/{one['metadata']['name']}")
    site.until_nothing_is_left()
