import resource

import pytest

from omg.open_files import OWN, PER_ITEM, items_that_fit
from tests.gathering import Gathering


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The process's limits, as the tests set them; the real ones stay."""
    known = [(1024, 4096)]
    monkeypatch.setattr(resource, "getrlimit", lambda _what: known[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda _what, limits: known.append(limits))
    return known


def test_where_there_is_room_nothing_changes(limits: list[tuple[int, int]]) -> None:
    assert items_that_fit(50) == 50
    assert limits == [(1024, 4096)]


def test_the_limit_is_raised_as_far_as_it_is_needed_and_may_be(limits: list[tuple[int, int]]) -> None:
    limits.append((64, 4096))
    assert items_that_fit(50) == 50
    assert limits[-1] == (OWN + 50 * PER_ITEM, 4096)


@pytest.mark.parametrize(("hard", "fitting"), [(64, 11), (28, 2), (10, 1)])
def test_fewer_items_run_where_the_process_may_not_open_more(
    limits: list[tuple[int, int]], hard: int, fitting: int
) -> None:
    limits.append((hard, hard))
    assert items_that_fit(50) == fitting


def test_an_endless_limit_is_enough(limits: list[tuple[int, int]]) -> None:
    limits.append((resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert items_that_fit(10**9) == 10**9
    limits.append((64, resource.RLIM_INFINITY))
    assert items_that_fit(50) == 50


async def test_a_process_that_may_open_few_files_collects_everything_and_says_so(gathering: Gathering) -> None:
    command = f"ulimit -n 64; exec $OMG gather {gathering.root} --only=config_maps,pod_logs"
    ended = await gathering.shell(command, CONCURRENCY="50", AUDIT="0")
    assert ended.code == 0, ended.stderr
    assert "CONCURRENCY is 50, and 11 items were collected at a time" in ended.stdout
