"""The Kubernetes API as one item sees it."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec

from omg.cluster import discovery, listing
from omg.cluster.answers import sentence
from omg.cluster.asks import NOT_JSON, Ask, where
from omg.cluster.discovery import Discovery
from omg.cluster.exec import Execution, execution
from omg.cluster.listing import Page
from omg.cluster.logs import log_chunks
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.tables import TablePage, table_pages
from omg.cluster.ticket import Ticket
from omg.errors import Denied, RequestFailed

P = TypeVar("P")

CREATED, ACCEPTED, MISSING, CONFLICT = 201, 202, 404, 409
"""Statuses after which there is nothing left to ask for: made, being removed, not there, there already."""


class Cluster:
    """The door, bound to one item: the ticket is asked before, and told about, every request.

    Everything here may raise Absent, Denied, Unreachable, RequestFailed and TimedOut, and DeclarationError for what the
    item's task did not declare.
    """

    def __init__(self, session: Session, ticket: Ticket) -> None:
        self._session = session
        self._ticket = ticket

    async def version(self) -> dict[str, Any]:
        """What /version says: gitVersion, major, minor and more."""
        return await self._object(Ask("read the cluster's version", "/version"))

    async def discover(self) -> Discovery:
        """The kinds that the cluster serves, each in its preferred version, and the groups that don't answer."""
        return await discovery.discover(self._session, self._ticket)

    async def get(self, resource: Resource, name: str, *, namespace: str | None = None) -> dict[str, Any]:
        """One object."""
        self._ticket.permit(resource.group, resource.plural, "get", namespace)
        path = resource.path(namespace=namespace, name=name)
        return await self._object(Ask(f"read {resource.name}/{name}{where(namespace)}", path))

    async def create(self, resource: Resource, obj: Mapping[str, Any], *, namespace: str | None = None) -> None:
        """Make an object whose name nobody else would choose: one that is there already is the one asked for."""
        self._ticket.permit(resource.group, resource.plural, "create", namespace)
        what = f"create {resource.name}/{obj['metadata']['name']}{where(namespace)}"
        ask = Ask(
            what,
            resource.path(namespace=namespace),
            handed=frozenset({CREATED, CONFLICT}),
            method="POST",
            body=msgspec.json.encode({"apiVersion": resource.api_version, "kind": resource.kind, **obj}),
        )
        await self._session.read(ask, self._ticket)

    async def delete(
        self, resource: Resource, name: str, *, namespace: str | None = None, grace: int | None = None
    ) -> None:
        """Have an object removed, which may take a while; one that isn't there is no fault.

        Of a pod, `grace` is the seconds that its processes have to end; 0 doesn't wait for the node.
        """
        self._ticket.permit(resource.group, resource.plural, "delete", namespace)
        options: dict[str, Any] = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"}
        ask = Ask(
            f"delete {resource.name}/{name}{where(namespace)}",
            resource.path(namespace=namespace, name=name),
            handed=frozenset({ACCEPTED, MISSING, CONFLICT}),
            method="DELETE",
            body=msgspec.json.encode(options | ({} if grace is None else {"gracePeriodSeconds": grace})),
        )
        await self._session.read(ask, self._ticket)

    def list(
        self,
        resource: Resource,
        *,
        namespace: str | None = None,
        labels: str | None = None,
        fields: str | None = None,
        metadata_only: bool = False,
    ) -> AsyncGenerator[Page, None]:
        """Every object of a kind, each once, page by page; an empty list is one empty page.

        Without a namespace, those of all. Selectors are as kubectl takes them. With `metadata_only` everything else is
        left out, and the objects are of kind PartialObjectMetadata.
        """
        return listing.pages(
            self._session,
            self._ticket,
            resource,
            namespace=namespace,
            labels=labels,
            fields=fields,
            metadata_only=metadata_only,
        )

    async def list_everywhere(
        self, resource: Resource, namespaces: Iterable[str], *, labels: str | None = None
    ) -> AsyncGenerator[Page, None]:
        """Every object of a kind; where a list over all namespaces is denied, those of each namespace named here.

        Raises:
            Denied: at the end, naming the namespaces that could not be listed, when it came to that.
        """
        async for page in everywhere(partial(self.list, resource, labels=labels), resource, namespaces):
            yield page

    async def table_everywhere(self, resource: Resource, namespaces: Iterable[str]) -> AsyncGenerator[TablePage, None]:
        """A kind as `kubectl get` prints it, from all namespaces, else from those named here, as a list is."""
        async for page in everywhere(partial(self.table, resource), resource, namespaces):
            yield page

    def table(
        self,
        resource: Resource,
        *,
        namespace: str | None = None,
        labels: str | None = None,
        fields: str | None = None,
        with_objects: bool = True,
    ) -> AsyncGenerator[TablePage, None]:
        """A kind as `kubectl get` prints it, with the objects; an empty list is one page without rows."""
        return table_pages(
            self._session,
            self._ticket,
            resource,
            namespace=namespace,
            labels=labels,
            fields=fields,
            with_objects=with_objects,
        )

    def log(
        self,
        namespace: str,
        pod: str,
        container: str,
        *,
        previous: bool = False,
        since: datetime | None = None,
        limit_bytes: int | None = None,
        tail_lines: int | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """A container's log, in the chunks of the network.

        Raises:
            Truncated: it stopped coming after it had begun.
        """
        return log_chunks(
            self._session,
            self._ticket,
            namespace=namespace,
            pod=pod,
            container=container,
            previous=previous,
            since=since,
            limit_bytes=limit_bytes,
            tail_lines=tail_lines,
        )

    def exec(
        self,
        namespace: str,
        pod: str,
        container: str | None,
        command: Sequence[str],
        *,
        stdin: bool = False,
        stall: float | None = None,
    ) -> AbstractAsyncContextManager[Execution]:
        """A command in a container (None: the pod's first), for as long as the block lasts.

        It is given up after `stall` seconds without output, the session's stall limit where that is None.
        """
        return execution(
            self._session,
            self._ticket,
            namespace=namespace,
            pod=pod,
            container=container,
            command=command,
            stdin=stdin,
            stall=stall,
        )

    async def _object(self, ask: Ask) -> dict[str, Any]:
        try:
            return msgspec.json.decode(await self._session.read(ask, self._ticket), type=dict[str, Any])
        except NOT_JSON as error:
            raise RequestFailed(sentence(ask.what, "the answer is not a JSON object")) from error


async def everywhere(
    ask: Callable[..., AsyncGenerator[P, None]], resource: Resource, namespaces: Iterable[str]
) -> AsyncGenerator[P, None]:
    """The pages of all namespaces; where that is denied, of each namespace named here.

    Raises:
        Denied: at the end, naming the namespaces that could not be listed, when it came to that.
    """
    try:
        async for page in ask():
            yield page
    except Denied:
        if not resource.namespaced:
            raise
    else:
        return
    refused = []
    for namespace in namespaces:
        try:
            async for page in ask(namespace=namespace):
                yield page
        except Denied:
            refused.append(namespace)
    if refused:
        raise Denied(f"Not allowed to list {resource.name}, neither everywhere nor in {', '.join(refused)}.")
