"""What the `openstack` client tells of every service: agents, pools, types, quotas, as tables."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from omg.engine import Access, Run, Work, task
from omg.errors import Absent, Blocked, OmgError, TimedOut
from omg.tasks.api_resources import api_resources
from omg.tasks.command_output import Printed, needing, printed_in, save_printed
from omg.tasks.control_planes import control_planes
from omg.tasks.openstack_client import CLIENT, Client, client_in, client_pod
from omg.tasks.openstack_commands import COMMANDS, SERVICE_NAMES, THINGS, ZONES, Command, Thing, wanted_commands
from omg.tasks.pods import Pod, pods

CATALOGUE = "catalogue"
"""The key of the first command, on which all others depend."""

SILENT_ZONES = 2
"""Commands for zones in a row that end without an answer before the others are left: each would cost its limit."""


@task(
    needs=(pods, api_resources, control_planes),
    reads=(
        Access("", "pods/exec", "create", where="$OSP_NS"),
        *(Access(thing.group, thing.plural, "list", where="$OSP_NS") for thing in THINGS),
    ),
)
async def openstack_status(run: Run) -> None:
    """Save what the client prints for each service of the catalogue."""
    pod = client_pod(run.result_of(pods), run.settings.osp_ns)
    if pod is None:
        await run.each([CATALOGUE], say_there_is_no_client)
        if run.settings.osp_ns in run.result_of(control_planes).secrets:
            await run.each(COMMANDS, blocked_by(f"There is no pod {CLIENT}, though there is a control plane."))
        return
    # Before the session, which holds a slot: with CONCURRENCY=1 there is no other for what asks the API server.
    # And before other requests: the commands that wait for them take longest of all.
    there = await run.each(THINGS, must_exist, priority=lambda _: -1.0)
    async with asyncio.TaskGroup() as others, client_in(run, pod) as client:
        found = await run.each(
            [CATALOGUE], lambda here, _key: services(here, client), work=Work.COMMAND, pool=client.pool
        )
        if not found:
            await run.each(COMMANDS, blocked_by(why_there_is_no_catalogue(run)))
            return
        wanted = tuple(wanted_commands(found[0]))
        elsewhere = [one for one in wanted if one.place is not None]
        others.create_task(run.each(elsewhere, save_elsewhere, via=service_of, work=Work.COMMAND))
        by_client = [one for one in wanted if one.place is None]
        await run.each(by_client, saving(client, there), via=service_of, work=Work.COMMAND, pool=client.pool)


async def services(run: Run, client: Client) -> tuple[str, ...]:
    """The names of the catalogue's services."""
    text = (await client.printed(run, SERVICE_NAMES)).whole().decode("utf-8", "replace")
    return tuple(name for line in text.splitlines() if (name := line.strip()))


async def save_elsewhere(run: Run, command: Command) -> None:
    """Save what a command prints that runs in another pod than the client's."""
    assert command.place is not None  # noqa: S101 - the caller asked
    pod = found_pod(command.place.of(run.result_of(pods), run.settings.osp_ns), command)
    with needing(pod):
        printed = await printed_in(run, pod, None, command.words)
    await save_printed(run, *command.names, printed=printed)


async def say_there_is_no_client(run: Run, _key: str) -> None:
    """Record that nothing can be asked."""
    raise Absent(f"The namespace {run.settings.osp_ns} has no pod {CLIENT}.")


def blocked_by(reason: str) -> Callable[[Run, Command], Awaitable[None]]:
    """Records a command that was not tried."""

    async def say(_run: Run, _command: Command) -> None:
        raise Blocked(reason)

    return say


def why_there_is_no_catalogue(run: Run) -> str:
    """What the first command said."""
    reasons = [gap.reason for gap in run.gaps_in(openstack_status) if gap.key == CATALOGUE]
    return f"The client's first command failed: {reasons[0] if reasons else 'it was ended'}"


def service_of(command: Command) -> str | None:
    """What may not answer: two commands of one service that end without an answer are enough to leave the others."""
    return f"the service {command.service}" if command.service else None


def saving(client: Client, there: Collection[Thing]) -> Callable[[Run, Command], Awaitable[None]]:
    """Saves what a command of the table prints, by this client, where there is what it needs."""

    async def save(run: Run, command: Command) -> None:
        if command.only_with is not None and command.only_with not in there:
            raise why_it_is_missing(run, command.only_with)
        if command.each_zone:
            printed = await printed_for_zones(run, client, command)
        else:
            printed = await client.printed(run, command.words)
        await save_printed(run, *command.names, printed=printed)

    return save


def why_it_is_missing(run: Run, thing: Thing) -> OmgError:
    """It isn't there, or could not be looked for."""
    gaps = [gap for gap in run.gaps_in(openstack_status) if gap.key == str(thing)]
    if gaps:
        return Blocked(f"Whether there is {thing} is not known: {gaps[0].reason}")
    return Absent(f"There is no {thing} to ask for.")


async def printed_for_zones(run: Run, client: Client, command: Command) -> Printed:
    """The output for every zone, one after the other; a zone that fails is recorded, and says so in its place."""
    zones = (await client.printed(run, ZONES)).whole().decode("utf-8", "replace").split()
    texts, silent = [], 0
    for zone in zones:
        if silent < SILENT_ZONES:
            printed = await client.printed(run, (*command.words, zone))
        else:
            printed = Printed(b"", Blocked(f"It was not tried after {SILENT_ZONES} zones without an answer."))
        texts.append(printed.text())
        silent = silent + 1 if isinstance(printed.error, TimedOut) else 0 if silent < SILENT_ZONES else silent
        if printed.error is not None:
            run.lost(zone, printed.error)
    return Printed(b"".join(texts))


async def must_exist(run: Run, thing: Thing) -> Thing:
    """The thing, when it is there; the right to list its kind is there for the custom resources.

    Raises:
        Absent: it isn't.
    """
    resource = run.result_of(api_resources).find(thing.group, thing.plural)
    if resource is None:
        raise Absent(f"The cluster does not serve {thing.plural}.{thing.group}.")
    namespace = run.settings.osp_ns
    pages = run.cluster.list(resource, namespace=namespace, fields=f"metadata.name={thing.name}", metadata_only=True)
    if not sum([len(page) async for page in pages]):
        raise Absent(f"There is no {thing} in {namespace}.")
    return thing


def found_pod(pod: Pod | None, command: Command) -> Pod:
    """The pod.

    Raises:
        Absent: there is none.
    """
    if pod is None:
        raise Absent(f"There is no {command.place}.")
    return pod
