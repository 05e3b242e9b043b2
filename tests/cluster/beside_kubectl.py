"""What omg prints beside what kubectl prints: ages apart, and how wide the columns are that they stand in."""

import re

AGE = re.compile(r"\b\d+[ydhms](?:\d+[dhms])?\b|<invalid>")
_SECTIONS_WITH_AGES = ("Events:", "Non-terminated Pods:")

Lines = list[str]


def descriptions(text: str) -> dict[str, str]:
    """The descriptions that kubectl has printed in a row, by name."""
    parts = re.split(r"(?:\A|\n\n\n)(?=Name: +\S+\n(?:Namespace|Roles): )", text)
    return {part.split("\n", 1)[0].split()[1]: part.rstrip("\n") + "\n" for part in parts if part}


def differences(ours: dict[str, str], theirs: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The first lines in which descriptions differ, by name; those of the same names are compared."""
    assert ours.keys() == theirs.keys()
    plain = {name: (described(text), described(theirs[name])) for name, text in ours.items()}
    return {name: first_difference(*pair) for name, pair in plain.items() if pair[0] != pair[1]}


def described(text: str) -> Lines:
    """The lines of a description; where there are ages, how wide a column is depends on them."""
    lines, loose = [], False
    for line in AGE.sub("AGE", text).rstrip("\n").split("\n"):
        if not line.startswith(" "):
            loose = line.startswith(_SECTIONS_WITH_AGES)
        lines.append(re.sub(r"(?<=\S) {2,}", "  ", line) if loose else line)
    return lines


def tabled(text: str) -> Lines:
    """The lines of tables, of which nearly all have ages."""
    return [re.sub(r" {2,}", "  ", line) for line in AGE.sub("AGE", text).split("\n")]


def first_difference(ours: Lines, theirs: Lines) -> tuple[str, str]:
    """The first lines that differ."""
    longest = max(len(ours), len(theirs))
    pairs = zip(ours + [""] * (longest - len(ours)), theirs + [""] * (longest - len(theirs)), strict=True)
    return next((one, other) for one, other in pairs if one != other)
