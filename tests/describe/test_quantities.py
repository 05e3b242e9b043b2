"""Quantities as Kubernetes writes them."""

import pytest

from omg.describe.quantities import quantity


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1", "1"),
        ("0", "0"),
        ("0Mi", "0"),
        ("1500m", "1500m"),
        ("1.5", "1500m"),
        ("2000m", "2"),
        ("1000", "1k"),
        ("100", "100"),
        ("1024Mi", "1Gi"),
        ("1536Mi", "1536Mi"),
        ("31.5Gi", "32256Mi"),
        ("0.5Gi", "512Mi"),
        ("512Ki", "512Ki"),
        ("1000Ki", "1000Ki"),
        ("0.5Ki", "512"),
        ("1e3", "1e3"),
        ("12E6", "12e6"),
        ("5e0", "5"),
        ("1u", "1u"),
        ("0.1n", "1n"),
        ("-2", "-2"),
        ("191655226091", "191655226091"),
        ("3E", "3E"),
        ("nonsense", "0"),
    ],
)
def test_a_quantity_is_written_in_its_shortest_exact_form(written: str, shown: str) -> None:
    assert str(quantity(written)) == shown


def test_a_sum_is_written_in_the_form_of_its_first_part_that_is_not_zero() -> None:
    assert str(quantity("1Gi") + quantity("1G")) == "2073741824"
    assert str(quantity("0") + quantity("1Gi")) == "1Gi"
    assert str(quantity("64Mi") + quantity("64Mi")) == "128Mi"


def test_whole_units_and_thousandths_are_rounded_up() -> None:
    assert quantity("1.0001").value == 2
    assert quantity("1500u").milli == 2
