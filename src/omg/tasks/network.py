"""The nodes' network as NMState sets it up, and the addresses that MetalLB hands out."""

from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.api_resources import api_resources
from omg.tasks.namespaces import namespaces
from omg.tasks.printed_lists import PrintedList, save_everywhere
from omg.tasks.served_kinds import Wanted, in_the_cluster

KINDS = (
    ("nmstate.io", "nodenetworkconfigurationpolicies"),
    ("nmstate.io", "nodenetworkconfigurationenactments"),
    ("nmstate.io", "nodenetworkstates"),
    ("metallb.io", "ipaddresspools"),
    ("metallb.io", "l2advertisements"),
)


@task(
    needs=(api_resources, namespaces),
    reads=tuple(Access(group, plural, "list", EVERYWHERE) for group, plural in KINDS),
)
async def network(run: Run) -> tuple[PrintedList, ...]:
    """Save the nodes' network policies, enactments and states, and MetalLB's pools and advertisements."""
    found = await run.each(in_the_cluster(KINDS, run.result_of(api_resources)), save)
    return tuple(one for printed in found for one in printed)


async def save(run: Run, wanted: Wanted) -> tuple[PrintedList, ...]:
    """List one kind everywhere and write each object, here and among the custom resources."""
    return await save_everywhere(run, wanted.resource, run.result_of(namespaces))


def is_of_the_network(group: str, plural: str) -> bool:
    """Tell whether a kind is collected here."""
    return (group, plural) in KINDS
