"""Config maps: scripts and settings, and what people put into them that belongs into Secrets."""

from __future__ import annotations

import base64
import json

from omg.embedded.corpus.namespaces import CUSTOMER, IN_SCOPE
from omg.embedded.corpus.objects import OPENSTACK, Object, made
from omg.embedded.corpus.pem import CERTIFICATE, rsa_key, secret_lines
from omg.embedded.corpus.services import SERVICES, Service
from omg.embedded.corpus.world import World

SCRIPT = """#!/bin/bash
set -euo pipefail
# Waits for the database, then hands over to kolla.
until mysqladmin --defaults-file=/etc/my.cnf ping --silent; do sleep 2; done
exec /usr/local/bin/kolla_start
"""
BACKED_UP = {"backup.openstack.org/restore": "true", "backup.openstack.org/restore-order": "20"}


def add_config_maps(world: World) -> None:
    """Add them, at larger scales again with other values."""
    for copy in range(world.scale):
        tag = f"-{copy}" if copy else ""
        for service in SERVICES:
            _add_of_service(world, service, tag)
        _add_shared(world, tag)
    for namespace in IN_SCOPE:
        data = {"service-ca.crt": CERTIFICATE}
        world.add(made("ConfigMap", "openshift-service-ca.crt", namespace, data=data))


def _add_of_service(world: World, service: Service, tag: str) -> None:
    name = service.name
    world.add(
        _config_map(f"{name}-scripts{tag}", {"init.sh": SCRIPT, "healthcheck.sh": f"#!/bin/bash\npgrep {name}\n"})
    )
    where = f"ConfigMap {OPENSTACK}/{name}-custom{tag}"
    draw, plant = world.draw(where), world.plants.plant
    known = world.password(f"{service.key}{tag}")
    ini = (
        f"[DEFAULT]\ndebug = True\n\n[storage]\nendpoint = https://172.18.0.70:8443\n"
        f"san_password = {plant(draw.password(), 'key', where)}\n"
        f"backend_secret={plant(draw.hexadecimal(32), 'key', where)}\n"
        f"\n[note]\n# handed over by the storage team: {plant(known, 'value', where)}\n"
    )
    settings = {
        "service": name,
        "replicas": 3,
        "auth": {"username": name, "password": plant(draw.password(), "key", where)},
        "endpoints": [f"https://svc:{plant(draw.word(14), 'shape', where)}@172.18.0.80/{name}"],
    }
    extra = (
        f"service: {name}\nlogLevel: debug\napiToken: {plant(draw.hexadecimal(40), 'key', where)}\n"
        f'admin_password: "{plant(draw.password(), "key", where)}"\n'
        f"bootstrap: {world.plants.encoded(known, 'value', where)}\n"
    )
    data = {f"{name}.conf": ini, "settings.json": json.dumps(settings, indent=2), "extra.yaml": extra}
    labels = BACKED_UP | {"backup.openstack.org/category": "controlplane"} if name in ("nova", "cinder") else None
    # Somebody has said that this one is not to be restored.
    notes = {"backup.openstack.org/restore": "false"} if name == "glance" else None
    world.add(made("ConfigMap", f"{name}-custom{tag}", OPENSTACK, labels=labels, annotations=notes, data=data))


def _add_shared(world: World, tag: str) -> None:
    plant = world.plants.plant
    where = f"ConfigMap {OPENSTACK}/ovn-legacy-certs{tag}"
    draw = world.draw(where)
    key = rsa_key(draw)
    lines = secret_lines(key)
    plant(lines[0], "shape", where)
    plant(lines[7], "shape", where)
    folded = base64.b64encode(rsa_key(draw).encode()).decode()
    plant(folded[400:460], "shape", where)
    world.add(_config_map(f"ovn-legacy-certs{tag}", {"ovn.pem": CERTIFICATE + key, "tls.key.b64": folded}))

    where = f"ConfigMap {OPENSTACK}/rabbitmq-definitions{tag}"
    users = [
        {"name": "monitoring", "password_hash": plant(draw.base64(36), "key", where), "tags": "monitoring"},
        {"name": "federation", "password": plant(draw.password(), "key", where), "tags": ""},
    ]
    upstream = f"amqps://federation:{plant(draw.word(18), 'shape', where)}@rabbit.site-b.example.com:5671"
    definitions = {"users": users, "parameters": [{"name": "site-b", "value": {"uri": upstream}}]}
    world.add(_config_map(f"rabbitmq-definitions{tag}", {"definitions.json": json.dumps(definitions)}))

    where = f"ConfigMap {OPENSTACK}/openstack-config{tag}"
    odd = world.password(f"odd{tag}") + "@:/%"
    clouds = (
        "clouds:\n  default:\n    auth:\n      auth_url: https://keystone-public-openstack.apps.ocp.example.com\n"
        "      project_name: admin\n      username: admin\n    region_name: regionOne\n"
        f"cache: redis://:{world.plants.quoted(odd, 'shape', where)}@redis.openstack.svc:6379/1\n"
    )
    world.add(_config_map(f"openstack-config{tag}", {"clouds.yaml": clouds, "OS_CLOUD": "default"}))

    where = f"ConfigMap {OPENSTACK}/horizon-legacy-settings{tag}"
    settings = (
        f"SECRET_KEY = '{plant(draw.word(50), 'key', where)}'\n"
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'USER': 'horizon', "
        f"'PASSWORD': '{plant(draw.password(), 'key', where)}', 'HOST': 'openstack.openstack.svc'}}}}\nDEBUG = False\n"
    )
    haproxy = (
        "global\n  log stdout format raw local0\nlisten stats\n  bind :1993\n"
        f"  stats auth haproxy.stats:{plant(draw.word(20), 'shape', where)}\n"
    )
    mistral = f"#!/bin/sh\nexport OS_PASSWORD='{plant(draw.password(), 'key', where)}'\nexport OS_USERNAME=horizon\n"
    data = {"local_settings.py": settings, "haproxy.cfg": haproxy, "openrc": mistral}
    world.add(_config_map(f"horizon-legacy-settings{tag}", data))

    world.add(_config_map(f"shop-settings{tag}", {"currency": "EUR"}, namespace=CUSTOMER))


def _config_map(name: str, data: dict[str, str], *, namespace: str = OPENSTACK) -> Object:
    return made("ConfigMap", name, namespace, data=data)
