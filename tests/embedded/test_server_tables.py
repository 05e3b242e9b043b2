from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.embedded.sample import named, objects, pod, status, template
from tests.embedded.serving import NS, serving

from omg.embedded.cells_plain import claim_cells, node_cells, service_cells
from omg.embedded.cells_pods import pod_cells
from omg.embedded.cells_workloads import cron_job_cells, job_cells, labels, selector
from omg.embedded.printer_columns import cell, found
from omg.embedded.tables import CELLS, recorded_columns
from omg.printing.ages import human_duration, since

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-5, "<invalid>"),
        (-1.5, "0s"),
        (0.9, "0s"),
        (119, "119s"),
        (120, "2m"),
        (125, "2m5s"),
        (10 * MINUTE, "10m"),
        (179 * MINUTE, "179m"),
        (3 * HOUR, "3h"),
        (3 * HOUR + 5 * MINUTE, "3h5m"),
        (8 * HOUR + 5 * MINUTE, "8h"),
        (48 * HOUR, "2d"),
        (2 * DAY + 19 * HOUR, "2d19h"),
        (8 * DAY + HOUR, "8d"),
        (729 * DAY, "729d"),
        (730 * DAY, "2y"),
        (3 * 365 * DAY + 40 * DAY, "3y40d"),
        (10 * 365 * DAY + 40 * DAY, "10y"),
    ],
)
def test_ages_are_said_as_kubectl_says_them(seconds: float, expected: str) -> None:
    assert human_duration(seconds) == expected


def test_no_time_is_unknown() -> None:
    assert since(None, NOW) == "<unknown>"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".a.b", [1]),
        ("{.a.b}", [1]),
        (".a['b']", [1]),
        (".list[0].n", ["x"]),
        (".list[-1].n", ["y"]),
        (".list[*].n", ["x", "y"]),
        (".a[*]", [1]),
        ('.list[?(@.n=="y")].v', [2]),
        (".list[?(@.n!='y')].v", [1]),
        (".list[?(@.v==2)].n", ["y"]),
        (r".dotted\.name", ["z"]),
        (".absent.b", []),
        (".a[0]", []),
        (".text[*]", []),
        ("not a path", []),
    ],
)
def test_a_column_finds_what_its_path_says(path: str, expected: list[Any]) -> None:
    obj = {"a": {"b": 1}, "list": [{"n": "x", "v": 1}, {"n": "y", "v": 2}], "dotted.name": "z", "text": "t"}
    assert list(found(path, obj)) == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("string", "a", "a"),
        ("string", 3, "3"),
        ("string", {"a": True}, '{"a":true}'),
        ("integer", 3, 3),
        ("integer", "3", None),
        ("integer", True, None),
        ("number", 0.5, 0.5),
        ("boolean", False, False),
        ("boolean", 1, None),
        ("date", "2026-11-22T00:00:00Z", "24h"),
        ("date", "yesterday", "<invalid>"),
        ("date", 5, "<invalid>"),
        ("date", "2026-11-22T00:00:00", "<invalid>"),
        ("string", None, None),
    ],
)
def test_a_cell_is_of_its_columns_type_or_empty(kind: str, value: Any, expected: Any) -> None:
    assert cell({"type": kind, "jsonPath": ".x"}, {"x": value}, NOW) == expected


@settings(deadline=None, max_examples=60)
@given(
    st.text(max_size=20),
    st.recursive(st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)),
)
def test_no_path_and_no_object_breaks_a_column(path: str, value: Any) -> None:
    list(found("." + path, value))


def row(**metadata: Any) -> list[Any]:
    return pod_cells(
        pod("a", [status("main", running={})], metadata={"creationTimestamp": "2026-11-22T00:00:00Z", **metadata}), NOW
    )


def test_a_pod_that_is_being_deleted_says_so_unless_its_node_is_lost() -> None:
    gone = {"deletionTimestamp": "2026-11-22T23:00:00Z"}
    assert row(**gone)[2] == "Terminating"
    lost = pod("a", [], status={"reason": "NodeLost"}, metadata=gone)
    assert pod_cells(lost, NOW)[2] == "Unknown"
    done = pod("a", [status("main", terminated={"reason": "Completed"})], phase="Succeeded", metadata=gone)
    assert pod_cells(done, NOW)[2] == "Completed"


def test_a_pod_without_a_status_has_cells() -> None:
    bare = named("Pod", "a", "ns", spec={"containers": [{"name": "x"}]})
    assert pod_cells(bare, NOW) == ["a", "0/1", "", "0", "<unknown>", "<none>", "<none>", "<none>", "<none>"]


def test_what_an_object_leaves_out_has_a_word() -> None:
    empty = named("Service", "s", "ns", spec={})
    assert service_cells(empty, NOW) == ["s", "ClusterIP", "<none>", "<none>", "<none>", "<unknown>", "<none>"]
    assert node_cells(named("Node", "n"), NOW)[:3] == ["n", "Unknown", "<none>"]
    claim = named("PersistentVolumeClaim", "c", "ns", metadata={"deletionTimestamp": "2026-11-22T23:00:00Z"}, spec={})
    assert claim_cells(claim, NOW)[1] == "Terminating"
    assert (labels(None), selector(None), selector({})) == ("<none>", "<none>", "<none>")
    job = named(
        "Job", "j", "ns", spec={"template": template("a")}, metadata={"deletionTimestamp": "2026-11-22T23:00:00Z"}
    )
    assert job_cells(job, NOW)[1:4] == ["Terminating", "0/1", ""]
    cron = named(
        "CronJob", "c", "ns", spec={"schedule": "@daily", "jobTemplate": {"spec": {"template": template("a")}}}
    )
    assert cron_job_cells(cron, NOW)[3] == "False"


def test_every_kind_with_cells_has_recorded_columns_of_that_number() -> None:
    kinds = {one["kind"].lower() + "s": one for one in objects()}
    for group, plural in CELLS:
        places = [path for path in recorded_columns() if path.endswith(f"/{plural}") and f"/{group or 'api'}/" in path]
        assert places, plural
        one = kinds.get(plural)
        for place in places if one and group != "events.k8s.io" else ():
            assert len(CELLS[group, plural](one, NOW)) == len(recorded_columns()[place])  # type: ignore[arg-type]


async def test_a_kind_whose_cells_are_not_known_shows_name_and_age() -> None:
    lease = named("Lease", "x", "openstack", "coordination.k8s.io/v1", spec={})
    async with serving([lease], clock=lambda: NOW) as (_, client):
        table = (await client.get("/apis/coordination.k8s.io/v1/leases", TABLE)).json
        assert [one["name"] for one in table["columnDefinitions"]] == ["Name", "Age"]
        assert table["rows"][0]["cells"] == ["x", "326d"]


async def test_pages_of_a_table_go_on_like_pages_of_a_list() -> None:
    async with serving() as (_, client):
        table = (await client.get(f"{NS}/configmaps?limit=1&includeObject=Object", TABLE)).json
        assert table["metadata"]["remainingItemCount"] == 2
        assert table["rows"][0]["object"]["kind"] == "ConfigMap"
