"""The nodes of the cluster: asked once, for their readiness and for their descriptions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from omg.cluster.kept import Kept
from omg.engine import EVERYWHERE, Access, Run, task
from omg.tasks.kinds import NODES
from omg.tasks.listed_pods import is_ready


@dataclass(frozen=True, slots=True)
class NodeList:
    """The nodes, and the names of those that aren't ready.

    Args:
        silent: those whose kubelet is heard no more, and what the cluster says of that.
    """

    kept: Kept
    unready: frozenset[str]
    silent: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kept)


@task(reads=(Access("", "nodes", "list", EVERYWHERE),), writes=False)
async def listed_nodes(run: Run) -> NodeList:
    """List the nodes, and find which are not ready; where that is denied, none are known."""
    found = await run.each(["nodes"], list_nodes, priority=lambda _: -1.0)
    return found[0] if found else NodeList(Kept(), frozenset())


async def list_nodes(run: Run, _what: str) -> NodeList:
    """Every node."""
    kept, unready, silent = Kept(), set(), {}
    async for page in kept.keeping(run.cluster.list(NODES)):
        for one in page.objects():
            name = one["metadata"]["name"]
            if not is_ready(one):
                unready.add(name)
            if (said := silence_of(one)) is not None:
                silent[name] = said
    return NodeList(kept, frozenset(unready), silent)


def silence_of(node: Mapping[str, Any]) -> str | None:
    """What the cluster says of a kubelet that it doesn't hear any more, which is when Ready is Unknown; else None."""
    for one in node.get("status", {}).get("conditions") or ():
        if one.get("type") == "Ready" and one.get("status") == "Unknown":
            return str(one.get("message") or one.get("reason") or "nobody knows why")
    return None
