"""Puts what was drawn by chance into a real cluster. What the server doesn't take is an error: it was to be valid."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from tests.cluster.chance import events, kinds, nodes, pods
from tests.cluster.chance.containers import container
from tests.cluster.chance.draws import Draw, Object
from tests.cluster.testbed.api import Api, Refused
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load_objects

AT_ONCE = 4

_PODS = f"/api/v1/namespaces/{pods.SPACE}/pods"

_RUNTIMES: tuple[Object, ...] = (
    {"metadata": {"name": "plain"}, "handler": "x"},
    {"metadata": {"name": "heavy"}, "handler": "x", "overhead": {"podFixed": {"cpu": "250m", "memory": "120Mi"}}},
)


def load_all(cluster: Cluster, pod_seeds: Iterable[int], node_seeds: Iterable[int], kind_seeds: Iterable[int]) -> None:
    """Make the nodes, pods, events and kinds of these seeds."""
    api, spaces = cluster.api, (pods.SPACE, "kube-node-lease", "openstack")
    load_objects(cluster, [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in spaces])
    for one in _RUNTIMES:
        api.send("POST", "/apis/node.k8s.io/v1/runtimeclasses", one)
    seeds = list(node_seeds)
    names = [nodes.name(seed) for seed in seeds]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda seed: _put_node(api, seed), seeds))
        list(pool.map(lambda seed: _put_pod(api, seed, names), pod_seeds))
    definitions = {seed: kinds.definition(seed) for seed in kind_seeds}
    load_objects(cluster, definitions.values())
    for seed, definition in definitions.items():
        load_objects(cluster, kinds.objects(seed, definition, [pods.SPACE, "openstack"]))


def _put_node(api: Api, seed: int) -> None:
    wanted = nodes.node(seed)
    made = _make(api, "/api/v1/nodes", wanted)
    made = _set_status(api, "/api/v1/nodes", made, wanted["status"])
    draw = Draw(f"around {seed}")
    if draw.flag(0.8):
        _make(api, "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", nodes.lease(seed))
    for one in nodes.slices(seed):
        _make(api, "/apis/resource.k8s.io/v1/resourceslices", one)
    for one in events.events(seed, {**made, "kind": "Node"}):
        _make(api, "/api/v1/namespaces/default/events", one)


def _put_pod(api: Api, seed: int, names: list[str]) -> None:
    wanted = pods.pod(seed, names)
    made = _make(api, _PODS, wanted)
    path = f"{_PODS}/{made['metadata']['name']}"
    made = _set_status(api, _PODS, made, pods.status(seed, made))
    draw = Draw(f"after {seed}")
    if draw.flag(0.2):
        debugger = container(draw, "debugger", wanted["spec"]["volumes"], kind="ephemeral")
        made["spec"]["ephemeralContainers"] = [debugger]
        made = json.loads(api.send("PUT", f"{path}/ephemeralcontainers", made))
        seen = {"ephemeralContainerStatuses": [pods.container_status(draw, debugger)]}
        _set_status(api, _PODS, made, {**made["status"], **seen})
    for one in events.events(seed, {**made, "kind": "Pod"}):
        _make(api, f"/api/v1/namespaces/{pods.SPACE}/events", one)
    if draw.flag(0.1):
        stay = {"metadata": {"finalizers": ["example.com/stay"]}}
        api.send("PATCH", path, stay, "application/merge-patch+json")
        api.send("DELETE", f"{path}?gracePeriodSeconds={draw.randint(0, 60)}")


def _make(api: Api, collection: str, one: Object) -> Object:
    try:
        made: Object = json.loads(api.send("POST", collection, {key: one[key] for key in one if key != "status"}))
    except Refused as error:
        error.add_note(json.dumps(one)[:5000])
        raise
    return made


def _set_status(api: Api, collection: str, made: Object, status: Object) -> Object:
    changed = {**made, "status": status}
    changed["metadata"] = {key: value for key, value in made["metadata"].items() if key != "managedFields"}
    try:
        found: Object = json.loads(api.send("PUT", f"{collection}/{made['metadata']['name']}/status", changed))
    except Refused as error:
        error.add_note(json.dumps(status)[:5000])
        raise
    return found
