"""A list that goes on while etcd forgets: each object once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from omg.cluster.credentials import load_credentials
from omg.cluster.door import Cluster as Door
from omg.cluster.resource import Resource
from omg.cluster.session import Limits, Session
from omg.cluster.ticket import Unlimited
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load_objects

COUNT = 12_000
NAMESPACE = "many-events"

EVENTS = Resource(group="", version="v1", plural="events", kind="Event", namespaced=True)


@pytest.fixture(scope="module")
def events(cluster: Cluster) -> set[str]:
    load_objects(cluster, [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}])
    names = [f"event-{number:05}" for number in range(COUNT)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: create(cluster, name), names))
    return set(names)


def create(cluster: Cluster, name: str) -> None:
    pod = {"kind": "Pod", "namespace": NAMESPACE, "name": "nova-api-0"}
    event = {"metadata": {"name": name}, "involvedObject": pod, "reason": "BackOff", "type": "Warning", "message": name}
    cluster.api.send("POST", f"/api/v1/namespaces/{NAMESPACE}/events", event)


@pytest.mark.parametrize("pages_before", [1, 9])
async def test_each_event_comes_once_although_etcd_forgets_in_the_middle(
    cluster: Cluster, events: set[str], pages_before: int
) -> None:
    user = cluster.new_user()
    credentials = await load_credentials(kubeconfig=str(cluster.kubeconfig), context=user, impersonate=None)
    found: Counter[str] = Counter()
    pages = 0
    async with Session(credentials, Limits()) as session:
        async for page in Door(session, Unlimited()).list(EVENTS, namespace=NAMESPACE):
            pages += 1
            found.update(event["metadata"]["name"] for event in page.objects())
            if pages == pages_before:
                create(cluster, f"late-{pages_before}")  # what comes in meanwhile may be listed or not, but once
                cluster.compact()
    assert {name for name, times in found.items() if times > 1} == set()
    assert events - found.keys() == set()
    assert found.keys() - events <= {"late-1", "late-9"}
    assert pages >= COUNT / 500
    assert 410 in {request.code for request in cluster.requests_of(user)}, "nothing was forgotten"
