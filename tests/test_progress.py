import io
import json
import os
import pty
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from omg.engine import Graph, Outcome, Record
from omg.engine.vitals import Running
from omg.gather.views import Both, Pulse
from omg.progress import JsonView, PlainView, Unfailing, view_for
from omg.progress.counts import SHOWN, Count, in_line, problem
from omg.progress.live import LiveView


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
    view.begin(Graph([]), Path("/out"), lambda: PULSE)
    for record in records:
        view.started(record.task, record.key)
        view.ended(record)
    view.say("A sentence.")
    view.phase("Packing")
    view.end()


PULSE = Pulse((Running("pod_logs", "openstack/nova-api-0/nova-api", 4096, 61.0),), {"": 7}, 2048, ("disk 58% full",))
DONE = Record("pod_logs", "a", Outcome.COLLECTED, size=2048)
DENIED = Record("secrets", "secrets/openstack", Outcome.DENIED, "You may not.")


def test_plain_lines_tell_the_beginning_the_failures_and_now_and_then_the_state() -> None:
    stream, clock = io.StringIO(), Clock()
    view = PlainView(stream, now=clock)
    view.begin(Graph([]), Path("/out"), lambda: PULSE)
    view.started("pod_logs", "a")
    view.started("workloads", "")
    view.ended(DENIED)
    clock.seconds = 5.0
    view.started("pod_logs", "b")
    lines = stream.getvalue().splitlines()
    assert lines[0] == "Collecting into /out: 0 tasks."
    assert lines[1] == "denied: secrets secrets/openstack: You may not."
    assert lines[2] == "5.0 s  1 items  0 objects  2.0 KiB  1 not collected  now: pod_logs 2  disk 58% full"


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
    assert "openstack/nova-api-0/nova-api" in shown
    assert "1:01" in shown
    assert "Packing …" in shown
    assert "disk 58% full" in shown


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


def test_the_live_view_keeps_its_height_and_its_width() -> None:
    stream, clock = Terminal(), Clock()
    running = tuple(Running("a_task_of_a_long_name", f"namespace/{'x' * 100}/{number}", 0, 0.0) for number in range(9))
    for pulse in (Pulse(), Pulse(running, {"": 3}), Pulse(running[:2])):
        console = Console(file=stream, width=80, height=25, no_color=True)
        view = LiveView(console, now=clock)
        view.begin(Graph([]), Path("/out"), lambda pulse=pulse: pulse)  # type: ignore[misc]
        if not pulse.running:
            view.phase("Packing")
        lines = console.render_lines(view.picture(), console.options)
        view.end()
        assert len(lines) == 8
        assert all(cell_len("".join(part.text for part in line)) <= 80 for line in lines)


def test_a_narrow_terminal_shows_items_rather_than_their_sizes() -> None:
    stream = Terminal()
    console = Console(file=stream, width=40, no_color=True)
    running = Running("pod_logs", "openstack/nova-api-0/nova-api", 5000, 0.0)
    view = LiveView(console, now=Clock())
    view.begin(Graph([]), Path("/out"), lambda: Pulse((running,), {"": 3}))
    view.end()
    console.print(view.picture())
    assert "nova-api" in stream.getvalue()
    assert "KiB  " not in stream.getvalue().splitlines()[-5]
    assert "tasks" in stream.getvalue()


def test_a_long_key_keeps_its_end_and_what_waits_is_counted() -> None:
    stream = Terminal()
    console = Console(file=stream, width=80, no_color=True)
    long = Running("pod_logs", f"openstack/{'pod-' * 30}/the-container", 1, 0.0)
    for pulse in (Pulse((long,)), PULSE):
        view = LiveView(console, now=Clock())
        view.begin(Graph([]), Path("/out"), lambda pulse=pulse: pulse)  # type: ignore[misc]
        view.end()
        console.print(view.picture())
    assert "…" in stream.getvalue()
    assert "/the-container" in stream.getvalue()
    assert "7 more are waiting" in stream.getvalue()


@pytest.mark.parametrize(
    ("waiting", "said"),
    [
        ({}, ""),
        ({"": 1}, "1 more is waiting"),
        ({"": 1200}, "1,200 more are waiting"),
        ({"the reports": 32}, "32 more are waiting for the reports"),
        ({"the reports": 32, "": 8}, "40 more are waiting, 32 for the reports"),
        ({"the reports": 32, "": 8, "tea": 1}, "41 more are waiting, 32 for the reports, 1 for tea"),
    ],
)
def test_it_is_said_what_is_waited_for(waiting: dict[str, int], said: str) -> None:
    assert in_line(Pulse(waiting=waiting)) == said
    stream, clock = io.StringIO(), Clock()
    view = PlainView(stream, now=clock)
    view.begin(Graph([]), Path("/out"), lambda: Pulse(waiting=waiting))
    clock.seconds = 10.0
    view.ended(DONE)
    assert stream.getvalue().splitlines()[-1].endswith(f"  0 B  {said}" if said else "  0 B")


def test_a_long_run_tells_its_last_phases() -> None:
    stream, clock = io.StringIO(), Clock()
    view = PlainView(stream, now=clock)
    view.begin(Graph([]), Path("/out"), Pulse)
    view.phase("Packing")
    clock.seconds = 10.0
    view.phase("Packing")
    assert stream.getvalue().splitlines()[1:] == ["Packing."]


def test_json_lines_tell_everything_as_objects() -> None:
    stream, clock = io.StringIO(), Clock()
    view = JsonView(stream, now=clock)
    view.begin(Graph([]), Path("/out"), lambda: PULSE)
    view.ended(DENIED)
    clock.seconds = 6.0
    view.started("pod_logs", "a")
    view.ended(DONE)
    view.say("A sentence.")
    view.phase("Packing")
    view.end()
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [one["event"] for one in told] == ["begin", "problem", "progress", "said", "phase"]
    assert told[1] | {"seconds": 0} == {
        "event": "problem",
        "seconds": 0,
        "task": "secrets",
        "key": "secrets/openstack",
        "outcome": "denied",
        "reason": "You may not.",
    }
    assert (told[2]["bytes"], told[2]["waiting"], told[2]["near"]) == (2048, 7, ["disk 58% full"])
    assert told[2]["waiting_for"] == {}
    assert isinstance(view_for(stream, {}, log_format="json"), JsonView)
    quiet = io.StringIO()
    a_run(JsonView(quiet, quiet=True), [DENIED])
    assert quiet.getvalue() == ""


def test_the_rate_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    count = Count(clock)
    assert count.rate(0) == 0.0
    clock.seconds = 2.0
    assert count.rate(2000) == 1000.0
    clock.seconds = 10.0
    assert count.rate(2000) == 0.0


def test_two_views_see_the_same() -> None:
    streams = io.StringIO(), io.StringIO()
    views = [PlainView(stream, now=Clock()) for stream in streams]
    a_run(Both(*views), [DONE, DENIED])
    assert streams[0].getvalue() == streams[1].getvalue() != ""


def test_a_terminal_that_lacks_a_character_gets_a_question_mark() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    Unfailing(stream).write("a\u2026b\n")
    assert raw.getvalue() == b"a?b\n"
