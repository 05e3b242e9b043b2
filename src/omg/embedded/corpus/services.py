"""The OpenStack services: how they name their things and what they need."""

from __future__ import annotations

from typing import NamedTuple


class Service(NamedTuple):
    """One service.

    Attributes:
        databases: its databases.
        key: how osp-secret names its password.
        catalogue: (name, type, path) in keystone's catalogue; name "" when it isn't there.
        port: of its API; 0 when it has none.
    """

    name: str
    databases: tuple[str, ...]
    key: str
    catalogue: tuple[str, str, str] = ("", "", "")
    port: int = 0


SERVICES = (
    Service("keystone", ("keystone",), "AdminPassword", ("keystone", "identity", ""), 5000),
    Service("glance", ("glance",), "GlancePassword", ("glance", "image", ""), 9292),
    Service("cinder", ("cinder",), "CinderPassword", ("cinderv3", "volumev3", "/v3"), 8776),
    Service("manila", ("manila",), "ManilaPassword", ("manilav2", "sharev2", "/v2"), 8786),
    Service("nova", ("nova_api", "nova_cell0", "nova_cell1"), "NovaPassword", ("nova", "compute", "/v2.1"), 8774),
    Service("placement", ("placement",), "PlacementPassword", ("placement", "placement", ""), 8778),
    Service("neutron", ("neutron",), "NeutronPassword", ("neutron", "network", ""), 9696),
    Service("heat", ("heat",), "HeatPassword", ("heat", "orchestration", "/v1/%(tenant_id)s"), 8004),
    Service("barbican", ("barbican",), "BarbicanPassword", ("barbican", "key-manager", ""), 9311),
    Service("swift", (), "SwiftPassword", ("swift", "object-store", "/v1/AUTH_%(tenant_id)s"), 8080),
    Service("ironic", ("ironic",), "IronicPassword", ("ironic", "baremetal", ""), 6385),
    Service("octavia", ("octavia",), "OctaviaPassword", ("octavia", "load-balancer", ""), 9876),
    Service("designate", ("designate",), "DesignatePassword", ("designate", "dns", ""), 9001),
    Service("aodh", ("aodh",), "AodhPassword", ("aodh", "alarming", ""), 8042),
    Service("ceilometer", (), "CeilometerPassword", ("ceilometer", "metering", ""), 0),
    Service("watcher", ("watcher",), "WatcherPassword", ("watcher", "infra-optim", ""), 9322),
    Service("cloudkitty", ("cloudkitty",), "CloudKittyPassword", ("cloudkitty", "rating", ""), 8889),
    Service("horizon", (), "HorizonSecret", ("", "", ""), 443),
)

# What else is kept in osp-secret.
OTHER_KEYS = (
    "BarbicanSimpleCryptoKEK",
    "DatabasePassword",
    "DbRootPassword",
    "HeatAuthEncryptionKey",
    "HeatStackDomainAdminPassword",
    "IronicInspectorPassword",
    "MetadataSecret",
    "NovaCell0DatabasePassword",
    "NovaCell1DatabasePassword",
    "OctaviaHeartbeatKey",
    "TransportPassword",
)
