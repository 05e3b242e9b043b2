"""What a real RabbitMQ says of itself, through a pod's exec and masked."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from omg.tasks.rabbitmq import COMMANDS
from tests.cluster.controlplane.conftest import Plane, outcomes
from tests.cluster.controlplane.objects import KNOWN_PASSWORD
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.rabbitmq import MISSING, PROGRAMS, RabbitMQ

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs rabbitmq-server: {', '.join(MISSING)}")

IN_A_POLICY = "pl4nted-In-an-uri"
PLANTED = (KNOWN_PASSWORD, IN_A_POLICY)

_CHANGING = re.compile(r"\d+(?:\.\d+)?")
"""Numbers: memory, uptime, counts of processes."""

_HIDDEN = re.compile(r"__hidden_[A-Z2-7]{8}__")


def control(server: RabbitMQ, *arguments: str) -> str:
    """What rabbitmqctl prints by hand."""
    command = [str(PROGRAMS / "rabbitmqctl"), *arguments]
    done = subprocess.run(command, env=server.environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitMQ]:
    """A server with policies that tell what they should not."""
    with RabbitMQ(tmp_path_factory.mktemp("rabbitmq")) as running:
        definition = f'{{"dead-letter-exchange": "amqp://nova:{IN_A_POLICY}@10.0.0.1:5672"}}'
        control(running, "set_policy", "upstream", "^nova", definition)
        control(running, "set_policy", f"note-{KNOWN_PASSWORD}", "^amq", '{"expires": 60000}')
        yield running


@pytest.fixture(scope="module")
def gathered(plane: Plane, server: RabbitMQ) -> Gathered:
    plane.serve(server.programs())
    found = plane.gather("rabbitmq", "rabbitmq")
    assert found.code == 0, found.explain()
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_a_file_as_it_prints_it_but_for_what_changes_and_is_hidden(
    server: RabbitMQ, gathered: Gathered, command: str
) -> None:
    written = (gathered.root / "ctlplane" / "rabbitmq" / "rabbitmq-server-0" / command).read_text()
    shown = control(server, command)
    hidden = _HIDDEN.findall(written)
    parts = [re.escape(_CHANGING.sub("N", part)) for part in _HIDDEN.split(written)]
    assert re.fullmatch(".+?".join(parts), _CHANGING.sub("N", shown), re.DOTALL), (written, shown)
    assert bool(hidden) == (command == "list_policies")


def test_no_secret_of_the_server_is_in_any_file(server: RabbitMQ, gathered: Gathered) -> None:
    assert all(secret in control(server, "list_policies") for secret in PLANTED)
    for path in gathered.root.rglob("*"):
        if path.is_file():
            text = path.read_text(errors="replace")
            assert [secret for secret in PLANTED if secret in text] == [], path


def test_a_server_that_is_down_is_told_with_its_words(plane: Plane, server: RabbitMQ) -> None:
    server.end_server()
    plane.serve(server.programs())
    found = outcomes(plane.gather("rabbitmq-down", "rabbitmq"), "rabbitmq")
    assert {outcome for outcome, _ in found.values()} == {"failed"}
    assert all("unable to perform an operation on node" in reason for _, reason in found.values()), found
