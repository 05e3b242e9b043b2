"""Commands in containers of a real API server, in both protocols that clusters of the field speak."""

from collections.abc import Iterator

import pytest

from omg.cluster.credentials import load_credentials
from omg.cluster.door import Cluster as Door
from omg.cluster.session import Limits, Session
from omg.cluster.ticket import Unlimited
from omg.embedded.corpus import Corpus, ExecAnswer
from omg.errors import OmgError
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load

LONG = 8_000_000
"""Bytes: above aiohttp's 4 MiB for a message, and many messages in any case."""


def _corpus() -> Corpus:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "openstack"}}
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-0"}, "status": {}}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "openstackclient", "namespace": "openstack"},
        "spec": {"nodeName": "worker-0", "containers": [{"name": "client", "image": "image"}]},
        "status": {"phase": "Running"},
    }
    answers = [
        ExecAnswer(command=("openstack", "service", "list"), stdout=b"nova\n", stderr=b"a warning\n"),
        ExecAnswer(command=("openstack", "fails"), stderr=b"no such service\n", exit_code=3),
        ExecAnswer(command=("mysqldump",), stdout=bytes(range(256)) * (LONG // 256)),
    ]
    return Corpus(objects=[namespace, node, pod], execs=answers)


@pytest.fixture(scope="module", params=["v5", "v4"])
def speaking(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Cluster]]:
    """A cluster that speaks one protocol; v4 only is what OpenShift 4.16 does."""
    only_v4 = ("--feature-gates=TranslateStreamCloseWebsocketRequests=false",) if request.param == "v4" else ()
    with Cluster(tmp_path_factory.mktemp(request.param), apiserver=only_v4) as cluster:
        load(cluster, _corpus())
        yield request.param, cluster


async def run(cluster: Cluster, *command: str) -> tuple[str, bytes, bytes, OmgError | None]:
    """Protocol, stdout, stderr, error."""
    credentials = await load_credentials(kubeconfig=str(cluster.kubeconfig), context=None, impersonate=None)
    async with (
        Session(credentials, Limits()) as session,
        Door(session, Unlimited()).exec("openstack", "openstackclient", "client", command) as execution,
    ):
        stdout = b"".join([chunk async for chunk in execution.stdout()])
        try:
            await execution.wait()
        except OmgError as error:
            return execution.protocol, stdout, bytes(execution.stderr), error
        return execution.protocol, stdout, bytes(execution.stderr), None


async def test_stdout_and_stderr_come_apart(speaking: tuple[str, Cluster]) -> None:
    protocol, cluster = speaking
    assert await run(cluster, "openstack", "service", "list") == (protocol, b"nova\n", b"a warning\n", None)


async def test_long_output_comes_whole(speaking: tuple[str, Cluster]) -> None:
    _, stdout, _, error = await run(speaking[1], "mysqldump", "nova")
    assert (len(stdout), error) == (LONG, None)
    assert stdout == bytes(range(256)) * (LONG // 256)


async def test_a_failing_command_is_an_error_and_its_output_is_kept(speaking: tuple[str, Cluster]) -> None:
    _, _, stderr, error = await run(speaking[1], "openstack", "fails")
    assert error is not None
    assert b"no such service" in stderr
