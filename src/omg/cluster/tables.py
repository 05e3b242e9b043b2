"""Lists as the server prints them: what `kubectl get` shows, with the objects behind it.

https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from omg.cluster.answers import sentence
from omg.cluster.asks import JSON
from omg.cluster.listing import key_of, list_ask
from omg.cluster.paging import Form, pieces
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import RequestFailed

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
    """Some rows of a table."""

    columns: tuple[Column, ...]
    rows: list[Row]
    resource_version: str = ""

    def __len__(self) -> int:
        return len(self.rows)


class _Shown(msgspec.Struct):
    object: msgspec.Raw = msgspec.Raw(b"null")


_decode_row = msgspec.json.Decoder(Row).decode
_decode_shown = msgspec.json.Decoder(_Shown).decode


def _key_of_row(row: msgspec.Raw) -> str | None:
    try:
        return key_of(_decode_shown(row).object)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


ROWS = Form("rows", _key_of_row)


async def table_pages(
    session: Session,
    ticket: Ticket,
    resource: Resource,
    *,
    namespace: str | None = None,
    labels: str | None = None,
    fields: str | None = None,
) -> AsyncGenerator[TablePage, None]:
    """The table of a kind with its objects, page by page; an empty list is one page without rows.

    Raises:
        RequestFailed: the server prints no tables of this kind.
        OmgError: see Session.use.
    """
    ask = list_ask(resource, namespace=namespace, labels=labels, fields=fields, accept=TABLE)
    ask = ask.asking(("includeObject", "Object"))
    ticket.permit(resource.group, resource.plural, "list")
    columns: tuple[Column, ...] = ()
    async for piece in pieces(session, ticket, ask, ROWS):
        if piece.kind != "Table":
            raise RequestFailed(sentence(ask.what, "the server prints no tables of this kind"))
        columns = _columns(piece.columns) or columns
        try:
            rows = [_decode_row(row) for row in piece.elements]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RequestFailed(sentence(ask.what, "the table is malformed")) from error
        yield TablePage(columns, rows, piece.resource_version)


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
