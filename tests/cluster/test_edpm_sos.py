"""A real sos behind a real sshd on loopback, at several ports as several nodes. Needs root, for sshd's accounts."""

import base64
import os
import pwd
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from omg.embedded.corpus import demo_corpus
from omg.embedded.server import EmbeddedCluster
from tests.gather.test_edpm_sos import API, NAMES
from tests.gathering import Gathering
from tests.sos.machines import left_on_this_machine

USER = "omg-test-stack"
SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin")

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or SSHD is None or not shutil.which("sos") or not shutil.which("sudo"),
    reason="needs root, openssh-server, sudo and sosreport",
)


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An account that may use sudo, with a key; removed again."""
    folder = tmp_path_factory.mktemp("keys")
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "user"))
    run("useradd", "--create-home", "--shell", "/bin/sh", "--password", "*", USER)
    rule = Path("/etc/sudoers.d", USER)
    try:
        ssh = Path(pwd.getpwnam(USER).pw_dir, ".ssh")
        ssh.mkdir(mode=0o700)
        shutil.copy(folder / "user.pub", ssh / "authorized_keys")
        run("chown", "-R", USER, str(ssh))
        rule.write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
        rule.chmod(0o440)
        yield folder
    finally:
        rule.unlink(missing_ok=True)
        run("userdel", "--remove", "--force", USER)


@pytest.fixture
def ports(keys: Path, tmp_path: Path) -> Iterator[dict[str, int]]:
    """A running sshd for each node, with a host key of its own."""
    Path("/run/sshd").mkdir(exist_ok=True)
    found = {}
    with ExitStack() as stack:
        for at, name in enumerate(NAMES):
            key, port = tmp_path / f"host-{name}", 42220 + at
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
            options = ("ListenAddress=127.0.0.1", f"HostKey={key}", "PidFile=none", "UsePAM=no")
            words = [word for option in options for word in ("-o", option)]
            assert SSHD is not None
            server = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", "/dev/null", "-p", str(port), *words], stderr=subprocess.PIPE
            )
            stack.callback(server.wait)
            stack.callback(server.terminate)
            assert server.stderr is not None
            stack.callback(server.stderr.close)
            assert b"listening" in server.stderr.readline()
            found[name] = port
        yield found


def objects(keys: Path, ports: dict[str, int]) -> list[dict[str, Any]]:
    nodes = {
        name: {"hostName": name, "ansible": {"ansibleHost": "127.0.0.1", "ansiblePort": port}}
        for name, port in ports.items()
    }
    template = {"ansible": {"ansibleUser": USER}, "ansibleSSHPrivateKeySecret": "edpm-key"}
    key = base64.b64encode((keys / "user").read_bytes()).decode()
    return [
        {
            "apiVersion": API,
            "kind": "OpenStackDataPlaneNodeSet",
            "metadata": {"name": "edpm", "namespace": "openstack"},
            "spec": {"nodeTemplate": template, "nodes": nodes},
        },
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "edpm-key", "namespace": "openstack"},
            "type": "Opaque",
            "data": {"ssh-privatekey": key},
        },
    ]


async def test_real_reports_come_whole_and_nothing_stays_on_the_nodes(
    keys: Path, ports: dict[str, int], tmp_path: Path
) -> None:
    there = left_on_this_machine()
    demo = demo_corpus(log_bytes=100_000)
    others = [one for one in demo.objects if one.get("kind") != "OpenStackDataPlaneNodeSet"]
    async with EmbeddedCluster(replace(demo, objects=[*others, *objects(keys, ports)])) as cluster:
        cluster.write_kubeconfig(tmp_path / "kubeconfig")
        gathering = Gathering(cluster, tmp_path / "kubeconfig", tmp_path / "out")
        result = await gathering.run(
            "edpm_sos",
            sos_edpm="all",
            sos_edpm_profiles="openstack_edpm",
            sos_edpm_plugins="host,date",
            sos_edpm_journal_size="50",
        )
    assert result.exit_code == 0, gathering.view.records
    for name in NAMES:
        link = tmp_path / "out/sos-reports/nova" / f"sos-report-{name}"
        with tarfile.open(link) as report:
            assert any(member.endswith("/sos_commands/host/hostname") for member in report.getnames())
        reason = gathering.reason("edpm_sos", name)
        assert "the option --journal-size, the profile openstack_edpm" in reason
    assert left_on_this_machine() == there
    key_line = (keys / "user").read_bytes().splitlines()[1]
    assert list(gathering.found([key_line])) == []
