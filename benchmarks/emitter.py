"""How fast objects become YAML: the emitter beside json.dumps and PyYAML's C dumper, on the same objects.

Run it with `python benchmarks/emitter.py`; the figures are MB of YAML a second and ratios, medians of ROUNDS rounds.
"""

import json
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import yaml as pyyaml

from omg.output.yaml import dump

OBJECTS, ROUNDS = 300, 7


def pod(chance: random.Random, number: int) -> dict[str, Any]:
    name = f"nova-api-{number}"
    conditions = [
        {"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": "2026-01-01T00:00:00Z"}
        for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")
    ]
    containers = [
        {
            "name": f"c-{place}",
            "image": f"quay.io/openstack-k8s-operators/nova-api@sha256:{chance.randbytes(32).hex()}",
            "args": ["-c", "/usr/local/bin/kolla_start"],
            "env": [
                {"name": f"KOLLA_{place}", "value": str(chance.random())},
                {"name": "CONFIG_HASH", "value": "n5b8"},
            ],
            "resources": {"limits": {"cpu": "100m", "memory": "1Gi"}},
            "volumeMounts": [{"mountPath": f"/etc/{place}", "name": "config", "readOnly": True} for _ in range(6)],
        }
        for place in range(3)
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "openstack",
            "uid": f"{chance.randbytes(4).hex()}-0000-4000-8000-{chance.randbytes(6).hex()}",
            "labels": {"service": "nova", "app.kubernetes.io/name": "nova", "statefulset.kubernetes.io/pod-name": name},
            "annotations": {"k8s.ovn.org/pod-networks": json.dumps({"default": {"ip": "10.0.0.1/24"}})},
        },
        "spec": {"containers": containers, "nodeName": f"worker-{number % 3}", "tolerations": []},
        "status": {"conditions": conditions, "phase": "Running", "podIP": "10.128.0.7", "restartCount": number},
    }


def config_map(chance: random.Random, number: int) -> dict[str, Any]:
    lines = [f"option_{line} = {chance.random()}  # a comment" for line in range(150)]
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"nova-config-{number}", "namespace": "openstack"},
        "data": {"nova.conf": "[DEFAULT]\n\n" + "\n".join(lines) + "\n", "flag": "true"},
    }


def seconds(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def measure(what: str, objects: list[dict[str, Any]]) -> None:
    contenders: dict[str, Callable[[], Any]] = {
        "omg": lambda: [dump(one) for one in objects],
        "json.dumps": lambda: [json.dumps(one, indent=1).encode() for one in objects],
        "PyYAML C": lambda: [pyyaml.dump(one, Dumper=pyyaml.CSafeDumper, sort_keys=False) for one in objects],
    }
    size = sum(len(dump(one)) for one in objects) / 1e6
    rounds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, act in contenders.items():
            rounds[name].append(seconds(act))
    taken = {name: statistics.median(times) for name, times in rounds.items()}
    print(f"{what}, {size:.1f} MB of YAML:")
    for name, time_taken in taken.items():
        print(f"  {name:<11} {size / time_taken:6.1f} MB/s   {time_taken / taken['omg']:5.2f} × omg's time")


def main() -> None:
    chance = random.Random(3)
    measure("pods", [pod(chance, number) for number in range(OBJECTS)])
    measure("config maps", [config_map(chance, number) for number in range(OBJECTS)])


if __name__ == "__main__":
    main()
