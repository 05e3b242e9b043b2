"""What pods are told to run, with every field that the API server fills in."""

from __future__ import annotations

import zlib
from typing import Any

from omg.embedded.corpus.objects import OPENSTACK, Object
from omg.embedded.corpus.workload_table import Workload
from omg.embedded.corpus.world import World

REGISTRY = "registry.redhat.io/rhoso"
# How long a pod stays on a node that doesn't answer, seconds; the admission plugin's default.
TOLERATED = 300
# A container whose image can't be pulled.
NO_SUCH_IMAGE = "quay.io/customer/cloudkitty-proc:missing"


def pod_spec(world: World, workload: Workload) -> Object:
    """The spec of a workload's pods, all of which share it, without the node."""
    spec: Object = {
        "containers": [_container(world, workload, name, at) for at, name in enumerate(workload.containers)],
        "dnsPolicy": "ClusterFirst",
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
        "priority": 0,
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {"fsGroup": 42400, "runAsUser": 42400} if workload.namespace == OPENSTACK else {},
        "serviceAccount": account_of(workload),
        "serviceAccountName": account_of(workload),
        "terminationGracePeriodSeconds": 120 if workload.kind == "S" else 30,
        "tolerations": tolerations(),
        "volumes": _volumes(workload),
    }
    if workload.init:
        spec["initContainers"] = [_container(world, workload, name, -1) for name in workload.init]
    return spec


def account_of(workload: Workload) -> str:
    """The service account of a workload's pods."""
    if workload.namespace != OPENSTACK:
        return workload.name
    service = workload.name.partition("-")[0]
    return f"{service}-{service}" if service in ("nova", "cinder", "glance", "manila") else service


def tolerations() -> list[Object]:
    """What every pod tolerates for a while."""
    return [
        {
            "effect": "NoExecute",
            "key": f"node.kubernetes.io/{what}",
            "operator": "Exists",
            "tolerationSeconds": TOLERATED,
        }
        for what in ("not-ready", "unreachable")
    ]


def image_of(workload: Workload, container: str) -> str:
    """The image of a container, by digest."""
    if workload.name == "cloudkitty-proc":
        return NO_SUCH_IMAGE
    name = f"openstack-{workload.name}" if workload.namespace == OPENSTACK else workload.name
    digest = f"{zlib.crc32(f'{name}/{container}'.encode()):08x}" * 8
    return f"{REGISTRY}/{name}-rhel9@sha256:{digest}"


def plain_container(name: str, image: str, **rest: Any) -> Object:
    """A container with the fields that the server fills in."""
    return {
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "name": name,
        "resources": {},
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        **rest,
    }


def _container(world: World, workload: Workload, name: str, at: int) -> Object:
    found = plain_container(name, image_of(workload, name))
    found |= {"env": _environment(world, workload, name), "volumeMounts": _mounts(workload)}
    if workload.namespace == OPENSTACK:
        found |= {"command": ["/bin/bash"], "args": ["-c", f"/usr/local/bin/kolla_start --component={name}"]}
        found["resources"] = {"requests": {"cpu": "100m", "memory": "256Mi"}}
    if at == len(workload.containers) - 1 and workload.port:
        found["ports"] = [{"containerPort": workload.port, "name": "main", "protocol": "TCP"}]
        found["livenessProbe"] = _probe(workload.port, "/healthcheck", period=30)
        found["readinessProbe"] = _probe(workload.port, "/healthcheck", period=10)
    if at == 0 and not workload.port:
        found["startupProbe"] = {
            "exec": {"command": ["/usr/local/bin/container-scripts/healthcheck.py", workload.service]},
            "failureThreshold": 12,
            "periodSeconds": 10,
            "successThreshold": 1,
            "timeoutSeconds": 5,
        }
    return found


def _probe(port: int, path: str, *, period: int) -> Object:
    return {
        "failureThreshold": 3,
        "httpGet": {"path": path, "port": port, "scheme": "HTTPS"},
        "periodSeconds": period,
        "successThreshold": 1,
        "timeoutSeconds": 30,
    }


def _environment(world: World, workload: Workload, name: str) -> list[Object]:
    """The variables of a container; some hold passwords, as they do on many a cluster."""
    found: list[Object] = [
        {"name": "KOLLA_CONFIG_STRATEGY", "value": "COPY_ALWAYS"},
        {"name": "CONFIG_HASH", "value": f"n{zlib.crc32(workload.name.encode()):x}h5dbh"},
        {"name": "POD_NAME", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.name"}}},
    ]
    if workload.service == "mariadb":
        reference = {"name": "osp-secret", "key": "DbRootPassword"}
        found.append({"name": "DB_ROOT_PASSWORD", "valueFrom": {"secretKeyRef": reference}})
    where = f"env of {workload.namespace}/{workload.name}/{name}"
    draw = world.draw(where)
    if name in ("sg-core", "proxy-httpd", "conductor", "instanceha", "web", "velero", "openstackclient"):
        found.append({"name": "OS_PASSWORD", "value": world.plants.plant(draw.password(), "key", where)})
        found.append({"name": "API_TOKEN", "value": world.plants.plant(draw.hexadecimal(40), "key", where)})
    if name in ("prometheus", "loki-ingester", "velero", "collector"):
        found.append({"name": "AWS_ACCESS_KEY_ID", "value": f"AKIA{draw.word(16).upper()}"})
        secret = world.plants.plant(draw.base64(30), "key", where)
        found.append({"name": "AWS_SECRET_ACCESS_KEY", "value": secret})
    if workload.port and workload.kind == "S" and name == workload.containers[-1]:
        password = world.password(f"{workload.name}-redis")
        url = f"redis://:{world.plants.plant(password, 'shape', where)}@redis.{workload.namespace}.svc:6379/0"
        found.append({"name": "REDIS_URL", "value": url})
    return found


def _mounts(workload: Workload) -> list[Object]:
    if workload.namespace != OPENSTACK:
        return [{"mountPath": "/tmp", "name": "tmp"}]  # noqa: S108
    return [
        {"mountPath": "/var/lib/config-data/default", "name": "config-data", "readOnly": True},
        {
            "mountPath": "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
            "name": "combined-ca-bundle",
            "readOnly": True,
            "subPath": "tls-ca-bundle.pem",
        },
        {"mountPath": "/run/scripts", "name": "scripts", "readOnly": True},
        {"mountPath": "/tmp", "name": "tmp"},  # noqa: S108
    ]


def _volumes(workload: Workload) -> list[Object]:
    temporary: Object = {"emptyDir": {}, "name": "tmp"}
    if workload.namespace != OPENSTACK:
        return [temporary]
    service = workload.name.partition("-")[0]
    found: list[Object] = [
        {"name": "config-data", "secret": {"defaultMode": 420, "secretName": f"{service}-config-data"}},
        {"name": "combined-ca-bundle", "secret": {"defaultMode": 292, "secretName": "combined-ca-bundle"}},
        {"configMap": {"defaultMode": 493, "name": f"{service}-scripts"}, "name": "scripts"},
        temporary,
    ]
    return found
