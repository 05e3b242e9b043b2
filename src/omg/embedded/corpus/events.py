"""Events: what happened to the pods that are ill, and the rest of the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from omg.embedded.corpus.draws import uid_of
from omg.embedded.corpus.nodes import DOWN, DOWN_FOR, LOST
from omg.embedded.corpus.objects import OPENSTACK, Object, made
from omg.embedded.corpus.story import BACKEND, FAILURE, FILER, health_of
from omg.embedded.corpus.times import DEPLOYED, before
from omg.embedded.corpus.world import World

# Objects at scale 1, and events there must be even where there are more of the others.
USUAL = 1000
LEAST = 150


class Told(NamedTuple):
    """What an event says."""

    reason: str
    message: str
    component: str
    warning: bool = False
    times: int = 1
    minutes: float = 5


def add_events(world: World) -> None:
    """Add those of the ill, those that hold a secret, and ordinary ones until there are enough."""
    pods = world.of_kind("Pod")
    for pod in pods:
        for told in _of_ill(pod):
            world.add(_event(pod, told, told.reason))
    _add_of_nodes(world)
    _add_of_resources(world)
    _add_leaking(world, pods)
    wanted = max(LEAST * world.scale, USUAL * world.scale - len(world.objects))
    told_of = [pod for pod in pods if pod["spec"].get("nodeName")]
    world.add(*(_ordinary(told_of[at % len(told_of)], at // len(told_of)) for at in range(wanted)))


def _event(about: Object, told: Told, *key: object) -> Object:
    """An event as kubelets and schedulers write it."""
    metadata, kind = about["metadata"], about["kind"]
    namespace, name = metadata.get("namespace", "default"), metadata["name"]
    number = int(uid_of("Event", namespace, f"{kind}/{name}/{'/'.join(map(str, key))}").replace("-", "")[:16], 16)
    host = about.get("spec", {}).get("nodeName")
    return made(
        "Event",
        f"{name}.{number:016x}",
        namespace,
        age=told.minutes,
        count=told.times,
        eventTime=None,
        firstTimestamp=before(told.minutes + told.times * 5),
        involvedObject={
            "apiVersion": about["apiVersion"],
            "kind": kind,
            "name": name,
            **({"namespace": namespace} if "namespace" in metadata else {}),
            "uid": uid_of(kind, metadata.get("namespace", ""), name),
        },
        lastTimestamp=before(told.minutes),
        message=told.message,
        reason=told.reason,
        reportingComponent=told.component,
        reportingInstance=host if host and told.component == "kubelet" else "",
        source={"component": told.component} | ({"host": host} if host and told.component == "kubelet" else {}),
        type="Warning" if told.warning else "Normal",
    )


def _of_ill(pod: Object) -> Iterator[Told]:
    name, health = pod["metadata"]["name"], health_of(pod["metadata"]["name"])
    container = health.container or pod["spec"]["containers"][0]["name"]
    if health.state in ("crashing", "init-failing"):
        text = f"Back-off restarting failed container {container} in pod {name}_{pod['metadata']['namespace']}"
        yield Told("BackOff", text, "kubelet", warning=True, times=health.restarts * 4, minutes=1)
    if health.state == "unschedulable":
        yield Told("FailedScheduling", health.message, "default-scheduler", warning=True, times=812, minutes=2)
    if health.state == "no-image":
        yield Told("Failed", health.message, "kubelet", warning=True, times=900, minutes=2)
        yield Told("Pulling", "Pulling image", "kubelet", times=902, minutes=3)
    if health.state == "restarted" and health.code == 137:
        text = f"Liveness probe failed: command timed out: container {container} used all of its memory"
        yield Told("Unhealthy", text, "kubelet", warning=True, times=9, minutes=96)
    if health.state == "creating":
        text = 'MountVolume.SetUp failed for volume "config-data" : secret "octavia-worker-config-data" not found'
        yield Told("FailedMount", text, "kubelet", warning=True, times=240, minutes=1)
    if name.startswith(BACKEND):
        text = f"Liveness probe failed: cinder-volume: service is down: no connection to {FILER}:443"
        yield Told("Unhealthy", text, "kubelet", warning=True, times=111, minutes=4)


def _add_of_nodes(world: World) -> None:
    node = next(one for one in world.of_kind("Node") if one["metadata"]["name"] == DOWN)
    told = Told("NodeNotReady", f"Node {DOWN} status is now: NodeNotReady", "node-controller", minutes=DOWN_FOR)
    world.add(_event(node, told), _event(node, told._replace(reason="NodeStatusUnknown", message=LOST[1]), "lost"))
    for pod in world.of_kind("Pod"):
        if pod["spec"].get("nodeName") == DOWN:
            told = Told("NodeNotReady", "Node is not ready", "node-controller", warning=True, minutes=DOWN_FOR)
            world.add(_event(pod, told))


def _add_of_resources(world: World) -> None:
    """What the operators say of the broken backend."""
    for one in world.objects[:]:
        if one["kind"] in ("Cinder", "OpenStackControlPlane") or one["metadata"]["name"] == BACKEND:
            if one["kind"] in ("Secret", "ConfigMap"):
                continue
            component = "cinder-controller" if one["kind"].startswith("Cinder") else "openstackcontrolplane-controller"
            told = Told("ReconcileError", FAILURE, component, warning=True, times=37, minutes=3)
            world.add(_event(one, told))


# How a secret gets into an event: with the place of it, and the net that must catch it there.
LEAKS: tuple[tuple[str, str, str], ...] = (
    ("value", "Failed", "Error: failed to start container: exec: login {known} refused"),
    ("shape", "FailedMount", 'mount failed: mount -t cifs "//172.18.0.9/x" via https://svc:{drawn}@172.18.0.9/x: 401'),
    ("key", "Unhealthy", "Readiness probe failed: mysqladmin ping --user=root --password={drawn}: exit status 1"),
    ("shape", "FailedPostStartHook", "hook: curl -H 'Authorization: Bearer {drawn}' failed with 403"),
    ("value", "FailedPreStopHook", 'hook "cleanup {known} --all" exited with 1'),
)


def _add_leaking(world: World, pods: list[Object]) -> None:
    known: list[Callable[[], str]] = [
        lambda: world.password("NovaPassword"),
        lambda: world.password("CinderPassword"),
        lambda: world.password("rabbitmq-default-user"),
        lambda: world.password("cinder-backend"),
        lambda: world.password("DbRootPassword"),
        lambda: world.password("libvirt"),
    ]
    inside = [pod for pod in pods if pod["metadata"]["namespace"] == OPENSTACK and pod["spec"].get("nodeName")]
    for at in range(30 * world.scale):
        net, reason, text = LEAKS[at % len(LEAKS)]
        draw = world.draw("leak", at)
        value = known[at % len(known)]() if net == "value" else draw.word(28)
        message = text.replace("{known}", value).replace("{drawn}", value)
        told = Told(reason, message, "kubelet", warning=True, times=at % 7 + 1, minutes=at + 6)
        one = _event(inside[at * 7 % len(inside)], told, "leak", at)
        world.plants.plant(value, net, f"Event {OPENSTACK}/{one['metadata']['name']}")
        world.add(one)


def _ordinary(pod: Object, turn: int) -> Object:
    name, node = pod["metadata"]["name"], pod["spec"]["nodeName"]
    container = pod["spec"]["containers"][turn % len(pod["spec"]["containers"])]
    texts = (
        Told(
            "Scheduled", f"Successfully assigned {pod['metadata']['namespace']}/{name} to {node}", "default-scheduler"
        ),
        Told("Pulled", f'Container image "{container["image"]}" already present on machine', "kubelet"),
        Told("Created", f"Created container: {container['name']}", "kubelet"),
        Told("Started", f"Started container {container['name']}", "kubelet"),
        Told("AddedInterface", f"Add eth0 [10.128.0.{turn % 250}/23] from ovn-kubernetes", "multus"),
    )
    told = texts[turn % len(texts)]._replace(minutes=DEPLOYED - 20 - turn % 40, times=turn // len(texts) + 1)
    return _event(pod, told, "ordinary", turn)
