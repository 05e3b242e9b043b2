"""Debug pods: what their objects say, and what is asked for them."""

from pathlib import Path
from typing import Any

import pytest

from omg.cluster.credentials import load_credentials
from omg.cluster.debug_pod import (
    CONTAINER,
    DebugPod,
    Owner,
    State,
    create,
    events_sentence,
    remove,
    state_of,
    temporary_namespace,
    wait_until_running,
)
from omg.cluster.door import Cluster
from omg.cluster.session import Limits, Session
from omg.cluster.ticket import Unlimited
from omg.embedded.corpus import Corpus
from omg.embedded.server import EmbeddedCluster
from omg.embedded.statuses import status as refusal
from omg.errors import Absent, Denied, OmgError, RequestFailed, Unreachable
from omg.tasks.kinds import PODS


def status(phase: str, state: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    containers = [] if state is None else [{"name": CONTAINER, "state": state}]
    return {"status": {"phase": phase, "containerStatuses": containers, **more}}


@pytest.mark.parametrize(
    ("pod", "expected"),
    [
        ({}, State()),
        (status("Pending", startTime="x"), State(is_known=True)),
        (status("Pending", {"waiting": {"reason": "ContainerCreating"}}), State(is_known=True)),
        (status("Running", {"running": {}}), State(runs=True, is_known=True)),
        (
            status("Pending", {"waiting": {"reason": "ErrImagePull", "message": "no\n such image"}}),
            State(trouble="ErrImagePull: no such image", is_known=True),
        ),
        (
            status("Pending", {"waiting": {"reason": "InvalidImageName"}}),
            State(trouble="InvalidImageName", is_final=True, is_known=True),
        ),
        (
            status("Failed", reason="NodeAffinity", message="Predicate NodeAffinity failed"),
            State(trouble="NodeAffinity: Predicate NodeAffinity failed", is_final=True, is_known=True),
        ),
        (
            status("Failed", {"terminated": {"exitCode": 82, "reason": "Error"}}),
            State(trouble="Error", is_final=True, is_known=True),
        ),
        (status("Succeeded"), State(trouble="its process ended at once", is_final=True, is_known=True)),
    ],
)
def test_what_a_pod_says_of_itself(pod: dict[str, Any], expected: State) -> None:
    assert state_of(pod) == expected


def test_the_last_two_warnings_are_told_and_nothing_twice() -> None:
    def event(kind: str, reason: str, message: str, at: str) -> dict[str, Any]:
        return {"type": kind, "reason": reason, "message": message, "lastTimestamp": at}

    events = [
        event("Warning", "Failed", "pull access denied", "3"),
        event("Warning", "FailedMount", "old", "1"),
        event("Normal", "Pulling", "image", "4"),
        event("Warning", "Failed", "pull access denied", "2"),
    ]
    assert events_sentence(events) == "Failed: pull access denied"
    assert events_sentence([]) == ""


def test_two_pods_have_names_of_their_own_and_an_owner_only_where_there_is_one() -> None:
    first, second = (DebugPod("a", "ns", "image", lambda token: ("keep", token)) for _ in range(2))
    assert first.name != second.name
    assert first.manifest()["spec"]["containers"][0]["command"] == ["keep", first.token]
    assert "ownerReferences" not in first.manifest()["metadata"]
    owned = DebugPod("a", "ns", "image", lambda token: (token,), Owner("mine", "u-1")).manifest()
    assert owned["metadata"]["ownerReferences"] == [{"apiVersion": "v1", "kind": "Pod", "name": "mine", "uid": "u-1"}]


def test_a_temporary_namespace_admits_privileged_pods_on_every_node() -> None:
    name, manifest = temporary_namespace()
    assert manifest["metadata"]["name"] == name
    assert manifest["metadata"]["labels"]["security.openshift.io/scc.podSecurityLabelSync"] == "false"
    assert manifest["metadata"]["annotations"] == {"openshift.io/node-selector": ""}


class Site:
    """The door to an embedded cluster, and a pod to be made there."""

    def __init__(self, embedded: EmbeddedCluster, session: Session) -> None:
        self.embedded = embedded
        self.cluster = Cluster(session, Unlimited())
        self.pod = DebugPod("worker-0", "openstack", "image", lambda token: ("keep", token))

    async def exists(self) -> bool:
        try:
            await self.cluster.get(PODS, self.pod.name, namespace=self.pod.namespace)
        except Absent:
            return False
        return True


@pytest.fixture
async def site(corpus: Corpus, tmp_path: Path) -> Any:
    async with EmbeddedCluster(corpus) as embedded:
        path = embedded.write_kubeconfig(tmp_path / "kubeconfig")
        credentials = await load_credentials(kubeconfig=str(path), context=None, impersonate=None)
        async with Session(credentials, Limits(request=5, stall=2)) as session:
            yield Site(embedded, session)


async def test_a_pod_is_made_waited_for_and_removed(site: Site) -> None:
    await create(site.cluster, site.pod)
    await wait_until_running(site.cluster, site.pod)
    assert await site.exists()
    await remove(site.cluster, site.pod, has_run=True)
    assert not await site.exists()


async def test_asked_for_twice_it_is_made_once_and_removed_twice_it_is_gone(site: Site) -> None:
    for _ in range(2):
        await create(site.cluster, site.pod)
    for _ in range(2):
        await remove(site.cluster, site.pod, has_run=False)
    assert not await site.exists()


async def test_a_request_whose_answer_got_lost_is_sent_again(site: Site) -> None:
    fault = site.embedded.faults.status(503, path="/api/v1/namespaces/openstack/pods", count=2)
    await create(site.cluster, site.pod)
    assert fault.hits == 2
    assert await site.exists()


async def test_a_namespace_without_its_service_account_yet_is_waited_for(site: Site) -> None:
    message = 'error looking up service account openstack/default: serviceaccount "default" not found'
    fault = site.embedded.faults.status(403, path="/api/v1/namespaces/openstack/pods$", count=3)
    fault.answer = refusal(403, "Forbidden", message, {})
    await create(site.cluster, site.pod)
    assert fault.hits == 3
    assert await site.exists()


async def test_a_namespace_that_is_gone_is_told(site: Site) -> None:
    site.embedded.store.delete("v1", "Namespace", "openstack")
    with pytest.raises(OmgError, match="openstack"):
        await create(site.cluster, site.pod)


async def test_a_pod_that_somebody_removes_meanwhile_is_a_failure_and_no_absence(site: Site) -> None:
    with pytest.raises(RequestFailed, match="somebody removed it"):
        await wait_until_running(site.cluster, site.pod)


async def test_where_events_may_not_be_read_the_kubelets_words_are_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("omg.cluster.debug_pod.TROUBLE_LIMIT", 0.0)
    site.embedded.refused_images.add("image")
    site.embedded.faults.status(403, path="/events")
    await create(site.cluster, site.pod)
    with pytest.raises(RequestFailed, match=r"did not start: ImagePullBackOff: Back-off pulling image \"image\"\.$"):
        await wait_until_running(site.cluster, site.pod)


async def test_a_silent_kubelet_and_one_that_is_still_at_it_are_told_apart(site: Site) -> None:
    site.embedded.dead_nodes.add("worker-0")
    await create(site.cluster, site.pod)
    with pytest.raises(Unreachable, match="its kubelet has said nothing"):
        await wait_until_running(site.cluster, site.pod, within=0.1)
    await remove(site.cluster, site.pod, has_run=False)


async def test_a_pod_that_may_not_be_made_is_told_at_once(site: Site) -> None:
    site.embedded.faults.status(403, path="/api/v1/namespaces/openstack/pods$")
    with pytest.raises(Denied, match="Not allowed to create pods/omg-sos-"):
        await create(site.cluster, site.pod)
