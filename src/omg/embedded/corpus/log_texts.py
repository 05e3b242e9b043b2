"""What services write into their logs: modules and messages, as the services of RHOSO 18 word them."""

# ruff: noqa: E501 - the lines of a table are as long as what they tell

from __future__ import annotations

# Users and projects; the seed changes nothing about them, so that a reader meets them in every service.
PLACES = (
    "4c0f9a1e2d3b4a5f8e7d6c5b4a392817",
    "b2d9a4c07f6f4f3a9a5f1c3e8d7b6a50",
    "0f6d5c4b3a29481716f5e4d3c2b1a098",
    "9a8b7c6d5e4f40312213243546576879",
)

TRACEBACK = (
    "Exception during message handling: oslo_db.exception.DBConnectionError: (pymysql.err.OperationalError) (2013, 'Lost connection to MySQL server during query')",
    "Traceback (most recent call last):",
    '  File "/usr/lib/python3.9/site-packages/oslo_messaging/rpc/server.py", line 165, in _process_incoming',
    "    res = self.dispatcher.dispatch(message)",
    '  File "/usr/lib/python3.9/site-packages/oslo_messaging/rpc/dispatcher.py", line 309, in dispatch',
    "    return self._do_dispatch(endpoint, method, ctxt, args)",
    '  File "/usr/lib64/python3.9/site-packages/sqlalchemy/engine/base.py", line 1276, in _execute_context',
    "    self.dialect.do_execute(",
    "oslo_db.exception.DBConnectionError: (pymysql.err.OperationalError) (2013, 'Lost connection to MySQL server')",
)

OSLO = {
    "oslo": (
        ("oslo_service.periodic_task", "oslo_messaging._drivers.impl_rabbit", "oslo_db.sqlalchemy.engines"),
        (
            "Running periodic task update_available_resource run_periodic_tasks /usr/lib/python3.9/site-packages/oslo.py:210",
            "[{id}] AMQP server on rabbitmq.openstack.svc:5671 is unreachable: timed out. Trying again in 1 seconds.",
            "[{id}] Reconnected to AMQP server on rabbitmq.openstack.svc:5671 via [amqp] client with port {n}.",
            'Acquired lock "singleton_lock" lock /usr/lib/python3.9/site-packages/oslo_concurrency/lockutils.py:266',
            "MySQL server mode set to STRICT_TRANS_TABLES,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
        ),
    ),
    "nova": (
        ("nova.compute.manager", "nova.scheduler.manager", "nova.api.openstack.requestlog", "nova.conductor.manager"),
        (
            "[instance: {id}] Took {n}.12 seconds to build instance.",
            "[instance: {id}] Attempting claim on node compute-0.ctlplane.example.com: memory {n} MB, disk 10 GB, vcpus 2",
            '{ip} "GET /v2.1/servers/detail?limit=500" status: 200 len: {n} microversion: 2.95 time: 0.213042',
            "Compute_service record updated for ('compute-1.ctlplane.example.com', 'compute-1.ctlplane.example.com')",
            "Selected hosts for instance {id}: [(compute-0, compute-0) ram: {n}MB disk: 81920MB io_ops: 0 instances: 7]",
            "Inventory has not changed in ProviderTree for provider: {id}",
            'Lock "compute_resources" "released" by "ResourceTracker._update_available_resource" :: held 0.{n}s',
        ),
    ),
    "cinder": (
        ("cinder.volume.manager", "cinder.scheduler.host_manager", "cinder.api.openstack.wsgi", "cinder.volume.flows"),
        (
            "Received volume service update from hostgroup@ceph#ceph: {'total_capacity_gb': {n}, 'free_capacity_gb': 812}",
            "GET https://cinder-internal.openstack.svc:8776/v3/b2d9a4c07f6f4f3a9a5f1c3e8d7b6a50/volumes/{id}",
            "Volume {id}: being created as image with specification: {'status': 'creating', 'volume_size': {n}}",
            "https://cinder-internal.openstack.svc:8776/v3/attachments/{id} returned with HTTP 200",
            "Filter CapacityFilter returned 1 host(s) get_filtered_objects /usr/lib/python3.9/site-packages/base.py:129",
            "Initialize volume connection completed successfully. volume={id}",
        ),
    ),
    "neutron": (
        ("neutron.wsgi", "neutron.plugins.ml2.drivers.ovn.mech_driver.mech_driver", "ovsdbapp.backend.ovs_idl"),
        (
            '{ip} "GET /v2.0/ports?device_id={id} HTTP/1.1" status: 200  len: {n} time: 0.1041160',
            "Running txn n=1 command(idx=0): CheckRevisionNumberCommand(name={id}, resource_type=ports, if_exists=True)",
            "Hash Ring: Node {id} touched; 3 nodes online, last update {n} ms ago",
            "OVN reports status up for port: {id}",
            "Validated port {id} on network with segmentation id {n}",
        ),
    ),
    "glance": (
        ("glance.api.v2.images", "eventlet.wsgi.server", "glance_store._drivers.rbd"),
        (
            '{ip} - - "GET /v2/images/{id} HTTP/1.1" 200 {n} 0.042861',
            "creating image {id} with order 23 and size {n}",
            "Task [{id}] status changing from processing to success",
        ),
    ),
    "keystone": (
        ("keystone.server.flask.request_processing.req_logging", "keystone.common.rbac_enforcer.enforcer"),
        (
            "REQUEST_METHOD: `POST` SCRIPT_NAME: `` PATH_INFO: `/v3/auth/tokens` CONTENT_LENGTH: {n}",
            "RBAC: Policy Enforcement Cache: hit for identity:validate_token",
            "RBAC: Authorization granted",
            "Loading 3 keys from fernet repository /etc/keystone/fernet-keys",
            "Could not find user: svc-backup-{n}.",
        ),
    ),
    "heat": (
        ("heat.engine.service", "heat.engine.stack"),
        (
            "Service {id} is updated",
            "Stack CREATE COMPLETE (web-{n}): Stack CREATE completed successfully",
            "Periodic task tick: next in {n} s",
        ),
    ),
    "ironic": (
        ("ironic.conductor.manager", "ironic.drivers.modules.redfish.power", "futurist.periodics"),
        (
            "Successfully set node {id} power state to power on by rebooting.",
            'Node {id} moved to provision state "active" from state "deploying"; target provision state is "None"',
            "During sync_power_state, node {id} state 'None' does not match expected state 'power on'. Retry {n} of 3",
        ),
    ),
    "octavia": (
        ("octavia.controller.healthmanager.health_manager", "octavia.api.drivers.driver_factory"),
        (
            "Health Update finished in: 0.0{n} seconds for amphora {id}",
            "Mark ACTIVE in DB for load balancer id: {id}",
        ),
    ),
}

ACCESS = {
    "keystone": (
        "openstacksdk/1.5.1 keystoneauth1/5.4.0 python-requests/2.25.1 CPython/3.9.18",
        (
            "POST /v3/auth/tokens",
            "GET /v3/auth/tokens",
            "GET /v3/services?name=nova",
            "GET /v3/projects/{hex}",
            "GET /v3",
        ),
    ),
    "nova": (
        "python-novaclient",
        (
            "GET /v2.1/servers/detail?all_tenants=True",
            "GET /v2.1/servers/{id}",
            "POST /v2.1/servers",
            "GET /healthcheck",
        ),
    ),
    "cinder": (
        "python-cinderclient",
        ("GET /v3/volumes/detail", "POST /v3/attachments", "GET /v3/attachments/{id}", "GET /healthcheck"),
    ),
    "glance": ("python-glanceclient", ("GET /v2/images?limit=20", "GET /v2/images/{id}/file", "GET /healthcheck")),
    "placement": (
        "nova-scheduler keystoneauth1/5.4.0 python-requests/2.25.1 CPython/3.9.18",
        ("GET /allocation_candidates?limit=1000", "GET /resource_providers/{id}/inventories", "PUT /allocations/{id}"),
    ),
    "horizon": (
        "Mozilla/5.0 (X11; Linux x86_64)",
        ("GET /dashboard/project/instances/", "POST /dashboard/auth/login/"),
    ),
    "swift": (
        "python-swiftclient-4.1.0",
        ("PUT /v1/AUTH_{hex}/glance/{id}", "HEAD /v1/AUTH_{hex}", "GET /healthcheck"),
    ),
}

OPERATOR = (
    ("info", "Reconciling Service"),
    ("info", "Reconciled Service successfully"),
    ("info", "Reconciling Service init"),
    ("info", "Openstack Ready Condition - status: True"),
    ("debug", "no changes to the generated configuration, hash is unchanged"),
    ("info", "KeystoneEndpoint ready, endpoints are registered"),
    ("info", "Waiting for TransportURL to be reconciled, requeue in 10s"),
    (
        "error",
        "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version",
    ),
)

OTHER = {
    "galera": (
        "{plain}:{second} 0 ",
        (
            "[Note] WSREP: (bd2c{counter}, 'ssl://0.0.0.0:4567') connection to peer {hex} with addr ssl://{ip}:4567 timed out",
            "[Note] WSREP: Member 1.0 (openstack-galera-1) synced with group.",
            "[Warning] Aborted connection {n} to db: 'nova_api' user: 'nova_api_1b2f' host: '{ip}' (Got an error reading packets)",
            "[Note] InnoDB: Buffer pool(s) dump completed, {n} pages",
        ),
    ),
    "rabbitmq": (
        "{plain}:{second}.{millisecond}000+00:00 ",
        (
            "[info] <0.{n}.0> connection <0.{n}.0> ({ip}:52044 -> 172.17.0.90:5671 - nova-conductor:7:{counter}): user 'default_user_cWfkq' authenticated and granted access to vhost '/'",
            "[info] <0.{n}.0> accepting AMQP connection <0.{n}.0> ({ip}:43330 -> 172.17.0.90:5671)",
            "[warning] <0.{n}.0> closing AMQP connection <0.{n}.0>: client unexpectedly closed TCP connection",
            "[debug] <0.{n}.0> Will use module rabbit_quorum_queue for queue 'reply_{hex}' in vhost '/'",
        ),
    ),
    "ovn": (
        "{iso}:{second}.{millisecond}Z|{millisecond}|",
        (
            "reconnect|INFO|ssl:ovsdbserver-sb-0.openstack.svc.cluster.local:6642: connected",
            "ovsdb_raft|INFO|raft/server{counter}: candidate starting term {n}: election timeout",
            "timeval|WARN|Unreasonably long {n}ms poll interval ({n}ms user, 3ms system)",
            "binding|INFO|Claiming lport {id} for this chassis.",
            "poll_loop|INFO|wakeup due to [POLLIN] on fd 22 ({ip}:6642) at lib/stream-ssl.c:835 ({n}% CPU usage)",
        ),
    ),
    "prometheus": (
        "ts={iso}:{second}.{millisecond}Z ",
        (
            'caller=compact.go:519 level=info component=tsdb msg="write block" mint={n} maxt={n} ulid=01JH{counter} duration=1s',
            'caller=head.go:1213 level=info component=tsdb msg="WAL checkpoint complete" first={n} last={n} duration=2.1s',
            'caller=scrape.go:1352 level=debug component="scrape manager" target=https://{ip}:9100/metrics msg="scraped"',
        ),
    ),
    "klog": (
        "I0115 {second}:{second}:{second}.{millisecond}000       1 ",
        (
            "reflector.go:359] Caches populated for *v1.ConfigMap from k8s.io/client-go/informers/factory.go:160",
            "controller.go:615] quota admission added evaluator for: routes.route.openshift.io",
            'trace.go:236] Trace[{n}]: "List" resource=pods (total time: {n}ms) counter={counter}',
        ),
    ),
    "plain": (
        "{iso}:{second}.{millisecond}Z ",
        (
            "INFO starting component, build {hex}",
            "INFO health check passed in {n} ms ({counter})",
            "WARN retrying {ip} in 5s",
            "DEBUG request {id} done in {n} ms",
        ),
    ),
}
