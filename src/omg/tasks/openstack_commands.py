"""What is run for which service, and the file that gets its output: one line a command. Pure.

A service's lines count where the catalogue has a service whose name contains theirs; those without a service always.
"""

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.tasks.pods import Pod


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the control plane's namespace that has to be there, or the command makes no sense."""

    group: str
    plural: str
    name: str

    def __str__(self) -> str:
        return f"{self.plural}.{self.group}/{self.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """The pod that a command other than `openstack` runs in: by its name, or the first that is well by a label."""

    name: str = ""
    component: str = ""

    def of(self, pods: Iterable[Pod], namespace: str) -> Pod | None:
        """The pod, or None where there is none."""
        here = (pod for pod in pods if pod.namespace == namespace)
        return min(filter(self._is, here), key=lambda pod: pod.is_failing, default=None)

    def _is(self, pod: Pod) -> bool:
        return pod.name == self.name if self.name else pod.labels.get("component") == self.component

    def __str__(self) -> str:
        return f"pod {self.name}" if self.name else f"pod with the label component={self.component}"


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the table.

    Args:
        service: whose block it is part of; empty: always wanted.
        file: gets the output.
        text: the arguments of `openstack`, or, with a place, the whole command; as a shell would split it.
        place: where it runs; None: in the client's pod.
        each_zone: it runs once for each of designate's zones, whose id is its last argument.
        only_with: what has to be there.
    """

    service: str
    file: str
    text: str
    place: Place | None = None
    each_zone: bool = False
    only_with: Thing | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The file's path below ctlplane/."""
        return (self.service, self.file) if self.service else (self.file,)

    @property
    def words(self) -> tuple[str, ...]:
        """The arguments."""
        return tuple(shlex.split(self.text))

    def __str__(self) -> str:
        return "/".join(self.names)


SERVICE_NAMES = ("service", "list", "-c", "Name", "-f", "value")
"""Prints the names of the catalogue's services, one a line."""

ZONES = ("zone", "list", "-c", "id", "-f", "value")
"""Prints the ids of designate's zones, one a line."""

CONDUCTOR = Place(name="nova-cell0-conductor-0")
METRIC_STORAGE = Thing("telemetry.openstack.org", "metricstorages", "metric-storage")
CLOUDKITTY = Thing("telemetry.openstack.org", "cloudkitties", "cloudkitty")
THINGS = (METRIC_STORAGE, CLOUDKITTY)

_CANDIDATES = (
    "allocation candidate list --resource MEMORY_MB=1 --max-width 200 "
    "-c 'resource provider' -c 'inventory used/capacity' -c traits"
)

COMMANDS = (
    Command("", "endpoints", "endpoint list"),
    Command("", "services", "service list"),
    Command("manila", "service_list", "share service list"),
    Command("manila", "share_types", "share type list"),
    Command("manila", "pool_list", "share pool list --detail"),
    Command("neutron", "subnet_list", "subnet list"),
    Command("neutron", "port_list", "port list"),
    Command("neutron", "router_list", "router list"),
    Command("neutron", "agent_list", "network agent list"),
    Command("neutron", "network_list", "network list"),
    Command("neutron", "extension_list", "extension list"),
    Command("neutron", "floating_ip_list", "floating ip list"),
    Command("neutron", "security_group_list", "security group list"),
    Command("cinder", "service_list", "volume service list"),
    Command("cinder", "type_list", "volume type list --long"),
    Command("cinder", "qos_list", "volume qos list"),
    Command("cinder", "transfer_list", "volume transfer request list --all-project"),
    Command("cinder", "total_volumes_list", "--os-volume-api-version 3.12 volume summary --all-projects"),
    Command("cinder", "pool_list", "volume backend pool list --long"),
    Command("heat", "service_list", "orchestration service list"),
    Command("nova", "service_list", "compute service list"),
    Command("nova", "hypervisor_list", "hypervisor list"),
    Command("nova", "aggregate_list", "aggregate list --long"),
    Command("nova", "cell_list", "nova-manage cell_v2 list_cells", place=CONDUCTOR),
    Command("nova", "host_list", "nova-manage cell_v2 list_hosts", place=CONDUCTOR),
    Command("placement", "allocation_candidate_list", _CANDIDATES),
    Command("placement", "resource_class_list", "resource class list"),
    Command("placement", "trait_list", "trait list"),
    Command("ironic", "node_list", "baremetal node list --long"),
    Command("ironic", "port_list", "baremetal port list --long"),
    Command("ironic", "port_group_list", "baremetal port group list --long"),
    Command("ironic", "volume_connector_list", "baremetal volume connector list --long"),
    Command("ironic", "volume_target_list", "baremetal volume target list --long"),
    Command("ironic", "allocation_list", "baremetal allocation list --long"),
    Command("aodh", "alarm_list", "alarm list"),
    Command("ceilometer", "metric_list", "metric list --disable-rbac", only_with=METRIC_STORAGE),
    Command("octavia", "amphora_list", "loadbalancer amphora list"),
    Command("octavia", "availabilityzone_list", "loadbalancer availabilityzone list"),
    Command("octavia", "availabilityzoneprofile_list", "loadbalancer availabilityzoneprofile list"),
    Command("octavia", "flavor_list", "loadbalancer flavor list"),
    Command("octavia", "flavorprofile_list", "loadbalancer flavorprofile list"),
    Command("octavia", "healthmonitor_list", "loadbalancer healthmonitor list"),
    Command("octavia", "l7policy_list", "loadbalancer l7policy list"),
    Command("octavia", "listener_list", "loadbalancer listener list"),
    Command("octavia", "pool_list", "loadbalancer pool list"),
    Command("octavia", "provider_list", "loadbalancer provider list"),
    Command("octavia", "quota_list", "loadbalancer quota list"),
    Command("octavia", "loadbalancer_list", "loadbalancer list"),
    Command("glance", "task_list", "image task list"),
    Command("watcher", "goal_list", "optimize goal list"),
    Command("watcher", "strategy_list", "optimize strategy list"),
    Command("watcher", "watcher_service_list", "optimize service list"),
    Command("designate", "zone_list", "zone list"),
    Command("designate", "dns_quota_list", "dns quota list"),
    Command("designate", "ptr_record_list", "ptr record list"),
    Command("designate", "zone_export_list", "zone export list"),
    Command("designate", "zone_import_list", "zone import list"),
    Command("designate", "transfer_request_list", "zone transfer request list"),
    Command("designate", "recordset_list", "recordset list", each_zone=True),
    Command("designate", "zone_share_list", "zone share list", each_zone=True),
    Command("designate", "pool_list", "designate-manage pool show_config", place=Place(component="designate-worker")),
    Command("cloudkitty", "module_list", "rating module list", only_with=CLOUDKITTY),
)


def wanted_commands(catalogue: Iterable[str]) -> Iterator[Command]:
    """The lines of the table for the services of a catalogue."""
    names = tuple(catalogue)
    return (command for command in COMMANDS if any(command.service in name for name in ("", *names)))
