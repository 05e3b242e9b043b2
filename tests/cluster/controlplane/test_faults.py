"""What happens to the status when the client, Keystone or a service dies or hangs in the middle: on a real cluster."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from omg.tasks.openstack_commands import COMMANDS, THINGS, wanted_commands
from tests.cluster.controlplane.client import environment, processes_with, programs
from tests.cluster.controlplane.conftest import Plane, outcomes
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.keystone import PASSWORD, Keystone
from tests.cluster.testbed.services import Services

CATALOGUE = ("nova", "placement")
WANTED = [str(one) for one in wanted_commands(("keystone", *CATALOGUE)) if one.place is None]

IN_THE_MIDDLE = "nova /v2.1/os-services"
"""The request during which it happens."""

WITH_TIME_TO_SPARE = {"ITEM_TIMEOUT": "60s", "CONCURRENCY": "4"}

BESIDE = ("driver", "catalogue", *map(str, THINGS))
"""Keys of items that are no line of the table."""

SAYS_WHY = "-- omg: "
"""How a file of a command that failed ends."""


@pytest.fixture
def services() -> Iterator[Services]:
    with Services() as running:
        yield running


@pytest.fixture
def keystone(bootstrapped: Keystone, services: Services) -> Iterator[Keystone]:
    """Keystone with the services of this test in its catalogue; started again where a test has ended it."""
    bootstrapped.start()
    made = bootstrapped.register(services.catalogue(CATALOGUE))
    yield bootstrapped
    bootstrapped.start()
    bootstrapped.remove(made)


@pytest.fixture
def driver(tmp_path: Path) -> Path:
    return tmp_path / "pids"


@pytest.fixture
def gather(plane: Plane, keystone: Keystone, services: Services, driver: Path) -> Iterator[Callable[..., Gathered]]:
    """Gathers the status; nothing of it may be left on the machine afterwards."""
    plane.serve(programs(keystone, services, driver))

    def run(name: str, look: Callable[[int], None] = plane.look, **settings: str) -> Gathered:
        return replace(plane, look=look).gather(name, "openstack_status", **(WITH_TIME_TO_SPARE | settings))

    yield run
    assert processes_with(f"OS_AUTH_URL={keystone.environment['OS_AUTH_URL']}") == []


def _once(act: Callable[[], object]) -> Callable[[], None]:
    """Do something the first time only."""
    lock = threading.Lock()

    def happens() -> None:
        if lock.acquire(blocking=False):
            act()

    return happens


def _check(gathered: Gathered) -> dict[str, tuple[str, str]]:
    """Every command has an outcome, every gap a reason; a file is whole, or says why it isn't; no secret is told."""
    found = outcomes(gathered, "openstack_status")
    assert found["catalogue"][0] == "collected"
    assert {key for key in found if key not in (*BESIDE, "nova/cell_list", "nova/host_list")} == set(WANTED)
    assert [key for key, (outcome, reason) in found.items() if outcome != "collected" and not reason] == []
    for key in WANTED:
        file = gathered.root / "ctlplane" / key
        last = file.read_text().splitlines()[-1] if file.exists() else SAYS_WHY
        assert last.startswith(SAYS_WHY) == (found[key][0] != "collected"), (key, found[key], last)
    assert PASSWORD not in gathered.stdout + gathered.stderr
    return found


def test_when_the_clients_process_is_killed_every_command_is_run_by_itself(
    gather: Callable[..., Gathered], services: Services, driver: Path
) -> None:
    services.when[IN_THE_MIDDLE] = _once(lambda: os.kill(int(driver.read_text().split()[-1]), signal.SIGKILL))
    gathered = gather("client-killed")
    found = _check(gathered)
    assert {found[key][0] for key in WANTED} == {"collected"}
    outcome, reason = found["driver"]
    assert outcome == "truncated"
    assert "broke off" in reason
    assert gathered.code == 1


def test_when_keystone_is_killed_what_needs_it_fails_and_says_so(
    gather: Callable[..., Gathered], services: Services, keystone: Keystone
) -> None:
    services.when[IN_THE_MIDDLE] = _once(keystone.kill)
    gathered = gather("keystone-killed", CONCURRENCY="1", ITEM_TIMEOUT="20s")
    found = _check(gathered)
    assert found["driver"][0] == "collected"
    assert found["nova/service_list"][0] == "collected", "it had its token already"
    assert gathered.seconds < 120


def test_when_keystone_is_down_one_command_is_tried_and_the_others_are_blocked_by_it(
    gather: Callable[..., Gathered], keystone: Keystone
) -> None:
    keystone.kill()
    gathered = gather("keystone-down", ITEM_TIMEOUT="20s")
    found = outcomes(gathered, "openstack_status")
    outcome, reason = found["driver"]
    assert outcome == "failed"
    assert "could not authenticate" in reason
    commands = [end for key, end in found.items() if key not in BESIDE]
    assert len(commands) == len(COMMANDS)
    assert {outcome for outcome, _ in [*commands, found["catalogue"]]} == {"blocked"}
    assert all("first command failed" in reason and "Unable to establish" in reason for _, reason in commands)
    assert gathered.code == 1
    assert gathered.seconds < 60
    assert not (gathered.root / "ctlplane").exists()


def test_one_command_that_hangs_costs_its_own_time_and_no_others_outcome(
    gather: Callable[..., Gathered], services: Services
) -> None:
    over = threading.Event()
    services.when[IN_THE_MIDDLE] = over.wait
    try:
        gathered = gather("hangs", ITEM_TIMEOUT="20s")
    finally:
        over.set()
    found = _check(gathered)
    assert found["nova/service_list"][0] == "timed_out"
    assert "had not ended after 20 s" in found["nova/service_list"][1]
    assert {found[key][0] for key in WANTED if key != "nova/service_list"} == {"collected"}
    assert found["driver"][0] == "collected"
    assert gathered.seconds < 90


def test_when_omg_is_killed_nothing_of_it_is_left_in_the_pod(
    gather: Callable[..., Gathered], services: Services, keystone: Keystone
) -> None:
    begun, over = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        over.wait()

    def kill(process: int) -> None:
        if begun.is_set():
            os.kill(process, signal.SIGKILL)

    services.when[IN_THE_MIDDLE] = hang

    try:
        gather("omg-killed", look=kill)
        gone = time.monotonic() + 30
        while processes_with(f"OS_AUTH_URL={keystone.environment['OS_AUTH_URL']}") and time.monotonic() < gone:
            time.sleep(0.1)
    finally:
        over.set()


def test_when_the_connection_to_the_api_server_dies_every_item_has_its_end_and_nothing_is_left(
    gather: Callable[..., Gathered], services: Services, plane: Plane
) -> None:
    begun, over = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        over.wait()

    def restart(_process: int) -> None:
        if begun.is_set() and not over.is_set():
            plane.cluster.restart_apiserver()
            over.set()

    services.when[IN_THE_MIDDLE] = hang
    gathered = gather("api-server-died", look=restart)
    found = outcomes(gathered, "openstack_status")
    assert found["driver"][0] == "truncated"
    assert set(WANTED) <= set(found)
    assert [key for key, (outcome, reason) in found.items() if outcome != "collected" and not reason] == []
    assert gathered.seconds < 240


def test_a_pod_whose_python3_is_another_has_the_clients_own(
    plane: Plane, gather: Callable[..., Gathered], keystone: Keystone, services: Services, tmp_path: Path
) -> None:
    wrapper = tmp_path / "bin" / "python"
    wrapper.parent.mkdir()
    words = " ".join(f"{name}='{value}'" for name, value in environment(keystone, services).items())
    wrapper.write_text(f'#!/bin/sh\nexec /usr/bin/env -i {words} {keystone.bin}/python "$@"\n')
    wrapper.chmod(0o755)
    client = tmp_path / "bin" / "openstack"
    client.write_text(f"#!{wrapper} -s\nfrom openstackclient.shell import main\nmain()\n")
    client.chmod(0o755)
    plane.serve({"python3": f'PATH={client.parent} exec /usr/bin/python3 "$@"\n'})
    found = _check(gather("another-python"))
    assert {found[key][0] for key in WANTED} == {"collected"}
    assert found["driver"][0] == "collected"


def test_a_pod_without_python_gets_its_commands_one_by_one_and_the_manifest_says_so(
    plane: Plane, gather: Callable[..., Gathered], keystone: Keystone, services: Services, driver: Path
) -> None:
    only = {name: text for name, text in programs(keystone, services, driver).items() if name == "openstack"}
    plane.serve(only)
    found = _check(gather("no-python"))
    assert {found[key][0] for key in WANTED} == {"collected"}
    assert found["driver"][0] == "absent"
    assert "one by one" in found["driver"][1]
