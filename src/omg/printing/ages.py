"""Times as kubectl's tables print them: how long ago, in at most two units.

From HumanDuration in k8s.io/apimachinery/pkg/util/duration.
"""

from __future__ import annotations

from datetime import datetime

UNKNOWN = "<unknown>"
YEARS_OF_WHOLE_WEEKS = 400
LONGEST = 2**63 / 10**9
"""Seconds of the longest duration that Go knows, in nanoseconds of 64 bits."""
MINUTE, HOUR, DAY = 60, 3600, 86400
YEAR = 365 * DAY
# Below the first number of seconds: whole units of the second, then, unless it is nothing, a rest in the third's.
STEPS = (
    (2 * MINUTE, 1, 0),
    (10 * MINUTE, MINUTE, 1),
    (3 * HOUR, MINUTE, 0),
    (8 * HOUR, HOUR, MINUTE),
    (48 * HOUR, HOUR, 0),
    (8 * DAY, DAY, HOUR),
    (2 * YEAR, DAY, 0),
    (8 * YEAR, YEAR, DAY),
)
LETTERS = {1: "s", MINUTE: "m", HOUR: "h", DAY: "d", YEAR: "y"}


def human_duration(seconds: float) -> str:
    """``95s``, ``5m30s``, ``3h``, ``2d19h``, ``3y40d``; two clocks may differ by less than two seconds."""
    whole = int(min(seconds, LONGEST))
    if whole < 0:
        return "<invalid>" if whole < -1 else "0s"
    unit, rest = next(((unit, rest) for below, unit, rest in STEPS if whole < below), (YEAR, 0))
    left = whole % unit // rest if rest else 0
    return f"{whole // unit}{LETTERS[unit]}" + (f"{left}{LETTERS[rest]}" if left else "")


def since(time: str | None, now: datetime) -> str:
    """How long ago an RFC 3339 time was; ``<unknown>`` for none."""
    if not time:
        return UNKNOWN
    moment, year = moment_and_year(time)
    return human_duration((now - moment).total_seconds() + (moment.year - year) * YEAR)


def moment_and_year(time: str) -> tuple[datetime, int]:
    """An RFC 3339 time, and its year: that of year 0, which Go knows and Python doesn't, is moved on by whole weeks."""
    if time.startswith("0000"):
        return datetime.fromisoformat(f"{YEARS_OF_WHOLE_WEEKS:04}{time[4:]}"), 0
    moment = datetime.fromisoformat(time)
    return moment, moment.year
