"""The demo's story: cinder's NetApp backend can't be reached, so volumes can't be attached, and servers fail to start.

The storage network's gateway lost the route to the filer at 172.18.0.50. cinder-volume-netapp crash loops; cinder's
scheduler finds no backend; nova-api and nova-compute pass the error on, under the request ids below. Beside it a few
things that are ill on their own.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from omg.embedded.corpus.pod_statuses import RUNNING, Health

BACKEND = "cinder-volume-netapp"
FILER = "172.18.0.50"
# The requests that failed: as the user sent them to nova, and as nova's compute service passed them on to cinder.
REQUESTS = (
    "req-7d0c5d2e-3b1f-4c0a-9f57-2f6f4e1c8a11",
    "req-1be86f0a-52a4-4d9e-8a51-6c0b7f0f2d22",
    "req-c2f4a9d7-0e6b-4b7e-b0a9-91d3e5a7c833",
)
SERVER = "5b1c2f0e-8f53-4a27-9d0a-4d6f0c3c1e55"
VOLUME = "e0a7f3f4-6f0d-4f0e-a5a6-8f6f1b2d9c66"
PROJECT = "b2d9a4c07f6f4f3a9a5f1c3e8d7b6a50"
USER = "4c0f9a1e2d3b4a5f8e7d6c5b4a392817"
FAILURE = (
    "Volume driver reported an error while initializing: Failed to connect to NetApp storage: "
    f"HTTPSConnectionPool(host='{FILER}', port=443): Max retries exceeded: [Errno 113] No route to host"
)

HEALTH = {
    f"{BACKEND}-0": Health("crashing", "cinder-volume", 1, "Error", 37, FAILURE),
    "nova-cell1-compute-ironic-compute-0": Health("restarted", "", 1, "Error", 4),
    "openstack-galera-1": Health("restarted", "galera", 137, "OOMKilled", 2),
    "rabbitmq-server-2": Health("restarted", "rabbitmq", 143, "Error", 1),
    "watcher-decision-engine-0": Health("crashing", "", 2, "Error", 112),
    "swift-storage-0": Health("restarted", "object-replicator", 139, "Error", 3),
    "logging-loki-ingester-0": Health(
        "unschedulable",
        message="0/6 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }, "
        "2 Insufficient memory, 3 node(s) had untolerated taint {node-role.kubernetes.io/master: }. preemption: "
        "0/6 nodes are available: 2 No preemption victims found for incoming pod, 4 Preemption is not helpful.",
    ),
    "manila-share-share0-0": Health("init-failing", "init", 1, "Error", 15),
    "cloudkitty-proc-0": Health(
        "no-image",
        message='Back-off pulling image "quay.io/customer/cloudkitty-proc:missing": ErrImagePull: reading manifest '
        "missing in quay.io/customer/cloudkitty-proc: manifest unknown",
    ),
    "octavia-worker-*": Health("creating"),
    "ironic-operator-controller-manager-*": Health("restarted", "manager", 1, "Error", 6),
}


def health_of(pod: str) -> Health:
    """How this pod is."""
    return next((health for pattern, health in HEALTH.items() if fnmatchcase(pod, pattern)), RUNNING)
