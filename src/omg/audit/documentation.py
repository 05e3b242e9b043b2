"""Which lines of a dump are MariaDB's own documentation: its tables of help are full of example passwords. Pure."""

import re

_TABLE = b"help_"
_OPENS = re.compile(rb"(?i)(?:\A|\n)(?:(?:insert(?: ignore)?|replace) into|update) `?(?:mysql`?\.`?)?\Z")
_TABLES = re.compile(rb"help_(?:topic|keyword|category|relation)\b[^\n]*\n?")
_LONGEST_OPENING = 40
"""Bytes before a table's name in its statement."""

_REST = re.compile(rb"[^\n]*\n?")
_ROWS = re.compile(rb"(?:\([^\n]*\n?)*")
"""mariadb-dump writes a row a line; mysqldump writes all behind the statement's begin."""


class Documentation:
    """Follows the statements that fill the tables of help, part of a text by part."""

    def __init__(self) -> None:
        self._is_open = False
        self._spans: list[tuple[int, int]] = []

    def read(self, data: bytes, begin: int, cut: int) -> None:
        """The next part.

        Args:
            data: the text, with what is before the part.
            begin: of the part.
            cut: its end.
        """
        self._spans = []
        at = begin
        if self._is_open:
            is_amid = data[begin - 1 : begin] != b"\n"
            at = self._take(data, begin, _end(_REST, data, begin, cut) if is_amid else begin, cut)
        while (at := data.find(_TABLE, at, cut)) >= 0:
            before = data[max(at - _LONGEST_OPENING, 0) : at]
            is_whole = at <= _LONGEST_OPENING or b"\n" in before
            if is_whole and _OPENS.search(before) and (table := _TABLES.match(data, at, cut)):
                at = self._take(data, at, table.end(), cut)
            else:
                at += len(_TABLE)
        self._is_open = bool(self._spans) and self._spans[-1][1] == cut

    def _take(self, data: bytes, begin: int, end: int, cut: int) -> int:
        if end == cut or data[end - 1 : end] == b"\n":
            end = _end(_ROWS, data, end, cut)
        if end > begin:
            line = data.rfind(b"\n", max(begin - _LONGEST_OPENING, 0), begin) + 1
            self._spans.append((line, end))
        return end

    def holds(self, at: int) -> bool:
        """Whether a place of the part is in such a statement."""
        return any(begin <= at < end for begin, end in self._spans)


def _end(pattern: re.Pattern[bytes], data: bytes, begin: int, cut: int) -> int:
    found = pattern.match(data, begin, cut)
    return found.end() if found else begin
