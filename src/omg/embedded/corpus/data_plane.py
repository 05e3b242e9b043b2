"""The data plane: nodesets of EDPM nodes, their services and deployments, and the machines."""

from __future__ import annotations

from typing import Any

from omg.embedded.corpus.crds import API_OF
from omg.embedded.corpus.objects import OPENSTACK, Object, condition, made
from omg.embedded.corpus.platform_secrets import HOSTS
from omg.embedded.corpus.secret_objects import secret
from omg.embedded.corpus.times import HOUR
from omg.embedded.corpus.world import World

SERVICES = [
    "redhat",
    "bootstrap",
    "download-cache",
    "configure-network",
    "validate-network",
    "install-os",
    "configure-os",
    "ssh-known-hosts",
    "run-os",
    "reboot-os",
    "install-certs",
    "ovn",
    "neutron-metadata",
    "libvirt",
    "nova",
    "telemetry",
]
# Nodeset: its nodes and the first address of them.
NODESETS = {"openstack-edpm": (3, 100), "openstack-edpm-storage": (2, 110), "openstack-edpm-ipv6": (1, 120)}


def add_data_plane(world: World) -> None:
    """Add everything of the data plane."""
    for name, (count, first) in NODESETS.items():
        world.add(_nodeset(world, name, count, first))
        world.add(_inventory(world, name, count))
    for copy in range(world.scale):
        tag = f"-{copy}" if copy else ""
        for name in NODESETS:
            world.add(_deployment(f"{name}-deployment{tag}", name, failed=name.endswith("storage")))
    for at, service in enumerate(SERVICES):
        spec: Object = {"playbook": f"osp.edpm.{service.replace('-', '_')}", "edpmServiceType": service}
        if service == "nova":
            spec["dataSources"] = [{"secretRef": {"name": "nova-cell1-compute-config"}}]
        status = {"conditions": [condition("Ready", message="Setup complete", age=HOUR + at)]}
        api = API_OF["OpenStackDataPlaneService"]
        world.add(made("OpenStackDataPlaneService", service, OPENSTACK, api=api, spec=spec, status=status))
    _add_machines(world)


def hosts_of(nodeset: str) -> list[str]:
    """The names of a nodeset's nodes."""
    count, first = NODESETS[nodeset]
    return [f"edpm-compute-{first - 100 + at}" for at in range(count)]


def _address(nodeset: str, at: int) -> str:
    first = NODESETS[nodeset][1] + at
    return f"2001:db8:122::{first}" if nodeset.endswith("ipv6") else f"192.168.122.{first}"


def _nodeset(world: World, name: str, count: int, first: int) -> Object:
    where = f"OpenStackDataPlaneNodeSet {OPENSTACK}/{name}"
    draw, plant = world.draw(where), world.plants.plant
    hosts = hosts_of(name)
    nodes: dict[str, Any] = {
        host: {
            "hostName": host,
            "ansible": {"ansibleHost": _address(name, at)} | ({"ansiblePort": 2222} if at == 1 else {}),
            "networks": [
                {"defaultRoute": True, "fixedIP": _address(name, at), "name": "ctlplane", "subnetName": "subnet1"},
                {"name": "internalapi", "subnetName": "subnet1"},
            ],
        }
        for at, host in enumerate(hosts)
    }
    if count > 2:
        nodes[hosts[2]]["ansible"] |= {"ansibleUser": "stack"}
    variables = {
        "edpm_network_config_template": "---\nnetwork_config:\n- type: ovs_bridge\n  name: br-ex\n",
        "edpm_sshd_allowed_ranges": ["192.168.122.0/24"],
        "edpm_bootstrap_command": (
            "subscription-manager register --username ops@example.com "
            f"--password {plant(draw.password(), 'key', where)}\n"
            f"podman login -u ops -p {plant(world.password('subscription'), 'value', where)} registry.redhat.io\n"
        ),
        "rhc_auth": {"login": {"username": "ops", "password": plant(draw.password(), "key", where)}},
        "edpm_snmp_readonly_user_password": plant(draw.word(20), "key", where),
    }
    return made(
        "OpenStackDataPlaneNodeSet",
        name,
        OPENSTACK,
        api=API_OF["OpenStackDataPlaneNodeSet"],
        labels={"backup.openstack.org/restore": "true", "backup.openstack.org/restore-order": "60"},
        spec={
            "preProvisioned": True,
            "networkAttachments": ["ctlplane"],
            "nodeTemplate": {
                "ansible": {"ansibleUser": "cloud-admin", "ansiblePort": 22, "ansibleVars": variables},
                "ansibleSSHPrivateKeySecret": "dataplane-ansible-ssh-private-key-secret",
                "managementNetwork": "ctlplane",
            },
            "nodes": nodes,
            "services": list(SERVICES),
            "tlsEnabled": True,
        },
        status={
            "allHostnames": {host: {"ctlplane": f"{host}.ctlplane.example.com"} for host in hosts},
            "allIPs": {
                host: {"ctlplane": _address(name, at), "internalapi": f"172.17.0.{first + at}"}
                for at, host in enumerate(hosts)
            },
            "conditions": [condition("Ready", message="NodeSet Ready"), condition("SetupReady")],
            "deployedVersion": "18.0.6-20250403.173312",
        },
    )


def _inventory(world: World, name: str, count: int) -> Object:
    become = world.draw("become", name).password()
    hosts = "".join(
        f"        {host}:\n          ansible_host: {_address(name, at)}\n"
        for at, host in enumerate(hosts_of(name)[:count])
    )
    variables = f"        ansible_user: cloud-admin\n        ansible_become_password: {become}\n"
    text = f"{name}:\n    hosts:\n{hosts}    vars:\n{variables}"
    return secret(world, f"dataplanenodeset-{name}", {"inventory": text}, public=["inventory"], inner=[become])


def _deployment(name: str, nodeset: str, *, failed: bool) -> Object:
    message = "Deployment error occurred in configure-network service: error in job configure-network-edpm-storage"
    told = condition("Ready", ok=not failed, message=message if failed else "Deployment ready", age=2 * HOUR)
    status = {"conditions": [told], "deployed": not failed, "nodeSetConditions": {nodeset: [told]}}
    spec = {"nodeSets": [nodeset], "backoffLimit": 6}
    return made(
        "OpenStackDataPlaneDeployment",
        name,
        OPENSTACK,
        api=API_OF["OpenStackDataPlaneDeployment"],
        spec=spec,
        status=status,
    )


def _add_machines(world: World) -> None:
    namespace = "openshift-machine-api"
    for at in range(HOSTS):
        where = f"BareMetalHost {namespace}/compute-{at}"
        draw, plant = world.draw(where), world.plants.plant
        # What was put into the address by hand, where BMO expects the Secret's name alone.
        root = f"root:{plant(draw.word(16), 'shape', where)}"
        address = f"redfish-virtualmedia://{root}@192.168.111.{at + 1}:8000/redfish/v1/Systems/1"
        state = "provisioned" if at < 4 else "available"
        world.add(
            made(
                "BareMetalHost",
                f"compute-{at}",
                namespace,
                api=API_OF["BareMetalHost"],
                labels={"app": "openstack"},
                spec={
                    "bmc": {
                        "address": address,
                        "credentialsName": f"compute-{at}-bmc-secret",
                        "disableCertificateVerification": True,
                    },
                    "bootMACAddress": f"52:54:00:ab:cd:{at:02x}",
                    "online": at < 4,
                    "rootDeviceHints": {"deviceName": "/dev/sda"},
                },
                status={
                    "errorCount": 0,
                    "errorMessage": "",
                    "goodCredentials": {"credentials": {"name": f"compute-{at}-bmc-secret", "namespace": namespace}},
                    "hardware": {
                        "cpu": {"arch": "x86_64", "count": 64},
                        "hostname": f"compute-{at}",
                        "ramMebibytes": 262144,
                    },
                    "operationalStatus": "OK",
                    "poweredOn": at < 4,
                    "provisioning": {"ID": draw.identity(), "state": state},
                },
            )
        )
    spec = {"provisioningNetwork": "Disabled", "watchAllNamespaces": True}
    world.add(made("Provisioning", "provisioning-configuration", api=API_OF["Provisioning"], spec=spec))
