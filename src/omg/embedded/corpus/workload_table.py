"""What runs: one line each, ``name kind replicas service containers port``.

kind: D Deployment, S StatefulSet, A DaemonSet on the workers, P a pod alone. service is the label by which omg finds
the pods of a service. Containers are separated by commas; ``+`` marks an init container. port 0: no Service.
"""

# ruff: noqa: E501 - the lines of a table are as long as what they tell

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from omg.embedded.corpus.namespaces import CUSTOMER
from omg.embedded.corpus.objects import OPENSTACK, OPERATORS


class Workload(NamedTuple):
    """One line of the table."""

    namespace: str
    name: str
    kind: str
    replicas: int
    service: str
    init: tuple[str, ...]
    containers: tuple[str, ...]
    port: int


OF_OPENSTACK = """
    openstackclient P 1 openstackclient openstackclient 0
    keystone D 2 keystone keystone-api 5000
    openstack-galera S 3 mariadb +mysql-bootstrap,galera 3306
    openstack-cell1-galera S 1 mariadb +mysql-bootstrap,galera 3306
    rabbitmq-server S 3 rabbitmq +setup-container,rabbitmq 5671
    rabbitmq-cell1-server S 1 rabbitmq +setup-container,rabbitmq 5671
    memcached S 1 memcached memcached 11211
    dnsmasq-dns D 1 dnsmasq +init,dnsmasq-dns 53
    glance-default-external-api S 1 glance-external +init,glance-log,glance-httpd,glance-api 9292
    glance-default-internal-api S 1 glance-internal +init,glance-log,glance-httpd,glance-api 9292
    cinder-api S 2 cinder cinder-api-log,cinder-api 8776
    cinder-scheduler S 1 cinder cinder-scheduler,probe 0
    cinder-backup S 1 cinder +init,cinder-backup,probe 0
    cinder-volume-ceph S 1 cinder +init,cinder-volume,probe 0
    cinder-volume-netapp S 1 cinder +init,cinder-volume,probe 0
    manila-api S 1 manila manila-api-log,manila-api 8786
    manila-scheduler S 1 manila manila-scheduler,probe 0
    manila-share-share0 S 1 manila +init,manila-share,probe 0
    nova-api S 2 nova-api nova-api-log,nova-api-api 8774
    nova-metadata S 1 nova-metadata nova-metadata-log,nova-metadata-metadata 8775
    nova-scheduler S 1 nova-scheduler nova-scheduler-scheduler 0
    nova-cell0-conductor S 1 nova-conductor nova-cell0-conductor-conductor 0
    nova-cell1-conductor S 1 nova-conductor nova-cell1-conductor-conductor 0
    nova-cell1-novncproxy S 1 nova-novncproxy nova-cell1-novncproxy-novncproxy 6080
    nova-cell1-compute-ironic-compute S 1 nova-compute nova-cell1-compute-ironic-compute-compute 0
    placement D 1 placement placement-log,placement-api 8778
    neutron D 2 neutron neutron-api,neutron-httpd 9696
    ovsdbserver-nb S 3 ovsdbserver-nb ovsdbserver-nb,openstack-network-exporter 6641
    ovsdbserver-sb S 3 ovsdbserver-sb ovsdbserver-sb,openstack-network-exporter 6642
    ovn-northd S 1 ovn-northd ovn-northd 0
    ovn-controller A 3 ovn-controller ovn-controller 0
    ovn-controller-ovs A 3 ovn-controller-ovs +ovsdb-server-init,ovsdb-server,ovs-vswitchd 0
    horizon D 1 horizon horizon-log,horizon 443
    heat-api D 1 heat heat-api 8004
    heat-cfnapi D 1 heat heat-cfnapi 8000
    heat-engine D 1 heat heat-engine 0
    barbican-api D 1 barbican barbican-api-log,barbican-api 9311
    barbican-worker D 1 barbican barbican-worker-log,barbican-worker 0
    barbican-keystone-listener D 1 barbican barbican-keystone-listener-log,barbican-keystone-listener 0
    swift-proxy D 1 swift ring-sync,proxy-httpd,proxy-server 8080
    swift-storage S 1 swift +swift-init,account-server,account-auditor,container-server,container-updater,object-server,\
object-replicator,object-expirer,rsync,swift-recon-cron 0
    ceilometer S 1 ceilometer ceilometer-central-agent,ceilometer-notification-agent,sg-core,proxy-httpd 3000
    aodh S 1 aodh aodh-api,aodh-evaluator,aodh-notifier,aodh-listener 8042
    kube-state-metrics S 1 ceilometer kube-state-metrics 8081
    prometheus-metric-storage S 1 metric-storage +init-config-reloader,prometheus,config-reloader,thanos-sidecar 9090
    alertmanager-metric-storage S 1 metric-storage alertmanager,config-reloader 9093
    cloudkitty-api S 1 cloudkitty cloudkitty-api-log,cloudkitty-api 8889
    cloudkitty-proc S 1 cloudkitty cloudkitty-proc 0
    watcher-api S 1 watcher-api watcher-api-log,watcher-api 9322
    watcher-applier S 1 watcher-applier watcher-applier 0
    watcher-decision-engine S 1 watcher-decision-engine watcher-decision-engine 0
    designate-api D 1 designate +init,designate-api 9001
    designate-central D 1 designate +init,designate-central 0
    designate-worker D 1 designate +init,designate-worker 0
    designate-mdns S 1 designate +init,designate-mdns 0
    designate-backendbind9 S 1 designate +init,designate-backendbind9 953
    octavia-api D 1 octavia-api octavia-api,octavia-provider-agent 9876
    octavia-worker D 1 octavia-worker +init,octavia-worker 0
    octavia-healthmanager A 1 octavia-healthmanager +init,octavia-healthmanager 0
    ironic-api D 1 ironic ironic-api-log,ironic-api 6385
    ironic-conductor S 1 ironic +init,+pxe-init,conductor,httpboot,dnsmasq 8088
    ironic-neutron-agent D 1 ironic ironic-neutron-agent 0
    instanceha D 1 instanceha instanceha 0
"""

# Each service's operator; the second half has a proxy beside its manager.
OPERATORS_OF = (
    *("openstack", "infra", "mariadb", "ovn", "nova", "barbican", "cinder", "glance", "manila", "neutron"),
    *("designate", "heat", "horizon", "ironic", "keystone", "octavia", "placement", "swift", "telemetry", "watcher"),
)

ELSEWHERE = {
    "openshift-machine-api": """
        metal3 D 1 metal3 +machine-os-images,metal3-baremetal-operator,metal3-httpd,metal3-ironic,metal3-ramdisk-logs 6180
        cluster-autoscaler-operator D 1 machine-api kube-rbac-proxy,cluster-autoscaler-operator 9192""",
    "baremetal-operator-system": "baremetal-operator-controller-manager D 1 baremetal-operator manager 8443",
    "cert-manager": """
        cert-manager D 1 cert-manager cert-manager-controller 9402
        cert-manager-webhook D 1 cert-manager cert-manager-webhook 10250""",
    "openshift-nmstate": """
        nmstate-handler A 3 nmstate nmstate-handler 0
        nmstate-webhook D 1 nmstate nmstate-webhook 443""",
    "metallb-system": """
        controller D 1 metallb controller,kube-rbac-proxy 9120
        speaker A 1 metallb +cp-frr-files,speaker,frr,reloader 0""",
    "openshift-operators": "observability-operator D 1 observability operator 8080",
    "openshift-operators-redhat": "loki-operator-controller-manager D 1 logging manager,kube-rbac-proxy 8443",
    "openshift-logging": """
        collector A 1 logging collector 24231
        logging-loki-ingester S 1 logging loki-ingester 3100""",
    "openshift-adp": "velero D 1 velero +openstack-plugin,velero 8085",
    "openshift-etcd": "etcd S 1 etcd etcdctl,etcd 2379",
    CUSTOMER: "shop D 2 shop web,cart 8080",
}


def workloads() -> Iterator[Workload]:
    """Every line of every namespace."""
    yield from _read(OPENSTACK, OF_OPENSTACK)
    half = len(OPERATORS_OF) // 2
    for at, name in enumerate(OPERATORS_OF):
        containers = "manager" if at < half else "manager,kube-rbac-proxy"
        yield from _read(OPERATORS, f"{name}-operator-controller-manager D 1 {name}-operator {containers} 8443")
    for namespace, lines in ELSEWHERE.items():
        yield from _read(namespace, lines)


def _read(namespace: str, lines: str) -> Iterator[Workload]:
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, kind, replicas, service, containers, port = line.split()
        named = containers.split(",")
        init = tuple(one[1:] for one in named if one.startswith("+"))
        ordinary = tuple(one for one in named if not one.startswith("+"))
        yield Workload(namespace, name, kind, int(replicas), service, init, ordinary, int(port))
