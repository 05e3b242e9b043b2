"""Text with tabs in columns, as Go's text/tabwriter aligns it, which kubectl prints everything with.

A tab ends a cell, and so does a vertical tab; a form feed ends a line and every column. A column is a run of
consecutive lines that have that cell; it is as wide as its widest cell. What follows the last tab of a line belongs to
no column.
https://pkg.go.dev/text/tabwriter
"""

from collections.abc import Iterator


def aligned(text: str, *, least: int, padding: int, growing: bool = False) -> str:
    """The text in columns.

    Args:
        text: its cells are ended by tabs, its lines by line feeds.
        least: width of a column at least, padding included.
        padding: blanks between a column's widest cell and the next column.
        growing: no column is narrower than those at its place above it.
    """
    columns = _Columns(least, padding, growing=growing)
    for block in text.replace("\v", "\t").split("\f"):
        for line in block.split("\n"):
            columns.add(line.split("\t"))
        columns.end(0)
    return "\n".join(columns.lines())


class _Columns:
    """Lines, each with the columns that its cells are in; a column is a list of one number, its width."""

    def __init__(self, least: int, padding: int, *, growing: bool) -> None:
        self._least, self._padding, self._growing = least, padding, growing
        self._lines: list[tuple[list[str], list[list[int]]]] = []
        self._open: list[list[int]] = []
        self._widest: list[int] = []

    def add(self, cells: list[str]) -> None:
        """Take on the next line."""
        count = len(cells) - 1
        self.end(count)
        self._open += [[self._least] for _ in range(count - len(self._open))]
        for cell, column in zip(cells, self._open, strict=False):
            column[0] = max(column[0], len(cell) + self._padding)
        self._lines.append((cells, self._open.copy()))

    def end(self, first: int) -> None:
        """End the columns from this one on."""
        if self._growing:
            self._widest += [0] * (len(self._open) - len(self._widest))
            for place in range(first, len(self._open)):
                width = max(self._open[place][0], self._widest[place])
                self._open[place][0] = self._widest[place] = width
        del self._open[first:]

    def lines(self) -> Iterator[str]:
        """The text of each line."""
        for cells, columns in self._lines:
            yield "".join(cell.ljust(width) for cell, (width,) in zip(cells, columns, strict=False)) + cells[-1]
