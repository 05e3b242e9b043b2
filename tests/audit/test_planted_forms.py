"""What the audit finds where nothing was masked: nearly every planted secret, in every form that is planted."""

import random
from collections import Counter

import pytest

from omg.audit.search import TextSearch
from omg.audit.values import LearnedValues
from tests.planting.drawing import seed_of_this_run
from tests.planting.forms import FORMS, Form
from tests.planting.values import Draw, passphrase, with_quotes, with_signs

SEED = seed_of_this_run()

WORDS = frozenset({passphrase, with_quotes, with_signs})
"""Kinds that the audit may take for words or lose at a sign, where nothing quotes them."""

DRAWN = 0.02
"""The share of values drawn by a machine that may be missed: those that begin like an option or a reference."""

OTHERS = 0.30
"""The share of the others, under a key alone."""


def is_found(form: Form, value: str) -> bool:
    found: list[tuple[int, str]] = []
    values = [value.encode()] if form.net == 3 else []
    search = TextSearch(LearnedValues(values), lambda line, kind: found.append((line, kind)))
    search.feed(b"first: line\n" + form.filled(value).encode())
    search.finish()
    assert all(value not in kind for _line, kind in found)
    return bool(found)


def missed(nets: set[int], *, words: bool) -> tuple[int, Counter[str]]:
    chance = random.Random(SEED)
    count, lost = 0, Counter[str]()
    for form in FORMS:
        for draw in form.kinds:
            if form.net in nets and (draw in WORDS) is words:
                drawn: list[Draw] = [draw] * 4
                count += len(drawn)
                lost[form.name] += sum(not is_found(form, one(chance)) for one in drawn)
    return count, lost


@pytest.mark.parametrize(
    ("nets", "words", "share"),
    [({1, 2}, False, DRAWN), ({1}, True, DRAWN), ({2}, True, OTHERS), ({3}, False, 0.0), ({3}, True, 0.0)],
)
def test_what_was_not_masked_is_found(nets: set[int], words: bool, share: float) -> None:
    count, lost = missed(nets, words=words)
    assert count > 40
    assert lost.total() <= count * share, (SEED, count, lost.most_common(8))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_form_is_found_with_some_value(form: Form) -> None:
    chance = random.Random(SEED)
    assert any(is_found(form, draw(chance)) for draw in form.kinds for _ in range(4)) or form.kinds == (passphrase,)
