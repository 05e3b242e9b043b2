"""What is planted: one drawn value after another, in one form after another, until there are enough of them."""

import os
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tests.planting.forms import FORMS, Form
from tests.planting.open_misses import is_open
from tests.planting.values import Draw, pem_body

SEED_VARIABLE = "OMG_PLANTING_SEED"
"""Set it to a seed that a failure has named, to plant the same again."""


def seed_of_this_run() -> int:
    """A new one in each run, unless the environment names one."""
    named = os.environ.get(SEED_VARIABLE)
    return int(named) if named else int.from_bytes(os.urandom(4), "big")


MOST_DRAWS = 200
"""Draws after which a form has no kind of value that could be planted."""


@dataclass(frozen=True)
class Plant:
    """A secret and the text that it stands in.

    Attributes:
        value: what must be nowhere afterwards, in no notation.
        spelled: as it stands in the text.
        where: the place, the form and the kind of value, for a person who looks for the miss.
    """

    form: Form
    value: str
    where: str

    @property
    def text(self) -> str:
        return self.form.filled(self.value)

    @property
    def net(self) -> int:
        return self.form.net

    def needles(self) -> Iterator[bytes]:
        """What tells that it came through: the whole, either half, and for a key each of its full lines."""
        if "\n" in self.value:
            yield from (line.encode() for line in self.value.splitlines()[:-1])
            return
        half = len(self.value) // 2
        spelled = self.form.spelled(self.value)
        yield from (
            one.encode() for one in {self.value, spelled, self.value[:half], self.value[half:]} if len(one) >= 8
        )


class Planter:
    """Draws plants; each place gets the next forms of a shuffled round, so that every form comes to many places."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.plants: list[Plant] = []
        self._rounds: defaultdict[int, list[Form]] = defaultdict(list)

    def value(self, kinds: Sequence[Draw], where: str, form: Form) -> str:
        """One value of a kind, written down as planted."""
        for _ in range(MOST_DRAWS):
            draw = self.chance.choice(kinds)
            value = draw(self.chance)
            if not is_open(form, draw, value):
                break
        else:
            raise LookupError(f"masking hides nothing in the form {form.name}")
        self.plants.append(Plant(form, value, f"{where}: net {form.net}, {form.name}, {draw.__name__}"))
        return value

    def next(self, where: str, *, one_line: bool = False, net: int = 0) -> Plant:
        """The next plant for a place; one_line where the place takes no line feeds within, net 0 for any."""
        while True:
            if not self._rounds[net]:
                self._rounds[net] = [form for form in FORMS if net in {0, form.net}]
                self.chance.shuffle(self._rounds[net])
            form = self._rounds[net].pop()
            if one_line and (form.kinds == (pem_body,) or "\n" in form.text.rstrip("\n")):
                continue
            with suppress(LookupError):
                self.value(form.kinds, where, form)
                return self.plants[-1]

    def several(self, count: int, where: str, *, one_line: bool = False, net: int = 0) -> list[Plant]:
        """The next plants for a place."""
        return [self.next(where, one_line=one_line, net=net) for _ in range(count)]
