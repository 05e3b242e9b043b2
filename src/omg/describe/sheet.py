"""The text of a description while it is written: levels of indentation, and cells that end with tabs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from omg.printing.ages import moment_and_year
from omg.printing.tabwriter import aligned

INDENT = "  "
NONE = "<none>"

LONGEST = 140
"""Bytes of an annotation's line, or of a CSI attribute, that are shown."""

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"

_ESCAPES = str.maketrans({"\x1b": "^[", "\r": "\\r"})


class Sheet:
    """Lines on which a description is written.

    Args:
        parts: where the text goes; a nested sheet shares its parent's.
        indent: levels by which everything is indented.
    """

    def __init__(self, parts: list[str] | None = None, indent: int = 0) -> None:
        self._parts: list[str] = [] if parts is None else parts
        self._indent = indent

    def nested(self, levels: int) -> Sheet:
        """The same sheet, indented."""
        return Sheet(self._parts, self._indent + levels)

    def put(self, level: int, text: str) -> None:
        """Write at a level of indentation, which comes before the text wherever on its line that is."""
        self._parts.append(INDENT * (level + self._indent) + text)

    def line(self, level: int, name: str, value: object) -> None:
        """Write a name and its value on a line of their own."""
        self.put(level, f"{name}:\t{value}\n")

    def lines(self, level: int, first: str, fields: Iterable[tuple[str, object]]) -> None:
        """Write what a thing is, and its fields below, each at the same level."""
        self.line(level, "Type", first)
        for name, value in fields:
            self._parts.append(f"    {name}\t{value}\n")

    def pairs(self, title: str, found: Iterable[str]) -> None:
        """Write one after the other, the first beside its title, the others below the first."""
        self.put(0, f"{title}:\t")
        texts = list(found)
        if not texts:
            self.put(0, f"{NONE}\n")
        for number, text in enumerate(texts):
            if number:
                self.put(0, "")
                self.put(0, "\t")
            self.put(0, f"{text}\n")

    def labels(self, title: str, labels: Mapping[str, str] | None) -> None:
        """Write labels, sorted by name."""
        self.pairs(title, (f"{name}={value}" for name, value in sorted((labels or {}).items())))

    def annotations(self, annotations: Mapping[str, str] | None) -> None:
        """Write annotations, sorted by name; long ones and those of several lines below their names, cut."""
        self.put(0, "Annotations:\t")
        shown = sorted(item for item in (annotations or {}).items() if item[0] != LAST_APPLIED)
        if not shown:
            self.put(0, f"{NONE}\n")
        for number, (name, value) in enumerate(shown):
            if number:
                self.put(0, "\t")
            text = value.removesuffix("\n")
            if "\n" in text or len(text.encode()) + len(name.encode()) + 2 > LONGEST:
                self.put(0, f"{name}:\n")
                for line in text.split("\n"):
                    self.put(0, f"\t  {cut(line, LONGEST - 2)}\n")
            else:
                self.put(0, f"{name}: {text}\n")

    def text(self) -> str:
        """What was written, in columns."""
        return aligned("".join(self._parts).translate(_ESCAPES), least=0, padding=2)


def cut(text: str, longest: int) -> str:
    """The text; of more bytes than `longest` only the first, and dots."""
    data = text.encode()
    return text if len(data) <= longest else data[:longest].decode("utf-8", "replace") + "..."


def moment(time: str | None) -> str:
    """An RFC 3339 time as RFC 1123 writes it, with the zone as a number; none is the first moment of year 1."""
    if not time:
        return "Mon, 01 Jan 0001 00:00:00 +0000"
    parsed, year = moment_and_year(time)
    day, month = _DAYS[parsed.weekday()], _MONTHS[parsed.month - 1]
    return f"{day}, {parsed.day:02} {month} {year:04} {parsed:%H:%M:%S} {parsed:%z}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def words(values: Iterable[object] | None) -> str:
    """A list as Go prints it: `[a b]`."""
    return f"[{' '.join(str(value) for value in values or ())}]"


def table(values: Mapping[str, object] | None) -> str:
    """A map as Go prints it: `map[a:1 b:2]`."""
    return f"map[{' '.join(f'{name}:{value}' for name, value in sorted((values or {}).items()))}]"


def yes(value: Any) -> str:
    """A boolean as Go prints it; none is false."""
    return "true" if value else "false"


def reference(value: Mapping[str, Any] | None) -> str:
    """A reference to an object by its name, as Go prints it."""
    return "nil" if value is None else f"&LocalObjectReference{{Name:{value.get('name', '')},}}"
