"""The OpenStack services whose names select config maps, secrets and nodes."""

from collections.abc import Iterable
from difflib import get_close_matches

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


def unknown(names: Iterable[str]) -> list[str]:
    """Sentences about names that look like a slip of a service's."""
    strange = [name for name in names if not any(one in name.lower() or name.lower() in one for one in SERVICES)]
    near = [(name, get_close_matches(name.lower(), SERVICES, n=1)) for name in strange]
    return [f"SOS_SERVICES names {name}: did you mean {found[0]}?" for name, found in near if found]
