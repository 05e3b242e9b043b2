"""What the `openstack` client tells of every service: agents, pools, types, quotas, as tables."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from omg.engine import Access, Run, task
from omg.errors import Absent, Blocked
from omg.tasks.api_resources import api_resources
from omg.tasks.command_output import Printed, printed_in, save_printed
from omg.tasks.openstack_client import Client, client_in
from omg.tasks.openstack_commands import CLOUDKITTY, COMMANDS, METRIC_STORAGE, ZONES, Command, Thing, wanted_commands
from omg.tasks.openstack_services import openstack_services
from omg.tasks.pods import Pod, pods


@task(
    needs=(openstack_services, pods, api_resources),
    reads=(
        Access("", "pods/exec", "create", where="$OSP_NS"),
        *(Access(thing.group, thing.plural, "list", where="$OSP_NS") for thing in (METRIC_STORAGE, CLOUDKITTY)),
    ),
)
async def openstack_status(run: Run) -> None:
    """Save what the client prints for each service of the catalogue."""
    catalogue = run.result_of(openstack_services)
    if catalogue.client is None:
        return
    if catalogue.services is None:
        await run.each(COMMANDS, say_blocked)
        return
    wanted = tuple(wanted_commands(catalogue.services))
    await asyncio.gather(
        ask_client(run, catalogue.client, [one for one in wanted if one.place is None]),
        run.each([one for one in wanted if one.place is not None], save_elsewhere, via=service_of),
    )


async def ask_client(run: Run, pod: Pod, wanted: Sequence[Command]) -> None:
    """Save what the client prints.

    The session holds a slot, so what needs one beside it comes when it is over: with CONCURRENCY=1 there is no other.
    """
    async with client_in(run, pod) as client:
        by_session = [one for one in wanted if one.only_with is None]
        await run.each(by_session, saving(client), via=service_of, pool=client.pool)
    await run.each([one for one in wanted if one.only_with is not None], saving(client), via=service_of)


async def save_elsewhere(run: Run, command: Command) -> None:
    """Save what a command prints that runs in another pod than the client's."""
    assert command.place is not None  # noqa: S101 - the caller asked
    pod = command.place.of(run.result_of(pods), run.settings.osp_ns)
    printed = await printed_in(run, found(pod, command), None, command.words)
    await save_printed(run, *command.names, printed=printed)


async def say_blocked(run: Run, _command: Command) -> None:
    """Record a command that was not tried, because the first one failed."""
    gaps = run.gaps_in(openstack_services)
    raise Blocked(f"The client's first command failed: {gaps[0].reason if gaps else 'see openstack_services'}")


def service_of(command: Command) -> str | None:
    """What may not answer: two commands of one service that end without an answer are enough to leave the others."""
    return f"the service {command.service}" if command.service else None


def saving(client: Client) -> Callable[[Run, Command], Awaitable[None]]:
    """Saves what a command of the table prints, by this client."""

    async def save(run: Run, command: Command) -> None:
        if command.only_with is not None:
            await must_exist(run, command.only_with)
        if command.each_zone:
            printed = await printed_for_zones(run, client, command)
        else:
            printed = await client.printed(run, command.words)
        await save_printed(run, *command.names, printed=printed)

    return save


async def printed_for_zones(run: Run, client: Client, command: Command) -> Printed:
    """The output for every zone, one after the other; a zone that fails is recorded, and says so in its place."""
    zones = (await client.printed(run, ZONES)).whole().decode("utf-8", "replace").split()
    texts = []
    for zone in zones:
        printed = await client.printed(run, (*command.words, zone))
        texts.append(printed.text())
        if printed.error is not None:
            run.lost(zone, printed.error)
    return Printed(b"".join(texts))


async def must_exist(run: Run, thing: Thing) -> None:
    """Return when the object is there; the right to list its kind is there for the custom resources.

    Raises:
        Absent: it isn't.
    """
    resource = run.result_of(api_resources).find(thing.group, thing.plural)
    if resource is None:
        raise Absent(f"The cluster does not serve {thing.plural}.{thing.group}.")
    namespace = run.settings.osp_ns
    pages = run.cluster.list(resource, namespace=namespace, fields=f"metadata.name={thing.name}", metadata_only=True)
    if not sum([len(page) async for page in pages]):
        raise Absent(f"There is no {thing.plural}.{thing.group} {thing.name} in {namespace}.")


def found(pod: Pod | None, command: Command) -> Pod:
    """The pod.

    Raises:
        Absent: there is none.
    """
    if pod is None:
        raise Absent(f"There is no {command.place}.")
    return pod
