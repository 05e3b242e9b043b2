"""What the cluster serves: discovery decides every kind's group and version."""

from collections.abc import Iterable, Iterator, Sequence

from omg.cluster.resource import Resource
from omg.engine import Run, task
from omg.errors import Blocked, Unreachable


class ApiResources:
    """The kinds that the cluster serves and that can be listed, the preferred version of each.

    Args:
        resources: what was found.
        silent: `group/version` of what did not say what it serves.
    """

    def __init__(self, resources: Sequence[Resource], silent: Iterable[str] = ()) -> None:
        self._silent = {gap.rpartition("/")[0] for gap in silent}
        self._by_name: dict[tuple[str, str], Resource] = {}
        for resource in resources:
            if "list" in resource.verbs:
                self._by_name.setdefault((resource.group, resource.plural), resource)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def find(self, group: str, plural: str) -> Resource | None:
        """The kind, or None where the cluster doesn't serve it."""
        return self._by_name.get((group, plural))

    def is_silent(self, group: str) -> bool:
        """Whether a group is registered but did not say what it serves."""
        return group in self._silent


@task(writes=False)
async def api_resources(run: Run) -> ApiResources:
    """Ask which kinds the cluster serves, and in which versions."""
    found = await run.each(["discovery"], discover)
    if not found:
        raise Blocked("The cluster does not say which kinds it serves.")
    return found[0]


async def discover(run: Run, _what: str) -> ApiResources:
    """Every served kind; a group whose server is down is recorded, and the others go on."""
    discovery = await run.cluster.discover()
    for gap in discovery.gaps:
        run.lost(gap, Unreachable(f"The API group {gap} does not answer discovery."))
    return ApiResources(discovery.resources, discovery.gaps)
