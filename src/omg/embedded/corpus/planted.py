"""The secrets that were put into the corpus, written down so that a test can look for every one of them.

``where`` begins with the place, as ``Kind namespace/name`` or ``log namespace/pod/container`` or ``exec command``.
"""

from __future__ import annotations

import base64
from urllib.parse import quote

from omg.embedded.corpus.model import Planted

# What a value must have at least: shorter ones turn up by chance, and nobody could mask them.
SHORTEST = 8


class Plants:
    """A growing list in which each value is named once for each place."""

    def __init__(self) -> None:
        self._found: dict[tuple[bytes, str], Planted] = {}

    def plant(self, value: str, net: str, where: str) -> str:
        """Write a value down, and give it back to be put there."""
        raw = value.encode()
        if len(raw) >= SHORTEST:
            self._found.setdefault((raw, where), Planted(raw, net, where))
        return value

    def encoded(self, value: str, net: str, where: str) -> str:
        """The value in base64, written down in that form."""
        return self.plant(base64.b64encode(value.encode()).decode(), net, f"{where} (base64)")

    def quoted(self, value: str, net: str, where: str) -> str:
        """The value as it stands in a URL, written down in that form."""
        return self.plant(quote(value, safe=""), net, f"{where} (quoted)")

    def found(self) -> list[Planted]:
        """Everything that was planted, in the order of planting."""
        return list(self._found.values())
