"""The nodes of the cluster, as they are and in words."""

from functools import partial
from typing import Any

from omg.describe import describe_node
from omg.engine import Run, task
from omg.tasks.kinds import NODES
from omg.tasks.listed_nodes import listed_nodes
from omg.tasks.node_surroundings import NodeSurroundings, node_surroundings


@task(needs=(listed_nodes, node_surroundings))
async def nodes(run: Run) -> None:
    """Save every node, as it is and as `oc describe` shows it."""
    await run.each(["nodes"], save)


async def save(run: Run, _what: str) -> None:
    """Write the nodes."""
    describe = partial(described, run, run.result_of(node_surroundings))
    await run.output.objects(NODES, run.result_of(listed_nodes).kept.pages(), beside=describe)


def described(run: Run, around: NodeSurroundings, node: dict[str, Any]) -> str:
    """A node in words."""
    return describe_node(node, around.of(node), run.now)
