import asyncio
import time
from typing import Any

import pytest
from aiohttp import web

from omg.cluster.discovery import Discovery
from omg.cluster.door import Cluster
from omg.cluster.resource import Resource
from omg.cluster.ticket import Unlimited
from omg.errors import RequestFailed
from tests.cluster_door.serving import Api, said, session, status


async def discovered(api: Api) -> Discovery:
    async with session(api) as opened:
        return await Cluster(opened, Unlimited()).discover()


def served(plural: str, kind: str, *, scope: str = "Namespaced", **more: Any) -> dict[str, Any]:
    return {"resource": plural, "responseKind": {"group": "", "version": "", "kind": kind}, "scope": scope, **more}


def aggregated(*groups: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    items = [{"metadata": {"name": name} if name else {}, "versions": versions} for name, versions in groups]
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": items}


def version(name: str, *resources: dict[str, Any], freshness: str = "Current") -> dict[str, Any]:
    return {"version": name, "resources": list(resources), "freshness": freshness}


async def test_everything_is_asked_for_in_two_requests(api: Api) -> None:
    pods = served(
        "pods", "Pod", verbs=["get", "list"], shortNames=["po"], categories=["all"], singularResource="pod",
        subresources=[{"subresource": "log", "verbs": ["get"]}],
    )  # fmt: skip
    api.on("/api", said(aggregated(("", [version("v1", pods, {"resource": "odd"})]))))
    api.on(
        "/apis",
        said(
            aggregated(
                ("apps", [version("v1", served("deployments", "Deployment"))]),
                (
                    "x.io",
                    [
                        version("v2", served("xs", "X", scope="Cluster")),
                        version("v1", served("xs", "X"), served("ys", "Y")),
                    ],
                ),
                ("down.io", [version("v1", served("ds", "D"), freshness="Stale")]),
            )
        ),
    )
    found = await discovered(api)
    assert found.resources == (
        Resource("", "v1", "pods", "Pod", True, frozenset({"get", "list"}), ("po",), ("all",), "pod"),
        Resource("apps", "v1", "deployments", "Deployment", True),
        Resource("x.io", "v2", "xs", "X", False),
        Resource("x.io", "v1", "ys", "Y", True),
    )
    assert found.gaps == ("down.io/v1",)
    assert [seen.path for seen in api.seen] == ["/api", "/apis"]
    assert "g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" in api.seen[0].headers["Accept"]


async def test_an_older_server_is_asked_group_by_group(api: Api) -> None:
    api.on("/api", said({"kind": "APIVersions", "versions": ["v1"]}))
    groups = [
        {
            "name": "x.io",
            "versions": [{"version": "v1"}, {"version": "v2"}],
            "preferredVersion": {"version": "v2"},
        },
        {"name": "down.io", "versions": [{"version": "v1"}]},
    ]
    api.on("/apis", said({"kind": "APIGroupList", "groups": groups}))
    pods = {"name": "pods", "kind": "Pod", "namespaced": True, "verbs": ["list"], "shortNames": ["po"]}
    log = {"name": "pods/log", "kind": "Pod", "namespaced": True, "verbs": ["get"]}
    api.on("/api/v1", said({"kind": "APIResourceList", "resources": [pods, log]}))
    xs = {"name": "xs", "kind": "X", "singularName": "x"}
    api.on("/apis/x.io/v1", said({"resources": [xs, {"name": "ys", "kind": "Y"}]}))
    api.on("/apis/x.io/v2", said({"resources": [xs]}))
    api.on("/apis/down.io/v1", status(503, "no endpoints"))
    found = await discovered(api)
    assert found.resources == (
        Resource("", "v1", "pods", "Pod", True, frozenset({"list"}), ("po",)),
        Resource("x.io", "v2", "xs", "X", False, singular="x"),
        Resource("x.io", "v1", "ys", "Y", False),
    )
    assert found.gaps == ("down.io/v1",)


ODD: list[Any] = [None, 3, "x", {}, {"version": 7}, {"version": "v1", "resources": [{"resource": 3}]}]


@pytest.mark.parametrize("odd", ODD)
async def test_a_version_that_can_not_be_read_is_a_gap_and_the_others_are_there(api: Api, odd: Any) -> None:
    api.on("/api", said(aggregated(("", [version("v1", served("pods", "Pod"))]))))
    found = aggregated(("x.io", [odd, version("v2", served("xs", "X"))]))
    found["items"] += [None, 7, {"versions": 3}]
    api.on("/apis", said(found))
    discovery = await discovered(api)
    assert [one.name for one in discovery.resources] == ["pods", "xs.x.io"]
    assert len(discovery.gaps) == 1
    assert discovery.gaps[0].startswith("x.io/")


@pytest.mark.parametrize("odd", [None, 3, {"name": "y.io", "versions": [{}]}, {"name": "y.io", "versions": "v1"}, {}])
async def test_a_group_that_can_not_be_read_is_a_gap_of_an_older_server(api: Api, odd: Any) -> None:
    api.on("/api", said({"kind": "APIVersions", "versions": ["v1"]}))
    api.on("/apis", said({"kind": "APIGroupList", "groups": [odd, {"name": "x.io", "versions": [{"version": "v1"}]}]}))
    api.on("/api/v1", said({"resources": [{"name": "pods", "kind": "Pod"}]}))
    api.on("/apis/x.io/v1", said({"resources": [{"name": 3, "kind": "Pod"}]}))
    discovery = await discovered(api)
    assert [one.name for one in discovery.resources] == ["pods"]
    assert len(discovery.gaps) == 2


async def test_groups_that_do_not_answer_cost_no_more_together_than_a_request_and_a_moment_each(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def say_nothing(_request: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError

    monkeypatch.setattr("omg.cluster.discovery.LEAST_SHARE", 0.05)
    api.on("/api", said({"kind": "APIVersions", "versions": []}))
    groups = [{"name": f"g{number}.io", "versions": [{"version": "v1"}]} for number in range(20)]
    api.on("/apis", said({"kind": "APIGroupList", "groups": groups}))
    for number in range(20):
        api.on(f"/apis/g{number}.io/v1", say_nothing)
    began = time.monotonic()
    async with session(api, request=2.0, stall=60) as opened:
        discovery = await Cluster(opened, Unlimited()).discover()
    assert len(discovery.gaps) == 20
    assert time.monotonic() - began < 10


async def test_a_server_that_tells_nothing_is_a_failure(api: Api) -> None:
    api.on("/api", said(b"<html>"))
    with pytest.raises(RequestFailed, match="Could not discover /api: the answer is not JSON"):
        await discovered(api)


async def test_an_empty_discovery_is_no_error(api: Api) -> None:
    api.on("/api", said({"items": None, "kind": "APIGroupDiscoveryList"}))
    api.on("/apis", said({"kind": "APIGroupList", "groups": None}))
    assert await discovered(api) == Discovery(())
