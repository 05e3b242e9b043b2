"""Every command of the table through the real client, a real Keystone's catalogue and recorded services."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from omg.embedded.corpus import ExecAnswer
from omg.tasks.openstack_commands import COMMANDS, Command, wanted_commands
from tests.cluster.controlplane.client import by_hand, processes_with, programs
from tests.cluster.controlplane.conftest import Plane, outcomes
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.audit import seconds_beyond
from tests.cluster.testbed.keystone import PASSWORD, Keystone
from tests.cluster.testbed.services import SERVICES, Services

FEW = ("nova", "glance", "placement")
"""What the catalogue has at first."""

IN_BODIES = ("Planted-in-a-target-77", "Planted-in-an-alarm-8")
"""Secrets that services tell."""

_HIDDEN = re.compile(r"__hidden_[A-Z2-7]{8}__")


@pytest.fixture(scope="module")
def services() -> Iterator[Services]:
    with Services() as running:
        yield running


@pytest.fixture(scope="module")
def keystone(bootstrapped: Keystone, services: Services) -> Iterator[Keystone]:
    """Keystone with few services in its catalogue, until `whole` adds the others."""
    made = bootstrapped.register(services.catalogue(FEW))
    yield bootstrapped
    bootstrapped.remove(made)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the driver's process writes its number."""
    return tmp_path_factory.mktemp("driver") / "pids"


@pytest.fixture(scope="module")
def few(plane: Plane, keystone: Keystone, services: Services, driver: Path) -> Gathered:
    """The status while the catalogue has few services, with one slot."""
    plane.serve(programs(keystone, services, driver), RECORDED)
    return plane.gather("few", "openstack_status", CONCURRENCY="1")


@pytest.fixture(scope="module")
def whole(few: Gathered, plane: Plane, keystone: Keystone, services: Services) -> Iterator[Gathered]:
    """The status of all services."""
    assert few.code == 0, few.explain()
    made = keystone.register(services.catalogue([name for name in SERVICES if name not in FEW]))
    gathered = plane.gather("whole", "openstack_status")
    assert gathered.code == 0, gathered.explain()
    yield gathered
    keystone.remove(made)


@pytest.fixture(scope="module")
def printed(
    whole: Gathered, keystone: Keystone, services: Services, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What the same commands print by hand."""
    assert whole.code == 0
    told = by_hand(keystone, services, [words for _, words in _asked()], tmp_path_factory.mktemp("asked"))
    found: dict[str, str] = {}
    for (name, _), text in zip(_asked(), told, strict=True):
        found[name] = found.get(name, "") + text
    return found


ZONES = ("11111111-aaaa-4bbb-8ccc-000000000001", "22222222-aaaa-4bbb-8ccc-000000000002")

RECORDED = (
    ExecAnswer(pod="nova-cell0-*", command=("nova-manage", "cell_v2", "list_cells"), stdout=b"+--+\n| cell0 |\n+--+\n"),
    ExecAnswer(pod="nova-cell0-*", command=("nova-manage", "cell_v2", "list_hosts"), stdout=b"+--+\n| compute |\n"),
    ExecAnswer(
        pod="designate-worker-0", command=("designate-manage", "pool", "show_config"), stdout=b"pool: default\n"
    ),
)
"""Programs of services that have no client."""


def _asked() -> Iterator[tuple[str, tuple[str, ...]]]:
    """File and arguments of everything that runs in the client's pod, a zone at a time."""
    for command in COMMANDS:
        if command.place is None:
            zones = [(zone,) for zone in ZONES] if command.each_zone else [()]
            yield from ((str(command), (*command.words, *zone)) for zone in zones)


def _file(gathered: Gathered, command: Command | str) -> Path:
    return gathered.root / "ctlplane" / str(command)


def test_the_session_is_one_request_and_takes_the_slot_of_one(plane: Plane, few: Gathered) -> None:
    assert few.code == 0, few.explain()
    assert outcomes(few, "openstack_status")["driver"][0] == "collected"
    requests = plane.cluster.requests_of(few.user)
    assert sum(request.is_exec for request in requests) > 2
    assert seconds_beyond(requests, 1) < 0.02


def test_every_line_of_the_table_is_a_file_as_the_command_prints_it_by_hand(
    whole: Gathered, printed: dict[str, str]
) -> None:
    different = [name for name, text in printed.items() if not _is_shown(text, _file(whole, name))]
    assert different == []
    assert set(printed) | {"nova/cell_list", "nova/host_list", "designate/pool_list"} == {*map(str, COMMANDS)}


def _is_shown(text: str, file: Path) -> bool:
    """Whether a file says what was printed, but for what is hidden in it."""
    written = file.read_text()
    if not _HIDDEN.search(written):
        return written == text
    return re.fullmatch(_HIDDEN.sub(".+?", re.escape(written)), text, re.DOTALL) is not None


def test_the_services_answered_everything_that_they_were_asked(whole: Gathered, services: Services) -> None:
    assert whole.code == 0
    assert services.unknown == []


def test_the_commands_of_other_pods_are_there_too(whole: Gathered) -> None:
    for command in COMMANDS:
        if command.place is not None:
            answer = next(one for one in RECORDED if one.command == command.words)
            assert _file(whole, command).read_bytes() == answer.stdout


def test_there_is_a_file_for_the_services_of_the_catalogue_and_none_for_others(few: Gathered, whole: Gathered) -> None:
    for gathered, names in ((few, ("keystone", *FEW)), (whole, ("keystone", *SERVICES))):
        files = {
            str(path.relative_to(gathered.root / "ctlplane"))
            for path in (gathered.root / "ctlplane").rglob("*")
            if path.is_file()
        }
        assert files == {str(command) for command in wanted_commands(names)}


def test_all_commands_were_run_by_one_process_with_one_login(whole: Gathered, few: Gathered, driver: Path) -> None:
    assert len(driver.read_text().split()) == 2
    for gathered in (few, whole):
        assert outcomes(gathered, "openstack_status")["driver"][0] == "collected"


def test_the_process_has_left_nothing_behind(whole: Gathered, driver: Path, keystone: Keystone) -> None:
    assert whole.code == 0
    assert [pid for pid in driver.read_text().split() if Path("/proc", pid).exists()] == []
    assert processes_with(f"OS_AUTH_URL={keystone.environment['OS_AUTH_URL']}") == []


def test_a_command_line_prints_the_same_as_the_entry_point(printed: dict[str, str], keystone: Keystone) -> None:
    assert keystone.client("service", "list").decode() == printed["services"]


def test_no_secret_of_a_service_or_of_the_client_is_in_any_file(
    few: Gathered, whole: Gathered, printed: dict[str, str]
) -> None:
    told = "".join(printed.values())
    assert IN_BODIES[0] in told
    for gathered in (few, whole):
        for path in gathered.root.rglob("*"):
            if path.is_file():
                text = path.read_text(errors="replace")
                assert [one for one in (*IN_BODIES, PASSWORD) if one in text] == [], path
