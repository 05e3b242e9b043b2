"""A small control plane: a pod for everything that is asked by a command, and the kinds that the status asks for."""

from typing import Any

from omg.embedded.corpus import Corpus, demo_corpus

NAMESPACE = "openstack"

KNOWN_PASSWORD = "Zq7-from-the-secret-9vXw"
"""Is in a Secret, and in a database's row."""

SECOND = "second-plane"
"""A namespace out of scope, with a control plane of its own."""

ROOT_PASSWORD = "r00t-of-Galera-Wq83"
"""Of the databases of both, in the Secret that each control plane names."""

KNOWN_THERE = "Kp4-of-the-second-plane-77Ls"
"""The same, of the second control plane."""

_DEFINITIONS = (
    "metricstorages.telemetry.openstack.org",
    "cloudkitties.telemetry.openstack.org",
    "openstackcontrolplanes.core.openstack.org",
)

Object = dict[str, Any]


_RUNNING: Object = {"running": {"startedAt": "2026-01-15T09:00:00Z"}}
_ENDED: Object = {"terminated": {"exitCode": 0, "reason": "Completed", "finishedAt": "2026-01-15T09:00:00Z"}}


def _pod(name: str, *containers: str, namespace: str = NAMESPACE, has_ended: bool = False, **labels: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {"nodeName": "worker-0", "containers": [{"name": one, "image": "image"} for one in containers]},
        "status": {
            "phase": "Succeeded" if has_ended else "Running",
            "containerStatuses": [
                {
                    "name": one,
                    "ready": not has_ended,
                    "restartCount": 0,
                    "image": "image",
                    "imageID": "image",
                    "state": _ENDED if has_ended else _RUNNING,
                }
                for one in containers
            ],
        },
    }


def _services() -> list[Object]:
    """Pods of services, those that are asked for reports among them."""
    return [
        _pod("cinder-api-0", "cinder-api-log", "cinder-api", service="cinder", component="cinder-api"),
        _pod("cinder-backup-0", "cinder-backup", "probe", service="cinder", component="cinder-backup"),
        _pod("cinder-volume-ceph-0", "another", service="cinder", component="cinder-volume"),
        _pod("cinder-db-sync", "cinder-db-sync", service="cinder"),
        _pod("cinder-purge", "cinder-purge", has_ended=True, service="cinder", component="cinder-purge"),
        _pod("manila-share-0", "manila-share", "probe", service="manila", component="manila-share"),
        _pod("nova-scheduler-0", "nova-scheduler-scheduler", service="nova-scheduler"),
        _pod("nova-cell1-novncproxy-0", "nova-cell1-novncproxy-novncproxy", service="nova-novncproxy"),
        _pod("nova-api-0", "nova-api-log", "nova-api-api", service="nova-api"),
        _pod("nova-api-1", "nova-api-log", "nova-api-api", service="nova-api"),
        _pod("nova-metadata-0", "nova-metadata-log", "nova-metadata-metadata", service="nova-metadata"),
        _pod("glance-0", "glance-api", service="glance", component="glance-api"),
    ]


def _galera(name: str, namespace: str = NAMESPACE) -> Object:
    pod = _pod(name, "galera", namespace=namespace, app="galera")
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
    api = {
        one["spec"]["names"]["kind"]: f"{one['spec']['group']}/{one['spec']['versions'][0]['name']}"
        for one in definitions
    }
    things: list[Object] = [
        {"apiVersion": api[kind], "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}
        for kind, name, namespace, spec in (
            ("MetricStorage", "metric-storage", NAMESPACE, {}),
            ("CloudKitty", "cloudkitty", NAMESPACE, {}),
            ("OpenStackControlPlane", "controlplane", NAMESPACE, {"secret": "osp-secret"}),
            ("OpenStackControlPlane", "other", SECOND, {"secret": "other-secret"}),
        )
    ]
    secrets = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": namespace},
            "stringData": {"NovaPassword": password, "AdminPassword": "another", "DbRootPassword": ROOT_PASSWORD},
        }
        for name, namespace, password in (
            ("osp-secret", NAMESPACE, KNOWN_PASSWORD),
            ("other-secret", SECOND, KNOWN_THERE),
        )
    ]
    return Corpus(
        objects=[
            *({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": one}} for one in (NAMESPACE, SECOND)),
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-0"}, "status": {}},
            *definitions,
            *secrets,
            *things,
            _pod("openstackclient", "openstackclient", service="openstackclient"),
            *_services(),
            _galera("openstack-galera-0"),
            _galera("openstack-cell1-galera-0"),
            _galera("excellent-galera-0", SECOND),
            _rabbitmq("rabbitmq-server-0"),
            _pod("ovsdbserver-nb-0", "ovsdbserver-nb", service="ovsdbserver-nb"),
            _pod("ovsdbserver-sb-0", "ovsdbserver-sb", service="ovsdbserver-sb"),
            _pod("nova-cell0-conductor-0", "nova-cell0-conductor-conductor", service="nova-conductor"),
            _pod("designate-worker-0", "designate-worker", component="designate-worker", service="designate"),
        ]
    )
