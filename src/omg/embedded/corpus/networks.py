"""The networks below and between: NMState, MetalLB, network attachments, OpenStack's own addresses."""

from __future__ import annotations

import json

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.data_plane import NODESETS, hosts_of
from omg.embedded.corpus.nodes import ADDRESSES, WORKERS
from omg.embedded.corpus.objects import OPENSTACK, Object, condition, made
from omg.embedded.corpus.times import INSTALLED, before
from omg.embedded.corpus.world import World

NETWORKS = {
    "ctlplane": ("192.168.122", 0),
    "internalapi": ("172.17.0", 20),
    "storage": ("172.18.0", 21),
    "tenant": ("172.19.0", 22),
}


def add_networks(world: World) -> None:
    """Add everything of the networks."""
    _add_nmstate(world)
    _add_metallb(world)
    for name, (net, vlan) in NETWORKS.items():
        config = {
            "cniVersion": "0.3.1",
            "name": name,
            "type": "macvlan",
            "master": f"enp6s0.{vlan}" if vlan else "ospbr",
            "ipam": {
                "type": "whereabouts",
                "range": f"{net}.0/24",
                "range_start": f"{net}.30",
                "range_end": f"{net}.70",
            },
        }
        api = API_OF["NetworkAttachmentDefinition"]
        spec = {"config": json.dumps(config)}
        labels = {"osp/net": name, "osp/net-attach-def-type": "standard"}
        world.add(made("NetworkAttachmentDefinition", name, OPENSTACK, api=api, labels=labels, spec=spec))
    subnets = {
        name: [{"cidr": f"{net}.0/24", "name": "subnet1", "vlan": vlan}] for name, (net, vlan) in NETWORKS.items()
    }
    networks = [{"name": name, "mtu": 1500, "subnets": one} for name, one in subnets.items()]
    world.add(made("NetConfig", "netconfig", OPENSTACK, api=API_OF["NetConfig"], spec={"networks": networks}))
    for nodeset in NODESETS:
        for at, host in enumerate(hosts_of(nodeset)):
            world.add(*_addresses(host, NODESETS[nodeset][1] + at))


def _addresses(host: str, last: int) -> tuple[Object, Object]:
    reserved = {
        name: {"address": f"{net}.{last}", "network": name, "subnet": "subnet1"} for name, (net, _) in NETWORKS.items()
    }
    wanted = [{"name": name, "subnetName": "subnet1"} for name in NETWORKS]
    status = {"conditions": [condition("Ready")], "reservations": list(reserved.values())}
    return (
        made("IPSet", host, OPENSTACK, api=API_OF["IPSet"], spec={"networks": wanted}, status=status),
        made("Reservation", host, OPENSTACK, api=API_OF["Reservation"], spec={"reservation": reserved}),
    )


def _add_nmstate(world: World) -> None:
    world.add(made("NMState", "nmstate", api=API_OF["NMState"], age=INSTALLED, spec={}))
    for node in ADDRESSES:
        interfaces = [_interface("enp6s0", ADDRESSES[node], "ethernet")]
        if node in WORKERS:
            interfaces += [
                _interface(f"enp6s0.{vlan}", f"{net}.{ADDRESSES[node].rpartition('.')[2]}", "vlan")
                for net, vlan in NETWORKS.values()
                if vlan
            ]
            policy = f"osp-{node}"
            desired: Object = {"interfaces": interfaces, "dns-resolver": {"config": {"server": ["192.168.122.1"]}}}
            selector = {"kubernetes.io/hostname": node}
            failed = node == WORKERS[1]
            told = _told(failed=failed)
            api = API_OF["NodeNetworkConfigurationPolicy"]
            spec: Object = {"desiredState": desired, "nodeSelector": selector}
            status: Object = {"conditions": told, "unavailableNodeCountMap": {}}
            world.add(made("NodeNetworkConfigurationPolicy", policy, api=api, age=INSTALLED, spec=spec, status=status))
            name, api = f"{node}.{policy}", API_OF["NodeNetworkConfigurationEnactment"]
            labels = {"nmstate.io/node": node, "nmstate.io/policy": policy}
            status = {"conditions": told, "desiredState": desired}
            world.add(
                made("NodeNetworkConfigurationEnactment", name, api=api, labels=labels, age=INSTALLED, status=status)
            )
        status = {
            "currentState": {"interfaces": interfaces, "routes": {"running": _routes(node)}},
            "lastSuccessfulUpdateTime": before(4),
        }
        api = API_OF["NodeNetworkState"]
        world.add(made("NodeNetworkState", node, api=api, age=INSTALLED, status=status))


def _interface(name: str, address: str, kind: str) -> Object:
    ipv4 = {"address": [{"ip": address, "prefix-length": 24}], "dhcp": False, "enabled": True}
    return {"name": name, "type": kind, "state": "up", "mtu": 1500, "ipv4": ipv4, "ipv6": {"enabled": False}}


def _routes(node: str) -> list[Object]:
    """The routes of a node; the one to the filer's network is what is missing on worker-1."""
    found = [{"destination": "0.0.0.0/0", "next-hop-address": "192.168.122.1", "next-hop-interface": "enp6s0"}]
    if node != WORKERS[1]:
        found.append({"destination": "172.18.0.0/24", "next-hop-address": "", "next-hop-interface": "enp6s0.21"})
    return found


def _told(*, failed: bool) -> list[Object]:
    text = "rolled back: Failed to verify: interface enp6s0.21: ipv4 address 172.18.0.14 is not configured"
    if failed:
        return [condition("Degraded", reason="FailedToConfigure", message=text), condition("Available", ok=False)]
    return [condition("Available", reason="SuccessfullyConfigured"), condition("Degraded", ok=False, reason="None")]


def _add_metallb(world: World) -> None:
    namespace = "metallb-system"
    world.add(made("MetalLB", "metallb", namespace, api=API_OF["MetalLB"], age=INSTALLED, spec={}))
    for name, (net, vlan) in NETWORKS.items():
        spec: Object = {"addresses": [f"{net}.80-{net}.90"], "autoAssign": True, "avoidBuggyIPs": False}
        world.add(made("IPAddressPool", name, namespace, api=API_OF["IPAddressPool"], age=INSTALLED, spec=spec))
        spec = {"ipAddressPools": [name], "interfaces": [f"enp6s0.{vlan}" if vlan else "ospbr"]}
        world.add(made("L2Advertisement", name, namespace, api=API_OF["L2Advertisement"], age=INSTALLED, spec=spec))
