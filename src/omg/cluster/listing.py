"""Lists of objects, as pages of JSON that is decoded when it is looked at."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from omg.cluster.answers import GONE
from omg.cluster.asks import JSON, Ask, where
from omg.cluster.paging import Form, pieces
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import RequestFailed

METADATA_ONLY = f"{JSON};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,{JSON}"
"""Asks for objects without spec, data and status; a server that can't do that sends them whole."""


class Named(msgspec.Struct):
    """The metadata that tell an object from others of its kind."""

    name: str = ""
    namespace: str = ""

    @property
    def key(self) -> str | None:
        """`namespace/name`; None without a name."""
        return f"{self.namespace}/{self.name}" if self.name else None


class _Object(msgspec.Struct):
    metadata: Named | None = None


_decode_object = msgspec.json.Decoder(_Object).decode
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
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise RequestFailed(f"The list of {self.kind} holds something that is not an object.") from error
            api_version = found.pop("apiVersion", None) or self.api_version
            kind = found.pop("kind", None) or self.kind
            yield {"apiVersion": api_version, "kind": kind, **found}

    def batches(self, size: int) -> Iterator["Page"]:
        """The same in pages of so many objects at most."""
        for start in range(0, len(self.items), size):
            yield replace(self, items=self.items[start : start + size])


def key_of(item: msgspec.Raw) -> str | None:
    """`namespace/name` of an object's JSON; None when it has none."""
    try:
        metadata = _decode_object(item).metadata
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return metadata.key if metadata else None


ITEMS = Form("items", key_of)


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
    PartialObjectMetadata.

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
