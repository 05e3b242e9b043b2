"""Quantities of resources, added and printed as the API server writes them: `1500m`, `2Gi`, `1k`.

From k8s.io/apimachinery/pkg/api/resource: a sum is written in the form of its first part that isn't zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil

_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIXES = {power: name for name, power in _DECIMAL.items()}
_BINARY_SUFFIXES = {power: name for name, power in _BINARY.items()} | {0: ""}
_SHAPE = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d+))")

_LEAST = Fraction(1, 10**9)
"""What is smaller than a billionth is rounded up to it."""

BINARY, DECIMAL, EXPONENT = "binary", "decimal", "exponent"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount, and the form in which it is written."""

    amount: Fraction = Fraction(0)
    form: str = DECIMAL

    def __add__(self, other: Quantity) -> Quantity:
        return Quantity(self.amount + other.amount, self.form if self.amount else other.form)

    def __str__(self) -> str:
        if not self.amount:
            return "0"
        if self.form == BINARY and abs(self.amount) >= 1024:
            return _in_powers_of_1024(_up(self.amount))
        return _in_powers_of_10(self.amount, exponent=self.form == EXPONENT)

    @property
    def value(self) -> int:
        """Whole units, rounded up."""
        return _up(self.amount)

    @property
    def milli(self) -> int:
        """Thousandths, rounded up."""
        return _up(self.amount * 1000)


ZERO = Quantity()

Resources = Mapping[str, Quantity]


@lru_cache(maxsize=4096)  # few are different, and equal ones share their memory
def quantity(text: object) -> Quantity:
    """What a manifest says; text that is no quantity counts as zero."""
    found = _SHAPE.fullmatch(str(text).strip())
    if found is None:
        return ZERO
    number, binary, decimal, exponent = found.groups()
    if binary:
        amount, form = Fraction(number) * 1024 ** _BINARY[binary], BINARY
    elif exponent is not None:
        amount, form = Fraction(number) * Fraction(10) ** int(exponent), EXPONENT
    else:
        amount, form = Fraction(number) * Fraction(10) ** _DECIMAL[decimal], DECIMAL
    return Quantity(_LEAST * _up(amount / _LEAST), form)


def quantities(texts: Mapping[str, object] | None) -> dict[str, Quantity]:
    """A resource list of a manifest."""
    return {name: quantity(text) for name, text in (texts or {}).items()}


def _up(amount: Fraction) -> int:
    """The next whole number away from zero."""
    return ceil(amount) if amount >= 0 else -ceil(-amount)


def _in_powers_of_1024(amount: int) -> str:
    power = 0
    while power < max(_BINARY_SUFFIXES) and amount % 1024 == 0:
        amount //= 1024
        power += 1
    return f"{amount}{_BINARY_SUFFIXES[power]}"


def _in_powers_of_10(amount: Fraction, *, exponent: bool) -> str:
    """The digits that aren't zero, and a power that is a multiple of three."""
    scaled, power = _up(amount / _LEAST), -9
    while power < max(_SUFFIXES) and scaled % 1000 == 0:
        scaled //= 1000
        power += 3
    if not exponent:
        return f"{scaled}{_SUFFIXES[power]}"
    return f"{scaled}e{power}" if power else str(scaled)
