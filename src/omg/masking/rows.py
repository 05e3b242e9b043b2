"""Rows of SQL dumps: what stands in a column whose name says it is secret, or beside a key that does. Pure.

`mysqldump --complete-insert` names the columns before the rows, which may be in one line or in many; a row may be cut
by the end of what is read at once, so where a reading has come to is a value.
"""

import re
from dataclasses import dataclass, replace

from omg.masking.keys import hides, is_sensitive, is_url
from omg.masking.rule import Span

MARK = b"INSERT INTO"
"""How a statement with rows begins, as dumps write it."""

LONGEST_HEAD = 16 * 1024
"""Bytes of the names of the columns."""

_HEAD = re.compile(rb"INSERT INTO\s{1,4}[^\s(]{1,200}\s{0,4}\((?P<columns>[^()']{1,16000})\)\s{0,4}VALUES\s{0,4}")
_NAME = re.compile(rb"[`\"\s]*([^`\",\s]+)[`\"\s]*(?:,|$)")
_TOKEN = re.compile(rb"'(?:[^'\\]|\\.|'')*+'|'(?:[^'\\]|\\.|'')*+\\?$|[(),;]|[^\s(),;']+", re.DOTALL)
_REST_OF_TEXT = re.compile(rb"(?:[^'\\]|\\.|'')*+(?P<end>')?", re.DOTALL)
_KEYS, _VALUES = frozenset({"key", "name"}), frozenset({"value"})


@dataclass(frozen=True, slots=True)
class Rows:
    """Where a reading of rows has come to.

    Args:
        secret: places of the columns whose names are sensitive, with them.
        key, value: places of a column of keys and of one of their values; -1: there are none.
        column: of the row that is read; -1: between two rows.
        told: what the row's key is.
        in_text: a text was cut.
    """

    secret: dict[int, str]
    key: int = -1
    value: int = -1
    column: int = -1
    told: str = ""
    in_text: bool = False

    @property
    def here(self) -> str:
        """The name under which the column that is read is secret; empty: it isn't."""
        if self.column == self.value and is_sensitive(self.told):
            return self.told
        return self.secret.get(self.column, "")


def read(data: bytes, rows: Rows | None) -> tuple[list[Span], Rows | None]:
    """The secret parts of what follows, and where the reading has come to; None: not in rows."""
    found: list[Span] = []
    at = 0
    while at < len(data):
        if rows is None:
            begin = data.find(MARK, at)
            head = _HEAD.match(data, begin, begin + LONGEST_HEAD) if begin >= 0 else None
            if begin < 0:
                break
            at = head.end() if head else begin + len(MARK)
            rows = _of(head["columns"]) if head else None
            continue
        at, rows = _go_on(data, at, rows, found)
    return found, rows


def _of(columns: bytes) -> Rows | None:
    """The beginning of a reading; None where no column is of interest."""
    names = [name.decode("utf-8", "replace").lower() for name in _NAME.findall(columns)]
    secret = {place: name for place, name in enumerate(names) if is_sensitive(name) and name not in _KEYS}
    key = next((place for place, name in enumerate(names) if name in _KEYS), -1)
    value = next((place for place, name in enumerate(names) if name in _VALUES), -1)
    if not secret and (key < 0 or value < 0):
        return None
    return Rows(secret, *((key, value) if key >= 0 and value >= 0 else (-1, -1)))


def _go_on(data: bytes, at: int, rows: Rows, found: list[Span]) -> tuple[int, Rows | None]:
    """Read until the statement ends, or what there is."""
    if rows.in_text:
        rest = _REST_OF_TEXT.match(data, at)
        assert rest is not None  # noqa: S101 - it matches nothing, too
        ended = rest["end"] is not None
        stop = rest.end() - ended
        if rows.here and stop > at:
            found.append((at, stop))
        if not ended:
            return len(data), rows
        at, rows = rest.end(), replace(rows, in_text=False)
    for token in _TOKEN.finditer(data, at):
        rows_after = _after(token, rows, found)
        if rows_after is None:
            return token.end(), None
        rows = rows_after
    return len(data), rows


def _after(token: re.Match[bytes], rows: Rows, found: list[Span]) -> Rows | None:
    """Where the reading is after a token; None: the statement has ended, or is none."""
    text = token[0]
    if rows.column < 0:
        if text == b"(":
            return replace(rows, column=0, told="")
        return rows if text == b"," else None
    if text == b",":
        return replace(rows, column=rows.column + 1)
    if text == b")":
        return replace(rows, column=-1)
    if not text.startswith(b"'"):
        return rows
    is_whole = len(text) > 1 and text.endswith(b"'")
    start, stop = token.start() + 1, token.end() - is_whole
    inner = text[1 : stop - token.start()].decode("utf-8", "replace")
    if rows.here and hides(rows.here, inner) and not (is_whole and is_url(rows.here, inner)):
        found.append((start, stop))
    if rows.column == rows.key:
        rows = replace(rows, told=inner)
    return rows if is_whole else replace(rows, in_text=True)
