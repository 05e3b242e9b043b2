"""One kind of object that an API server serves, and where it is found."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind in one version of its group.

    Args:
        group: empty for the core group.
        plural: the word in the path, such as `pods`.
        verbs: what the server offers, such as `list`; empty where it wasn't asked.
    """

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool
    verbs: frozenset[str] = frozenset()
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    singular: str = ""

    @property
    def name(self) -> str:
        """`plural.group`, or `plural` in the core group: unique in a cluster."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def api_version(self) -> str:
        """What an object of it says in apiVersion: `group/version`, or `v1` in the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    def path(self, *, namespace: str | None = None, name: str | None = None, subresource: str | None = None) -> str:
        """The path on the server, quoted, without a query.

        There is no namespace in those of cluster-scoped kinds and of lists over all namespaces.
        """
        return "/".join(self._parts(namespace, name, subresource))

    def _parts(self, namespace: str | None, name: str | None, subresource: str | None) -> Iterator[str]:
        yield "/apis" if self.group else "/api"
        if self.group:
            yield quote(self.group, safe="")
        yield quote(self.version, safe="")
        if namespace is not None:
            yield "namespaces"
            yield quote(namespace, safe="")
        yield quote(self.plural, safe="")
        if name is not None:
            yield quote(name, safe="")
        if subresource is not None:
            yield quote(subresource, safe="/")
