"""Lists that are written as objects and shown as `oc get` prints them, from one request."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
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


ALL = "all"
"""The category of what `oc get all` shows: kinds say in discovery that they belong to it."""

Through = Callable[[AsyncIterator[Page]], AsyncGenerator[Page, None]]
"""Looks at pages on their way."""


async def save_everywhere(
    run: Run, resource: Resource, namespaces: Iterable[str], *, through: Through | None = None
) -> tuple[PrintedList, ...]:
    """Write every object of a kind of the whole cluster.

    Args:
        run: the run.
        resource: the kind.
        namespaces: in scope.
        through: looks at the pages before they are written.

    Returns:
        How it prints, in each of these namespaces or in none; nothing of a kind that `oc get all` leaves out.
    """
    scope, rows = tuple(namespaces), PrintedByNamespace(resource)
    is_printed = ALL in resource.categories
    pages = (
        rows.printing(run.cluster.table_everywhere(resource, scope))
        if is_printed
        else run.cluster.list_everywhere(resource, scope)
    )
    await run.output.objects(resource, through(pages) if through else pages)
    return rows.of(scope if resource.namespaced else [""]) if is_printed else ()


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
