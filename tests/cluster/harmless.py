"""Texts without a secret in them, and which of their lines masking changes all the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from omg.masking import Masker

UNITS = (Path("/usr/lib/systemd/system"), Path("/etc/systemd/system"), Path("/usr/share/dbus-1/system-services"))
LOGS = (Path("/var/log/dpkg.log"), Path("/var/log/alternatives.log"), Path("/var/log/apt"))

LARGEST = 8_000_000
"""Bytes of one text that are looked at."""

KINDS = {
    "example": re.compile(rb"(?i)#.*(?:://[\w\[]*:?\w*:?pass|user=foo|://rabbitmq:password@)"),
    "default": re.compile(rb"(?i)^#\w*(?:password|passphrase) = (?:vmware|quobyte|insecure[\w-]*)$"),
    "option about secrets": re.compile(
        rb"^#\w*(?:token|secret|hash|hmac|connection|credential|key|password|passphrase|cookie)\w* = [\w,:/.-]+$"
    ),
    "option in a log": re.compile(
        rb"(?i)(?:token|secret|hash|connection|credential|auth|pass)[\w.]*\s+= .*log_opt_values"
    ),
    "route": re.compile(rb"resource routes to API credentials"),
    "path of code": re.compile(rb"^(?:use|paste\.\w+) = [\w.:]+$"),
    "credential of systemd": re.compile(rb"^(?:Load|Set|Import|Condition)\w*Credential\w*="),
    "package": re.compile(rb"(?:xauth|passwd|login|\w*auth\w*|\w*pass\w*|\w*secret\w*)[\w.+-]*:(?:amd64|arm64|all)"),
}
"""Each kind of change that there is, by the name that docs/masking.md has for it."""

_MARK = re.compile(rb"__hidden_[A-Z0-9]+__")


@dataclass
class Changes:
    """What became of texts: the lines that changed, with how often each kind is among them."""

    lines: int = 0
    changed: list[tuple[str, bytes, bytes]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return len(self.changed) / self.lines

    def told(self) -> str:
        """For an assertion's message."""
        unknown_first = sorted(self.changed, key=lambda one: kind_of(one[1]) != "")
        examples = [f"{name}: {before!r} -> {after!r}" for name, before, after in unknown_first[:20]]
        return "\n".join([f"{len(self.changed)} of {self.lines} lines", str(self.kinds.most_common(40)), *examples])


def changes(masker: Masker, texts: Iterable[tuple[str, bytes]]) -> Changes:
    """Mask each text and compare it line by line."""
    found = Changes()
    for name, text in texts:
        before = text.splitlines()
        after = masker.text(text).splitlines()
        assert len(after) == len(before), name
        found.lines += len(before)
        for old, new in zip(before, after, strict=True):
            if old != new:
                found.changed.append((name, old, new))
                found.kinds[kind_of(old)] += 1
    return found


def kind_of(line: bytes) -> str:
    """The name of the kind of a line that was changed; empty where it is none of them."""
    return next((name for name, pattern in KINDS.items() if pattern.search(line)), "")


def files(places: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Every file that can be read at these places, by name; links are left out."""
    for place in places:
        paths = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in paths:
            if path.is_file() and not path.is_symlink() and not path.name.endswith((".xz", ".gz")):
                yield str(path), path.read_bytes()[:LARGEST]
