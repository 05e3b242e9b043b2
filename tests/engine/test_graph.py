from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omg.engine import EVERYWHERE, IN_SCOPE, Access, Graph, Run, Task, task
from omg.engine.graph import Progress
from omg.errors import DeclarationError


async def _body(_run: Run) -> None:
    """Do nothing."""


def declared(name: str, **declaration: Any) -> Task[None]:
    return Task(name, _body, **{"writes": False} | declaration)


def test_what_a_task_needs_is_in_the_graph_and_comes_first() -> None:
    first = declared("first")
    second = declared("second", needs=(first,))
    assert Graph([second]).tasks == (first, second)


def test_what_a_task_only_follows_is_not_added() -> None:
    first = declared("first")
    second = declared("second", after=(first,))
    graph = Graph([second])
    assert graph.tasks == (second,)
    assert graph.predecessors(second) == ()


def test_a_cycle_is_a_declaration_error_that_prints_the_path() -> None:
    first = declared("first")
    second = declared("second", needs=(first,))
    object.__setattr__(first, "after", (second,))
    with pytest.raises(DeclarationError, match=r"circle: (first → second → first|second → first → second)\."):
        Graph([second])


def test_two_tasks_with_one_name_are_a_declaration_error_that_names_it() -> None:
    with pytest.raises(DeclarationError, match="named twin"):
        Graph([declared("twin"), declared("twin")])


def test_every_task_that_writes_waits_for_the_guard_though_none_lists_it() -> None:
    root = declared("root")
    guard = declared("guard", needs=(root,))
    writer = declared("writer", writes=True)
    inventory = declared("inventory")
    graph = Graph([writer, inventory], before_writing=guard)
    assert graph.needs(writer) == (guard,)
    assert graph.needs(inventory) == ()
    assert set(graph.tasks) == {root, guard, writer, inventory}


def test_only_a_failed_need_blocks_and_the_culprit_is_where_the_chain_began() -> None:
    first = declared("first")
    second = declared("second", needs=(first,))
    third = declared("third", needs=(second,))
    follower = declared("follower", after=(first,))
    progress = Progress(Graph([third, follower]))
    assert progress.startable() == [first]
    progress.over(first, failed_by=first)
    assert set(progress.startable()) == {second, follower}
    assert progress.culprit(follower) is None
    assert progress.culprit(second) is first
    progress.over(second, failed_by=first)
    progress.over(follower)
    assert progress.startable() == [third]
    assert progress.culprit(third) is first
    progress.over(third, failed_by=first)
    assert progress.finished


@given(st.lists(st.tuples(st.integers(0, 9), st.sets(st.integers(0, 9), max_size=4)), max_size=10))
def test_the_order_respects_every_edge(shape: list[tuple[int, set[int]]]) -> None:
    tasks: list[Task[None]] = []
    for number, (cut, edges) in enumerate(shape):
        before = tuple(tasks[edge] for edge in sorted(edges) if edge < number)
        tasks.append(declared(str(number), needs=before[:cut], after=before[cut:]))
    graph = Graph(tasks)
    for one in tasks:
        assert all(graph.order[other] < graph.order[one] for other in graph.predecessors(one))


def test_a_right_covers_what_its_patterns_match_and_nothing_else() -> None:
    right = Access("*openstack.org", "*", "list")
    assert right.covers("nova.openstack.org", "novas", "list", "openstack")
    assert not right.covers("nova.openstack.org", "novas", "delete", "openstack")
    assert not right.covers("apps", "deployments", "list", "openstack")


def test_a_right_is_one_to_the_namespaces_in_scope_to_the_whole_cluster_or_to_one_namespace() -> None:
    def places(where: str) -> list[str | None]:
        right = Access("", "pods", "list", where)
        asked: tuple[str | None, ...] = (None, "openstack", "kube-node-lease")
        return [one for one in asked if right.covers("", "pods", "list", one)]

    assert places(IN_SCOPE) == ["openstack", "kube-node-lease"]
    assert places(EVERYWHERE) == [None, "openstack", "kube-node-lease"]
    assert places("kube-node-lease") == ["kube-node-lease"]
    assert None not in places("$OSP_NS")
    assert str(Access("apps", "deployments", "list")) == "list deployments.apps"
    assert str(Access("", "pods/log", "get")) == "get pods/log"


def test_a_declared_task_carries_its_name_and_purpose() -> None:
    @task(writes=False)
    async def something(_run: Run) -> None:
        """Say what it is for.

        And more.
        """

    assert (something.name, something.purpose, repr(something)) == (
        "something",
        "Say what it is for.",
        "<task something>",
    )
