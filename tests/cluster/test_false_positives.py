"""What masking changes where there is nothing to hide: next to nothing, and each kind of it is written down."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from omg.embedded.corpus import Corpus
from omg.masking import Masker
from tests.cluster.harmless import KINDS, LOGS, UNITS, changes, files
from tests.cluster.sample_configuration import sample_files
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.process import Program, free_port, listens

MOST = 0.005
"""Of the lines."""

PAGE = Path(__file__).parents[2] / "docs" / "masking.md"


@pytest.fixture(scope="module")
def masker(corpus: Corpus) -> Masker:
    """All nets, with what the demo's Secrets hold."""
    learned = Masker()
    learned.learn(one for one in corpus.objects if one["kind"] == "Secret")
    assert learned.value_count > 1000
    return learned


def test_the_sample_configuration_of_openstack_stays(masker: Masker) -> None:
    found = changes(masker, files(sample_files()))
    assert found.lines > 30_000
    assert found.share <= MOST, found.told()
    assert "" not in found.kinds, found.told()


def test_units_of_systemd_stay(masker: Masker) -> None:
    found = changes(masker, files(UNITS))
    assert found.lines > 200
    assert found.share <= MOST, found.told()


def test_logs_of_the_system_stay(masker: Masker) -> None:
    found = changes(masker, files(LOGS))
    assert found.lines > 200
    assert found.share <= MOST, found.told()


def test_logs_of_a_cluster_stay(masker: Masker, cluster: Cluster) -> None:
    found = changes(masker, files([cluster.directory / "log"]))
    assert found.lines > 200
    assert found.share <= MOST, found.told()


@pytest.fixture
def refused_login(tmp_path: Path) -> bytes:
    """What sshd and ssh print at their most talkative, when a login is refused."""
    key, port = tmp_path / "host_key", free_port()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True, timeout=30)
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    assert sshd is not None
    server = Program(tmp_path / "sshd", [sshd, "-D", "-e", "-p", str(port), "-h", str(key), "-o", "LogLevel=DEBUG3"])
    server.wait_until(lambda: listens(port))
    options = ["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={tmp_path}/known"]
    client = subprocess.run(
        ["ssh", "-vvv", "-p", str(port), *options, "nobody@127.0.0.1", "true"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    server.stop()
    return client.stderr + (tmp_path / "sshd").read_bytes()


def test_a_refused_login_stays(masker: Masker, refused_login: bytes) -> None:
    found = changes(masker, [("ssh", refused_login)])
    assert found.lines > 100
    assert found.share <= MOST, found.told()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_change_is_written_down(kind: str) -> None:
    section = PAGE.read_text().partition("## What is hidden without need")[2].partition("\n## ")[0]
    assert f"**{kind}**" in section
