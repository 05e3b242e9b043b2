"""The driver with the real client and a real Keystone: the same output as by hand, and what happens when they fail."""

import asyncio
from collections.abc import Iterator

import pytest

from omg.errors import CommandFailed, TimedOut
from omg.openstack.batch import Batch, LoginFailed, driver_text, starting_commands
from tests.cluster.testbed.keystone import OLD_CLIENT, PASSWORD, Keystone, programs_of_openstack
from tests.openstack.local import running

TEXT = driver_text()
COMMANDS = (
    "endpoint list",
    "service list",
    "service list -c Name -f value",
    "project list",
    "role list -f json",
    "user list --long",
    "domain list",
    "region list",
    "--os-identity-api-version 3 catalog list",
)


@pytest.fixture(scope="module")
def keystone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keystone]:
    with Keystone(tmp_path_factory.mktemp("keystone")) as running_keystone:
        yield running_keystone


async def test_each_command_prints_what_it_prints_by_hand(keystone: Keystone) -> None:
    async with running(starting_commands(TEXT)[0], keystone.environment) as local:
        batch, over = Batch(local), asyncio.Event()
        await batch.start(TEXT, within=60)
        serving = asyncio.create_task(batch.serve(over))
        ends = await asyncio.gather(*(batch.run(command.split(), limit=60) for command in COMMANDS))
        over.set()
        await serving
        said = local.stderr
    by_hand = [keystone.client(*command.split()) for command in COMMANDS]
    assert [stdout for stdout, _ in ends] == by_hand
    assert [error for _, error in ends] == [None] * len(COMMANDS)
    assert PASSWORD.encode() not in said


async def test_the_client_of_rhoso_18_is_driven_too(keystone: Keystone) -> None:
    old = programs_of_openstack(OLD_CLIENT)
    environment = {**keystone.environment, "PATH": f"{old}:/usr/bin:/bin"}
    commands = ("service list", "user list --long", "--os-identity-api-version 3 catalog list")
    async with running(starting_commands(TEXT)[0], environment) as local:
        batch, over = Batch(local), asyncio.Event()
        await batch.start(TEXT, within=60)
        serving = asyncio.create_task(batch.serve(over))
        ends = await asyncio.gather(*(batch.run(command.split(), limit=60) for command in commands))
        over.set()
        await serving
    assert [error for _, error in ends] == [None] * len(commands)
    by_hand = [keystone.client(*command.split(), program=old / "openstack") for command in commands]
    assert [stdout for stdout, _ in ends] == by_hand


async def test_a_service_that_is_not_in_the_catalogue_and_a_command_that_is_none_fail_alone(keystone: Keystone) -> None:
    async with running(starting_commands(TEXT)[0], keystone.environment) as local:
        batch, over = Batch(local), asyncio.Event()
        await batch.start(TEXT, within=60)
        serving = asyncio.create_task(batch.serve(over))
        asked = ("server list", "no such thing", "service list")
        ends = await asyncio.gather(*(batch.run(command.split(), limit=60) for command in asked))
        over.set()
        await serving
    assert isinstance(ends[0][1], CommandFailed)
    assert "compute" in str(ends[0][1])
    assert isinstance(ends[1][1], CommandFailed)
    assert ends[2][1] is None


async def test_a_wrong_password_is_told_once_and_not_printed(keystone: Keystone) -> None:
    wrong = "not-the-password-at-all"
    async with running(starting_commands(TEXT)[0], {**keystone.environment, "OS_PASSWORD": wrong}) as local:
        with pytest.raises(LoginFailed) as failure:
            await Batch(local).start(TEXT, within=60)
    assert wrong not in str(failure.value)


async def test_when_keystone_goes_away_every_command_ends_with_a_reason(
    keystone: Keystone, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert keystone.port
    with Keystone(tmp_path_factory.mktemp("dying")) as dying:
        async with running(starting_commands(TEXT)[0], dying.environment) as local:
            batch, over = Batch(local), asyncio.Event()
            await batch.start(TEXT, within=60)
            serving = asyncio.create_task(batch.serve(over))
            dying.stop()
            ends = await asyncio.gather(*(batch.run(["user", "list"], limit=15) for _ in range(4)))
            over.set()
            await serving
    assert all(isinstance(error, (CommandFailed, TimedOut)) for _, error in ends)
