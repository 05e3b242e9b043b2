"""What ends a run from outside: signals and the deadline. The terminal's end doesn't."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

EXIT_AFTER = 30.0
"""Seconds from the order to stop until the process ends come what may: the grace period, the ending's reserve, and
some air. A thread that is stuck in a dead file system can't be cancelled, and must not keep the process."""


def exit_code_of(number: int) -> int:
    """The exit code of a run that a signal ended, as shells count."""
    return 128 + number


class Stopping:
    """Turns signals and the deadline into one call of `stop(reason)`; a second Ctrl-C ends the process at once.

    Args:
        stop: called once, on the event loop.
        exit_now: ends the process; os._exit unless a test looks.
        terminal: a file descriptor of the terminal omg was started from, or None.
    """

    def __init__(
        self,
        stop: Callable[[str], None],
        *,
        exit_now: Callable[[int], object] = os._exit,
        terminal: int | None = None,
    ) -> None:
        self.signal: int | None = None
        self._stop = stop
        self._exit_now = exit_now
        self._terminal = terminal
        self._last_resort: threading.Timer | None = None
        self._hurry: Callable[[], None] | None = None

    @asynccontextmanager
    async def hurried(self, reserve: float) -> AsyncIterator[None]:
        """Bound what follows the collection: it has so many seconds from the order to stop, whenever that comes.

        Raises:
            TimeoutError: they are over.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:
            self._hurry = lambda: limit.reschedule(loop.time() + reserve)
            if self._last_resort is not None:
                self._hurry()
            try:
                yield
            finally:
                self._hurry = None

    @contextmanager
    def listening(self, deadline: float | None) -> Iterator[None]:
        """Listen while the block runs.

        Args:
            deadline: seconds from now until collection ends; None: never.
        """
        loop = asyncio.get_running_loop()
        handled = [one for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if not _is_ignored(one)]
        for number in handled:
            loop.add_signal_handler(number, self.on_signal, number)
        timer = None if deadline is None else loop.call_later(deadline, self.on_deadline, deadline)
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()
            for number in handled:
                loop.remove_signal_handler(number)
            if self._last_resort is not None:
                self._last_resort.cancel()

    def on_deadline(self, deadline: float) -> None:
        """Collection is over."""
        self._order(f"The deadline of {deadline:g} s is over.", 1)

    def on_signal(self, number: int) -> None:
        """A signal came."""
        if number == signal.SIGHUP and self._terminal is not None and not os.isatty(self._terminal):
            return  # the terminal is gone: the run goes on, as the person who closed a laptop wants it
        if self.signal is not None:
            if number == signal.SIGINT:
                self._exit_now(exit_code_of(number))
            return
        self.signal = number
        name = "Ctrl-C" if number == signal.SIGINT else signal.Signals(number).name
        self._order(f"Ended by {name}.", exit_code_of(number))

    def _order(self, reason: str, code: int) -> None:
        if self._last_resort is None:
            self._last_resort = threading.Timer(EXIT_AFTER, self._exit_now, (code,))
            self._last_resort.daemon = True
            self._last_resort.start()
            if self._hurry is not None:
                self._hurry()
        self._stop(reason)


def _is_ignored(number: int) -> bool:
    """Whether the signal was ignored when omg started, as nohup does with SIGHUP."""
    return signal.getsignal(number) is signal.SIG_IGN
