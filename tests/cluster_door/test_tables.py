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


async def pages_of(api: Api, ticket: Unlimited | None = None, **how: Any) -> list[TablePage]:
    async with session(api) as opened:
        return [page async for page in Cluster(opened, ticket or Unlimited()).table(PODS, namespace="ns", **how)]


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
    ticket = Unlimited()
    cells = [row.cells[0] for page in await pages_of(api, ticket) for row in page.rows]
    assert cells == ["a", "b", "c"]
    assert [str(one) for one in ticket.losses] == [
        f"Could not list pods in ns: row {number} of the table is malformed." for number in (3, 5)
    ]


async def test_where_the_server_prints_no_tables_names_and_ages_are_shown(api: Api) -> None:
    (aged,) = items("a")
    aged["metadata"]["creationTimestamp"] = (datetime.now(UTC) - timedelta(days=3, minutes=1)).isoformat()
    (young,) = items("b")
    api.on(PATH, said(listed([aged, young])), said(listed([aged, young])))
    (page,) = await pages_of(api)
    assert [column.name for column in page.columns] == ["Name", "Age"]
    assert page.cells == [["a", "3d"], ["b", "<unknown>"]]
    assert next(page.page.objects())["kind"] == "Pod"


async def test_rows_without_their_objects_are_cheaper(api: Api) -> None:
    rows = {**table(columns=COLUMNS), "rows": [{"cells": ["a", None], "object": None}] * 2}
    api.on(PATH, said(rows))
    (page,) = await pages_of(api, with_objects=False)
    assert page.cells == [["a", None]] * 2
    assert api.seen[0].query["includeObject"] == "None"


@pytest.mark.parametrize("row", [{"cells": 3, "object": {"metadata": {"name": "x"}}}, 3, {}])
async def test_a_row_that_is_none_is_lost_and_the_others_are_not(api: Api, row: Any) -> None:
    odd = table("a", "b", columns=COLUMNS)
    odd["rows"].insert(1, row)
    api.on(PATH, said(odd))
    ticket = Unlimited()
    (page,) = await pages_of(api, ticket)
    assert page.cells == [["a", None], ["b", None]]
    assert [str(one) for one in ticket.losses] == ["Could not list pods in ns: row 2 of the table is malformed."]


@pytest.mark.parametrize("columns", [[{"name": "Name", "priority": "high"}], [{"name": "Name", "priority": [1]}]])
async def test_columns_that_are_none_are_a_failure(api: Api, columns: list[dict[str, Any]]) -> None:
    api.on(PATH, said(table("a", columns=columns)))
    with pytest.raises(RequestFailed, match="the table is malformed"):
        await pages_of(api)


@pytest.mark.parametrize("shown", [None, {"kind": "PartialObjectMetadata", "metadata": {"name": "a"}}])
async def test_where_the_server_leaves_the_objects_out_they_are_listed(api: Api, shown: Any) -> None:
    bare = table("a", columns=COLUMNS)
    bare["rows"][0]["object"] = shown
    api.on(PATH, said(bare), said(listed(items("a", spec={"x": 1}))))
    (page,) = await pages_of(api)
    assert [one["spec"] for one in page.page.objects()] == [{"x": 1}]
    assert page.cells == [["a", "<unknown>"]]
