"""Which container has which log, and how much of the whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from omg.embedded.corpus.logs import BLOCK, RenderedLog
from omg.embedded.corpus.objects import OPERATORS, Object
from omg.embedded.corpus.times import NOW
from omg.embedded.corpus.world import LogKey, World

# Bytes of all logs at scale 1.
USUAL = 20_000_000
# The share of a log by how its pod's name begins, in parts of the whole, the first that fits; everything else has 1.
LOUD = {
    "neutron-db-sync": 0.2,
    "keystone-db-sync": 0.2,
    "neutron-operator": 1,
    "keystone-operator": 1,
    "nova-api-0": 60,
    "nova-cell1-conductor-0": 40,
    "cinder-api-0": 25,
    "cinder-volume-netapp-0": 12,
    "neutron-": 25,
    "keystone-": 20,
    "openstack-galera-": 6,
    "rabbitmq-server-": 12,
    "ovn-controller": 8,
    "ovsdbserver-": 4,
    "prometheus-": 8,
    "nova-operator": 6,
    "cinder-operator": 6,
    "openstack-operator": 8,
    "etcd": 4,
}
EMPTY = ("memcached", "probe", "rsync", "dnsmasq-dns", "swift-recon-cron", "reloader", "config-reloader", "init")
STYLES = {
    "galera": "galera",
    "mysql-bootstrap": "galera",
    "rabbitmq": "rabbitmq",
    "setup-container": "rabbitmq",
    "prometheus": "prometheus",
    "alertmanager": "prometheus",
    "thanos-sidecar": "prometheus",
    "kube-rbac-proxy": "klog",
    "etcd": "klog",
    "openstack-network-exporter": "plain",
    "web": "plain",
    "cart": "plain",
}

Stories = Mapping[LogKey, Sequence[tuple[float, bytes]]]


class Logged(NamedTuple):
    """One log that there is."""

    key: LogKey
    weight: float


def add_logs(world: World, log_bytes: int | None, stories: Stories) -> None:
    """Give every container that has run its log, so that all are about log_bytes together (default: by scale)."""
    total = USUAL * world.scale if log_bytes is None else log_bytes
    logged = [one for pod in world.of_kind("Pod") for one in _logged(pod)]
    told = sum(len(lines) for parts in stories.values() for _, lines in parts)
    part = max(total - told, 0) / sum(one.weight for one in logged)
    for key, weight in logged:
        namespace, pod, container, previous = key
        wanted = round(part * weight)
        minutes = wanted // BLOCK + 2 + (180 if previous else 0)
        world.logs[key] = RenderedLog(
            style=style_of(namespace, pod, container),
            wanted=wanted,
            seed=world.seed,
            begin=NOW - timedelta(minutes=minutes),
            offset=zlib.crc32("/".join(map(str, key)).encode()),
            inserted=tuple(stories.get(key, ())),
        )


def style_of(namespace: str, pod: str, container: str) -> str:
    """Which lines a container writes."""
    if container in STYLES:
        return STYLES[container]
    service = pod.partition("-")[0]
    if service.startswith(("ovn", "ovsdb")) or container.startswith("ov"):
        return "ovn"
    if namespace == OPERATORS or container == "manager":
        return f"operator:{service}-operator"
    if container.endswith(("-log", "-httpd")) or pod.startswith("placement"):
        return f"access:{service}"
    return f"oslo:{service}" if namespace == "openstack" else "plain"


def _logged(pod: Object) -> Iterator[Logged]:
    namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    told = pod.get("status", {})
    for group in ("initContainerStatuses", "containerStatuses"):
        for status in told.get(group, ()):
            container = status["name"]
            weight = _weight(name, container) * (0.05 if group.startswith("init") else 1)
            state, last = status["state"], status["lastState"]
            if "running" in state or "terminated" in state or last:
                yield Logged((namespace, name, container, False), weight)
            if last:
                yield Logged((namespace, name, container, True), weight / 2)


def _weight(pod: str, container: str) -> float:
    if container in EMPTY:
        return 0
    loud = next((weight for start, weight in LOUD.items() if pod.startswith(start)), 1)
    return loud if not container.endswith(("exporter", "kube-rbac-proxy")) else 0.2
