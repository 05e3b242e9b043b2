"""Nets 1 and 2 on one line of text: all rules, behind one sieve. Pure: spans in the line."""

from collections.abc import Iterator, Sequence

from omg.masking import below, hexed, pairs, runs, shapes, statements
from omg.masking.rule import Rule, Span, joined
from omg.masking.sieve import Sieve


def _runs(line: str, _known: list[Span]) -> Iterator[Span]:
    return runs.spans(line, _holds_secrets)


RULES = (*shapes.RULES, Rule("", _runs), *statements.RULES, *pairs.RULES)
"""In the order in which they are asked: those of names come last, and begin nowhere in what is hidden by the others."""

RUNS = len(shapes.RULES)
"""The number of the rule for runs of base64, which are found without the sieve's expressions."""

OPENS = len(RULES)
"""The number of the sieve's look for what a value in the lines below may follow."""

FRAMES = OPENS + 1
"""The number of its look for the beginning of a private key."""

HEXED = OPENS + 2
"""The number of its look for texts in hexadecimal digits."""

SIEVE = Sieve(
    [*(rule.looks for rule in RULES), below.LOOKS, "-----begin [a-z0-9 ]*private key", hexed.LOOKS],
    apart=RUNS,
    places=runs.places,
)


def spans(line: str, numbers: Sequence[int], nets: frozenset[int]) -> list[Span]:
    """The secret parts of a line that nets 1 and 2 catch, in order, not overlapping.

    Args:
        line: without its end.
        numbers: what the sieve says of it.
        nets: those that are on.
    """
    found: list[Span] = []
    for number in numbers:
        if number < OPENS and (rule := RULES[number]).net in nets:
            found += rule.find(line, found)
    return joined(one for one in found if _is_fresh(line, one))


def _is_fresh(line: str, span: Span) -> bool:
    """Whether a part holds anything, and nothing that is hidden already: that stands as it is."""
    start, end = span
    return start < end and "__hidden_" not in line[start:end]


def _holds_secrets(text: str) -> bool:
    nets = frozenset({1, 2})
    lines = text.splitlines()
    return any(spans(line, SIEVE.which(line.encode("utf-8", "surrogateescape")), nets) for line in lines)
