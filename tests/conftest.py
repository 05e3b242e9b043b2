import fcntl
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import gettempdir

import pytest

from omg.embedded.corpus import Corpus, demo_corpus
from omg.embedded.server import EmbeddedCluster
from omg.settings import Settings
from tests.gathering import Gathering
from tests.limits import pytest_runtest_protocol

__all__ = ["pytest_runtest_protocol"]

SMALL_LOGS = 400_000
"""Bytes of logs in the fast tests' corpus: enough for several blocks, little enough for many runs."""


def pytest_configure() -> None:
    """What a background job ignores, its children would ignore too: the command that is tested shall hear it.

    (A `preexec_fn` could say so to each child, but must not run in a process that has threads: the child may hang.)
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def alone_with_reports() -> Iterator[None]:
    """For tests that make reports below /var/tmp and look at what is left there: one after the other."""
    with (Path(gettempdir()) / "omg-tests-with-reports.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return demo_corpus(log_bytes=SMALL_LOGS)


@pytest.fixture
async def gathering(corpus: Corpus, tmp_path: Path) -> AsyncIterator[Gathering]:
    async with EmbeddedCluster(corpus) as cluster:
        kubeconfig = tmp_path / "kubeconfig"
        cluster.write_kubeconfig(kubeconfig)
        yield Gathering(cluster, kubeconfig, tmp_path / "out")
