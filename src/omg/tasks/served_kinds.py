"""A kind that is wanted from the whole cluster, as this cluster serves it, or the reason why it can't be had. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.cluster.resource import Resource
from omg.errors import Absent, OmgError, Unreachable
from omg.tasks.api_resources import ApiResources


@dataclass(frozen=True, slots=True)
class Wanted:
    """A kind, in one namespace or in the whole cluster.

    Args:
        name: plural.group.
        found: as the cluster serves it; None: it doesn't.
        namespace: None: the whole cluster.
        is_silent: its group did not say what it serves.
    """

    name: str
    found: Resource | None
    namespace: str | None = None
    is_silent: bool = False

    def __str__(self) -> str:
        return f"{self.name}/{self.namespace}" if self.namespace else self.name

    @property
    def resource(self) -> Resource:
        """The kind.

        Raises:
            Absent: the cluster doesn't serve it.
            Unreachable: it can't be known.
        """
        if self.found is None:
            raise self._why_not()
        return self.found

    def _why_not(self) -> OmgError:
        if self.is_silent:
            return Unreachable(f"The server of {self.name} does not answer: see the APIService of its group.")
        return Absent(f"The cluster does not serve {self.name}.")


def in_the_cluster(kinds: Iterable[tuple[str, str]], served: ApiResources) -> Iterator[Wanted]:
    """Each kind, given as group and plural, once."""
    for group, plural in kinds:
        yield Wanted(_name(group, plural), served.find(group, plural), is_silent=served.is_silent(group))


def in_namespaces(
    kinds: Iterable[tuple[str, str]], served: ApiResources, namespaces: Iterable[str]
) -> Iterator[Wanted]:
    """Each served kind in each namespace, and each kind that isn't served once."""
    names = tuple(namespaces)
    for wanted in in_the_cluster(kinds, served):
        if wanted.found is None:
            yield wanted
        else:
            yield from (Wanted(wanted.name, wanted.found, namespace) for namespace in names)


def _name(group: str, plural: str) -> str:
    return f"{plural}.{group}" if group else plural
