"""Text with tabs in columns, as Go's text/tabwriter aligns it, which kubectl prints everything with.

A tab ends a cell. A column is a run of consecutive lines that have that cell; it is as wide as its widest cell. What
follows the last tab of a line belongs to no column. https://pkg.go.dev/text/tabwriter
"""

from collections.abc import Iterator, Sequence

Cells = Sequence[str]


def aligned(text: str, *, least: int, padding: int) -> str:
    """The text in columns.

    Args:
        text: its cells are ended by tabs, its lines by line feeds.
        least: width of a column at least, padding included.
        padding: blanks between a column's widest cell and the next column.
    """
    lines = [line.split("\t") for line in text.split("\n")]
    return "\n".join(_block(lines, (), least, padding))


def _block(lines: Sequence[Cells], widths: tuple[int, ...], least: int, padding: int) -> Iterator[str]:
    """Lines whose first columns are `widths` wide."""
    column = len(widths)
    start = 0
    while start < len(lines):
        end = _run_end(lines, start, column)
        if end == start:
            yield _line(lines[start], widths)
            start += 1
        else:
            run = lines[start:end]
            width = max(least, padding + max(len(line[column]) for line in run))
            yield from _block(run, (*widths, width), least, padding)
            start = end


def _run_end(lines: Sequence[Cells], start: int, column: int) -> int:
    """Where the lines end that have a cell in the column, which isn't their last."""
    end = start
    while end < len(lines) and column < len(lines[end]) - 1:
        end += 1
    return end


def _line(cells: Cells, widths: Sequence[int]) -> str:
    """One line; its last cell is in no column."""
    *columns, last = cells
    return "".join(cell.ljust(width) for cell, width in zip(columns, widths, strict=True)) + last
