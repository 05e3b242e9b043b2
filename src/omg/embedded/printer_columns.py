"""The columns that a CRD asks for (additionalPrinterColumns) and their cells.

From apiextensions-apiserver's tableconvertor: a column shows the first value that its JSONPath finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from omg.printing.ages import since

Object = Mapping[str, Any]
# .field, .escaped\.field, ['field'], [0], [*], [?(@.field=="value")]
STEP = re.compile(
    r"""\.(?P<field>(?:\\.|[^.\[\\])+)|\[(?:'(?P<quoted>[^']*)'|(?P<index>-?\d+)|(?P<all>\*)"""
    r"""|\?\(@(?P<path>[^=!]*?)\s*(?P<operator>==|!=)\s*(?P<value>[^)]*)\))\]"""
)
TYPES = {"integer": (int,), "number": (int, float), "boolean": (bool,)}


def definitions(columns: Sequence[Object], name: Object) -> list[Object]:
    """The column definitions of a kind; name is that of the first column, which all kinds have."""
    return [
        name,
        *(
            {
                "name": one["name"],
                "type": one["type"],
                "format": one.get("format", ""),
                "description": one.get("description")
                or f"Custom resource definition column (in JSONPath format): {one['jsonPath']}",
                "priority": one.get("priority", 0),
            }
            for one in columns
        ),
    ]


def cells(columns: Sequence[Object], obj: Object, now: datetime) -> list[Any]:
    """The cells of one object, its name first."""
    return [obj["metadata"]["name"], *(cell(one, obj, now) for one in columns)]


def cell(column: Object, obj: Object, now: datetime) -> Any:
    """The first value found, if it is of the column's type; None for nothing."""
    value = next(found(column["jsonPath"], obj), None)
    if value is None:
        return None
    match column["type"]:
        case "string":
            return value if isinstance(value, str) else msgspec.json.encode(value).decode()
        case "date":
            return _date(value, now)
        case kind:
            fits = isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "boolean")
            return value if fits else None


def _date(value: Any, now: datetime) -> str:
    try:
        return since(str(value), now)
    except (ValueError, TypeError):
        return "<invalid>"


def found(path: str, value: Any) -> Iterator[Any]:
    """What a JSONPath finds, in order; a path that can't be understood finds nothing."""
    text = path.strip().removeprefix("{").removesuffix("}")
    steps = list(STEP.finditer(text))
    if "".join(one.group() for one in steps) != text:
        return iter(())
    values: Iterable[Any] = [value]
    for step in steps:
        values = [after for before in values for after in _stepped(step, before)]
    return iter(values)


def _stepped(step: re.Match[str], value: Any) -> Iterable[Any]:
    if step["index"] is not None:
        return value[int(step["index"]) :][:1] if isinstance(value, list) else ()
    if step["all"]:
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
    if step["operator"]:
        wanted, equal = step["value"].strip().strip("\"'"), step["operator"] == "=="
        items = value if isinstance(value, list) else ()
        return [one for one in items if (_plain(next(found(step["path"], one), None)) == wanted) is equal]
    name = step["quoted"] if step["quoted"] is not None else re.sub(r"\\(.)", r"\1", step["field"])
    return [value[name]] if isinstance(value, dict) and name in value else ()


def _plain(value: Any) -> str | None:
    return value if isinstance(value, str) or value is None else msgspec.json.encode(value).decode()
