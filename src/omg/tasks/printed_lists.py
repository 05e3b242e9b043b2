"""Lists that are written as objects and shown as `oc get` prints them, from one request."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from dataclasses import dataclass

from omg.cluster.listing import Page, key_of
from omg.cluster.resource import Resource
from omg.cluster.tables import TablePage
from omg.engine import Run
from omg.printing.tables import Printed


@dataclass(frozen=True, slots=True)
class PrintedList:
    """A kind in a namespace as `oc get` prints it; the kind is named by plural.group."""

    resource: str
    namespace: str
    printed: Printed


async def save_printed(run: Run, resource: Resource, namespaces: Iterable[str]) -> tuple[PrintedList, ...]:
    """Write every object of a kind of the whole cluster; how it prints, in each of these namespaces or in none."""
    scope, rows = tuple(namespaces), PrintedByNamespace(resource)
    await run.output.objects(resource, rows.printing(run.cluster.table_everywhere(resource, scope)))
    return rows.of(scope if resource.namespaced else [""])


class PrintedByNamespace:
    """What tables print, sorted by the namespaces of their objects."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._printed: dict[str, Printed] = {}

    async def printing(self, tables: AsyncIterator[TablePage]) -> AsyncGenerator[Page, None]:
        """Hand on the objects, each row noted."""
        async for table in tables:
            for row in table.rows:
                namespace = (key_of(row.object) or "").partition("/")[0]
                if namespace not in self._printed:
                    self._printed[namespace] = Printed.of(self._resource)
                self._printed[namespace].add(table.columns, [row.cells])
            yield table.page

    def of(self, namespaces: Iterable[str]) -> tuple[PrintedList, ...]:
        """One for each of these namespaces, with or without rows."""
        return tuple(
            PrintedList(self._resource.name, name, self._printed.get(name) or Printed.of(self._resource))
            for name in namespaces
        )
