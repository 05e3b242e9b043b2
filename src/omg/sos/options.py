"""Which options a node's sos is given: those that were asked for and that it knows. Pure.

What sos prints of itself, from 4.0 on: `--list-plugins` names each plugin at the beginning of a line below a title
that ends in a colon, and all profiles in a list that begins with `Profiles:`. `--list-profiles` has a line for each,
too, but newer ones leave no space behind a name of 15 letters or more: that list counts where the other is missing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PART = re.compile(r"^omg-sos about (\S+)$", re.MULTILINE)
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
_FIRST_WORD = re.compile(r"^ ?([A-Za-z0-9_]+)(?:\s|$)", re.MULTILINE)
_PROFILES = re.compile(r"^ ?Profiles:((?:.*\S.*\n?)+)", re.MULTILINE)
_ALIVE = re.compile(r"^omg-sos alive\n", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Known:
    """What a sos knows; an empty set means that it didn't say."""

    options: frozenset[str] = frozenset()
    plugins: frozenset[str] = frozenset()
    profiles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a report.

    Args:
        plugins: only these; empty: all that the profiles have, or all.
        profiles: only the plugins of these; empty: all.
        journal_size: MiB of the journal at most; None: all.
    """

    plugins: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    journal_size: int | None = None


def known_of(answer: str) -> Known:
    """What the script `asking` printed."""
    pieces = _PART.split(answer)
    parts = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    about_plugins = _ALIVE.sub("", parts.get("--list-plugins", ""))
    profiles = _PROFILES.search(about_plugins)
    return Known(
        options=frozenset(_OPTION.findall(parts.get("--help", ""))),
        plugins=frozenset(_FIRST_WORD.findall(_from(about_plugins, "plugins"))),
        profiles=frozenset(
            _NAME.findall(profiles[1])
            if profiles
            else _FIRST_WORD.findall(_from(_ALIVE.sub("", parts.get("--list-profiles", "")), "profiles"))
        ),
    )


def options_for(wanted: Wanted, known: Known) -> tuple[list[str], list[str]]:
    """The options of `sos report`, and what was dropped because this sos doesn't know it."""
    options = ["--batch"]
    dropped: list[str] = []
    for flag in ("--all-logs",):
        _either(flag, [flag], known, options, dropped)
    if wanted.journal_size is not None:
        _either("--journal-size", ["--journal-size", str(wanted.journal_size)], known, options, dropped)
    for what, flag, names, there in (
        ("profile", "--profiles", wanted.profiles, known.profiles),
        ("plugin", "--only-plugins", wanted.plugins, known.plugins),
    ):
        kept = [name for name in names if not there or name.partition(".")[0] in there]
        dropped += [f"the {what} {name}" for name in names if name not in kept]
        if kept:
            options += [flag, ",".join(kept)]
        elif names:
            dropped[-1] += f" (which leaves all {what}s)"
    return options, dropped


def dropped_sentence(dropped: Sequence[str]) -> str:
    """What was dropped, for the manifest; empty where nothing was."""
    return f"The sos there does not know {', '.join(dropped)}: left out." if dropped else ""


def _either(flag: str, words: list[str], known: Known, options: list[str], dropped: list[str]) -> None:
    if known.options and flag not in known.options:
        dropped.append(f"the option {flag}")
    else:
        options += words


def _from(text: str, what: str) -> str:
    """The lists of a text, without the sentences before the first and after the last."""
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if what in line and line.rstrip().endswith(":")]
    if not starts:
        return ""
    end = next((at for at, line in enumerate(lines) if "options are available" in line), len(lines))
    return "\n".join(line for line in lines[starts[0] : end] if not line.rstrip().endswith(":"))
