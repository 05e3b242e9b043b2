"""The API groups that are known to have endings of which omg collects everything: for rights without a cluster.

Only `omg rbac` without `--live` uses them; a run asks the cluster. Rights can't be granted by a group's ending, so a
new group is added here or found by `--live`. From the operators' published CRDs.
"""

_OPENSTACK = (
    "ansibleee",
    "assistant",
    "backup",
    "barbican",
    "baremetal",
    "cinder",
    "client",
    "cloudkitty",
    "core",
    "dataplane",
    "designate",
    "glance",
    "heat",
    "horizon",
    "instanceha",
    "ironic",
    "keystone",
    "lightspeed",
    "manila",
    "mariadb",
    "memcached",
    "network",
    "neutron",
    "nova",
    "octavia",
    "operator",
    "ovn",
    "placement",
    "rabbitmq",
    "redis",
    "swift",
    "telemetry",
    "test",
    "topology",
    "watcher",
)

KNOWN_GROUPS = (
    *(f"{name}.openstack.org" for name in _OPENSTACK),
    "rabbitmq.com",
    "monitoring.rhobs",
    "loki.grafana.com",
    "tempo.grafana.com",
    "observability.openshift.io",
    "logging.openshift.io",
    "nmstate.io",
    "metallb.io",
    "frrk8s.metallb.io",
    "k8s.cni.cncf.io",
)
