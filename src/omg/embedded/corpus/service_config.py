"""The configuration of a service as its operator renders it: files with passwords in them."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from omg.embedded.corpus.services import Service
from omg.embedded.corpus.world import World


class Passwords(NamedTuple):
    """What a service signs in with, by name of password."""

    user: str
    database: str
    transport: str
    memcached: str
    backend: str


def passwords_of(world: World, service: Service, tag: str) -> Passwords:
    """The passwords of one service; tag tells copies apart at larger scales."""
    return Passwords(
        user=world.password(f"{service.key}{tag}"),
        database=world.password(f"{service.name}-db{tag}"),
        transport=world.password(f"rabbitmq-default-user{tag}"),
        memcached=world.password(f"{service.name}-memcache{tag}"),
        backend=world.password(f"{service.name}-backend{tag}"),
    )


def transport_url(world: World, password: str, tag: str) -> str:
    """Where messages go; the user's name is random, as the RabbitMQ operator makes it."""
    user = f"default_user_{world.draw('rabbit user', tag).word(17)}"
    return f"rabbit://{user}:{quote(password, safe='')}@rabbitmq.openstack.svc:5671/?ssl=1"


def default_conf(world: World, service: Service, tag: str) -> str:
    """``00-default.conf``."""
    told = passwords_of(world, service, tag)
    url = transport_url(world, told.transport, tag)
    database = service.databases[0] if service.databases else service.name
    connection = (
        f"mysql+pymysql://{service.name}_{world.draw(service.name, 'account').hexadecimal(4)}:{quote(told.database)}"
        f"@openstack.openstack.svc/{database}?read_default_file=/etc/my.cnf"
    )
    return f"""[DEFAULT]
debug = true
use_stderr = true
log_options = false
transport_url = {url}
osapi_volume_workers = 4
host = hostgroup

[database]
connection = {connection}
max_retries = -1
db_max_retries = -1

[keystone_authtoken]
www_authenticate_uri = https://keystone-internal.openstack.svc:5000
auth_url = https://keystone-internal.openstack.svc:5000
auth_type = password
project_domain_name = Default
user_domain_name = Default
project_name = service
username = {service.name}
password = {told.user}
memcached_servers = inet:[memcached-0.memcached.openstack.svc]:11212
memcache_security_strategy = ENCRYPT
memcache_secret_key = {told.memcached}
tls_enabled = true

[service_user]
send_service_user_token = true
auth_url = https://keystone-internal.openstack.svc:5000
username = {service.name}
password = {told.user}

[oslo_messaging_notifications]
driver = messagingv2
transport_url = {url}

[oslo_concurrency]
lock_path = /var/lib/{service.name}/locks
"""


def custom_conf(world: World, service: Service, tag: str) -> str:
    """``01-config.conf``: what the people who run the cloud have added."""
    told = passwords_of(world, service, tag)
    if service.name == "cinder":
        return f"""[DEFAULT]
enabled_backends = netapp

[netapp]
volume_backend_name = netapp
volume_driver = cinder.volume.drivers.netapp.common.NetAppDriver
netapp_server_hostname = 172.18.0.50
netapp_server_port = 443
netapp_transport_type = https
netapp_login = cinder_svm
netapp_password = {told.backend}
netapp_storage_protocol = iscsi
netapp_vserver = svm_openstack
use_multipath_for_image_xfer = true
"""
    return f"""[DEFAULT]
default_timeout = 600

[{service.name}_backend]
backend_host = 172.18.0.60
backend_login = svc-{service.name}
backend_password = {told.backend}
ca_file = /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem
"""


def client_conf(world: World, service: Service, tag: str) -> str:
    """``my.cnf``."""
    told = passwords_of(world, service, tag)
    return (
        f"[client]\nssl=1\nuser={service.name}\npassword={told.database}\nssl-ca=/etc/pki/ca-trust/tls-ca-bundle.pem\n"
    )


def web_conf(service: Service) -> str:
    """``httpd.conf``, in which nothing is secret."""
    return f"""ServerTokens Prod
ServerSignature Off
TraceEnable Off
Listen {service.port or 80}
<VirtualHost *:{service.port or 80}>
  ServerName {service.name}-internal.openstack.svc
  ErrorLog /dev/stdout
  SSLEngine on
  SSLCertificateFile "/etc/pki/tls/certs/internal.crt"
  SSLCertificateKeyFile "/etc/pki/tls/private/internal.key"
  WSGIDaemonProcess {service.name} processes=4 threads=1 user={service.name} group={service.name}
  WSGIScriptAlias / "/var/www/cgi-bin/{service.name}/main"
</VirtualHost>
"""
