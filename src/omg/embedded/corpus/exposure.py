"""What makes the workloads reachable and keeps them so: services, routes, disruption budgets, certificates."""

from __future__ import annotations

from collections.abc import Iterator

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.objects import OPENSTACK, Object, condition, made
from omg.embedded.corpus.pem import CERTIFICATE
from omg.embedded.corpus.services import SERVICES
from omg.embedded.corpus.times import DEPLOYED, before
from omg.embedded.corpus.workload_pods import labels_of, replicas_of
from omg.embedded.corpus.workload_table import Workload, workloads
from omg.embedded.corpus.world import World

# Of the cluster network's range; the first addresses are the server's own.
FIRST_ADDRESS = 20
PER_SUBNET = 200
FIRST_NODE_PORT = 30100
PUBLIC = {service.name for service in SERVICES if service.port} | {"prometheus", "alertmanager"}


def add_exposure(world: World) -> None:
    """Add them for every workload that has a port."""
    for at, workload in enumerate(one for one in workloads() if one.port):
        world.add(_service(workload, at))
        if workload.namespace == OPENSTACK:
            world.add(*_certified(workload))
            if workload.name.removesuffix("-api").partition("-")[0] in PUBLIC:
                world.add(_route(workload))
        if workload.replicas > 1 and workload.kind in "DS":
            world.add(_budget(world, workload))
    for name in ("rootca-internal", "rootca-public", "rootca-ovn", "selfsigned-issuer"):
        spec = {"selfSigned": {}} if name.startswith("self") else {"ca": {"secretName": name}}
        status = {"conditions": [condition("Ready", reason="KeyPairVerified", message="Signing CA verified")]}
        world.add(made("Issuer", name, OPENSTACK, api=API_OF["Issuer"], spec=spec, status=status))
    world.add(*_load_balanced())


def cluster_address(at: int) -> str:
    """The cluster address of the service of this number."""
    return f"10.96.{at // PER_SUBNET + 1}.{at % PER_SUBNET + FIRST_ADDRESS}"


def _service(workload: Workload, at: int) -> Object:
    address = cluster_address(at)
    return made(
        "Service",
        workload.name,
        workload.namespace,
        labels=labels_of(workload),
        annotations={"core.openstack.org/ingress_create": "true"} if workload.namespace == OPENSTACK else None,
        spec={
            "clusterIP": address,
            "clusterIPs": [address],
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "ports": [{"name": "main", "port": workload.port, "protocol": "TCP", "targetPort": workload.port}],
            "selector": labels_of(workload),
            "sessionAffinity": "None",
            "type": "ClusterIP",
        },
        status={"loadBalancer": {}},
    )


def _load_balanced() -> Iterator[Object]:
    pools = {"internalapi": "172.17.0", "storage": "172.18.0"}
    names = ("dnsmasq-dns-external", "rabbitmq-external", "rabbitmq-cell1-external", "nova-internal", "cinder-internal")
    for at, name in enumerate(names):
        pool = "storage" if at == 4 else "internalapi"
        address = cluster_address(PER_SUBNET * 2 + at)
        port = 5671 if name.startswith("rabbitmq") else 8700 + at
        yield made(
            "Service",
            name,
            OPENSTACK,
            labels={"service": name},
            annotations={
                "metallb.universe.tf/address-pool": pool,
                "metallb.universe.tf/loadBalancerIPs": f"{pools[pool]}.{80 + at}",
            },
            spec={
                "allocateLoadBalancerNodePorts": True,
                "clusterIP": address,
                "clusterIPs": [address],
                "externalTrafficPolicy": "Cluster",
                "internalTrafficPolicy": "Cluster",
                "ipFamilies": ["IPv4"],
                "ipFamilyPolicy": "SingleStack",
                "ports": [
                    {
                        "name": "main",
                        "nodePort": FIRST_NODE_PORT + at,
                        "port": port,
                        "protocol": "TCP",
                        "targetPort": port,
                    }
                ],
                "selector": {"service": name.removesuffix("-external")},
                "sessionAffinity": "None",
                "type": "LoadBalancer",
            },
            status={"loadBalancer": {"ingress": [{"ip": f"{pools[pool]}.{80 + at}", "ipMode": "VIP"}]}},
        )


def _route(workload: Workload) -> Object:
    host = f"{workload.name}-public-openstack.apps.ocp.example.com"
    ingress = {
        "conditions": [{"lastTransitionTime": before(DEPLOYED - 50), "status": "True", "type": "Admitted"}],
        "host": host,
        "routerCanonicalHostname": "router-default.apps.ocp.example.com",
        "routerName": "default",
        "wildcardPolicy": "None",
    }
    return made(
        "Route",
        f"{workload.name}-public",
        OPENSTACK,
        api=API_OF["Route"],
        labels=labels_of(workload),
        annotations={"haproxy.router.openshift.io/timeout": "60s"},
        spec={
            "host": host,
            "port": {"targetPort": workload.name},
            "tls": {
                "certificate": CERTIFICATE,
                "insecureEdgeTerminationPolicy": "Redirect",
                "termination": "reencrypt",
            },
            "to": {"kind": "Service", "name": workload.name, "weight": 100},
            "wildcardPolicy": "None",
        },
        status={"ingress": [ingress]},
    )


def _certified(workload: Workload) -> Iterator[Object]:
    issuer = {"group": "cert-manager.io", "kind": "Issuer", "name": "rootca-internal"}
    name = f"{workload.name}-svc"
    ready = condition("Ready", message="Certificate is up to date and has not expired")
    certificate = made(
        "Certificate",
        name,
        OPENSTACK,
        api=API_OF["Certificate"],
        labels=labels_of(workload),
        spec={
            "dnsNames": [f"{workload.name}.openstack.svc", f"{workload.name}.openstack.svc.cluster.local"],
            "duration": "43800h0m0s",
            "issuerRef": issuer,
            "secretName": f"cert-{name}",
            "usages": ["key encipherment", "digital signature", "server auth"],
        },
        status={"conditions": [ready], "notAfter": "2031-01-11T10:00:00Z", "revision": 1},
    )
    yield certificate
    yield made(
        "CertificateRequest",
        f"{name}-1",
        OPENSTACK,
        api=API_OF["CertificateRequest"],
        annotations={"cert-manager.io/certificate-name": name, "cert-manager.io/certificate-revision": "1"},
        owner=certificate,
        spec={"issuerRef": issuer, "request": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"},
        status={"conditions": [condition("Approved"), condition("Ready", reason="Issued")]},
    )


def _budget(world: World, workload: Workload) -> Object:
    count = replicas_of(world, workload)
    return made(
        "PodDisruptionBudget",
        workload.name,
        workload.namespace,
        labels=labels_of(workload),
        spec={"maxUnavailable": 1, "selector": {"matchLabels": labels_of(workload)}},
        status={
            "conditions": [
                {
                    "lastTransitionTime": before(DEPLOYED - 60),
                    "message": "",
                    "observedGeneration": 1,
                    "reason": "SufficientPods",
                    "status": "True",
                    "type": "DisruptionAllowed",
                }
            ],
            "currentHealthy": count,
            "desiredHealthy": count - 1,
            "disruptionsAllowed": 1,
            "expectedPods": count,
            "observedGeneration": 1,
        },
    )
