"""Columns as Go's text/tabwriter makes them; the expected texts are what Go printed."""

from hypothesis import given
from hypothesis import strategies as st

from omg.printing.tabwriter import aligned


def test_a_column_is_as_wide_as_its_widest_cell_and_the_padding() -> None:
    assert aligned("NAME\tAGE\na\t1d\nlonger-name\t2d\n", least=6, padding=3) == (
        "NAME          AGE\na             1d\nlonger-name   2d\n"
    )


def test_a_column_has_a_least_width() -> None:
    assert aligned("A\tB\tC\n1\t2\t3\n", least=6, padding=3) == "A     B     C\n1     2     3\n"


def test_a_line_without_the_cell_ends_the_column() -> None:
    assert aligned("long cell\tx\nno cell\ns\ty\n", least=0, padding=2) == "long cell  x\nno cell\ns  y\n"


def test_a_line_with_fewer_cells_ends_only_the_columns_it_lacks() -> None:
    assert aligned("a\tbbbb\tc\na\tb\naaa\tb\tc\n", least=0, padding=1) == "a   bbbb c\na   b\naaa b c\n"


def test_blanks_at_the_end_of_the_last_cell_stay() -> None:
    assert aligned("a\tb  \n", least=0, padding=1) == "a b  \n"


def test_a_wide_character_counts_as_one() -> None:
    assert aligned("ü€\tx\nab\ty\n", least=0, padding=1) == "ü€ x\nab y\n"


def test_a_vertical_tab_ends_a_cell_and_a_form_feed_a_line_and_all_columns() -> None:
    assert aligned("a\vb\nlonger\tb\fc\td\n", least=0, padding=2) == "a       b\nlonger  b\nc  d\n"


def test_growing_columns_are_no_narrower_than_those_above() -> None:
    text = "longer\tx\nno cell\nb\ty\n"
    assert aligned(text, least=0, padding=1, growing=True) == "longer x\nno cell\nb      y\n"


def test_thousands_of_cells_in_a_line_are_aligned() -> None:
    assert aligned("a\t" * 5000 + "\n" + "bb\t" * 5000, least=0, padding=1) == "a  " * 5000 + "\n" + "bb " * 5000


CELLS = st.text(st.characters(exclude_characters="\t\n\v\f"), max_size=8)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=12))
def test_every_cell_is_there_and_in_its_place(rows: list[list[str]]) -> None:
    text = "\n".join("\t".join(row) for row in rows)
    lines = aligned(text, least=4, padding=1).split("\n")
    assert len(lines) == max(len(rows), 1)
    for row, line in zip(rows, lines, strict=False):
        place = 0
        for cell in row:
            found = line.find(cell, place)
            assert found >= 0
            place = found + len(cell)
