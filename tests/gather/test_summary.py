from pathlib import Path

from omg.engine import Outcome, Record, Tally
from omg.gather.summary import Ending, exit_code, human_size, summary
from omg.tasks.pods import Container, Pod


def ending(*records: Record, **rest: object) -> Ending:
    tally = Tally()
    for record in records:
        tally.add(record)
    return Ending(directory=Path("/out"), tally=tally, seconds=12.34, **rest)  # type: ignore[arg-type]


def test_a_run_without_trouble_says_what_it_collected_and_where() -> None:
    lines = summary(
        ending(
            Record("pod_logs", "a", Outcome.COLLECTED, size=3 * 1024**2, requests=2),
            Record("workloads", "b", Outcome.COLLECTED, objects=1200),
            Record("workloads", "c", Outcome.ABSENT),
        )
    )
    assert lines == [
        "Collected 1,200 objects and 2 of 3 items, 3.0 MiB in 12.3 s with 2 requests.",
        "Nothing to collect: 1 absent.",
        "Everything is in /out; omg-manifest.json says how each item ended.",
    ]


def test_each_thing_not_collected_comes_with_its_reason_and_what_to_do() -> None:
    lines = summary(
        ending(
            Record("secrets", "secrets/openstack", Outcome.DENIED, "You may not."),
            *(Record("pod_logs", str(n), Outcome.TIMED_OUT, "No byte came.") for n in range(3)),
            warnings=["Beware."],
            stopped_by="The deadline is over.",
        )
    )
    assert lines[0] == "! Beware."
    assert "Ended early: The deadline is over." in lines
    assert any(line.startswith("timed_out: 3 × pod_logs: No byte came. → raise ITEM_TIMEOUT") for line in lines)
    assert any(line.startswith("denied: secrets secrets/openstack: You may not. → let `omg rbac") for line in lines)


def test_it_never_has_more_than_ten_lines_with_that_of_the_archive() -> None:
    records = [Record(f"task_{n}", "x", Outcome.FAILED, f"why {n} " * 100) for n in range(50)]
    lines = summary(ending(*records, Record("t", "", Outcome.ABSENT), warnings=["a", "b"], stopped_by="c"))
    assert len(lines) == 9
    assert any("more: see omg-manifest.json" in line for line in lines)
    assert all(len(line) < 300 for line in lines)


def pod(name: str, *troubles: str, failing: bool = True) -> Pod:
    containers = tuple(Container(str(n), True, False, failing, trouble) for n, trouble in enumerate(troubles))
    return Pod("openstack", name, "worker-1", True, {}, failing, containers)


def test_the_pod_to_look_at_first_is_a_crash_loop_where_there_is_one() -> None:
    pods = [
        pod("glance-0", "", "ImagePullBackOff"),
        pod("nova-0", ""),
        pod("cinder-0", "CrashLoopBackOff"),
        pod("job", "Error", failing=False),
        pod("heat-0", "Error"),
        pod("swift-0", "Error"),
    ]
    line = summary(ending(pods=pods))[-2]
    assert line == "Look first at namespaces/openstack/pods/cinder-0/logs/ (CrashLoopBackOff; 3 more in trouble)."
    assert summary(ending(pods=pods[:1]))[-2].endswith("/glance-0/logs/ (ImagePullBackOff).")


def test_sizes_are_read_by_people() -> None:
    assert [human_size(n) for n in (5, 2048, 5 * 1024**2, 3 * 1024**3, 5000 * 1024**3)] == [
        "5 B",
        "2.0 KiB",
        "5.0 MiB",
        "3.0 GiB",
        "5000.0 GiB",
    ]


def test_the_exit_code_is_0_only_where_nothing_is_missing() -> None:
    assert exit_code([Outcome.COLLECTED, Outcome.EMPTY, Outcome.ABSENT, Outcome.SKIPPED]) == 0
    for bad in (outcome for outcome in Outcome if not outcome.is_fine):
        assert exit_code([Outcome.COLLECTED, bad]) == 1


def test_things_about_which_the_same_can_be_done_share_a_line() -> None:
    records = [Record(f"task_{n % 6}", str(n), Outcome.DENIED, f"You may not list {n}.") for n in range(60)]
    lines = summary(ending(*records, Record("task_1", "x", Outcome.FAILED, "No.")))
    [denied] = [line for line in lines if line.startswith("denied")]
    assert denied.startswith("denied: 60 × task_0, task_1, task_2 and 3 more tasks: You may not list 0. → let")
    assert any(line.startswith("failed: task_1 x: No. → ") for line in lines)


def test_why_a_run_ended_early_is_told_once() -> None:
    over = "The deadline of 5 s is over."
    lines = summary(ending(*(Record("pod_logs", str(n), Outcome.CANCELLED, over) for n in range(9)), stopped_by=over))
    assert sum(over in line for line in lines) == 1
    assert any(line.startswith("cancelled: 9 × pod_logs → raise DEADLINE") for line in lines)
