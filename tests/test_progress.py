import io
import os
import pty
from pathlib import Path
from typing import Any

import pytest

from omg.engine import Graph, Outcome, Record
from omg.progress import SHOWN, LiveView, PlainView, Unfailing, problem, view_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise OSError(5, "Input/output error")


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def a_run(view: Any, records: list[Record]) -> None:
    view.begin(Graph([]), Path("/out"))
    for record in records:
        view.started(record.task, record.key)
        view.ended(record)
    view.say("A sentence.")
    view.end()


DONE = Record("pod_logs", "a", Outcome.COLLECTED, size=2048)
DENIED = Record("secrets", "secrets/openstack", Outcome.DENIED, "You may not.")


def test_plain_lines_tell_the_beginning_the_failures_and_now_and_then_the_state() -> None:
    stream, clock = io.StringIO(), Clock()
    view = PlainView(stream, now=clock)
    view.begin(Graph([]), Path("/out"))
    view.started("pod_logs", "a")
    view.started("workloads", "")
    view.ended(DENIED)
    clock.seconds = 5.0
    view.started("pod_logs", "b")
    lines = stream.getvalue().splitlines()
    assert lines[0] == "Collecting into /out: 0 tasks."
    assert lines[1] == "denied: secrets secrets/openstack: You may not."
    assert lines[2] == "5.0 s  1 items  0 objects  0 B  1 not collected  now: pod_logs 2"


def test_only_so_many_failures_are_shown_as_they_come() -> None:
    stream = io.StringIO()
    a_run(PlainView(stream, now=Clock()), [DENIED] * (SHOWN + 5))
    assert stream.getvalue().count("You may not.") == SHOWN


def test_quiet_prints_nothing() -> None:
    stream = io.StringIO()
    a_run(view_for(stream, {}, quiet=True), [DONE, DENIED])
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_live_line_and_the_failures_above_it() -> None:
    stream = Terminal()
    view = view_for(stream, {"TERM": "xterm", "NO_COLOR": "1"})
    assert isinstance(view, LiveView)
    a_run(view, [DONE, DENIED] * (SHOWN + 1))
    shown = stream.getvalue()
    assert "Collecting into /out" in shown
    assert shown.count("You may not.") == SHOWN
    assert "2.0 KiB" in shown


@pytest.mark.parametrize("environment", [{"TERM": "dumb"}, {}])
def test_a_dumb_terminal_or_none_gets_plain_lines(environment: dict[str, str]) -> None:
    stream = Terminal() if environment else io.StringIO()
    assert isinstance(view_for(stream, environment), PlainView)


def test_a_far_end_that_went_away_changes_nothing() -> None:
    a_run(PlainView(Gone()), [DENIED])
    leader, terminal = pty.openpty()
    with os.fdopen(terminal, "w") as stream:
        unfailing = Unfailing(stream)
        assert unfailing.isatty()
        assert unfailing.fileno() == terminal
        assert unfailing.encoding
        os.close(leader)
        unfailing.write("lost\n")
        unfailing.flush()


def test_a_failed_task_is_named_without_a_key() -> None:
    assert problem(Record("pods", "", Outcome.FAILED, "Why.")) == "failed: pods: Why."
