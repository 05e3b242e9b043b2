"""Lists of objects, as pages of JSON that is decoded when it is looked at."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from omg.cluster.answers import GONE
from omg.cluster.asks import JSON, NOT_JSON, Ask, where
from omg.cluster.elements import Form, Identity
from omg.cluster.paging import pieces
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import RequestFailed

METADATA_ONLY = f"{JSON};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,{JSON}"
"""Asks for objects without spec, data and status; a server that can't do that sends them whole."""


class Named(msgspec.Struct):
    """The metadata that tell an object from others of its kind."""

    name: str = ""
    namespace: str | None = None
    uid: str = ""

    @property
    def identity(self) -> Identity | None:
        """What tells it from others; None without a name."""
        return Identity(f"{self.namespace or ''}/{self.name}", self.uid) if self.name else None


class Known(msgspec.Struct):
    """As much of an object as a list has to know."""

    kind: str = ""
    metadata: Named | None = None

    @property
    def identity(self) -> Identity | None:
        """What tells it from others; None without a name."""
        return self.metadata.identity if self.metadata else None


_decode_known = msgspec.json.Decoder(Known).decode
_decode_dict = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Page:
    """Some objects of a list.

    Args:
        api_version, kind: of an object, as the list has it; an object's own go before.
        items: each object's JSON.
        resource_version: the state of the cluster that the list was taken from; empty when unknown.
    """

    api_version: str
    kind: str
    items: list[msgspec.Raw]
    resource_version: str = ""

    def __len__(self) -> int:
        return len(self.items)

    def objects(self) -> Iterator[dict[str, Any]]:
        """The objects, each decoded when it is its turn; apiVersion and kind come first.

        Raises:
            RequestFailed: something in the list is not an object.
        """
        for item in self.items:
            try:
                found = _decode_dict(item)
            except NOT_JSON as error:
                raise RequestFailed(f"The list of {self.kind} holds something that is not an object.") from error
            api_version = found.pop("apiVersion", None) or self.api_version
            kind = found.pop("kind", None) or self.kind
            yield {"apiVersion": api_version, "kind": kind, **found}

    def batches(self, size: int) -> Iterator["Page"]:
        """The same in pages of so many objects at most."""
        for start in range(0, len(self.items), size):
            yield replace(self, items=self.items[start : start + size])


def known_of(item: msgspec.Raw) -> Known | None:
    """Kind and names of an object's JSON; None when it is no object."""
    try:
        return _decode_known(item)
    except NOT_JSON:
        return None


def identity_of(item: msgspec.Raw) -> Identity | None:
    """What tells an object's JSON from others; None when it has no name."""
    known = known_of(item)
    return known.identity if known else None


def key_of(item: msgspec.Raw) -> str | None:
    """`namespace/name` of an object's JSON; None when it has none."""
    identity = identity_of(item)
    return identity.name if identity else None


ITEMS = Form("items", identity_of)


async def pages(
    session: Session,
    ticket: Ticket,
    resource: Resource,
    *,
    namespace: str | None = None,
    labels: str | None = None,
    fields: str | None = None,
    metadata_only: bool = False,
) -> AsyncGenerator[Page, None]:
    """Every object of a kind, of one namespace or of all; an empty list is one empty page.

    Selectors are as kubectl takes them. With `metadata_only` everything else is left out, and the objects are of kind
    PartialObjectMetadata. What is no object with a name is told to the ticket as lost.

    Raises:
        OmgError: see Session.use.
    """
    accept = METADATA_ONLY if metadata_only else JSON
    ask = list_ask(resource, namespace=namespace, labels=labels, fields=fields, accept=accept)
    ticket.permit(resource.group, resource.plural, "list", namespace)
    async for piece in pieces(session, ticket, ask, ITEMS):
        kind = piece.kind.removesuffix("List")
        is_known = bool(kind and piece.api_version)
        yield Page(
            api_version=piece.api_version if is_known else resource.api_version,
            kind=kind if is_known else resource.kind,
            items=piece.elements,
            resource_version=piece.resource_version,
        )


def list_ask(resource: Resource, *, namespace: str | None, labels: str | None, fields: str | None, accept: str) -> Ask:
    """The request for a list, but for its place in the paging."""
    return Ask(
        f"list {resource.name}{where(namespace)}",
        resource.path(namespace=namespace),
        accept=accept,
        handed=frozenset({GONE}),
    ).asking(("labelSelector", labels or ""), ("fieldSelector", fields or ""))
