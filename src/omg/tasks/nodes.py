"""The nodes of the cluster, as they are and in words."""

from omg.engine import Run, task
from omg.tasks.kinds import NODES
from omg.tasks.listed_nodes import listed_nodes


@task(needs=(listed_nodes,))
async def nodes(run: Run) -> None:
    """Save every node."""
    await run.each(["nodes"], save)


async def save(run: Run, _what: str) -> None:
    """Write the nodes."""
    await run.output.objects(NODES, run.result_of(listed_nodes).kept.pages())
