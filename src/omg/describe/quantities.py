"""Quantities of resources, added and printed as kubectl does: `1500m`, `2Gi`, `1k`.

From k8s.io/apimachinery/pkg/api/resource: a quantity that was read is printed as it is written, where that is nearly
its shortest form; a sum is written in the form of its first part that isn't zero. Numbers of 64 bits overflow as they
do there: a percentage of two exbibytes of processors is nonsense, but it is kubectl's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_SUFFIXES = {power: name for name, power in _DECIMAL.items()}
_BINARY_SUFFIXES = {power: name for name, power in _BINARY.items()}
_SHAPE = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*))?(?:([KMGTPE]i)|([numkMGTPE]?)|[eE]([+-]?\d{1,18}))")

LEAST_POWER = -9
"""What is smaller than a billionth is rounded up to it."""

FAR = 99
"""Powers of ten beyond this count as this: a manifest may say `1e1000000000`, which nobody should calculate."""

LONGEST = 4000
"""Characters; what is longer, which no server stops, is printed and counts as nothing."""

ONE_POWER = -LEAST_POWER
ONE = 10**ONE_POWER
"""A whole unit, in billionths."""

MOST = 2**63 - 1
"""The largest number of 64 bits."""

KNOWN_STEPS = (1, 2, 3, 6, 9)
"""Powers of ten by which kubectl multiplies at once, and lets 64 bits overflow; others it gives up on."""

MOST_DIGITS, MOST_BINARY_DIGITS = 18, 14
"""Digits that certainly fit into 64 bits; of a binary number less three for each power of 1024."""

BINARY, DECIMAL, EXPONENT = "binary", "decimal", "exponent"


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount, and the form in which it is written.

    Args:
        amount: in billionths.
        form: of its suffix.
        power: of ten, in units of which it is held in 64 bits; None where it doesn't fit.
        text: as it was read, where it is printed so.
    """

    amount: int = 0
    form: str = DECIMAL
    power: int | None = 0
    text: str = ""

    def __add__(self, other: Quantity) -> Quantity:
        form = self.form if self.amount else other.form
        return Quantity(self.amount + other.amount, form, _common_power(self, other))

    def __str__(self) -> str:
        if self.text:
            return self.text
        if not self.amount:
            return "0"
        if self.form == BINARY and abs(self.amount) >= 1024 * ONE and not self.amount % ONE:
            return _in_powers_of_1024(self.amount // ONE)
        return _in_powers_of_10(self.amount, exponent=self.form == EXPONENT)

    @property
    def value(self) -> int:
        """Whole units, rounded up."""
        return self._in(0)

    @property
    def milli(self) -> int:
        """Thousandths, rounded up."""
        return self._in(-3)

    def _in(self, power: int) -> int:
        """In 64 bits, in units of a power of ten: of what doesn't fit the lower bits, or nothing."""
        number = _divided(self.amount, 10 ** (power + ONE_POWER))
        if not _fits(number) and self.power is not None and self.power - power not in KNOWN_STEPS:
            return 0
        return (number + MOST + 1) % 2**64 - MOST - 1


ZERO = Quantity()

Resources = Mapping[str, Quantity]


@lru_cache(maxsize=4096)  # few are different, and equal ones share their memory
def quantity(text: object) -> Quantity:
    """What a manifest says; text that is no quantity counts as zero."""
    written = str(text).strip()
    found = _SHAPE.fullmatch(written)
    if found is None:
        return ZERO
    if len(written) > LONGEST:
        return Quantity(text=written)
    sign, whole, rest, binary, suffix, exponent = found.groups()
    digits = sign + (whole or "0") + (rest or "")
    if binary:
        return _binary(digits, len(rest or ""), _BINARY[binary], written)
    if exponent is None:
        return _decimal(digits, len(rest or ""), _DECIMAL[suffix], DECIMAL, written)
    return _decimal(digits, len(rest or ""), int(exponent), EXPONENT, written)


def quantities(texts: Mapping[str, object] | None) -> dict[str, Quantity]:
    """A resource list of a manifest."""
    return {name: quantity(text) for name, text in (texts or {}).items()}


def _binary(digits: str, places: int, power: int, written: str) -> Quantity:
    """A number of so many decimal places, times a power of 1024."""
    number = int(digits)
    if not places and len(digits.lstrip("+-")) + 3 * power <= MOST_BINARY_DIGITS:
        return Quantity(number * 1024**power * ONE, BINARY, 0, written if number % 8 else "")
    amount = _divided(number * 1024**power * ONE, 10**places)
    amount = max(min(amount, MOST * ONE), -MOST * ONE)
    return Quantity(amount, DECIMAL if 0 < abs(amount) < ONE else BINARY, None)


def _decimal(digits: str, places: int, exponent: int, form: str, written: str) -> Quantity:
    """A number of so many decimal places, times a power of ten."""
    power, plain = exponent - places, digits.lstrip("+-")
    near = max(-FAR, min(FAR, power)) + ONE_POWER
    amount = int(digits) * 10**near if near >= 0 else _divided(int(digits), 10**-near)
    if len(plain) > MOST_DIGITS or power < LEAST_POWER:
        return Quantity(amount, form, None)
    as_read = power % 3 == 0 and not plain.endswith("000") and not plain.startswith("0")
    return Quantity(amount, form, power, written if as_read or power > FAR else "")


def _divided(number: int, by: int) -> int:
    """The next whole number away from zero."""
    return -(-number // by) if number >= 0 else number // by


def _fits(number: int) -> bool:
    return -MOST - 1 <= number <= MOST


def _common_power(one: Quantity, other: Quantity) -> int | None:
    """The power of ten in units of which both and their sum fit into 64 bits."""
    if one.power is None or other.power is None:
        return None
    if not one.amount or not other.amount:
        return other.power if other.amount else one.power
    power = min(one.power, other.power)
    unit = 10 ** min(power + ONE_POWER, FAR)
    fit = all(_fits(part // unit) for part in (one.amount, other.amount, one.amount + other.amount))
    return power if fit else None


def _in_powers_of_1024(amount: int) -> str:
    power = 0
    while amount % 1024 == 0:
        amount //= 1024
        power += 1
    return f"{amount}{_BINARY_SUFFIXES.get(power, '')}"


def _in_powers_of_10(amount: int, *, exponent: bool) -> str:
    """The digits that aren't zero and a power that is a multiple of three, which is silent where it has no suffix."""
    power = LEAST_POWER
    while amount % 1000 == 0:
        amount //= 1000
        power += 3
    if not exponent:
        return f"{amount}{_SUFFIXES.get(power, '')}"
    return f"{amount}e{power}" if power else str(amount)
