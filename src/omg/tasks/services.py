"""The OpenStack services whose names select config maps, secrets and nodes."""

SERVICES = (
    "keystone",
    "mariadb",
    "glance",
    "rabbitmq",
    "manila",
    "cinder",
    "nova",
    "horizon",
    "ironic",
    "telemetry",
    "heat",
    "octavia",
    "placement",
    "neutron",
    "swift",
    "ovn",
    "ovs",
    "designate",
    "barbican",
    "dataplane",
    "ceilometer",
    "metric-storage",
    "aodh",
    "logging",
    "instanceha",
    "watcher",
    "cloudkitty",
)


def matching_services(name: str) -> tuple[str, ...]:
    """The services whose name is a part of `name`, whatever the case."""
    folded = name.lower()
    return tuple(service for service in SERVICES if service in folded)
