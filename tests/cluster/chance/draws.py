"""What is drawn again and again: names, awkward texts, times, amounts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

Object = dict[str, Any]

T = TypeVar("T")

_WORDS = ("nova", "cinder-volume", "ovn", "a", "metadata", "x" * 30, "Zed", "keystone", "0")

_AWKWARD = (
    "",
    " ",
    "  two blanks before and after  ",
    "\ttab\tbetween\t",
    "line\nfeed",
    "\n\n",
    "ends with a line feed\n",
    "carriage\rreturn",
    "\x1b[31mred\x1b[0m",
    "vertical\vtab and form\ffeed",
    "\f",
    "bell\a, null\0, delete\x7f, separator\x1c, next line\x85",
    "no-break\u00a0blank\u2003wide",
    "\u2028line separator\u2029",
    "\u00e9t\u00e9 \u65e5\u672c\u8a9e \U0001f680 e\u0301 \u200bzero width",
    "\u65e5" * 90,
    "word " * 50,
    "%s %d %v %!",
    "<html>&amp;\"quoted\" 'single' \\back\\slash",
    "key: value # comment",
    "a=b,c=d:e",
    '{"json": ["1", 2, null]}',
    "<none>",
    "---",
    "Name:         another",
)

_BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_DECIMAL = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E", "e3", "E6", "e-3", "e0")

START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)


class Draw(random.Random):
    """Chance, and what it is asked for."""

    def flag(self, likely: float = 0.5) -> bool:
        return self.random() < likely

    def some(self, choices: Sequence[T], most: int | None = None) -> list[T]:
        """Any number of different ones, in any order."""
        limit = len(choices) if most is None else min(most, len(choices))
        return self.sample(list(choices), self.randint(0, limit))

    def fields(self, likely: float, **found: Callable[[], Any]) -> Object:
        """Each field is there or not."""
        return {name.rstrip("_"): make() for name, make in found.items() if self.flag(likely)}

    def word(self) -> str:
        return self.choice(_WORDS)

    def text(self) -> str:
        """One that is likely to be awkward."""
        if self.flag(0.3):
            return self.word()
        return "".join(self.choices(_AWKWARD, k=self.choice((1, 1, 1, 2, 3))))

    def line(self) -> str:
        """Printable text, as a validated field has it."""
        return self.choice(("plain", "with blanks in it", "x" * 200, "a/b", "\u65e5\u672c\u8a9e", "%v", "100%"))

    def label(self) -> str:
        """A DNS label."""
        return self.choice(("a", "nova-api", "b0", "long-" * 9 + "c", "x")) + f"-{self.randrange(10_000)}"

    def key(self) -> str:
        """A qualified name, as labels, annotations and taints have it."""
        prefix = self.choice(("", "", "example.com/", "a.b.c.example.org/", "kubernetes.io/"))
        return prefix + self.choice(("app", "Zone", "a_b", "x.y", "n" * 63, "k"))

    def value(self) -> str:
        """A label's value."""
        return self.choice(("", "a", "v1.2_3", "X" * 63, "true", "0"))

    def labels(self, most: int = 6) -> dict[str, str]:
        return {self.key(): self.value() for _ in range(self.randint(0, most))}

    def annotations(self, most: int = 6) -> dict[str, str]:
        keys = [self.key() for _ in range(self.randint(0, most))]
        if self.flag(0.2):
            keys.append("kubectl.kubernetes.io/last-applied-configuration")
        return {key: self.text() for key in keys}

    def time(self) -> str:
        moment = START + timedelta(seconds=self.randrange(-(10**7), 10**6))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def micro_time(self) -> str:
        return f"{self.time()[:-1]}.{self.randrange(10**6):06}Z"

    def quantity(self, *, whole: bool = False, zero: float = 0.1) -> str:
        """An amount in any form that the server takes."""
        if self.flag(zero):
            return self.choice(("0", "0Mi", "0.0", "0e3", "0m"))
        suffix = self.choice((*_BINARY, *_DECIMAL, "", "m", "Mi", "Gi"))
        if whole:
            return f"{self.choice((1, 2, 3, 10, 1000, 1024, 1536, 12345))}" + self.choice(
                ("", "", "k", "Ki", "M", "e1")
            )
        large = suffix in ("Pi", "Ei", "P", "E")
        number = self.choice((1, 2, 7)) if large else self.choice((1, 2, 5, 10, 250, 999, 1000, 1024, 1500, 65536))
        return f"{number}{self.choice(('', '', '.5', '.125', '.0', '.001', '.'))}{suffix}"

    def address(self, *, six: bool) -> str:
        return f"fd00::{self.randrange(1, 65536):x}" if six else f"10.{self.randrange(255)}.0.{self.randrange(1, 255)}"
