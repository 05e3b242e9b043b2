"""The corpus while it is being made: what every part of it adds to."""

from __future__ import annotations

from typing import Any

from omg.embedded.corpus.draws import Draw
from omg.embedded.corpus.model import ExecAnswer, LogSource
from omg.embedded.corpus.planted import Plants

Object = dict[str, Any]
# namespace, pod, container, whether the previous one
LogKey = tuple[str, str, str, bool]


class World:
    """Objects, logs, answers and planted secrets so far, and the cluster's passwords by name."""

    def __init__(self, scale: int, seed: int) -> None:
        self.scale = scale
        self.seed = seed
        self.objects: list[Object] = []
        self.logs: dict[LogKey, LogSource] = {}
        self.execs: list[ExecAnswer] = []
        self.plants = Plants()
        self._passwords: dict[str, str] = {}

    def draw(self, *key: object) -> Draw:
        """Draws for one purpose."""
        return Draw(self.seed, *key)

    def password(self, name: str) -> str:
        """The password of this name: the same wherever it is used."""
        if name not in self._passwords:
            self._passwords[name] = self.draw("password", name).password()
        return self._passwords[name]

    def add(self, *objects: Object) -> None:
        """Add objects, in an order in which a server can take them."""
        self.objects.extend(objects)

    def of_kind(self, kind: str) -> list[Object]:
        """The objects of a kind so far."""
        return [one for one in self.objects if one["kind"] == kind]
