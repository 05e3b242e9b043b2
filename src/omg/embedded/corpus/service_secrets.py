"""The Secrets of the OpenStack services: passwords, configuration, certificates, message queues."""

from __future__ import annotations

from urllib.parse import quote

from omg.embedded.corpus.objects import OPENSTACK
from omg.embedded.corpus.secret_objects import secret, tls_secret
from omg.embedded.corpus.service_config import (
    client_conf,
    custom_conf,
    default_conf,
    passwords_of,
    transport_url,
    web_conf,
)
from omg.embedded.corpus.services import OTHER_KEYS, SERVICES, Service
from omg.embedded.corpus.times import before
from omg.embedded.corpus.workload_table import workloads
from omg.embedded.corpus.world import World

BACKED_UP = {"backup.openstack.org/restore": "true", "backup.openstack.org/restore-order": "10"}
# The configurations of parts of a service, which are as those of the service.
PARTS = {
    "nova": ("nova-api", "nova-metadata", "nova-scheduler", "nova-cell0-conductor", "nova-cell1-conductor",
             "nova-cell1-novncproxy", "nova-cell1-compute-ironic-compute"),
    "cinder": ("cinder-api", "cinder-scheduler", "cinder-backup", "cinder-volume-ceph", "cinder-volume-netapp"),
    "glance": ("glance-default-external", "glance-default-internal"),
    "manila": ("manila-api", "manila-share-share0"),
    "heat": ("heat-engine", "heat-cfnapi"),
}  # fmt: skip


def add_service_secrets(world: World) -> None:
    """Add them, at larger scales again with other values for each further copy."""
    for copy in range(world.scale):
        tag = f"-{copy}" if copy else ""
        _add_passwords(world, tag)
        _add_keys(world, tag)
        _add_queues(world, tag)
        for service in SERVICES:
            _add_configuration(world, service, tag)
        for workload in workloads():
            if workload.namespace == OPENSTACK and workload.port:
                world.add(tls_secret(world, f"cert-{workload.name}-svc{tag}"))


def _add_passwords(world: World, tag: str) -> None:
    keys = (*(service.key for service in SERVICES), *OTHER_KEYS)
    values = {key: world.password(f"{key}{tag}") for key in dict.fromkeys(keys)}
    labels = BACKED_UP | {"backup.openstack.org/category": "controlplane"}
    world.add(secret(world, f"osp-secret{tag}", values, labels=labels))
    libvirt = {"LibvirtPassword": world.password(f"libvirt{tag}")}
    first = {"backup.openstack.org/restore": "true", "backup.openstack.org/restore-order": "05"}
    world.add(secret(world, f"libvirt-secret{tag}", libvirt, annotations=first))
    for service in SERVICES:
        for database in service.databases:
            name = f"{database.replace('_', '-')}-db-secret{tag}"
            key = f"{service.name}-db{tag}" if database == service.databases[0] else f"{database}-db{tag}"
            world.add(secret(world, name, {"DatabasePassword": world.password(key)}))


def _add_keys(world: World, tag: str) -> None:
    draw = world.draw("keys", tag)
    fernet = {f"{kind}Keys{at}": draw.fernet_key() for kind in ("Fernet", "Credential") for at in range(3)}
    rotated = {"keystone.openstack.org/rotatedat": before(300)}
    world.add(secret(world, f"keystone{tag}", fernet, annotations=rotated))
    hashed = draw.hexadecimal(32), draw.hexadecimal(32)
    swift = f"[swift-hash]\nswift_hash_path_prefix = {hashed[0]}\nswift_hash_path_suffix = {hashed[1]}\n"
    world.add(secret(world, f"swift-conf{tag}", {"swift.conf": swift}, public=["swift.conf"], inner=hashed))
    rndc = draw.base64(32)
    bind = f'key "rndc-key" {{\n  algorithm hmac-sha256;\n  secret "{rndc}";\n}};\n'
    world.add(secret(world, f"designate-bind-secret{tag}", {"rndc-key-0": bind}, inner=[rndc]))
    ceph = draw.base64(28)
    ring = f'[client.openstack]\n    key = {ceph}\n    caps mgr = "allow *"\n    caps mon = "profile rbd"\n'
    conf = "[global]\nfsid = 5f1c3e8d-7b6a-4f3a-9a5f-b2d9a4c07f6f\nmon_host = 172.18.0.61,172.18.0.62,172.18.0.63\n"
    files = {"ceph.conf": conf, "ceph.client.openstack.keyring": ring}
    world.add(secret(world, f"ceph-conf-files{tag}", files, public=files, inner=[ceph]))
    netapp = world.password(f"cinder-backend{tag}")
    backend = f"[netapp]\nnetapp_login = cinder_svm\nnetapp_password = {netapp}\nnetapp_vserver = svm_openstack\n"
    world.add(secret(world, f"cinder-volume-netapp-secrets{tag}", {"netapp.conf": backend}, inner=[netapp]))
    passphrase = {"server-ca-passphrase": draw.word(32)}
    world.add(secret(world, f"octavia-ca-passphrase{tag}", passphrase))


def _add_queues(world: World, tag: str) -> None:
    for cluster in ("rabbitmq", "rabbitmq-cell1"):
        password = world.password(f"{cluster}-default-user{tag}")
        user = f"default_user_{world.draw('rabbit user', tag).word(17)}"
        data = {
            "default_user.conf": f"default_user = {user}\ndefault_pass = {password}\n",
            "host": f"{cluster}.openstack.svc",
            "password": password,
            "port": "5671",
            "provider": "rabbitmq",
            "type": "rabbitmq",
            "username": user,
        }
        public = ("default_user.conf", "host", "port", "provider", "type", "username")
        world.add(secret(world, f"{cluster}-default-user{tag}", data, public=public, inner=[password]))
        cookie = {".erlang.cookie": world.draw("cookie", cluster, tag).base64(24)}
        world.add(secret(world, f"{cluster}-erlang-cookie{tag}", cookie))
    for service in SERVICES:
        if service.name not in ("keystone", "placement", "horizon"):
            password = world.password(f"rabbitmq-default-user{tag}")
            name = f"rabbitmq-transport-url-{service.name}-{service.name}-transport{tag}"
            url = transport_url(world, password, tag)
            world.add(secret(world, name, {"transport_url": url}, public=["transport_url"], inner=[quote(password)]))


def _add_configuration(world: World, service: Service, tag: str) -> None:
    told = passwords_of(world, service, tag)
    files = {
        "00-default.conf": default_conf(world, service, tag),
        "01-config.conf": custom_conf(world, service, tag),
        "my.cnf": client_conf(world, service, tag),
        "httpd.conf": web_conf(service),
    }
    for name in (service.name, *PARTS.get(service.name, ())):
        world.add(secret(world, f"{name}-config-data{tag}", files, public=files, inner=told))
