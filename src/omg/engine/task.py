"""What a task is: a declaration, and nothing that runs.

A task is an async function with a declaration beside it. Its dependencies are the imported tasks themselves, so a
module's import block is its list of edges and a typo fails the type check.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from omg.settings import Settings

if TYPE_CHECKING:
    from omg.engine.run import Run

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


IN_SCOPE = "the namespaces in scope"
EVERYWHERE = "the whole cluster"


@dataclass(frozen=True, slots=True)
class Access:
    """One right that a task uses at the cluster.

    Args:
        group: API group, `""` for the core one; may be a shell pattern (`*openstack.org`).
        resource: plural, with its subresource after a slash (`pods/log`); may be a pattern.
        verb: as RBAC names it: get, list, create, delete, …
        where: IN_SCOPE; EVERYWHERE, which cluster-scoped kinds and lists over all namespaces need; or one namespace, by
            name or as the setting that names it (`$OSP_NS`): where that is unset, any namespace.
        is_fallback: it is used only where another right is missing, so that nobody needs to grant it.
        unless: the setting that, where it has a value, makes it unneeded (`$RUN_NAMESPACE`).
        name: of the one object that it is about; empty: all.
    """

    group: str
    resource: str
    verb: str
    where: str = IN_SCOPE
    is_fallback: bool = False
    unless: str = ""
    name: str = ""

    def covers(self, group: str, resource: str, verb: str, namespace: str | None) -> bool:
        """Tell whether a request is part of the right; a namespace of None is the whole cluster."""
        is_named = self.where != IN_SCOPE and not self.where.startswith("$")
        is_there = self.where == EVERYWHERE or (namespace is not None and (not is_named or namespace == self.where))
        asked = fnmatchcase(group, self.group) and fnmatchcase(resource, self.resource)
        return self.verb == verb and asked and is_there

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}" + (f".{self.group}" if self.group else "")


@dataclass(frozen=True, eq=False, slots=True)
class Task(Generic[T_co]):
    """A declared task; `needs` gives results, `after` gives order only.

    Args:
        name: unique in a graph; the name of the function, and of its module.
        body: what it does; its return value is the task's result.
        needs: tasks whose results the body uses; it is blocked when one of them raised.
        after: tasks that only have to be over.
        reads: what it may ask of the cluster.
        changes: what it may change there.
        writes: it writes into the tree, so it waits until the secret values are known.
        off: the setting that switches it off in these settings, as a person would write it, or None.
    """

    name: str
    body: Callable[["Run"], Awaitable[T_co]]
    needs: tuple["Task[Any]", ...] = ()
    after: tuple["Task[Any]", ...] = ()
    reads: tuple[Access, ...] = ()
    changes: tuple[Access, ...] = ()
    writes: bool = True
    off: Callable[[Settings], str | None] = lambda _settings: None

    @property
    def purpose(self) -> str:
        """The first line of the function's docstring."""
        return (self.body.__doc__ or "").strip().split("\n", maxsplit=1)[0]

    def permits(self, group: str, resource: str, verb: str, namespace: str | None) -> bool:
        """Tell whether the declaration covers a request; a namespace of None is the whole cluster."""
        return any(access.covers(group, resource, verb, namespace) for access in (*self.reads, *self.changes))

    def __repr__(self) -> str:
        return f"<task {self.name}>"


def task(
    *,
    needs: tuple[Task[Any], ...] = (),
    after: tuple[Task[Any], ...] = (),
    reads: tuple[Access, ...] = (),
    changes: tuple[Access, ...] = (),
    writes: bool = True,
    off: Callable[[Settings], str | None] = lambda _settings: None,
) -> Callable[[Callable[["Run"], Awaitable[T]]], Task[T]]:
    """Declare the decorated async function as a task; the arguments are those of `Task`."""

    def declare(body: Callable[["Run"], Awaitable[T]]) -> Task[T]:
        return Task(
            name=getattr(body, "__name__", repr(body)),
            body=body,
            needs=needs,
            after=after,
            reads=reads,
            changes=changes,
            writes=writes,
            off=off,
        )

    return declare
