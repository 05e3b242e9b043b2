"""The OpenStackControlPlane and the version, with what people have written into the first."""

from __future__ import annotations

import json

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.objects import OPENSTACK, Object, condition, made
from omg.embedded.corpus.services import SERVICES, Service
from omg.embedded.corpus.story import FAILURE
from omg.embedded.corpus.times import HOUR
from omg.embedded.corpus.world import World

NAME = "controlplane"
WHERE = f"OpenStackControlPlane {OPENSTACK}/{NAME}"
VERSION = "18.0.6-20250403.173312"
# When the filer went out of reach, minutes before the collection.
BROKEN = 3 * HOUR
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def add_control_plane(world: World) -> None:
    """Add both."""
    spec = _spec(world)
    applied = {
        "apiVersion": API_OF["OpenStackControlPlane"],
        "kind": "OpenStackControlPlane",
        "metadata": {"annotations": {}, "name": NAME, "namespace": OPENSTACK},
        "spec": spec,
    }
    plane = made(
        "OpenStackControlPlane",
        NAME,
        OPENSTACK,
        api=API_OF["OpenStackControlPlane"],
        labels={
            "backup.openstack.org/restore": "true",
            "backup.openstack.org/restore-order": "30",
            "backup.openstack.org/category": "controlplane",
        },
        annotations={
            "core.openstack.org/deployment-stage": "infrastructure-only",
            "core.openstack.org/keystone-override-note": "moved from director on 2026-01-12",
            LAST_APPLIED: json.dumps(applied, separators=(",", ":")) + "\n",
        },
        spec=spec,
        status={"conditions": _conditions(), "deployedVersion": VERSION, "observedGeneration": 1},
    )
    images = {
        f"{service.name}APIImage": f"registry.redhat.io/rhoso/openstack-{service.name}-rhel9:18.0"
        for service in SERVICES
    }
    version = made(
        "OpenStackVersion",
        NAME,
        OPENSTACK,
        api=API_OF["OpenStackVersion"],
        spec={"targetVersion": VERSION},
        status={
            "availableVersion": VERSION,
            "deployedVersion": VERSION,
            "conditions": [condition("Ready", message="Setup complete")],
            "containerImages": images,
        },
    )
    world.add(plane, version)


def _spec(world: World) -> Object:
    spec: Object = {
        "secret": "osp-secret",
        "storageClass": "lvms-vg1",
        "dns": {"template": {"options": [{"key": "server", "values": ["192.168.122.1"]}], "replicas": 1}},
        "galera": {
            "enabled": True,
            "templates": {
                "openstack": {"replicas": 3, "secret": "osp-secret", "storageRequest": "5Gi"},
                "openstack-cell1": {"replicas": 1, "secret": "osp-secret", "storageRequest": "5Gi"},
            },
        },
        "memcached": {"templates": {"memcached": {"replicas": 1}}},
        "ovn": {
            "template": {
                "ovnController": {"networkAttachment": "tenant", "nicMappings": {"datacentre": "ospbr"}},
                "ovnDBCluster": {
                    f"ovndbcluster-{side}": {"dbType": side.upper(), "replicas": 3, "networkAttachment": "internalapi"}
                    for side in ("nb", "sb")
                },
            }
        },
        "rabbitmq": {"templates": {"rabbitmq": {"replicas": 3}, "rabbitmq-cell1": {"replicas": 1}}},
        "tls": {"ingress": {"enabled": True}, "podLevel": {"enabled": True}},
    }
    for service in SERVICES:
        spec[service.name] = {"enabled": True, "template": _template(world, service)}
    return spec


def _template(world: World, service: Service) -> Object:
    """A service's template; its own configuration holds what belongs into a Secret."""
    draw, plant = world.draw(WHERE, service.name), world.plants.plant
    told = (
        "[DEFAULT]\ndebug = true\n"
        f"[{service.name}_vendor]\nvendor_host = 172.18.0.90\n"
        f"vendor_password = {plant(draw.password(), 'key', WHERE)}\n"
        f"vendor_url = https://api:{plant(draw.word(16), 'shape', WHERE)}@172.18.0.90/{service.name}\n"
    )
    known = plant(world.password(f"{service.name}-backend"), "value", WHERE)
    return {
        "customServiceConfig": told,
        "databaseAccount": service.name,
        "databaseInstance": "openstack",
        "passwordSelectors": {"service": service.key},
        "replicas": 1,
        "secret": "osp-secret",
        "extraNotes": f"rotate {known} in March",
    }


def _conditions() -> list[Object]:
    found = [
        condition(
            "Ready",
            ok=False,
            reason="Error",
            message=f"OpenStackControlPlane Cinder error occurred: {FAILURE}",
            age=BROKEN,
            severity="Warning",
        ),
        condition("OpenStackControlPlaneInfrastructureReady", message="OpenStackControlPlane Infrastructure ready"),
    ]
    for service in SERVICES:
        kind = f"OpenStackControlPlane{service.name.capitalize()}Ready"
        if service.name == "cinder":
            text = f"OpenStackControlPlane Cinder error occurred: {FAILURE}"
            found.append(condition(kind, ok=False, reason="Error", message=text, age=BROKEN, severity="Warning"))
        elif service.name == "manila":
            text = "OpenStackControlPlane Manila in progress"
            found.append(condition(kind, ok=False, reason="Requested", message=text, severity="Info"))
        else:
            found.append(condition(kind, message=f"OpenStackControlPlane {service.name.capitalize()} completed"))
    return found
