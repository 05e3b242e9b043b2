"""A kind that the cluster doesn't serve is absent, whichever it is; nothing else changes."""

import pytest

from omg.engine import Outcome
from omg.gather.catalog import all_tasks, graph_of
from omg.tasks.backup_restore import LABELLED
from tests.gathering import Gathering

NAMED: dict[tuple[str, str], list[str]] = {}
"""Kinds that tasks name, and those tasks."""

for _task in all_tasks():
    for _access in _task.reads:
        if _access.verb == "list" and "*" not in (_access.group, _access.resource):
            NAMED.setdefault((_access.group, _access.resource), []).append(_task.name)


@pytest.mark.slow
async def test_each_kind_missing_in_turn_is_absent_and_no_failure(gathering: Gathering) -> None:
    store = gathering.cluster.store
    definitions = {one["metadata"]["name"]: one for one in gathering.cluster.corpus.objects if one["kind"] == CRD}
    tried = 0
    for (group, plural), tasks in sorted(NAMED.items()):
        definition = definitions.get(f"{plural}.{group}")
        if definition is None or (tasks == ["backup_restore"] and (group, plural) in LABELLED):
            continue  # of kinds that may be labelled, none is said to be missing
        store.delete("apiextensions.k8s.io/v1", CRD, f"{plural}.{group}")
        result = await gathering.run(graph=graph_of(tasks), sos_edpm="all")
        assert result.exit_code == 0, (plural, gathering.view.records)
        absent = [
            one
            for one in gathering.view.records
            if one.outcome is Outcome.ABSENT and f"{plural}.{group}" in f"{one.key} {one.reason}"
        ]
        assert absent, plural
        store.put(definition)
        tried += 1
    assert tried > 20


CRD = "CustomResourceDefinition"
