"""When a request is sent again, and after how long: pure but for the sleep it is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TypeVar

from omg.errors import OmgError

T = TypeVar("T")

ATTEMPTS = 5
"""Of one request, the first included. At a fault rate of 20 % three requests of ten thousand outlive them."""

ATTEMPTS_WHEN_ASKED = 10
"""Where the server says how long to wait: it is there, and busy; as many as client-go makes then."""

FIRST_WAIT = 0.2
GROWTH = 3.0
LONGEST_WAIT = 5.0
"""Seconds. The upper bounds of the waits are 0.2, 0.6, 1.8 and 5; each is drawn from zero to its bound (full jitter),
so that clients that were refused together don't come back together."""


_FOREVER = 366 * 86400.0


class MayPass(Exception):
    """An attempt failed for a reason that may pass.

    Args:
        error: what to raise when there is no further attempt.
        wait: seconds that the server asked to wait; None: it didn't say.
    """

    def __init__(self, error: OmgError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Patience:
    """The time and the chance that retries stand on; tests bring their own.

    Args:
        clock: seconds, steady.
        sleep: waits so many seconds.
        jitter: a number from 0 to 1.
    """

    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[object]]
    jitter: Callable[[], float]

    async def persevere(self, attempt: Callable[[], Awaitable[T]], *, within: float) -> T:
        """Call `attempt` until it returns, at most ATTEMPTS times; more often where the server asks to wait.

        Args:
            attempt: raises MayPass when it should be called again.
            within: seconds for everything; a wait that doesn't fit isn't begun.

        Raises:
            OmgError: what the last MayPass carried.
        """
        began = self.clock()
        for number in count(1):
            try:
                return await attempt()
            except MayPass as failure:
                left = within - (self.clock() - began)
                wait = backoff(number, self.jitter()) if failure.wait is None else failure.wait
                if failure.wait is not None and wait >= left:
                    asked = f"{wait:,.0f} s" if wait < _FOREVER else "for ever"
                    reason = f"{str(failure.error).rstrip('.')}; it asks to wait {asked}, which is too long."
                    raise type(failure.error)(reason) from failure
                if number >= (ATTEMPTS_WHEN_ASKED if failure.wait else ATTEMPTS) or wait >= left:
                    raise failure.error from failure
            await self.sleep(wait)
        raise AssertionError("unreachable")  # pragma: no cover - the loop returns or raises


def backoff(failures: int, chance: float) -> float:
    """Seconds to wait after so many failures, `chance` being from 0 to 1."""
    return min(LONGEST_WAIT, FIRST_WAIT * GROWTH ** (failures - 1)) * chance


def wait_asked(retry_after: str | None, now: datetime | None = None) -> float | None:
    """What a Retry-After header says, in seconds; None without one that can be read.

    RFC 9110, section 10.2.3: seconds, or a date.
    """
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - (now or datetime.now(UTC))).total_seconds())
