import pytest

from omg.cluster.door import Cluster
from omg.cluster.resource import Resource
from omg.cluster.ticket import Unlimited
from omg.errors import Absent, RequestFailed
from tests.cluster_door.serving import Api, said, session

SECRETS = Resource("", "v1", "secrets", "Secret", namespaced=True)


async def test_one_object_is_read(api: Api) -> None:
    api.on("/api/v1/namespaces/ns/secrets/s", said({"kind": "Secret"}))
    ticket = Unlimited()
    async with session(api) as opened:
        assert await Cluster(opened, ticket).get(SECRETS, "s", namespace="ns") == {"kind": "Secret"}
    assert ticket.permitted == [("", "secrets", "get")]


async def test_an_object_that_is_not_there_is_absent(api: Api) -> None:
    async with session(api) as opened:
        with pytest.raises(Absent, match="Could not read secrets/s in ns: "):
            await Cluster(opened, Unlimited()).get(SECRETS, "s", namespace="ns")


async def test_an_answer_that_is_no_object_is_a_failure(api: Api) -> None:
    api.on("/version", said([]))
    async with session(api) as opened:
        with pytest.raises(
            RequestFailed, match="Could not read the cluster's version: the answer is not a JSON object"
        ):
            await Cluster(opened, Unlimited()).version()


async def test_the_version_needs_no_permission(api: Api) -> None:
    api.on("/version", said({"gitVersion": "v1.31.0"}))
    ticket = Unlimited()
    async with session(api) as opened:
        assert await Cluster(opened, ticket).version() == {"gitVersion": "v1.31.0"}
    assert (ticket.permitted, ticket.requests) == ([], 1)
