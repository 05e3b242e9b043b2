"""The custom resources of the services: what the operators make of the control plane, one line a kind."""

from __future__ import annotations

from omg.embedded.corpus.control_plane import BROKEN
from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.objects import OPENSTACK, Object, condition, made
from omg.embedded.corpus.services import SERVICES
from omg.embedded.corpus.story import BACKEND, FAILURE
from omg.embedded.corpus.times import DEPLOYED
from omg.embedded.corpus.world import World

# Kind: the names of its objects.
INSTANCES = {
    "KeystoneAPI": "keystone",
    "Galera": "openstack openstack-cell1",
    "GaleraBackup": "nightly",
    "Memcached": "memcached",
    "Redis": "redis",
    "RabbitmqCluster": "rabbitmq rabbitmq-cell1",
    "RabbitMq": "rabbitmq rabbitmq-cell1",
    "RabbitMQUser": "nova-cell1",
    "RabbitMQVhost": "nova-cell1",
    "DNSMasq": "dnsmasq",
    "DNSData": "openstack-edpm ovn-internal",
    "Topology": "spread-zones",
    "InstanceHa": "instanceha",
    "Nova": "nova",
    "NovaAPI": "nova-api",
    "NovaCell": "nova-cell0 nova-cell1",
    "NovaConductor": "nova-cell0-conductor nova-cell1-conductor",
    "NovaMetadata": "nova-metadata",
    "NovaNoVNCProxy": "nova-cell1-novncproxy",
    "NovaScheduler": "nova-scheduler",
    "NovaCompute": "nova-cell1-compute-ironic",
    "PlacementAPI": "placement",
    "NeutronAPI": "neutron",
    "Glance": "glance",
    "GlanceAPI": "glance-default-external glance-default-internal",
    "Cinder": "cinder",
    "CinderAPI": "cinder-api",
    "CinderBackup": "cinder-backup",
    "CinderScheduler": "cinder-scheduler",
    "CinderVolume": f"cinder-volume-ceph {BACKEND}",
    "Manila": "manila",
    "ManilaAPI": "manila-api",
    "ManilaScheduler": "manila-scheduler",
    "ManilaShare": "manila-share-share0",
    "Barbican": "barbican",
    "BarbicanAPI": "barbican-api",
    "BarbicanWorker": "barbican-worker",
    "BarbicanKeystoneListener": "barbican-keystone-listener",
    "Heat": "heat",
    "HeatAPI": "heat-api",
    "HeatCfnAPI": "heat-cfnapi",
    "HeatEngine": "heat-engine",
    "Horizon": "horizon",
    "Ironic": "ironic",
    "IronicAPI": "ironic-api",
    "IronicConductor": "ironic-conductor",
    "IronicNeutronAgent": "ironic-neutron-agent",
    "Octavia": "octavia",
    "OctaviaAPI": "octavia-api",
    "OctaviaAmphoraController": "octavia-healthmanager octavia-housekeeping octavia-worker",
    "Designate": "designate",
    "DesignateAPI": "designate-api",
    "DesignateBackendbind9": "designate-backendbind9",
    "DesignateCentral": "designate-central",
    "DesignateMdns": "designate-mdns",
    "DesignateProducer": "designate-producer",
    "DesignateWorker": "designate-worker",
    "Swift": "swift",
    "SwiftProxy": "swift-proxy",
    "SwiftRing": "swift-ring",
    "SwiftStorage": "swift-storage",
    "Telemetry": "telemetry",
    "Ceilometer": "ceilometer",
    "Autoscaling": "autoscaling",
    "MetricStorage": "metric-storage",
    "Logging": "logging",
    "CloudKitty": "cloudkitty",
    "CloudKittyAPI": "cloudkitty-api",
    "CloudKittyProc": "cloudkitty-proc",
    "Watcher": "watcher",
    "WatcherAPI": "watcher-api",
    "WatcherApplier": "watcher-applier",
    "WatcherDecisionEngine": "watcher-decision-engine",
    "OVNDBCluster": "ovndbcluster-nb ovndbcluster-sb",
    "OVNNorthd": "ovnnorthd",
    "OVNController": "ovncontroller",
    "OpenStackClient": "openstackclient",
}
READY = ("Ready", "InputReady", "ServiceConfigReady", "DeploymentReady", "TLSInputReady")


def add_service_resources(world: World) -> None:
    """Add them; what several services have one of each grows with the scale."""
    for kind, names in INSTANCES.items():
        world.add(*(_resource(world, kind, name) for name in names.split()))
    for copy in range(world.scale):
        tag = f"-{copy}" if copy else ""
        for service in SERVICES:
            if service.catalogue[0]:
                world.add(_of_service("KeystoneService", f"{service.catalogue[0]}{tag}", service.name))
                world.add(_of_service("KeystoneEndpoint", f"{service.catalogue[0]}{tag}", service.name))
            for database in service.databases:
                name = database.replace("_", "-") + tag
                world.add(_of_service("MariaDBDatabase", name, service.name, name=database))
                account = {"userName": database, "secret": f"{name}-db-secret"}
                world.add(_of_service("MariaDBAccount", name, service.name, **account))
            if service.name not in ("keystone", "placement", "horizon"):
                name = f"{service.name}-{service.name}-transport{tag}"
                told = {"rabbitmqClusterName": "rabbitmq"}
                world.add(_of_service("TransportURL", name, service.name, **told))


def _of_service(kind: str, name: str, service: str, /, **spec: str) -> Object:
    labels = {"service": service}
    status = {"conditions": [condition("Ready", message="Setup complete")], "observedGeneration": 1}
    wanted = {"secret": "osp-secret", "serviceUser": service, **spec}
    return made(kind, name, OPENSTACK, api=API_OF[kind], labels=labels, spec=wanted, status=status)


def _resource(world: World, kind: str, name: str) -> Object:
    where = f"{kind} {OPENSTACK}/{name}"
    spec: Object = {
        "replicas": 1,
        "secret": "osp-secret",
        "containerImage": f"registry.redhat.io/rhoso/openstack-{name}-rhel9:18.0",
        "customServiceConfig": "[DEFAULT]\ndebug = true\n",
        "networkAttachments": ["internalapi", "storage"],
        "tls": {"caBundleSecretName": "combined-ca-bundle"},
    }
    if kind in ("CinderVolume", "ManilaShare", "GlanceAPI", "NovaCell", "Autoscaling", "CloudKitty", "Ironic", "Swift"):
        password = world.plants.plant(world.draw(where).password(), "key", where)
        spec["customServiceConfig"] = (
            f"[backend]\nsan_ip = 172.18.0.50\nsan_login = openstack\nsan_password = {password}\n"
        )
    if kind == "Ceilometer":
        spec["snmpdCommunity"] = "readonly"
        spec["extraEnv"] = [
            {"name": "OS_PASSWORD", "value": world.plants.plant(world.draw(where).password(), "key", where)}
        ]
    status: Object = {"conditions": _conditions(kind, name), "hash": {"input": f"n{world.draw(where).hexadecimal(12)}"}}
    status |= {"observedGeneration": 1, "readyCount": 0 if _is_broken(kind, name) else 1}
    if kind == "Galera":
        status["bootstrapped"] = True
    if kind == "Autoscaling":
        spec["aodh"] = {"memcachedInstance": "memcached"}
    return made(kind, name, OPENSTACK, api=API_OF[kind], labels={"service": name}, spec=spec, status=status)


def _is_broken(kind: str, name: str) -> bool:
    return kind == "Cinder" or name == BACKEND


def _conditions(kind: str, name: str) -> list[Object]:
    found = [condition(one, message="Setup complete" if one == "Ready" else f"{one} completed") for one in READY]
    if name == BACKEND:
        told: Object = {"reason": "Error", "message": FAILURE, "severity": "Warning", "age": BROKEN}
        found[0] = condition("Ready", ok=False, **told)
        found[3] = condition("DeploymentReady", ok=False, **told)
    elif kind == "Cinder":
        message = f"CinderVolume error occurred: {BACKEND}: {FAILURE}"
        found[0] = condition("Ready", ok=False, reason="Error", message=message, severity="Warning", age=BROKEN)
        found.append(condition("CinderVolumeReady", ok=False, message=message, severity="Warning", age=BROKEN))
    elif kind.startswith("Manila") and kind in ("Manila", "ManilaShare"):
        message = "ManilaShare deployment in progress"
        found[0] = condition("Ready", ok=False, reason="Requested", message=message, severity="Info", age=DEPLOYED)
    return found
