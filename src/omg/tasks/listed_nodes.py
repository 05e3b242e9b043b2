"""The nodes of the cluster: asked once, for their readiness and for their descriptions."""

from dataclasses import dataclass

from omg.cluster.kept import Kept
from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.kinds import NODES
from omg.tasks.listed_pods import is_ready


@dataclass(frozen=True, slots=True)
class NodeList:
    """The nodes, and the names of those that aren't ready."""

    kept: Kept
    unready: frozenset[str]

    def __len__(self) -> int:
        return len(self.kept)


@task(reads=(Access("", "nodes", "list", EVERYWHERE),), writes=False)
async def listed_nodes(run: Run) -> NodeList:
    """List the nodes, and find which are not ready; where that is denied, none are known."""
    found = await run.each(["nodes"], list_nodes, priority=lambda _: -1.0)
    return found[0] if found else NodeList(Kept(), frozenset())


async def list_nodes(run: Run, _what: str) -> NodeList:
    """Every node."""
    kept, unready = Kept(), set()
    async for page in kept.keeping(run.cluster.list(NODES)):
        unready |= {one["metadata"]["name"] for one in page.objects() if not is_ready(one)}
    return NodeList(kept, frozenset(unready))
