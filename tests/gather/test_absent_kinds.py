"""A kind that the cluster doesn't serve is absent, whichever it is; nothing else changes."""

import pytest

from omg.engine import Outcome
from omg.gather.catalog import all_tasks, graph_of
from tests.gathering import Gathering

NAMED = {
    (access.group, access.resource): task.name
    for task in all_tasks()
    for access in task.reads
    if access.verb == "list" and "*" not in (access.group, access.resource)
}
"""Kinds that a task names, and one of the tasks."""


@pytest.mark.slow
async def test_each_kind_missing_in_turn_is_absent_and_no_failure(gathering: Gathering) -> None:
    store = gathering.cluster.store
    definitions = {one["metadata"]["name"]: one for one in gathering.cluster.corpus.objects if one["kind"] == CRD}
    tried = 0
    for (group, plural), task in sorted(NAMED.items()):
        definition = definitions.get(f"{plural}.{group}")
        if definition is None:
            continue
        store.delete("apiextensions.k8s.io/v1", CRD, f"{plural}.{group}")
        result = await gathering.run(graph=graph_of([task]))
        assert result.exit_code == 0, (plural, gathering.view.records)
        absent = [
            one
            for one in gathering.view.records
            if one.outcome is Outcome.ABSENT and one.key.startswith(f"{plural}.{group}")
        ]
        assert len(absent) == 1, plural
        store.put(definition)
        tried += 1
    assert tried > 20


CRD = "CustomResourceDefinition"
