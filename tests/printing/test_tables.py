"""Rows as kubectl prints them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from omg.printing.tables import Printed, cell_text, printed


@dataclass(frozen=True)
class Heading:
    name: str
    type: str = "string"
    format: str = ""
    priority: int = 0


NAME, READY, NODE, AGE = Heading("Name", format="name"), Heading("Ready"), Heading("Node", priority=1), Heading("Age")


def table(kind: str, rows: Sequence[Sequence[Any]]) -> Printed:
    made = Printed(kind)
    made.add((NAME, READY, NODE, AGE), rows)
    return made


def test_one_kind_is_printed_with_its_heading_and_without_wide_columns() -> None:
    pods = table("pod", [["nova-api-0", "1/1", "worker-1", "3d"], ["a", "0/1", "worker-2", "5m"]])
    assert printed([pods]) == "NAME         READY   AGE\nnova-api-0   1/1     3d\na            0/1     5m\n"


def test_several_kinds_are_named_and_parted_by_an_empty_line() -> None:
    tables = [table("pod", [["a", "1/1", "n", "3d"]]), table("service", []), table("job.batch", [["b", "0/1", "n", 1]])]
    assert printed(tables) == (
        "NAME    READY   AGE\npod/a   1/1     3d\n\nNAME          READY   AGE\njob.batch/b   0/1     1\n"
    )


def test_kinds_without_rows_still_count_as_several() -> None:
    assert printed([table("pod", [["a", "1/1", "n", "3d"]]), table("service", [])]).startswith("NAME    READY")
    assert "pod/a" in printed([table("pod", [["a", "1/1", "n", "3d"]]), table("service", [])])


def test_no_rows_at_all_print_nothing() -> None:
    assert printed([table("pod", []), table("service", [])]) == ""


def test_rows_of_a_second_page_come_under_the_first_heading() -> None:
    pods = table("pod", [["a", "1/1", "n", "3d"]])
    pods.add((), [])
    pods.add((NAME, READY, NODE, AGE), [["b", "1/1", "n", "4d"]])
    assert printed([pods]).count("NAME") == 1


def test_a_row_with_fewer_cells_than_columns_is_printed_as_far_as_it_goes() -> None:
    assert printed([table("pod", [["a", "1/1"]])]) == "NAME   READY   AGE\na      1/1\n"


@dataclass(frozen=True)
class Kind:
    kind: str
    group: str


@pytest.mark.parametrize(("kind", "group", "expected"), [("Pod", "", "pod"), ("Deployment", "apps", "deployment.apps")])
def test_a_kind_is_named_with_its_group(kind: str, group: str, expected: str) -> None:
    assert Printed.of(Kind(kind, group)).kind == expected


def test_rows_are_sorted_by_their_keys_and_stay_in_order_where_those_are_equal() -> None:
    events = table("event", [["a", "", "", ""], ["b", "", "", ""], ["c", "", "", ""], ["d", "", "", ""]])
    assert [row[0] for row in events.sorted_by([2, 1, 2, 0]).rows] == ["d", "b", "a", "c"]
    assert [row[0] for row in events.rows] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        ("first\nsecond", "first..."),
        ("\r\n", "..."),
        ("form\ffeed", "form..."),
        ("red \x1b[31m", "red ^[[31m"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (1.5, "1.5"),
        (2.0, "2"),
        (0.0, "0"),
        (123456.0, "123456"),
        (1234567.0, "1.234567e+06"),
        (1e21, "1e+21"),
        (-0.00001, "-1e-05"),
        (["a", 1], "[a 1]"),
        ({"b": 1, "a": None}, "map[a:<nil> b:1]"),
    ],
)
def test_a_cell_is_shown_as_kubectl_shows_it(cell: Any, expected: str) -> None:
    assert cell_text(cell) == expected


def test_an_integer_of_more_than_64_bits_is_a_floating_point_number() -> None:
    assert [cell_text(number) for number in (2**63 - 1, -(2**63), 2**63, 10**21)] == [
        "9223372036854775807",
        "-9223372036854775808",
        "9.223372036854776e+18",
        "1e+21",
    ]


def test_a_letter_whose_capital_would_be_two_stays_small_in_a_heading() -> None:
    made = Printed("kind")
    made.add((Heading("straße"),), [["a"]])
    assert made.heading == "STRAßE"
