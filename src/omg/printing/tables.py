"""Server-side tables as `kubectl get` prints them.

From k8s.io/cli-runtime/pkg/printers (columns, escapes, alignment) and k8s.io/kubectl/pkg/cmd/get (several kinds).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol, Self

from omg.printing.order import go_order
from omg.printing.tabwriter import aligned

MOST = 2**63 - 1
"""The largest integer of 64 bits; JSON's larger ones are floating-point numbers to Go."""

LEAST_WIDTH, PADDING = 6, 3
"""Of kubectl's columns."""

_FIRST_LINE = re.compile(r"([^\f\n\r]*)[\f\n\r]")
_ESCAPES = str.maketrans({"\x1b": "^["})


class Kind(Protocol):
    """A kind of objects."""

    @property
    def kind(self) -> str:
        """Such as `Deployment`."""

    @property
    def group(self) -> str:
        """Such as `apps`; empty for the core group."""


class Column(Protocol):
    """A column as the server describes it."""

    @property
    def name(self) -> str:
        """Its heading."""

    @property
    def type(self) -> str:
        """Such as `string`."""

    @property
    def format(self) -> str:
        """`name` in the column that names the object."""

    @property
    def priority(self) -> int:
        """0 is always shown, higher ones with `-o wide`."""


@dataclass(slots=True)
class Printed:
    """The printed rows of one kind: slim, for only what is shown is kept.

    Args:
        kind: `kind.group` in small letters, as `kubectl get` puts it before names.
        heading: the names of the columns that are shown.
        named: the place of the column that names the object; None where there is none.
        rows: cells ended by tabs.
    """

    kind: str
    heading: str = ""
    named: int | None = None
    rows: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, kind: Kind) -> Self:
        """The table of a kind, without rows yet."""
        return cls(f"{kind.kind}.{kind.group}".rstrip(".").lower())

    def sorted_by(self, keys: Sequence[Any]) -> Self:
        """The same with its rows in the order of `keys`, of which each row has one, as `kubectl get` sorts them."""
        return replace(self, rows=[self.rows[place] for place in go_order(list(keys))])

    def add(self, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """Take on rows of the server's table."""
        shown = [place for place, column in enumerate(columns) if column.priority == 0]
        if not self.heading:
            self.heading = "\t".join(_capitals(columns[place].name) for place in shown)
            names = [number for number, place in enumerate(shown) if _is_name(columns[place])]
            self.named = names[0] if names else None
        self.rows += ["\t".join(cell_text(row[place]) for place in shown if place < len(row)) for row in rows]

    def lines(self, *, with_kind: bool = False) -> list[str]:
        """The heading and the rows, unaligned; nothing where there are no rows."""
        if not self.rows:
            return []
        rows = [self._with_kind(row) for row in self.rows] if with_kind and self.named is not None else self.rows
        return [self.heading, *rows]

    def _with_kind(self, row: str) -> str:
        cells = row.split("\t")
        assert self.named is not None  # noqa: S101 - the caller asked
        cells[self.named] = f"{self.kind}/{cells[self.named]}"
        return "\t".join(cells)


def _capitals(text: str) -> str:
    """Capital letters as Go makes them: one for each, so some, such as the German sharp s, stay small."""
    return "".join(large if len(large := char.upper()) == 1 else char for char in text)


def _is_name(column: Column) -> bool:
    return column.format == "name" and column.type == "string"


def printed(tables: Iterable[Printed]) -> str:
    """The tables as `kubectl get` prints several kinds: an empty line between two, kinds before the names.

    Nothing where there are no rows at all.
    """
    known = list(tables)
    several = len(known) > 1
    blocks = [one.lines(with_kind=several) for one in known]
    return "\n".join(_aligned(block) for block in blocks if block)


def _aligned(lines: list[str]) -> str:
    return aligned("".join(f"{line}\n" for line in lines), least=LEAST_WIDTH, padding=PADDING, growing=True)


def columned(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Columns of one's own choice, as `kubectl get -o custom-columns` prints them."""
    return _aligned(["\t".join(row) for row in (heading, *rows)]).encode()


def cell_text(cell: Any) -> str:
    """A cell as kubectl shows it: nothing for null, of a text its first line, the rest as Go prints it."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return _go_text(cell)
    first = _FIRST_LINE.match(cell)
    text = cell if first is None else f"{first[1]}..."
    return text.translate(_ESCAPES)


def _go_text(value: Any) -> str:
    """A JSON value as Go's %v prints it."""
    if isinstance(value, int) and not -MOST - 1 <= value <= MOST:
        value = float(value)
    match value:
        case None:
            return "<nil>"
        case bool():
            return "true" if value else "false"
        case float():
            return go_float(value)
        case list():
            return "[" + " ".join(map(_go_text, value)) + "]"
        case dict():
            return "map[" + " ".join(f"{key}:{_go_text(value[key])}" for key in sorted(value)) + "]"
    return str(value)


def go_float(number: float) -> str:
    """A number as Go's %v prints it: as short as it can be, with an exponent from 1e+06 on and below 1e-04."""
    shortest = repr(number)
    exponent = Decimal(shortest).adjusted() if number else 0
    if -4 <= exponent < 6:
        text = format(Decimal(shortest), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = Decimal(shortest).normalize().as_tuple()
    mantissa = str(digits.digits[0]) + ("." + "".join(map(str, digits.digits[1:])) if len(digits.digits) > 1 else "")
    return ("-" if digits.sign else "") + f"{mantissa}e{exponent:+03d}"
