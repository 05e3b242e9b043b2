"""What items go through may be broken: a node whose kubelet is dead would cost every one of its logs a time-out."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from omg.engine.items import Item
from omg.errors import TimedOut, Unreachable

FAILURES_ALLOWED = 2
"""Failures in a row after which a route is out; one may be bad luck, and every further one costs a time limit."""

SIGNS_OF_A_BROKEN_ROUTE = (Unreachable, TimedOut)


@dataclass(slots=True)
class Route:
    """One thing that items go through, with the items that wait for its probe."""

    name: str
    failures: int = 0
    reason: str = ""
    given_up: bool = False
    probe_due: bool = False
    parked: list[Item] = field(default_factory=list)

    @property
    def is_out(self) -> bool:
        """Whether items should not be sent through it now."""
        return self.given_up or self.failures >= FAILURES_ALLOWED


class Routes:
    """The routes of one run. Decides only; the scheduler parks, probes and blocks."""

    def __init__(self) -> None:
        self._routes: dict[str, Route] = {}

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes.values())

    def of(self, item: Item) -> Route | None:
        """The route of an item, or None when it names none."""
        if item.via is None:
            return None
        return self._routes.setdefault(item.via, Route(item.via))

    def succeeded(self, item: Item) -> list[Item]:
        """Note that an item came through; returns the parked items that may go on."""
        route = self.of(item)
        if route is None:
            return []
        route.failures, route.given_up, route.probe_due = 0, False, False
        freed, route.parked = route.parked, []
        return freed

    def failed(self, item: Item, reason: str) -> bool:
        """Note a failure; True when it is the one that puts the route out and a probe should follow later."""
        route = self.of(item)
        if route is None:
            return False
        route.failures += 1
        route.reason = reason
        route.given_up = item.is_probe
        return route.failures == FAILURES_ALLOWED

    def blames(self, item: Item, error: BaseException) -> bool:
        """Tell whether an error of this item says that its route is broken: every other one came through it."""
        return item.via is not None and isinstance(error, SIGNS_OF_A_BROKEN_ROUTE)

    def admits(self, item: Item) -> bool:
        """Tell whether an item may be sent; the first one after the probe's time is the probe."""
        route = self.of(item)
        if route is None or not route.is_out or item.is_probe:
            return True
        if route.probe_due and not route.given_up:
            route.probe_due = False
            item.is_probe = True
            return True
        return False
