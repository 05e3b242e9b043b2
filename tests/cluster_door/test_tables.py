from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from omg.cluster.door import Cluster
from omg.cluster.resource import Resource
from omg.cluster.tables import Column, TablePage
from omg.cluster.ticket import Unlimited
from omg.errors import RequestFailed
from tests.cluster_door.serving import Api, items, listed, said, session, status

PODS = Resource("", "v1", "pods", "Pod", namespaced=True)
PATH = "/api/v1/namespaces/ns/pods"
COLUMNS: list[dict[str, Any]] = [
    {"name": "Name", "type": "string", "format": "name"},
    {"name": "Node", "type": "string", "priority": 1},
]


def table(*names: str, token: str = "", columns: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    rows = [{"cells": [name, None], "object": one} for name, one in zip(names, items(*names), strict=True)]
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": "7", "continue": token},
        "columnDefinitions": columns,
        "rows": rows or None,
    }


async def pages_of(api: Api, **how: Any) -> list[TablePage]:
    async with session(api) as opened:
        return [page async for page in Cluster(opened, Unlimited()).table(PODS, namespace="ns", **how)]


async def test_a_table_comes_with_its_objects(api: Api) -> None:
    api.on(PATH, said(table("a", "b", token="t", columns=COLUMNS)), said(table("c")))
    pages = await pages_of(api, labels="x=y")
    assert [page.columns for page in pages] == [
        (Column("Name", format="name"), Column("Node", priority=1)),
        (Column("Name", format="name"), Column("Node", priority=1)),
    ]
    assert [(len(page), page.resource_version) for page in pages] == [(2, "7"), (1, "7")]
    assert [row.cells for page in pages for row in page.rows] == [["a", None], ["b", None], ["c", None]]
    assert msgspec.json.decode(pages[1].rows[0].object)["metadata"]["name"] == "c"
    sent = api.seen[0]
    assert sent.headers["Accept"].startswith("application/json;as=Table;v=v1;g=meta.k8s.io")
    assert (sent.query["includeObject"], sent.query["labelSelector"]) == ("Object", "x=y")


async def test_an_empty_table_has_no_rows(api: Api) -> None:
    api.on(PATH, said(table(columns=COLUMNS)))
    assert [len(page) for page in await pages_of(api)] == [0]


async def test_an_expired_table_repeats_no_row(api: Api) -> None:
    odd = {"cells": ["?"], "object": None}
    first, last = table("a", "b", token="t", columns=COLUMNS), table("b", "c", columns=COLUMNS)
    first["rows"].append(odd)
    last["rows"].append({**odd, "object": 3})
    api.on(PATH, said(first), status(410), said(last))
    cells = [row.cells[0] for page in await pages_of(api) for row in page.rows]
    assert cells == ["a", "b", "?", "c", "?"]


async def test_where_the_server_prints_no_tables_names_and_ages_are_shown(api: Api) -> None:
    (aged,) = items("a")
    aged["metadata"]["creationTimestamp"] = (datetime.now(UTC) - timedelta(days=3, minutes=1)).isoformat()
    odd = {"metadata": None}
    api.on(PATH, said(listed([aged, odd])), said(listed([aged, odd])))
    (page,) = await pages_of(api)
    assert [column.name for column in page.columns] == ["Name", "Age"]
    assert page.cells == [["a", "3d"], [None, "<unknown>"]]
    assert next(page.page.objects())["kind"] == "Pod"


async def test_rows_without_their_objects_are_cheaper(api: Api) -> None:
    rows = {**table(columns=COLUMNS), "rows": [{"cells": ["a", None], "object": None}] * 2}
    api.on(PATH, said(rows))
    (page,) = await pages_of(api, with_objects=False)
    assert page.cells == [["a", None]] * 2
    assert api.seen[0].query["includeObject"] == "None"


@pytest.mark.parametrize("row", [{"cells": 3}, 3, {}])
async def test_a_row_that_is_none_is_a_failure(api: Api, row: Any) -> None:
    broken = {**table(columns=COLUMNS, token="t"), "rows": [row]}
    api.on(PATH, said(broken))
    with pytest.raises(RequestFailed, match="the table is malformed"):
        await pages_of(api)
