from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omg.cluster.retries import ATTEMPTS, ATTEMPTS_WHEN_ASKED, LONGEST_WAIT, MayPass, Patience, backoff, wait_asked
from omg.errors import TimedOut, Unreachable
from tests.cluster_door.serving import Time

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Flaky:
    """Fails so many times, then returns how often it was called."""

    def __init__(self, failures: int, wait: float | None = None) -> None:
        self.failures, self.wait, self.calls = failures, wait, 0

    async def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise MayPass(Unreachable(f"failure {self.calls}."), self.wait)
        return self.calls


def patience(time: Time) -> Patience:
    return Patience(time.clock, time.sleep, time.jitter)


async def test_what_passes_after_four_failures_is_had_at_the_fifth_attempt() -> None:
    time = Time()
    assert await patience(time).persevere(Flaky(4), within=60) == 5
    assert time.slept == pytest.approx([0.2, 0.6, 1.8, 5.0])


async def test_there_is_no_sixth_attempt() -> None:
    flaky = Flaky(9)
    with pytest.raises(Unreachable, match="failure 5"):
        await patience(Time()).persevere(flaky, within=60)
    assert flaky.calls == ATTEMPTS


async def test_a_wait_that_does_not_fit_is_not_begun() -> None:
    time = Time()
    with pytest.raises(Unreachable, match="failure 2"):
        await patience(time).persevere(Flaky(9), within=0.7)
    assert time.slept == [0.2]


async def test_the_server_decides_how_long_to_wait() -> None:
    time = Time()
    assert await patience(time).persevere(Flaky(2, wait=7.0), within=60) == 3
    assert time.slept == [7.0, 7.0]


async def test_a_server_that_asks_to_wait_is_asked_more_often() -> None:
    time = Time()
    assert await patience(time).persevere(Flaky(9, wait=1.0), within=60) == 10
    assert time.slept == [1.0] * 9
    flaky = Flaky(99, wait=1.0)
    with pytest.raises(Unreachable, match="failure 10"):
        await patience(Time()).persevere(flaky, within=60)
    assert flaky.calls == ATTEMPTS_WHEN_ASKED


async def test_a_server_that_asks_not_to_wait_is_asked_as_often_as_others() -> None:
    flaky = Flaky(99, wait=0.0)
    with pytest.raises(Unreachable, match="failure 5"):
        await patience(Time()).persevere(flaky, within=60)


async def test_a_wait_of_centuries_is_for_ever() -> None:
    with pytest.raises(Unreachable, match="it asks to wait for ever, which is too long"):
        await patience(Time()).persevere(Flaky(1, wait=float("9" * 400)), within=60)


async def test_a_wait_asked_for_that_does_not_fit_fails_at_once_and_says_so() -> None:
    time = Time()
    with pytest.raises(Unreachable, match="failure 1; it asks to wait 120 s, which is too long"):
        await patience(time).persevere(Flaky(1, wait=120), within=60)
    assert time.slept == []


async def test_other_errors_are_not_tried_again() -> None:
    async def refuse() -> None:
        raise TimedOut("no")

    with pytest.raises(TimedOut):
        await patience(Time()).persevere(refuse, within=60)


@given(st.integers(1, 50), st.floats(0, 1))
def test_a_wait_stays_within_its_bounds(failures: int, chance: float) -> None:
    assert 0 <= backoff(failures, chance) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, None),
        ("3", 3.0),
        (" 12 ", 12.0),
        ("soon", None),
        ("-1", None),
        ("", None),
        ("Wed, 99 Oct 99999 07:28:00 GMT", None),
        ("Wed, 21 Oct 2025 07:28:00 -9999999", None),
        ("\u00b2", None),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90.0),
        ("Sat, 31 Jan 2026 12:00:10 -0000", 10.0),
        (format_datetime(NOON - timedelta(days=1), usegmt=True), 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str | None, seconds: float | None) -> None:
    assert wait_asked(said, NOON) == seconds
