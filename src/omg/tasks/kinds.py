"""The kinds of the core group that omg must know before discovery: every Kubernetes API serves them as v1."""

from omg.cluster.resource import Resource


def _core(plural: str, kind: str, *, namespaced: bool = True) -> Resource:
    return Resource(group="", version="v1", plural=plural, kind=kind, namespaced=namespaced)


NAMESPACES = _core("namespaces", "Namespace", namespaced=False)
NODES = _core("nodes", "Node", namespaced=False)
PODS = _core("pods", "Pod")
SECRETS = _core("secrets", "Secret")
CONFIG_MAPS = _core("configmaps", "ConfigMap")
EVENTS = _core("events", "Event")
CLAIMS = _core("persistentvolumeclaims", "PersistentVolumeClaim")

CRDS = Resource(
    group="apiextensions.k8s.io",
    version="v1",
    plural="customresourcedefinitions",
    kind="CustomResourceDefinition",
    namespaced=False,
)
"""apiextensions.k8s.io has served only v1 since Kubernetes 1.22."""

LEASES = Resource(group="coordination.k8s.io", version="v1", plural="leases", kind="Lease", namespaced=True)
"""coordination.k8s.io has served v1 since Kubernetes 1.14, and no other version is stable."""
