"""What the ``openstack`` commands print, one entry a command: columns, and rows of texts with marks to fill in.

``{id}`` is a uuid, ``{hex}`` 32 hexadecimal digits, ``{at}`` the row's number, ``{host}`` an EDPM node, ``{ip}`` an
address. A number before the columns says how many rows there are.
"""

# ruff: noqa: E501 - the lines of a table are as long as what they tell

from __future__ import annotations

HOST = "{host}.ctlplane.example.com"
UP = "enabled | up | 2026-01-15T09:59:5{at}.000000"

# By arguments: how many rows, which columns, and what a row looks like.
GENERATED = {
    "subnet list": (6, "ID | Name | Network | Subnet", "{id} | subnet-{at} | {id} | 10.{at}.0.0/24"),
    "port list": (24, "ID | Name | MAC Address | Fixed IP Addresses | Status",
                  "{id} | port-{at} | fa:16:3e:4c:11:0{at} | ip_address='{ip}', subnet_id='{id}' | ACTIVE"),
    "router list": (3, "ID | Name | Status | State | Project", "{id} | router-{at} | ACTIVE | UP | {hex}"),
    "network agent list": (7, "ID | Agent Type | Host | Availability Zone | Alive | State | Binary",
                           f"{{id}} | OVN Controller agent | {HOST} |  | :-) | UP | ovn-controller"),
    "network list": (5, "ID | Name | Subnets", "{id} | net-{at} | {id}"),
    "extension list": (8, "Name | Alias | Description", "Extension {at} | ext-{at} | What extension {at} adds"),
    "floating ip list": (4, "ID | Floating IP Address | Fixed IP Address | Port | Floating Network | Project",
                         "{id} | {ip} | 10.0.0.{at} | {id} | {id} | {hex}"),
    "security group list": (5, "ID | Name | Description | Project | Tags", "{id} | group-{at} |  | {hex} | []"),
    "volume type list --long": (3, "ID | Name | Is Public | Properties",
                                "{id} | type-{at} | True | volume_backend_name='netapp'"),
    "volume qos list": (1, "ID | Name | Consumer | Associations | Properties",
                        "{id} | gold | front-end | type-1 | read_iops_sec='2000'"),
    "volume transfer request list --all-project": (1, "ID | Name | Volume", "{id} | handover-{at} | {id}"),
    "orchestration service list": (4, "Hostname | Binary | Engine ID | Host | Topic | Updated At | Status",
                                   "heat-engine-{at} | heat-engine | {id} | heat-engine | engine | 2026-01-15 | up"),
    "hypervisor list": (6, "ID | Hypervisor Hostname | Hypervisor Type | Host IP | State",
                        f"{{id}} | {HOST} | QEMU | 172.17.0.10{{at}} | up"),
    "aggregate list --long": (2, "ID | Name | Availability Zone | Properties | Hosts",
                              "{at} | aggregate-{at} | zone-{at} | ssd='true' | {host}"),
    "allocation candidate list": (6, "resource provider | inventory used/capacity | traits",
                                  "{id} | MEMORY_MB=2048/128000,VCPU=4/64 | COMPUTE_NODE,HW_CPU_X86_AVX2"),
    "resource class list": (9, "name", "CUSTOM_CLASS_{at}"),
    "trait list": (20, "name", "HW_CPU_X86_{at}"),
    "baremetal node list --long": (4, "UUID | Name | Instance UUID | Power State | Provisioning State | Maintenance",
                                   "{id} | bm-{at} | None | power on | available | False"),
    "baremetal port list --long": (4, "UUID | Address | Node UUID", "{id} | 52:54:00:aa:00:0{at} | {id}"),
    "baremetal port group list --long": (1, "UUID | Address | Name", "{id} | 52:54:00:bb:00:0{at} | bond-{at}"),
    "baremetal volume connector list --long": (1, "UUID | Node UUID | Type", "{id} | {id} | iqn"),
    "baremetal volume target list --long": (1, "UUID | Node UUID | Driver Volume Type", "{id} | {id} | iscsi"),
    "baremetal allocation list --long": (2, "UUID | Name | Resource Class | State", "{id} | alloc-{at} | bm | active"),
    "alarm list": (2, "alarm_id | type | name | state | severity | enabled",
                   "{id} | prometheus | cpu-{at} | ok | low | True"),
    "metric list --disable-rbac": (12, "metric_name", "ceilometer_metric_{at}"),
    "loadbalancer amphora list": (2, "id | loadbalancer_id | status | role | lb_network_ip | ha_ip",
                                  "{id} | {id} | ALLOCATED | MASTER | 172.24.0.{at} | {ip}"),
    "loadbalancer availabilityzone list": (1, "name | description | enabled", "zone-{at} |  | True"),
    "loadbalancer availabilityzoneprofile list": (1, "id | name | provider_name", "{id} | zp-{at} | amphora"),
    "loadbalancer flavor list": (1, "id | name | enabled | description", "{id} | small | True | "),
    "loadbalancer flavorprofile list": (1, "id | name | provider_name", "{id} | fp-{at} | amphora"),
    "loadbalancer healthmonitor list": (2, "id | name | project_id | type | admin_state_up",
                                        "{id} | hm-{at} | {hex} | HTTP | True"),
    "loadbalancer l7policy list": (1, "id | name | action | position", "{id} | l7-{at} | REJECT | 1"),
    "loadbalancer listener list": (2, "id | name | protocol | protocol_port", "{id} | listener-{at} | HTTP | 80"),
    "loadbalancer quota list": (2, "project_id | load_balancer | listener | pool", "{hex} | 10 | -1 | -1"),
    "share pool list --detail": (2, "Name | Host | Backend | Pool | Capabilities", "hostgroup@ceph#pool-{at} | hostgroup | ceph | pool-{at} | thin_provisioning='True'"),
    "volume backend pool list --long": (1, "Name | Capacity | Allocated | Max Over Ratio", "hostgroup@ceph#ceph | 4096 | 1210 | 20.0"),
    "loadbalancer pool list": (2, "id | name | protocol | lb_algorithm", "{id} | pool-{at} | HTTP | ROUND_ROBIN"),
    "loadbalancer provider list": (2, "name | description", "provider-{at} | The Octavia provider {at}."),
    "loadbalancer list": (2, "id | name | project_id | vip_address | provisioning_status | operating_status | provider",
                          "{id} | lb-{at} | {hex} | {ip} | ACTIVE | ONLINE | amphora"),
    "image task list": (2, "ID | Type | Status | Owner", "{id} | import | success | {hex}"),
    "optimize goal list": (3, "UUID | Name | Display name", "{id} | goal_{at} | Goal {at}"),
    "optimize strategy list": (3, "UUID | Name | Display name | Goal", "{id} | strategy_{at} | Strategy {at} | goal_{at}"),
    "optimize service list": (2, "ID | Name | Host | Status", "{at} | watcher-applier | watcher-applier-{at} | ACTIVE"),
    "zone list": (2, "id | name | type | serial | status | action", "{id} | z{at}.example.com. | PRIMARY | 1768 | ACTIVE | NONE"),
    "dns quota list": (5, "Field | Value", "quota_{at} | 500"),
    "ptr record list": (1, "id | ptrdname | description | ttl", "{id} | vm{at}.example.com. |  | 300"),
    "zone export list": (1, "id | zone_id | created_at | status", "{id} | {id} | 2026-01-13T10:00:00 | COMPLETE"),
    "zone import list": (1, "id | zone_id | created_at | status | message", "{id} | {id} | 2026-01-13 | COMPLETE | done"),
    "zone transfer request list": (1, "id | zone_id | zone_name | project_id | status",
                                   "{id} | {id} | z0.example.com. | {hex} | ACTIVE"),
    "recordset list": (3, "id | name | type | records | status", "{id} | vm{at}.z.example.com. | A | {ip} | ACTIVE"),
    "zone share list": (1, "id | zone_id | project_id | target_project_id", "{id} | {id} | {hex} | {hex}"),
    "rating module list": (3, "Module | Enabled | Priority", "module{at} | True | {at}"),
    "share service list": (2, "ID | Binary | Host | Zone | Status | State | Updated At",
                           "{at} | manila-scheduler | hostgroup | nova | enabled | up | 2026-01-15T09:59:00"),
    "share type list": (2, "ID | Name | Visibility | Is Default | Required Extra Specs",
                        "{id} | type-{at} | public | False | driver_handles_share_servers : False"),
    "compute service list": (7, "ID | Binary | Host | Zone | Status | State | Updated At",
                             f"{{id}} | nova-compute | {HOST} | nova | {UP}"),
}  # fmt: skip

VOLUME_SERVICES = (
    "cinder-scheduler | hostgroup | nova | enabled | up | 2026-01-15T09:59:51.000000",
    "cinder-backup | hostgroup | nova | enabled | up | 2026-01-15T09:59:48.000000",
    "cinder-volume | hostgroup@ceph | nova | enabled | up | 2026-01-15T09:59:49.000000",
    "cinder-volume | hostgroup@netapp | nova | enabled | down | 2026-01-15T06:58:12.000000",
)
