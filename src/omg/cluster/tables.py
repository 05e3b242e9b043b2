"""Lists as the server prints them: what `kubectl get` shows, with the objects behind it.

https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from omg.cluster.answers import sentence
from omg.cluster.asks import JSON, NOT_JSON
from omg.cluster.elements import Form, Identity
from omg.cluster.listing import Known, Page, identity_of, known_of, list_ask, pages
from omg.cluster.paging import pieces
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import RequestFailed
from omg.printing.ages import since

TABLE = f"{JSON};as=Table;v=v1;g=meta.k8s.io,{JSON}"
"""As kubectl asks; a server that knows no tables sends a plain list."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Args:
        priority: 0 is always shown, higher ones with `-o wide`.
    """

    name: str
    type: str = "string"
    format: str = ""
    description: str = ""
    priority: int = 0


class Row(msgspec.Struct, frozen=True):
    """A line of a table, and the object that it shows.

    Args:
        object: its JSON; without apiVersion and kind where the server leaves them out.
    """

    cells: list[Any]
    object: msgspec.Raw = msgspec.Raw(b"null")


@dataclass(frozen=True, slots=True)
class TablePage:
    """Some rows of a table.

    Args:
        resource: the kind that it lists.
    """

    resource: Resource
    columns: tuple[Column, ...]
    rows: list[Row]
    resource_version: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def cells(self) -> list[list[Any]]:
        """What is printed, row by row."""
        return [row.cells for row in self.rows]

    @property
    def page(self) -> Page:
        """The objects behind the rows."""
        objects = [row.object for row in self.rows]
        return Page(self.resource.api_version, self.resource.kind, objects, self.resource_version)


NAME = Column("Name", format="name")
AGE = Column("Age")


class _Shown(msgspec.Struct):
    object: msgspec.Raw = msgspec.Raw(b"null")


_decode_row = msgspec.json.Decoder(Row).decode
_decode_shown = msgspec.json.Decoder(_Shown).decode


def _known_of_row(row: msgspec.Raw) -> Known | None:
    try:
        return known_of(_decode_shown(row).object)
    except NOT_JSON:
        return None


def _identity_of_row(row: msgspec.Raw) -> Identity | None:
    known = _known_of_row(row)
    return known.identity if known else None


def _no_identity(_row: msgspec.Raw) -> Identity | None:
    return None


ROWS = Form("rows", _identity_of_row, is_named=False)
BARE_ROWS = Form("rows", _no_identity, is_named=False)
"""Rows without objects: nothing tells one from another, so a list that begins anew may repeat them."""


async def table_pages(
    session: Session,
    ticket: Ticket,
    resource: Resource,
    *,
    namespace: str | None = None,
    labels: str | None = None,
    fields: str | None = None,
    with_objects: bool = True,
) -> AsyncGenerator[TablePage, None]:
    """The table of a kind, page by page; an empty list is one page without rows.

    Of a server that prints no tables of this kind, names and ages, as kubectl prints then; also of one that leaves the
    objects out though they were asked for. A row that can't be read is told to the ticket as lost.

    Raises:
        OmgError: see Session.use.
    """
    ask = list_ask(resource, namespace=namespace, labels=labels, fields=fields, accept=TABLE)
    ask = ask.asking(("includeObject", "Object" if with_objects else "None"))
    ticket.permit(resource.group, resource.plural, "list", namespace)
    columns: tuple[Column, ...] = ()
    has_tables, seen = True, 0
    async for piece in pieces(session, ticket, ask, ROWS if with_objects else BARE_ROWS):
        has_tables = piece.kind == "Table" and not (with_objects and not seen and _lacks_objects(piece.elements))
        if not has_tables:
            break
        try:
            columns = _columns(piece.columns) or columns
        except (AttributeError, TypeError, ValueError) as error:
            raise RequestFailed(sentence(ask.what, "the table is malformed")) from error
        rows = []
        for element in piece.elements:
            seen += 1
            row = _row(element, with_object=with_objects)
            if row is not None:
                rows.append(row)
            else:
                reason = f"row {seen} of the table is malformed"
                ticket.lost(f"number {seen}", RequestFailed(sentence(ask.what, reason)))
        yield TablePage(resource, columns, rows, piece.resource_version)
    if not has_tables:
        async for page in pages(session, ticket, resource, namespace=namespace, labels=labels, fields=fields):
            yield TablePage(resource, (NAME, AGE), _names_and_ages(page), page.resource_version)


def _row(element: msgspec.Raw, *, with_object: bool) -> Row | None:
    """A row; None where it is none, or lacks its object."""
    try:
        row = _decode_row(element)
    except NOT_JSON:
        return None
    return None if with_object and identity_of(row.object) is None else row


def _lacks_objects(rows: Sequence[msgspec.Raw]) -> bool:
    """Whether the server ignores that objects were asked for: it shows none, or their metadata alone."""
    known = [_known_of_row(row) for row in rows[:1]]
    return any(one is None or one.kind == "PartialObjectMetadata" for one in known)


def _names_and_ages(page: Page) -> list[Row]:
    now = datetime.now(UTC)
    return [
        Row([metadata.get("name"), since(metadata.get("creationTimestamp"), now)], item)
        for item, metadata in zip(page.items, map(_metadata, page.objects()), strict=True)
    ]


def _metadata(found: dict[str, Any]) -> dict[str, Any]:
    metadata = found.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _columns(described: Sequence[dict[str, Any]] | None) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=str(one.get("name", "")),
            type=str(one.get("type", "string")),
            format=str(one.get("format", "")),
            description=str(one.get("description", "")),
            priority=int(one.get("priority") or 0),
        )
        for one in described or ()
    )
