"""The plan: who waits for whom, what is off, and the same in every format."""

import json

import msgspec

from omg.engine import Access, Graph, Run, task
from omg.gather.catalog import graph_of
from omg.gather.plan import Plan, plan_of
from omg.gather.plan_formats import as_json, dot, mermaid, schema, tree
from omg.settings import Settings, load_settings


def _off(settings: Settings) -> str | None:
    return "READ_ONLY=1" if settings.read_only else None


@task(writes=False)
async def inventory(run: Run) -> None:
    """Find out."""


@task(needs=(inventory,), changes=(Access("", "pods", "create"),), off=_off)
async def act(run: Run) -> None:
    """Change something."""


@task(needs=(act,))
async def dependant(run: Run) -> None:
    """Use "what" was changed."""


@task(needs=(inventory,), after=(act,))
async def follower(run: Run) -> None:
    """Go after it."""


def planned(**flags: str) -> Plan:
    return plan_of(Graph([dependant, follower], before_writing=inventory), load_settings(flags))


def test_a_stage_is_one_more_than_the_last_that_it_waits_for() -> None:
    assert {one.name: one.stage for one in planned().tasks} == {
        "inventory": 1,
        "act": 2,
        "dependant": 3,
        "follower": 3,
    }


def test_what_is_waited_for_anyway_is_left_out() -> None:
    waits = {one.name: one.waits_for for one in planned().tasks}
    assert waits == {"inventory": [], "act": ["inventory"], "dependant": ["act"], "follower": ["act"]}
    needs = {one.name: (one.needs, one.after) for one in planned().tasks}
    assert needs["dependant"] == (["act", "inventory"], [])
    assert needs["follower"] == (["inventory"], ["act"])


def test_what_needs_a_task_that_is_off_is_off_too_and_what_only_follows_is_not() -> None:
    off = {one.name: one.off for one in planned(read_only="1").tasks}
    assert off == {
        "inventory": None,
        "act": "READ_ONLY=1",
        "dependant": "it needs act: READ_ONLY=1",
        "follower": None,
    }


def test_the_tree_shows_stages_arrows_changes_and_what_is_off() -> None:
    assert tree(planned(read_only="1"))[:14] == [
        "4 tasks, up to 5 items at a time.",
        "",
        "stage 1  starts at once",
        "└─   inventory",
        "",
        "stage 2",
        "└─ ○ act        ← inventory",
        "       off: READ_ONLY=1",
        "       changes the cluster: create pods",
        "",
        "stage 3",
        "├─   follower   ← act",
        "└─ ○ dependant  ← act",
        "       off: it needs act: READ_ONLY=1",
    ]
    assert "└─ ✎ act        ← inventory" in tree(planned(concurrency="1"))
    assert tree(planned(concurrency="1"))[0] == "4 tasks, up to 1 item at a time."


def test_json_is_what_its_schema_says_and_names_the_settings_that_were_given() -> None:
    plan = planned(read_only="1", additional_namespaces="a,b", deadline="")
    text = "\n".join(as_json(plan))
    assert msgspec.json.decode(text, type=Plan) == plan
    assert plan.settings == {"READ_ONLY": "1", "ADDITIONAL_NAMESPACES": "a,b", "DEADLINE": ""}
    change = next(one for one in plan.tasks if one.name == "act").changes[0]
    assert (change.resource, change.verb, change.where) == ("pods", "create", "the namespaces in scope")
    described = json.loads("\n".join(schema(plan)))
    assert set(described["$defs"]) == {"Plan", "PlannedTask", "Right"}
    assert described["$defs"]["PlannedTask"]["additionalProperties"] is False


def test_pictures_have_a_node_for_each_task_and_a_dashed_edge_for_mere_order() -> None:
    lines = mermaid(planned())
    assert '  task_act["act"]:::changes' in lines
    assert '  task_inventory(["inventory"]):::inventory' in lines
    assert "  task_act -.-> task_follower" in lines
    assert "  task_act --> task_dependant" in lines
    graph = dot(planned(read_only="1"))
    assert '  "act" -> "follower" [style=dashed];' in graph
    assert any('"dependant" [shape=box, style="dashed"' in line for line in graph)
    assert any(r"Use \"what\" was changed." in line for line in dot(planned()))


def test_the_plan_of_omg_has_every_task_after_what_it_waits_for() -> None:
    plan = plan_of(graph_of(), load_settings({}))
    seen: set[str] = set()
    for one in plan.tasks:
        assert set(one.waits_for) <= seen
        assert one.purpose.endswith(".")
        seen.add(one.name)
