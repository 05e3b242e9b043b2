"""The namespaces: those that omg looks into, and others that it leaves alone."""

from __future__ import annotations

from omg.embedded.corpus.objects import OPENSTACK, OPERATORS, made
from omg.embedded.corpus.times import DEPLOYED, INSTALLED
from omg.embedded.corpus.world import World

IN_SCOPE = (
    OPENSTACK,
    OPERATORS,
    "baremetal-operator-system",
    "openshift-machine-api",
    "cert-manager",
    "openshift-nmstate",
    "openshift-operators-redhat",
    "openshift-operators",
    "openshift-logging",
    "metallb-system",
    "openshift-adp",
)
CUSTOMER = "customer-app"
OUT_OF_SCOPE = (
    "default",
    "kube-system",
    "cert-manager-operator",
    "openshift-apiserver",
    "openshift-config",
    "openshift-dns",
    "openshift-etcd",
    "openshift-ingress",
    "openshift-marketplace",
    "openshift-monitoring",
    "openshift-storage",
    CUSTOMER,
)
PRIVILEGED = {
    "pod-security.kubernetes.io/enforce": "privileged",
    "security.openshift.io/scc.podSecurityLabelSync": "false",
}


def add_namespaces(world: World) -> None:
    """Add every namespace, with a project of its name for those that people work in."""
    for name in (*IN_SCOPE, *OUT_OF_SCOPE):
        # The server makes some itself, without any of these.
        ours = name not in ("default", "kube-system")
        labels = {"kubernetes.io/metadata.name": name} | (PRIVILEGED if ours and name != CUSTOMER else {})
        notes = {"openshift.io/sa.scc.mcs": "s0:c26,c20", "openshift.io/sa.scc.uid-range": "1000690000/10000"}
        world.add(
            made(
                "Namespace",
                name,
                labels=labels,
                annotations=notes if ours else None,
                age=DEPLOYED if name in (OPENSTACK, CUSTOMER) else INSTALLED,
                spec={"finalizers": ["kubernetes"]},
                status={"phase": "Active"},
            )
        )


def add_projects(world: World) -> None:
    """Add the projects, in which OpenShift shows namespaces to their users."""
    for name in (OPENSTACK, OPERATORS, CUSTOMER):
        notes = {"openshift.io/requester": "kube:admin", "openshift.io/display-name": name}
        spec = {"finalizers": ["kubernetes"]}
        world.add(made("Project", name, api="project.openshift.io/v1", annotations=notes, spec=spec))
