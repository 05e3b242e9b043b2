"""A time limit for every test: one that hangs says where, and ends, so that a run goes on without it."""

import asyncio
import faulthandler
import gc
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO

import pytest

LIMIT = 900.0
"""Seconds for a test with its fixtures: far more than the slowest takes on a slow machine."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """End the process when one test takes too long; xdist then says which it was, and goes on without it."""
    watch = threading.Timer(LIMIT, _give_up, (item,))
    watch.daemon = True
    watch.start()
    faulthandler.dump_traceback_later(LIMIT + 30, exit=True)  # where no other thread gets to run
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()
        watch.cancel()


def _give_up(item: pytest.Item) -> None:
    with item.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        sys.stderr.write(f"\n{item.nodeid} still ran after {LIMIT:.0f} s. Its threads and tasks:\n")
        sys.stderr.flush()
        faulthandler.dump_traceback(sys.stderr)
        tell_tasks(sys.stderr)
        sys.stderr.flush()
        os._exit(os.EX_SOFTWARE)


def tell_tasks(stream: TextIO) -> None:
    """Print where every task waits, the innermost coroutine last."""
    for task in [one for one in gc.get_objects() if isinstance(one, asyncio.Task) and not one.done()]:
        print(f"\n{task.get_name()}, waiting for {getattr(task, '_fut_waiter', None)!r}:", file=stream)
        waiting: Any = task.get_coro()
        while waiting is not None:
            print(f"  {_place(waiting)}", file=stream)
            waiting = getattr(waiting, "cr_await", None) or getattr(waiting, "ag_await", None)


def _place(waiting: Any) -> str:
    frame = getattr(waiting, "cr_frame", None) or getattr(waiting, "ag_frame", None)
    return f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_qualname}" if frame else repr(waiting)
