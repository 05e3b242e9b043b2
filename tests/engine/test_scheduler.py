import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from omg.engine import Access, Outcome, Run, Task, Work, task
from omg.engine.scheduler import TimeLimits, default_slots
from omg.errors import Absent, DeclarationError, Denied, LimitReached, TimedOut, Truncated, Unreachable
from omg.settings import Settings
from tests.engine.harness import SHORT, Watched, make_scheduler, run_to_end


async def nap(_run: Run, _value: object) -> None:
    await asyncio.sleep(0)


async def forever(_run: Run, _value: object) -> None:
    await asyncio.Event().wait()


def one_task(body: Any, **declaration: Any) -> Task[Any]:
    return task(**{"writes": False} | declaration)(body)


@pytest.mark.parametrize("concurrency", [1, 5])
async def test_results_come_in_the_order_of_announcement(concurrency: int) -> None:
    async def double(_run: Run, number: int) -> int:
        await asyncio.sleep(0.001 * (5 - number))
        return number * 2

    @task(writes=False)
    async def numbers(run: Run) -> list[int]:
        return await run.each(range(5), double)

    @task(needs=(numbers,), writes=False)
    async def total(run: Run) -> int:
        return sum(run.result_of(numbers))

    scheduler, watched = make_scheduler([total], concurrency=concurrency)
    assert await run_to_end(scheduler)
    assert scheduler.result_of(total) == 20
    assert set(watched.outcomes("numbers").values()) == {Outcome.COLLECTED}


@pytest.mark.parametrize("concurrency", [1, 2, 5])
async def test_no_more_items_run_at_a_time_than_there_are_slots(concurrency: int) -> None:
    running, peak = 0, 0

    async def count(_run: Run, _value: int) -> None:
        nonlocal running, peak
        running += 1
        peak = max(peak, running)
        await asyncio.sleep(0.001)
        running -= 1

    async def many(run: Run) -> None:
        await run.each(range(20), count, work=Work.STREAM)
        await run.each(range(20), count, key=lambda n: f"again {n}")

    async def more(run: Run) -> None:
        await run.each(range(20), count)

    scheduler, _ = make_scheduler([one_task(many), one_task(more)], concurrency=concurrency)
    await run_to_end(scheduler)
    assert peak == concurrency


async def test_the_item_with_the_lowest_priority_goes_first_across_tasks() -> None:
    async def early(run: Run) -> None:
        await run.each(["late 1", "late 2"], nap)

    async def telling(run: Run) -> None:
        await run.each(["now 1", "now 2"], nap, priority=lambda _: -1)

    scheduler, watched = make_scheduler([one_task(early), one_task(telling)], concurrency=1)
    await run_to_end(scheduler)
    keys = [key for _, key in watched.starts if key]
    assert keys.index("now 1") < keys.index("late 2")
    assert keys.index("now 2") < keys.index("late 2")


async def test_streams_leave_a_slot_while_other_items_wait() -> None:
    release = asyncio.Event()
    short_done = 0

    async def hold(_run: Run, _value: int) -> None:
        await release.wait()

    async def short(_run: Run, _value: int) -> None:
        nonlocal short_done
        short_done += 1
        if short_done == 10:
            release.set()

    async def logs(run: Run) -> None:
        await run.each(range(10), hold, work=Work.STREAM, priority=lambda _: -5)

    async def lists(run: Run) -> None:
        await run.each(range(10), short)

    scheduler, _ = make_scheduler([one_task(lists), one_task(logs)], concurrency=3)
    await run_to_end(scheduler)
    assert short_done == 10


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Absent("There is none."), Outcome.ABSENT),
        (Denied("You may not."), Outcome.DENIED),
        (TimedOut("Too slow."), Outcome.TIMED_OUT),
        (Truncated("Cut."), Outcome.TRUNCATED),
        (Unreachable("Nobody there."), Outcome.FAILED),
        (KeyError("spec"), Outcome.FAILED),
    ],
)
async def test_an_error_of_an_item_is_its_outcome_and_the_others_go_on(error: Exception, outcome: Outcome) -> None:
    async def fail_once(_run: Run, number: int) -> int:
        if number == 1:
            raise error
        return number

    async def numbers(run: Run) -> list[int]:
        return await run.each(range(3), fail_once)

    mine = one_task(numbers)
    scheduler, watched = make_scheduler([mine])
    await run_to_end(scheduler)
    assert scheduler.result_of(mine) == [0, 2]
    assert watched.outcomes("numbers")["1"] is outcome
    if isinstance(error, KeyError):
        assert "KeyError: 'spec'" in watched.reason("numbers", "1")


async def test_a_result_that_is_partial_says_what_is_missing() -> None:
    async def deny_some(_run: Run, number: int) -> int:
        if number:
            raise Denied("You may not.")
        return number

    @task(writes=False)
    async def numbers(run: Run) -> list[int]:
        return await run.each(range(2), deny_some)

    @task(needs=(numbers,), writes=False)
    async def user(run: Run) -> list[str]:
        return [record.key for record in run.gaps_in(numbers)]

    scheduler, _ = make_scheduler([user])
    await run_to_end(scheduler)
    assert scheduler.result_of(user) == ["1"]


async def test_a_task_that_raises_blocks_what_needs_it_and_the_record_names_the_culprit() -> None:
    @task(writes=False)
    async def broken(_run: Run) -> None:
        raise Denied("The password hunter2 was refused.")

    @task(needs=(broken,), writes=False)
    async def middle(_run: Run) -> None:
        raise AssertionError

    @task(needs=(middle,), writes=False)
    async def last(_run: Run) -> None:
        raise AssertionError

    @task(after=(broken,), writes=False)
    async def follower(_run: Run) -> None:
        return None

    scheduler, watched = make_scheduler([last, follower])
    await run_to_end(scheduler)
    assert watched.outcomes("last") == {"": Outcome.BLOCKED}
    assert watched.reason("last") == "It needs broken, which failed."
    assert watched.reason("broken") == "The password *** was refused."
    assert watched.outcomes("follower") == {"": Outcome.COLLECTED}


async def test_a_task_that_is_switched_off_is_skipped_with_what_needs_it() -> None:
    @task(writes=False, off=lambda settings: "READ_ONLY=1" if settings.read_only else None)
    async def touch(_run: Run) -> None:
        raise AssertionError

    @task(needs=(touch,), writes=False)
    async def reader(_run: Run) -> None:
        raise AssertionError

    scheduler, watched = make_scheduler([reader], settings=Settings(read_only=True))
    await run_to_end(scheduler)
    assert watched.outcomes("touch") == watched.outcomes("reader") == {"": Outcome.SKIPPED}
    assert watched.reason("touch") == "READ_ONLY=1"
    assert watched.reason("reader") == "it needs touch: READ_ONLY=1"


async def test_a_nested_each_is_a_declaration_error_that_names_the_task() -> None:
    async def nest(run: Run, _value: int) -> None:
        await run.each([1], nap)

    async def nesting(run: Run) -> None:
        await run.each([1], nest)

    scheduler, watched = make_scheduler([one_task(nesting)])
    await run_to_end(scheduler)
    assert watched.outcomes("nesting") == {"1": Outcome.FAILED, "": Outcome.FAILED}
    assert watched.reason("nesting") == "The task nesting calls run.each inside an item of its own."


async def test_a_nested_each_through_the_run_of_the_task_is_refused_too() -> None:
    async def nesting(run: Run) -> None:
        async def nest(_inner: Run, _value: int) -> None:
            await run.each([1], nap)

        await run.each([1], nest)

    scheduler, watched = make_scheduler([one_task(nesting)])
    await run_to_end(scheduler)
    assert "inside an item" in watched.reason("nesting")


async def test_a_result_that_was_not_declared_is_a_declaration_error_that_names_both() -> None:
    @task(writes=False)
    async def other(_run: Run) -> int:
        return 1

    @task(writes=False)
    async def curious(run: Run) -> int:
        return run.result_of(other)

    scheduler, watched = make_scheduler([other, curious])
    await run_to_end(scheduler)
    assert watched.reason("curious") == "The task curious asks for the result of other without naming it in needs."


async def test_two_items_with_one_key_are_a_declaration_error_and_the_first_one_still_ends() -> None:
    async def doubled(run: Run) -> None:
        await run.each(["same", "same"], nap)

    scheduler, watched = make_scheduler([one_task(doubled)])
    await run_to_end(scheduler)
    assert watched.outcomes("doubled") == {"same": Outcome.COLLECTED, "": Outcome.FAILED}
    assert watched.reason("doubled") == "The task doubled announces two items with the key same."


async def test_an_unknown_pool_of_slots_is_a_declaration_error() -> None:
    async def lost(run: Run) -> None:
        await run.each([1], nap, pool="nowhere")

    scheduler, watched = make_scheduler([one_task(lost)])
    await run_to_end(scheduler)
    assert "unknown pool, nowhere" in watched.reason("lost")


async def test_the_doors_are_closed_outside_an_item_and_while_it_waits_without_a_slot() -> None:
    async def impatient(run: Run, _value: int) -> None:
        assert run.cluster

    async def outside(run: Run) -> None:
        assert run.output

    async def waiting(run: Run) -> None:
        await run.each([1], nap, ready=impatient)

    scheduler, watched = make_scheduler([one_task(outside), one_task(waiting)])
    await run_to_end(scheduler)
    assert watched.reason("outside") == "The task outside uses a door outside an item: call it in run.each."
    assert "while its item waits without a slot" in watched.reason("waiting", "1")


async def test_a_door_learns_what_the_task_declared_and_refuses_the_rest() -> None:
    async def ask(run: Run, verb: str) -> str:
        ticket: Any = run.cluster
        is_the_same = run.cluster is ticket
        assert is_the_same
        assert run.masker is not None
        ticket.permit("apps", "deployments", verb, "openstack")
        ticket.sent()
        ticket.received(3)
        ticket.received(0)
        return verb

    async def asking(run: Run) -> list[str]:
        return await run.each(["list", "delete"], ask)

    mine = one_task(asking, reads=(Access("apps", "deployments", "list"),))
    scheduler, watched = make_scheduler([mine])
    await run_to_end(scheduler)
    assert watched.outcomes("asking")["list"] is Outcome.COLLECTED
    assert (
        watched.reason("asking", "delete")
        == "The task asking did not declare that it does: delete deployments.apps in openstack."
    )
    assert scheduler.tally.requests == 1


async def test_what_an_item_wrote_and_lost_is_in_its_records() -> None:
    async def write(run: Run, name: str) -> None:
        meter: Any = run.output
        if name != "nothing":
            meter.wrote(f"{name}.yaml", 10)
            meter.objects(1)
            run.lost("twin", Denied("You may not."))

    async def writing(run: Run) -> None:
        await run.each(["a", "nothing"], write)

    scheduler, watched = make_scheduler([one_task(writing, writes=True)])
    await run_to_end(scheduler)
    assert watched.outcomes("writing") == {
        "a/twin": Outcome.DENIED,
        "a": Outcome.COLLECTED,
        "nothing": Outcome.EMPTY,
        "": Outcome.COLLECTED,
    }
    line = next(record for record in watched.records if record.key == "a").line()
    assert (line["bytes"], line["objects"], line["paths"]) == (10, 1, ["a.yaml"])
    assert scheduler.tally.size == 10


async def test_an_inventory_that_finds_nothing_is_empty() -> None:
    async def find(_run: Run, found: list[int]) -> list[int]:
        return found

    async def finding(run: Run) -> None:
        await run.each([[], [1]], find)

    scheduler, watched = make_scheduler([one_task(finding)])
    await run_to_end(scheduler)
    assert watched.outcomes("finding") == {"[]": Outcome.EMPTY, "[1]": Outcome.COLLECTED, "": Outcome.COLLECTED}


async def test_items_may_come_from_an_async_iterator() -> None:
    async def arriving() -> AsyncIterator[int]:
        for number in range(3):
            await asyncio.sleep(0)
            yield number

    async def echo(_run: Run, number: int) -> int:
        return number

    async def listening(run: Run) -> list[int]:
        return await run.each(arriving(), echo)

    mine = one_task(listening)
    scheduler, _ = make_scheduler([mine])
    await run_to_end(scheduler)
    assert scheduler.result_of(mine) == [0, 1, 2]


async def test_ready_waits_without_a_slot_and_has_a_limit() -> None:
    order = []

    async def wait(_run: Run, name: str) -> None:
        await (asyncio.Event().wait() if name == "never" else asyncio.sleep(0.01))

    async def act(_run: Run, name: str) -> None:
        order.append(name)

    async def fail(_run: Run, _name: str) -> None:
        raise Unreachable("The pod is gone.")

    async def waiting(run: Run) -> None:
        await run.each(["soon", "never"], act, ready=wait)

    async def failing(run: Run) -> None:
        await run.each(["gone"], act, ready=fail)

    async def quick(run: Run) -> None:
        await run.each(["quick"], act)

    scheduler, watched = make_scheduler([one_task(waiting), one_task(failing), one_task(quick)], concurrency=1)
    await run_to_end(scheduler)
    assert order == ["quick", "soon"]
    assert watched.outcomes("waiting")["never"] is Outcome.TIMED_OUT
    assert "not ready to start within 0.2 s" in watched.reason("waiting", "never")
    assert watched.reason("failing", "gone") == "The pod is gone."


async def test_what_waits_is_counted_by_what_it_waits_for() -> None:
    go_on = asyncio.Event()
    told = []

    async def reported(_run: Run, _name: str) -> None:
        await go_on.wait()

    async def look(_run: Run, _name: str) -> None:
        told.append(scheduler.waiting())
        go_on.set()
        await asyncio.sleep(0.01)
        told.append(scheduler.waiting())

    async def nothing(_run: Run, _name: str) -> None:
        pass

    async def reports(run: Run) -> None:
        await run.each(["one", "two"], nothing, ready=reported, waits_for="their reports")

    async def others(run: Run) -> None:
        await run.each(["looks"], look)

    async def later(run: Run) -> None:
        await run.each(["later"], nothing)

    scheduler, _ = make_scheduler([one_task(reports), one_task(others), one_task(later)], concurrency=1)
    await run_to_end(scheduler)
    assert told == [{"their reports": 2, "": 1}, {"": 3}]
    assert scheduler.waiting() == {}


async def test_cleanup_runs_however_the_item_ended() -> None:
    cleaned = []

    async def act(_run: Run, name: str) -> None:
        if name == "fails":
            raise Unreachable("No.")
        if name == "hangs":
            await asyncio.Event().wait()

    async def clean(run: Run, name: str) -> None:
        assert run.cluster
        await asyncio.sleep(0.01)
        cleaned.append(name)

    async def cleaning(run: Run) -> None:
        await run.each(["works", "fails", "hangs"], act, cleanup=clean)

    scheduler, watched = make_scheduler([one_task(cleaning)])
    await run_to_end(scheduler)
    assert sorted(cleaned) == ["fails", "hangs", "works"]
    assert watched.outcomes("cleaning")["hangs"] is Outcome.TIMED_OUT


async def test_a_cleanup_that_fails_or_hangs_has_a_record_of_its_own() -> None:
    async def clean(_run: Run, name: str) -> None:
        if name == "hangs":
            await asyncio.Event().wait()
        raise Denied("You may not.")

    async def cleaning(run: Run) -> None:
        await run.each(["fails", "hangs"], nap, cleanup=clean)

    scheduler, watched = make_scheduler([one_task(cleaning)])
    await run_to_end(scheduler)
    assert watched.outcomes("cleaning")["fails/cleanup"] is Outcome.DENIED
    assert watched.outcomes("cleaning")["hangs/cleanup"] is Outcome.TIMED_OUT


async def test_an_item_in_which_nothing_happens_is_timed_out() -> None:
    async def hanging(run: Run) -> None:
        await run.each([1], forever)

    scheduler, watched = make_scheduler([one_task(hanging)])
    await run_to_end(scheduler)
    assert watched.outcomes("hanging")["1"] is Outcome.TIMED_OUT
    assert watched.reason("hanging", "1") == "Nothing happened for 0.2 s."


async def test_an_item_that_refuses_to_end_is_recorded_and_the_run_goes_on_without_it() -> None:
    stuck = asyncio.Event()

    async def stubborn(_run: Run, _value: int) -> None:
        while not stuck.is_set():
            try:
                await stuck.wait()
            except asyncio.CancelledError:
                continue

    async def hanging(run: Run) -> None:
        await run.each([1], stubborn)

    scheduler, watched = make_scheduler([one_task(hanging)])
    assert not await run_to_end(scheduler)
    assert watched.outcomes("hanging") == {"1": Outcome.TIMED_OUT, "": Outcome.COLLECTED}
    stuck.set()
    await asyncio.sleep(0.01)
    assert [record.key for record in watched.records if record.task == "hanging"] == ["1", ""]


async def test_stopping_cancels_what_runs_keeps_what_was_written_and_records_all_the_rest() -> None:
    async def act(run: Run, name: str) -> None:
        if name == "wrote":
            meter: Any = run.output
            meter.wrote("half.log", 7)
        await asyncio.Event().wait()

    async def wait(_run: Run, _name: str) -> None:
        await asyncio.Event().wait()

    @task()
    async def logs(run: Run) -> None:
        await run.each(["wrote", "runs", "waits"], act, work=Work.STREAM)

    @task()
    async def reports(run: Run) -> None:
        await run.each(["not ready"], act, ready=wait)

    @task(needs=(logs,))
    async def later(_run: Run) -> None:
        raise AssertionError

    scheduler, watched = make_scheduler(
        [later, reports], concurrency=2, limits=TimeLimits(grace=0.5, silence=60, ready=60)
    )
    running = asyncio.create_task(run_to_end(scheduler))
    await asyncio.sleep(0.01)
    scheduler.stop("The deadline of 20 s is over.")
    scheduler.stop("Again.")
    assert await running
    assert watched.outcomes("logs") == {
        "wrote": Outcome.TRUNCATED,
        "runs": Outcome.CANCELLED,
        "waits": Outcome.CANCELLED,
        "": Outcome.CANCELLED,
    }
    assert watched.outcomes("reports") == {"not ready": Outcome.CANCELLED, "": Outcome.CANCELLED}
    assert watched.outcomes("later") == {"": Outcome.CANCELLED}
    assert watched.reason("logs", "wrote") == "Cut after 7 bytes: The deadline of 20 s is over."
    assert scheduler.stopped_by == "The deadline of 20 s is over."


async def test_a_limit_of_the_tree_stops_the_run() -> None:
    async def fill(_run: Run, number: int) -> None:
        if number == 0:
            raise LimitReached("The disk is 60 % full.")
        await asyncio.Event().wait()

    async def filling(run: Run) -> None:
        await run.each(range(4), fill)

    scheduler, watched = make_scheduler([one_task(filling)], concurrency=2, limits=TimeLimits(grace=0.5))
    await run_to_end(scheduler)
    assert watched.outcomes("filling")["0"] is Outcome.TRUNCATED
    assert watched.outcomes("filling")["3"] is Outcome.CANCELLED
    assert scheduler.stopped_by == "The disk is 60 % full."


def node(name: str) -> str:
    return "node worker-1" if name.startswith("bad") else "node worker-2"


@pytest.mark.parametrize("concurrency", [1, 5])
async def test_a_node_that_fails_twice_is_out_and_after_one_probe_its_items_are_blocked(concurrency: int) -> None:
    tried = []

    async def read(_run: Run, name: str) -> str:
        tried.append(name)
        await asyncio.sleep(0.001)
        if name.startswith("bad"):
            raise Unreachable("The kubelet does not answer.")
        return name

    async def reading(run: Run) -> list[str]:
        return await run.each([f"{kind} {n}" for n in range(20) for kind in ("bad", "good")], read, via=node)

    mine = one_task(reading)
    scheduler, watched = make_scheduler([mine], concurrency=concurrency)
    await run_to_end(scheduler)
    assert len(scheduler.result_of(mine)) == 20
    failed = [name for name in tried if name.startswith("bad")]
    assert len(failed) <= max(3, concurrency + 1)
    blocked = [key for key, outcome in watched.outcomes("reading").items() if outcome is Outcome.BLOCKED]
    assert len(blocked) == 20 - len(failed)
    assert watched.reason("reading", blocked[0]) == "node worker-1 does not answer: The kubelet does not answer."


async def test_a_probe_that_succeeds_lets_the_parked_items_go_on() -> None:
    broken = True

    async def read(_run: Run, name: str) -> None:
        if broken:
            raise TimedOut("No byte came.")

    async def mend(_run: Run, _name: str) -> None:
        nonlocal broken
        broken = False

    async def reading(run: Run) -> None:
        await run.each([f"bad {n}" for n in range(10)], read, via=node)

    async def mending(run: Run) -> None:
        await run.each(["mend"], mend, priority=lambda _: 1.0)

    scheduler, watched = make_scheduler([one_task(reading), one_task(mending)], concurrency=1)
    await run_to_end(scheduler)
    outcomes = [outcome for key, outcome in watched.outcomes("reading").items() if key]
    assert (outcomes.count(Outcome.TIMED_OUT), outcomes.count(Outcome.COLLECTED)) == (2, 8)


async def test_an_item_parked_after_the_probe_was_due_becomes_the_probe() -> None:
    async def read(_run: Run, _name: str) -> None:
        raise Unreachable("The kubelet does not answer.")

    async def reading(run: Run) -> None:
        await run.each(["bad 1", "bad 2"], read, via=node)
        await asyncio.sleep(0.05)
        await run.each(["bad 3"], read, via=node)
        await run.each(["bad 4"], read, via=node)

    scheduler, watched = make_scheduler([one_task(reading)])
    await run_to_end(scheduler)
    assert watched.outcomes("reading")["bad 3"] is Outcome.FAILED
    assert watched.outcomes("reading")["bad 4"] is Outcome.BLOCKED


async def test_an_answer_that_is_an_error_says_that_the_node_is_alive() -> None:
    async def read(_run: Run, name: str) -> None:
        raise Absent("The container has not started.") if int(name[4:]) % 2 else Unreachable("Reset.")

    async def reading(run: Run) -> None:
        await run.each([f"bad {n}" for n in range(10)], read, via=node)

    scheduler, watched = make_scheduler([one_task(reading)], concurrency=1)
    await run_to_end(scheduler)
    assert Outcome.BLOCKED not in watched.outcomes("reading").values()


async def test_parked_items_are_recorded_when_the_run_is_stopped() -> None:
    async def read(_run: Run, _name: str) -> None:
        raise Unreachable("No.")

    async def reading(run: Run) -> None:
        await run.each([f"bad {n}" for n in range(4)], read, via=node)

    limits = TimeLimits(probe=60, grace=SHORT.grace)
    scheduler, watched = make_scheduler([one_task(reading)], concurrency=1, limits=limits)
    running = asyncio.create_task(run_to_end(scheduler))
    await asyncio.sleep(0.01)
    scheduler.stop("Enough.")
    await running
    assert list(watched.outcomes("reading").values()).count(Outcome.CANCELLED) == 3


async def test_items_announced_after_the_stop_are_cancelled() -> None:
    started = asyncio.Event()

    async def late(run: Run) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await run.each(["late"], nap)
            raise

    scheduler, watched = make_scheduler([one_task(late)])
    running = asyncio.create_task(run_to_end(scheduler))
    await started.wait()
    scheduler.stop("Enough.")
    await running
    assert watched.outcomes("late")["late"] is Outcome.CANCELLED


def test_a_task_without_a_result_is_named() -> None:
    async def nothing(_run: Run) -> None:
        return None

    mine = one_task(nothing)
    scheduler, _ = make_scheduler([mine])
    assert not scheduler.has_result(mine)
    with pytest.raises(DeclarationError, match="nothing has no result"):
        scheduler.result_of(mine)


def test_reports_and_commands_in_the_clients_session_have_slots_of_their_own() -> None:
    assert default_slots(Settings(concurrency=3, sos_concurrency=2)) == {"items": 3, "sos": 2, "openstack": 3}


async def test_an_observer_that_fails_ends_the_run_with_its_error_and_not_in_a_hang() -> None:
    async def first(_run: Run) -> int:
        return 1

    first_task = one_task(first)

    @task(needs=(first_task,), writes=False)
    async def second(run: Run) -> None:
        await run.each(["one"], nap)

    scheduler, watched = make_scheduler([second])

    def fail(record: Any) -> None:
        Watched.ended(watched, record)
        raise OSError("the journal's disk is gone")

    watched.ended = fail  # type: ignore[method-assign]
    with pytest.raises(OSError, match="the journal's disk is gone"):
        await run_to_end(scheduler)
    assert [(record.task, record.key) for record in watched.records] == [
        ("first", ""),
        ("second", "one"),
        ("second", ""),
    ]


async def test_a_result_is_let_go_when_nothing_needs_it_any_more_unless_it_is_kept() -> None:
    async def numbers(_run: Run) -> list[int]:
        return [1, 2]

    async def letters(_run: Run) -> str:
        return "ab"

    needed, kept = one_task(numbers), one_task(letters)

    @task(needs=(needed, kept), writes=False)
    async def early(run: Run) -> int:
        return len(run.result_of(needed))

    @task(needs=(needed,), after=(early,), writes=False)
    async def late(run: Run) -> int:
        return sum(run.result_of(needed))

    scheduler, _ = make_scheduler([early, late], kept=(kept,))
    assert await run_to_end(scheduler)
    assert scheduler.result_of(late) == 3
    assert scheduler.result_of(kept) == "ab"
    assert not scheduler.has_result(needed)


async def test_streams_have_three_fifths_of_the_slots_while_requests_wait() -> None:
    running: list[str] = []
    seen: list[tuple[int, int]] = []

    async def act(_run: Run, name: str) -> None:
        running.append(name)
        seen.append((sum(one.startswith("stream") for one in running), len(running)))
        await asyncio.sleep(0.001)
        running.remove(name)

    async def short(run: Run) -> None:
        await run.each([f"short {number}" for number in range(30)], act)

    async def streams(run: Run) -> None:
        await run.each([f"stream {number}" for number in range(30)], act, work=Work.STREAM, priority=lambda _: 9)

    scheduler, _ = make_scheduler([one_task(short), one_task(streams)], concurrency=5)
    assert await run_to_end(scheduler)
    full = [of_streams for of_streams, count in seen if count == 5]
    assert max(full[: len(full) // 2]) == 3
    assert all(count <= 5 for _, count in seen)
