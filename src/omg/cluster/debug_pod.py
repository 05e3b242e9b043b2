"""A debug pod on a node: made as `oc debug node/NODE` makes it, waited for, and removed again.

Its main process is given by the caller and should end, with everything that it has made, when it is told to: a pod that
is deleted, or whose time is over, is told so by the kubelet. Nothing else is left to do when omg is killed.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from omg.cluster.door import Cluster
from omg.cluster.resource import Resource
from omg.errors import Absent, Denied, OmgError, RequestFailed, TimedOut, Unreachable

PODS = Resource(group="", version="v1", plural="pods", kind="Pod", namespaced=True)
EVENTS = Resource(group="", version="v1", plural="events", kind="Event", namespaced=True)
NAMESPACES = Resource(group="", version="v1", plural="namespaces", kind="Namespace", namespaced=False)

PREFIX = "omg-sos-"
CONTAINER = "container-00"
LABELS = {"app.kubernetes.io/name": "omg", "app.kubernetes.io/component": "sos", "app.kubernetes.io/managed-by": "omg"}
SELECTOR = ",".join(f"{name}={value}" for name, value in LABELS.items())

DEADLINE = 2 * 3600
"""Seconds after which the kubelet ends the pod, whatever became of omg: an hour for sos, an hour for the transfer."""

START_LIMIT = 180.0
"""Seconds for a pod to start: the image, which has about a gigabyte, may have to be pulled."""

TROUBLE_LIMIT = 20.0
"""Seconds for which the kubelet may say that it can't start the pod before that is believed: it tries again itself."""

ACCOUNT_LIMIT = 10.0
"""Seconds for which a new namespace may be without its service account, without which no pod is admitted there."""

FAREWELL = 4
"""Seconds that the pod's process has to end; short beside the time that a stopped run has left."""

FIRST_LOOK, LONGEST_LOOK = 0.1, 2.0
"""Seconds between two looks at a pod that is awaited: each half as long again as the one before."""

HOPELESS = frozenset({"InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError"})
"""Reasons to wait that no patience mends."""

ON_THE_WAY = frozenset({"", "ContainerCreating", "PodInitializing"})


@dataclass(frozen=True, slots=True)
class Owner:
    """The pod that omg runs in: what it made goes when it goes."""

    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class DebugPod:
    """What is to be made.

    Args:
        main: makes the command of its main process, for its token.
        token: tells it from every other, on the node too.
    """

    node: str
    namespace: str
    image: str
    main: Callable[[str], Sequence[str]]
    owner: Owner | None = None
    token: str = field(default_factory=lambda: secrets.token_hex(5))

    @property
    def name(self) -> str:
        """Of the object; nobody else chooses it, so that asking twice makes one."""
        return PREFIX + self.token

    def manifest(self) -> dict[str, Any]:
        """The object."""
        owners: list[dict[str, Any]] = []
        if self.owner is not None:
            owners.append({"apiVersion": "v1", "kind": "Pod", "name": self.owner.name, "uid": self.owner.uid})
        return {
            "metadata": {
                "name": self.name,
                "labels": LABELS,
                "annotations": {
                    "debug.openshift.io/source-container": CONTAINER,
                    "debug.openshift.io/source-resource": f"/v1, Resource=nodes/{self.node}",
                },
                **({"ownerReferences": owners} if owners else {}),
            },
            "spec": {
                "nodeName": self.node,
                "activeDeadlineSeconds": DEADLINE,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "hostIPC": True,
                "hostNetwork": True,
                "hostPID": True,
                "restartPolicy": "Never",
                "terminationGracePeriodSeconds": 30,
                "tolerations": [{"operator": "Exists"}],
                "containers": [
                    {
                        "name": CONTAINER,
                        "image": self.image,
                        "imagePullPolicy": "IfNotPresent",
                        "command": list(self.main(self.token)),
                        "env": [{"name": "HOST", "value": "/host"}],
                        "securityContext": {"privileged": True, "runAsUser": 0},
                        "volumeMounts": [{"name": "host", "mountPath": "/host"}],
                    }
                ],
                "volumes": [{"name": "host", "hostPath": {"path": "/", "type": "Directory"}}],
            },
        }


def temporary_namespace() -> tuple[str, dict[str, Any]]:
    """The name and the object of a namespace that admits such pods, on OpenShift as elsewhere."""
    name = PREFIX + secrets.token_hex(5)
    levels = {f"pod-security.kubernetes.io/{mode}": "privileged" for mode in ("enforce", "audit", "warn")}
    labels = LABELS | levels | {"security.openshift.io/scc.podSecurityLabelSync": "false"}
    return name, {"metadata": {"name": name, "labels": labels, "annotations": {"openshift.io/node-selector": ""}}}


async def create(cluster: Cluster, pod: DebugPod) -> None:
    """Have the pod made.

    Raises:
        OmgError: it may not be made, and why.
    """
    patience = asyncio.get_running_loop().time() + ACCOUNT_LIMIT
    while True:
        try:
            await cluster.create(PODS, pod.manifest(), namespace=pod.namespace)
        except Denied as error:
            is_early = "serviceaccount" in str(error) and "not found" in str(error)
            if not is_early or asyncio.get_running_loop().time() > patience:
                raise
            await asyncio.sleep(FIRST_LOOK)
        else:
            return


async def wait_until_running(cluster: Cluster, pod: DebugPod, *, within: float = START_LIMIT) -> None:
    """Wait until the pod runs.

    Raises:
        OmgError: it doesn't start, with what the kubelet and the events say.
    """
    now = asyncio.get_running_loop().time
    began, stuck_since, look = now(), 0.0, FIRST_LOOK
    while True:
        try:
            state = state_of(await cluster.get(PODS, pod.name, namespace=pod.namespace))
        except Absent as error:
            raise RequestFailed(f"The debug pod on the node {pod.node} is gone: somebody removed it.") from error
        if state.runs:
            return
        stuck_since = (stuck_since or now()) if state.trouble else 0.0
        is_stuck = state.is_final or (stuck_since and now() - stuck_since >= TROUBLE_LIMIT)
        if is_stuck or now() - began >= within:
            await _give_up(cluster, pod, state, now() - began)
        await asyncio.sleep(look)
        look = min(look * 1.5, LONGEST_LOOK)


@dataclass(frozen=True, slots=True)
class State:
    """How far a pod has come.

    Args:
        trouble: why it doesn't start, in the kubelet's words; empty: it is on the way, as far as is known.
        is_final: it won't start any more.
        is_known: its node has said anything about it.
    """

    runs: bool = False
    trouble: str = ""
    is_final: bool = False
    is_known: bool = False


def state_of(pod: Mapping[str, Any]) -> State:
    """What a Pod object says."""
    status = pod.get("status") or {}
    statuses = status.get("containerStatuses") or ()
    if any("running" in (one.get("state") or {}) for one in statuses):
        return State(runs=True, is_known=True)
    if status.get("phase") in {"Failed", "Succeeded"}:
        ends = [(one.get("state") or {}).get("terminated") or {} for one in statuses]
        told = _told(status) or next(filter(None, map(_told, ends)), "")
        return State(trouble=told or "its process ended at once", is_final=True, is_known=True)
    waits = [(one.get("state") or {}).get("waiting") or {} for one in statuses]
    trouble = next((one for one in waits if one.get("reason", "") not in ON_THE_WAY), {})
    return State(
        trouble=_told(trouble),
        is_final=trouble.get("reason") in HOPELESS,
        is_known=bool(statuses) or "startTime" in status,
    )


def _told(said: Mapping[str, Any]) -> str:
    """Reason and message of a status, as one phrase."""
    return ": ".join(filter(None, (said.get("reason"), " ".join(str(said.get("message") or "").split()))))


async def _give_up(cluster: Cluster, pod: DebugPod, state: State, seconds: float) -> NoReturn:
    told = await _events(cluster, pod)
    reasons = "; ".join(filter(None, (state.trouble, told)))
    what = f"The debug pod on the node {pod.node} did not start"
    if state.trouble:
        raise RequestFailed(f"{what}: {reasons}.")
    if not state.is_known:
        silent = "its kubelet has said nothing about the pod" + (f"; {told}" if told else "")
        raise Unreachable(f"{what} within {seconds:.0f} s: {silent}.")
    raise TimedOut(f"{what} within {seconds:.0f} s: " + (reasons or "its container is still being created") + ".")


async def _events(cluster: Cluster, pod: DebugPod) -> str:
    """What the events say of the pod; nothing where they may not be read."""
    found: list[dict[str, Any]] = []
    try:
        fields = f"involvedObject.name={pod.name}"
        async for page in cluster.list(EVENTS, namespace=pod.namespace, fields=fields):
            found += page.objects()
    except OmgError:
        return ""
    return events_sentence(found)


def events_sentence(events: Iterable[Mapping[str, Any]]) -> str:
    """The last two warnings of a pod's events."""
    warnings = [one for one in events if one.get("type") == "Warning"]
    warnings.sort(key=lambda one: str(one.get("lastTimestamp") or one.get("eventTime") or ""))
    return "; ".join(dict.fromkeys(filter(None, map(_told, warnings[-2:]))))


async def remove(cluster: Cluster, pod: DebugPod, *, has_run: bool) -> None:
    """Remove the pod; where it ran, its process is given the time to end, and the node to say that it did.

    Raises:
        OmgError: it could not be removed; it ends by itself when its time is over.
    """
    if has_run:
        await cluster.delete(PODS, pod.name, namespace=pod.namespace, grace=FAREWELL)
        if await _is_gone(cluster, pod, within=FAREWELL + 1.0):
            return
    await cluster.delete(PODS, pod.name, namespace=pod.namespace, grace=0)


async def _is_gone(cluster: Cluster, pod: DebugPod, *, within: float) -> bool:
    look = FIRST_LOOK
    try:
        async with asyncio.timeout(within):
            while True:
                await cluster.get(PODS, pod.name, namespace=pod.namespace)
                await asyncio.sleep(look)
                look *= 1.5
    except Absent:
        return True
    except TimeoutError:
        return False
