import asyncio
import os
import pty
import signal
from collections.abc import Iterator

import pytest

from omg.gather.stopping import Stopping, exit_code_of


@pytest.fixture(autouse=True)
def signals_are_heard() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    for number in before:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Heard:
    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.exits: list[int] = []

    def stopping(self, terminal: int | None = None) -> Stopping:
        return Stopping(self.reasons.append, exit_now=self.exits.append, terminal=terminal)


async def until(condition: object) -> None:
    async with asyncio.timeout(5):
        while not condition:
            await asyncio.sleep(0.005)


@pytest.mark.parametrize(
    ("number", "name"), [(signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM"), (signal.SIGHUP, "SIGHUP")]
)
async def test_each_signal_ends_a_run_the_same_way_once(number: signal.Signals, name: str) -> None:
    heard = Heard()
    stopping = heard.stopping()
    with stopping.listening(None):
        os.kill(os.getpid(), number)
        await until(heard.reasons)
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.01)
    assert heard.reasons == [f"Ended by {name}."]
    assert heard.exits == []
    assert exit_code_of(stopping.signal or 0) == 128 + number


async def long_after(stopping: Stopping) -> None:
    async with stopping.hurried(0.01):
        await asyncio.sleep(5)


async def test_what_follows_the_collection_has_a_reserve_from_the_order_on_whenever_that_comes() -> None:
    stopping = Heard().stopping()
    with stopping.listening(None):
        async with stopping.hurried(0.01):
            await asyncio.sleep(0.03)
        asyncio.get_running_loop().call_later(0.02, stopping.on_deadline, 5)
        for _ in ("the order comes meanwhile", "it came before"):
            with pytest.raises(TimeoutError):
                await long_after(stopping)


async def test_a_second_ctrl_c_exits_at_once() -> None:
    heard = Heard()
    with heard.stopping().listening(None):
        os.kill(os.getpid(), signal.SIGINT)
        await until(heard.reasons)
        os.kill(os.getpid(), signal.SIGINT)
        await until(heard.exits)
    assert heard.exits == [130]


async def test_the_deadline_ends_the_collection() -> None:
    heard = Heard()
    with heard.stopping().listening(0.01):
        await until(heard.reasons)
    assert heard.reasons == ["The deadline of 0.01 s is over."]


async def test_a_terminal_that_is_gone_does_not_end_a_run_but_a_hangup_by_hand_does() -> None:
    leader, terminal = pty.openpty()
    heard = Heard()
    stopping = heard.stopping(terminal)
    stopping.on_signal(signal.SIGHUP)
    assert heard.reasons == ["Ended by SIGHUP."]
    os.close(leader)
    heard = Heard()
    heard.stopping(terminal).on_signal(signal.SIGHUP)
    os.close(terminal)
    assert heard.reasons == []


async def test_a_hangup_that_was_ignored_at_the_start_stays_ignored() -> None:
    heard = Heard()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with heard.stopping().listening(None):
            os.kill(os.getpid(), signal.SIGHUP)
            await asyncio.sleep(0.01)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert heard.reasons == []


async def test_a_process_that_would_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omg.gather.stopping.EXIT_AFTER", 0.01)
    heard = Heard()
    with heard.stopping().listening(0.001):
        await until(heard.exits)
    assert heard.exits == [1]
