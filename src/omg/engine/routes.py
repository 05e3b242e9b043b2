"""What items go through may be broken: a node whose kubelet is dead would cost every one of its logs a time-out.

A route is open until two items in a row fail on it. Then it is suspected: its items are parked until it is time for the
probe, one of them is sent, and its fate decides theirs. Any item that comes through, in whatever state, opens it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from omg.engine.items import Item
from omg.errors import TimedOut, Unreachable

FAILURES_ALLOWED = 2
"""Failures in a row after which a route is suspected; one may be bad luck, and every further one costs a time limit."""

SIGNS_OF_A_BROKEN_ROUTE = (Unreachable, TimedOut)


class State(Enum):
    """Of a route. SUSPECTED ends by the timer that its beginning starts, PROBING by the end of the probe."""

    OPEN = auto()
    SUSPECTED = auto()
    DUE = auto()
    PROBING = auto()
    OUT = auto()


class Admission(Enum):
    """What becomes of an item whose turn it is."""

    GO = auto()
    PARK = auto()
    BLOCK = auto()


@dataclass(slots=True)
class Route:
    """One thing that items go through, with the items that wait for its probe."""

    name: str
    state: State = State.OPEN
    failures: int = 0
    reason: str = ""
    probe: Item | None = None
    parked: list[Item] = field(default_factory=list)

    def take_parked(self) -> list[Item]:
        """The parked items, which are the caller's from now on."""
        parked, self.parked = self.parked, []
        return parked


@dataclass(frozen=True, slots=True)
class Effect:
    """What the end of an item means for others.

    Args:
        freed: parked items that may go on.
        blocked: parked items whose route is out.
        suspected: the route is suspected from now on; call `due` when it is time for its probe.
    """

    freed: tuple[Item, ...] = ()
    blocked: tuple[Item, ...] = ()
    suspected: bool = False


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

    def admit(self, item: Item) -> Admission:
        """Decide about an item whose turn it is; the first one after the probe's time is the probe."""
        route = self.of(item)
        if route is None or route.state is State.OPEN:
            return Admission.GO
        if route.state is State.OUT:
            return Admission.BLOCK
        if route.state is State.DUE:
            route.state, route.probe = State.PROBING, item
            return Admission.GO
        return Admission.PARK

    def due(self, route: Route) -> list[Item]:
        """It is time for the probe: the parked items queue again, and the first whose turn comes is it."""
        if route.state is State.SUSPECTED:
            route.state = State.DUE
            return route.take_parked()
        return []

    def ended(self, item: Item, error: BaseException | None, reason: str = "") -> Effect:
        """Note the end of an item that was sent.

        Args:
            item: it was admitted before.
            error: None when it came through; an error that isn't a sign of a broken route came through it too.
            reason: the error in words for a person.
        """
        route = self.of(item)
        if route is None:
            return Effect()
        if not isinstance(error, SIGNS_OF_A_BROKEN_ROUTE):
            route.state, route.failures, route.probe = State.OPEN, 0, None
            return Effect(freed=tuple(route.take_parked()))
        route.reason = reason
        if route.state is State.PROBING and route.probe is item:
            route.state, route.probe = State.OUT, None
            return Effect(blocked=tuple(route.take_parked()))
        if route.state is not State.OPEN:
            return Effect()  # it was under way when the route became suspected: the probe decides
        route.failures += 1
        if route.failures < FAILURES_ALLOWED:
            return Effect()
        route.state = State.SUSPECTED
        return Effect(suspected=True)
