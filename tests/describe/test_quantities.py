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
        ("12E6", "12E6"),
        ("10E4", "100e3"),
        ("5e0", "5e0"),
        ("10.", "10."),
        ("1000.125", "1000.125"),
        ("1.50", "1500m"),
        ("+5", "+5"),
        ("1.001Ki", "1025024m"),
        ("0.0001Ki", "102400u"),
        ("16Ei", "9223372036854775807"),
        ("1e20", "100e18"),
        ("1e21", "1e21"),
        ("1000E", "1"),
        ("9" * 5000, "9" * 5000),
        ("1u", "1u"),
        ("0.1n", "1n"),
        ("-2", "-2"),
        ("191655226091", "191655226091"),
        ("3E", "3E"),
        ("nonsense", "0"),
    ],
)
def test_a_quantity_is_written_as_kubectl_writes_it(written: str, shown: str) -> None:
    assert str(quantity(written)) == shown


def test_a_sum_is_written_in_the_form_of_its_first_part_that_is_not_zero() -> None:
    assert str(quantity("1Gi") + quantity("1G")) == "2073741824"
    assert str(quantity("0") + quantity("1Gi")) == "1Gi"
    assert str(quantity("64Mi") + quantity("64Mi")) == "128Mi"


def test_whole_units_and_thousandths_are_rounded_up() -> None:
    assert quantity("1.0001").value == 2
    assert quantity("1500u").milli == 2


def test_what_does_not_fit_into_64_bits_is_what_it_is_to_kubectl() -> None:
    assert quantity("1E").value == 10**18
    assert quantity("1E").milli == 0
    assert quantity("2Ei").milli == 0
    assert quantity("3Ei").milli == -(2**63)
    assert (quantity("1Ti") + quantity("1500P")).milli == 5814829541154095104
    assert (quantity("9E") + quantity("9E")).value == 0


def test_an_exponent_that_nobody_should_calculate_is_not_calculated() -> None:
    assert str(quantity("1e999999999")) == "1e999999999"
    assert quantity("1e999999999").value == 0
    assert quantity("1e-999999999").value == 1
