"""A small control plane: a pod for everything that is asked by a command, and the kinds that the status asks for."""

from typing import Any

from omg.embedded.corpus import Corpus, demo_corpus

NAMESPACE = "openstack"

KNOWN_PASSWORD = "Zq7-from-the-secret-9vXw"
"""Is in a Secret, and in a database's row."""

_DEFINITIONS = ("metricstorages.telemetry.openstack.org", "cloudkitties.telemetry.openstack.org")

Object = dict[str, Any]


def _pod(name: str, container: str, **labels: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": NAMESPACE, "labels": labels},
        "spec": {"nodeName": "worker-0", "containers": [{"name": container, "image": "image"}]},
        "status": {
            "phase": "Running",
            "containerStatuses": [
                {
                    "name": container,
                    "ready": True,
                    "restartCount": 0,
                    "image": "image",
                    "imageID": "image",
                    "state": {"running": {"startedAt": "2026-01-15T09:00:00Z"}},
                }
            ],
        },
    }


def _galera(name: str) -> Object:
    pod = _pod(name, "galera", app="galera")
    pod["metadata"]["labels"]["apps.kubernetes.io/pod-index"] = "0"
    return pod


def _rabbitmq(name: str) -> Object:
    pod = _pod(name, "rabbitmq")
    pod["metadata"]["labels"]["app.kubernetes.io/component"] = "rabbitmq"
    return pod


def corpus() -> Corpus:
    """The objects; what answers for the pods' programs is given to the kubelet."""
    definitions = [
        one
        for one in demo_corpus(log_bytes=1).objects
        if one["kind"] == "CustomResourceDefinition" and one["metadata"]["name"] in _DEFINITIONS
    ]
    api = f"{definitions[0]['spec']['group']}/{definitions[0]['spec']['versions'][0]['name']}"
    things = [("MetricStorage", "metric-storage"), ("CloudKitty", "cloudkitty")]
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "osp-secret", "namespace": NAMESPACE},
        "stringData": {"NovaPassword": KNOWN_PASSWORD},
    }
    return Corpus(
        objects=[
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-0"}, "status": {}},
            *definitions,
            secret,
            *(
                {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}, "spec": {}}
                for kind, name in things
            ),
            _pod("openstackclient", "openstackclient", service="openstackclient"),
            _galera("openstack-galera-0"),
            _galera("openstack-cell1-galera-0"),
            _rabbitmq("rabbitmq-server-0"),
            _pod("ovsdbserver-nb-0", "ovsdbserver-nb", service="ovsdbserver-nb"),
            _pod("ovsdbserver-sb-0", "ovsdbserver-sb", service="ovsdbserver-sb"),
            _pod("nova-cell0-conductor-0", "nova-cell0-conductor-conductor", service="nova-conductor"),
            _pod("designate-worker-0", "designate-worker", component="designate-worker", service="designate"),
        ]
    )
