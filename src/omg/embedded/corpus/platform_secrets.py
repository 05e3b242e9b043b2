"""The Secrets of what OpenStack stands on: registries, accounts, machines, storage of backups and logs, nodes' keys."""

from __future__ import annotations

import base64
import gzip
import json

from omg.embedded.corpus.draws import name_end
from omg.embedded.corpus.namespaces import CUSTOMER, IN_SCOPE
from omg.embedded.corpus.objects import OPENSTACK, OPERATORS, made
from omg.embedded.corpus.pem import CERTIFICATE, rsa_key, secret_lines, ssh_key
from omg.embedded.corpus.secret_objects import secret, tls_secret
from omg.embedded.corpus.world import World

HOSTS = 6


def add_platform_secrets(world: World) -> None:
    """Add them, at larger scales again with other values."""
    for copy in range(world.scale):
        tag = f"-{copy}" if copy else ""
        _add_ssh_keys(world, tag)
        _add_clouds(world, tag)
        _add_accounts(world, tag)
        _add_storage(world, tag)
        _add_machines(world, tag)
        _add_release(world, tag)
        world.add(tls_secret(world, f"rootca-internal{tag}", issuer="selfsigned-issuer"))
        world.add(secret(world, f"combined-ca-bundle{tag}", {"tls-ca-bundle.pem": CERTIFICATE}))
        for name in ("nova", "cinder", "infra"):
            hook = f"{name}-operator-webhook-server-cert{tag}"
            world.add(tls_secret(world, hook, namespace=OPERATORS, issuer="selfsigned-issuer"))


def _add_ssh_keys(world: World, tag: str) -> None:
    names = {
        "dataplane-ansible-ssh-private-key-secret": "cloud-admin",
        "nova-migration-ssh-key": "nova",
        "edpm-storage-key": "storage",
    }
    for name, user in names.items():
        draw = world.draw("ssh", name, tag)
        key = ssh_key(draw)
        public = f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{draw.word(43)} {user}@example.com"
        data = {"ssh-privatekey": key, "ssh-publickey": public, "authorized_keys": public}
        lines = secret_lines(key)
        keys = ("ssh-publickey", "authorized_keys")
        world.add(secret(world, f"{name}{tag}", data, public=keys, inner=(lines[0], lines[3])))


def _add_clouds(world: World, tag: str) -> None:
    admin = world.password(f"AdminPassword{tag}")
    credential = world.draw("application credential", tag).word(86)
    clouds = (
        "clouds:\n  default:\n    auth:\n      auth_url: https://keystone-public-openstack.apps.ocp.example.com\n"
        f"      project_name: admin\n      username: admin\n      password: {admin}\n    region_name: regionOne\n"
        "  backup:\n    auth_type: v3applicationcredential\n    auth:\n"
        f"      application_credential_id: 5d4c3b2a\n      application_credential_secret: {credential}\n"
    )
    secure = f"clouds:\n  default:\n    auth:\n      password: {admin}\n"
    files = {"clouds.yaml": clouds, "secure.yaml": secure}
    world.add(secret(world, f"openstack-config-secret{tag}", files, public=files, inner=(admin, credential)))
    draw = world.draw("htpasswd", tag)
    hashes = [f"$2y$05${draw.word(53)}" for _ in range(3)]
    lines = "".join(f"{user}:{hashed}\n" for user, hashed in zip(("admin", "viewer", "grafana"), hashes, strict=True))
    world.add(secret(world, f"metric-storage-htpasswd{tag}", {"auth": lines}, public=["auth"], inner=hashes))
    fencing = world.password(f"fencing{tag}")
    nodes = f"FencingConfig:\n  edpm-compute-0:\n    agent: ipmi\n    ipaddr: 10.0.0.9\n    passwd: {fencing}\n"
    world.add(
        secret(world, f"instanceha-fencing{tag}", {"fencing.yaml": nodes}, public=["fencing.yaml"], inner=[fencing])
    )
    horizon = world.draw("horizon", tag).hexadecimal(64)
    world.add(secret(world, f"horizon{tag}", {"horizon-secret": horizon}))


def _add_accounts(world: World, tag: str) -> None:
    for namespace in IN_SCOPE:
        draw = world.draw("account", namespace, tag)
        name = f"default{tag}"
        if not tag:
            # "default" is there already on a real server; it is left as it is.
            world.add(made("ServiceAccount", "omg-reader", namespace))
        token = draw.web_token(f"system:serviceaccount:{namespace}:default")
        registry = {
            "image-registry.openshift-image-registry.svc:5000": {
                "username": "<token>",
                "password": token,
                "auth": base64.b64encode(f"<token>:{token}".encode()).decode(),
            }
        }
        end = name_end(5, namespace, tag)
        world.plants.plant(token, "shape", f"Secret {namespace}/{name}-dockercfg-{end}")
        docker = secret(
            world,
            f"{name}-dockercfg-{end}",
            {".dockercfg": json.dumps(registry)},
            namespace=namespace,
            kind="kubernetes.io/dockercfg",
            annotations={"openshift.io/internal-registry-auth-token.service-account": "default"},
        )
        world.add(docker)
    draw = world.draw("token", tag)
    token = draw.web_token("system:serviceaccount:openstack:omg-reader")
    world.add(
        secret(
            world,
            f"omg-reader-token-{name_end(5, 'token', tag)}",
            {"ca.crt": CERTIFICATE, "namespace": OPENSTACK, "token": token},
            kind="kubernetes.io/service-account-token",
            public=("ca.crt", "namespace"),
            inner=[token],
            annotations={"kubernetes.io/service-account.name": "omg-reader"},
        )
    )
    _add_pull_secret(world, tag)


def _add_pull_secret(world: World, tag: str) -> None:
    password = world.draw("registry", tag).web_token("rh-registry")
    auth = base64.b64encode(f"1234567|openstack:{password}".encode()).decode()
    config = json.dumps({"auths": {"registry.redhat.io": {"auth": auth, "email": "ops@example.com"}}})
    world.add(
        secret(
            world,
            f"redhat-registry-logging{tag}",
            {".dockerconfigjson": config},
            kind="kubernetes.io/dockerconfigjson",
            inner=[auth],
        )
    )
    account = {"username": "customer@example.com", "password": world.password(f"subscription{tag}")}
    kind = "kubernetes.io/basic-auth"
    world.add(secret(world, f"subscription-manager{tag}", account, kind=kind, public=["username"]))


def _add_storage(world: World, tag: str) -> None:
    draw = world.draw("storage", tag)
    key = draw.base64(30)
    cloud = f"[default]\naws_access_key_id = AKIA{draw.word(16).upper()}\naws_secret_access_key = {key}\n"
    world.add(secret(world, f"cloud-credentials{tag}", {"cloud": cloud}, namespace="openshift-adp", inner=[key]))
    loki = {
        "access_key_id": f"AKIA{draw.word(16).upper()}",
        "access_key_secret": draw.base64(30),
        "bucketnames": "loki-logs",
        "endpoint": "https://s3.openshift-storage.svc",
    }
    public = ("access_key_id", "bucketnames", "endpoint")
    world.add(secret(world, f"logging-loki-s3{tag}", loki, namespace="openshift-logging", public=public))
    speaker = {"secretkey": draw.base64(128)}
    world.add(secret(world, f"metallb-memberlist{tag}", speaker, namespace="metallb-system"))


def _add_machines(world: World, tag: str) -> None:
    for at in range(HOSTS):
        account = {"username": "root", "password": world.password(f"bmc-{at}{tag}")}
        name, namespace = f"compute-{at}-bmc-secret{tag}", "openshift-machine-api"
        world.add(secret(world, name, account, namespace=namespace, public=["username"]))
    ironic = {"username": "ironic-user", "password": world.password(f"metal3-ironic{tag}")}
    name = f"metal3-ironic-password{tag}"
    world.add(secret(world, name, ironic, namespace="openshift-machine-api", public=["username"]))
    shop = {"dsn": f"postgres://shop:{world.password(f'shop{tag}')}@db.customer-app.svc/shop"}
    world.add(secret(world, f"shop-db{tag}", shop, namespace=CUSTOMER))


def _add_release(world: World, tag: str) -> None:
    """A Helm release: JSON with the chart's values, in gzip, in base64, in the Secret's base64."""
    draw = world.draw("helm", tag)
    password = draw.password()
    key = rsa_key(draw)
    values = {"grafana": {"adminPassword": password, "tls": {"key": key}}}
    release = json.dumps({"name": "telemetry-extras", "version": 1, "config": values}).encode()
    packed = base64.b64encode(gzip.compress(release, mtime=0)).decode()
    where = f"sh.helm.release.v1.telemetry-extras.v1{tag}"
    world.add(
        secret(
            world,
            where,
            {"release": packed},
            kind="helm.sh/release.v1",
            inner=[packed[100:180]],
            labels={"name": "telemetry-extras", "owner": "helm", "status": "deployed", "version": "1"},
        )
    )
