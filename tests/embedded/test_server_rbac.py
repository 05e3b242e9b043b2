import pytest
from tests.embedded.serving import NS, serving

from omg.embedded import Rbac


async def test_a_rotated_token_is_unknown_and_the_new_one_works() -> None:
    async with serving(rbac=Rbac({"old": "admin"})) as (cluster, client):
        assert cluster.kubeconfig()["users"][0]["user"] == {"token": "old"}
        assert (await client.get("/api/v1/pods", Authorization="Bearer old")).status == 200
        cluster.rbac.tokens = {"new": "admin"}
        refused = await client.get("/api/v1/pods", Authorization="Bearer old")
        assert (refused.status, refused.json["reason"]) == (401, "Unauthorized")
        assert (await client.get("/api/v1/pods", Authorization="Bearer new")).status == 200


async def test_a_cluster_wide_list_can_be_denied_where_each_namespace_is_allowed() -> None:
    async with serving() as (cluster, client):
        rule = cluster.rbac.deny("list", "", "pods", "")
        assert (await client.get("/api/v1/pods")).status == 403
        assert (await client.get(f"{NS}/pods")).status == 200
        cluster.rbac.allow(rule)
        assert (await client.get("/api/v1/pods")).status == 200


async def test_a_rule_may_name_a_namespace_a_subresource_a_name_and_a_user() -> None:
    async with serving() as (cluster, client):
        cluster.rbac.deny(resource="pods/log", namespace="openstack")
        cluster.rbac.deny("get", "", "secrets", name="osp-*", user="jane")
        log = await client.get(f"{NS}/pods/nova-old-0/log")
        assert log.json["message"] == (
            'pods "nova-old-0" is forbidden: User "embedded-admin" cannot get resource "pods/log" '
            'in API group "" in the namespace "openstack"'
        )
        assert (await client.get("/api/v1/namespaces/openstack-operators/pods/gates-1/log")).status == 200
        assert (await client.get(f"{NS}/secrets/osp-secret")).status == 200
        jane = await client.get(f"{NS}/secrets/osp-secret", **{"Impersonate-User": "jane"})
        assert 'User "jane" cannot get resource "secrets"' in jane.json["message"]
        assert [one.user for one in cluster.requests][-1] == "jane"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_nothing_can_be_written(method: str) -> None:
    async with serving() as (cluster, client):
        where = f"{client.url}{NS}/configmaps" + ("" if method == "POST" else "/nova")
        async with client.session.request(method, where) as answer:
            assert answer.status == 405
        cluster.rbac.deny("create", "", "configmaps")
        async with client.session.post(f"{client.url}{NS}/configmaps") as answer:
            assert "cannot create resource" in (await answer.json())["message"]
