"""Secrets as objects, with their values written down as planted."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

from omg.embedded.corpus.objects import OPENSTACK, Object, made
from omg.embedded.corpus.pem import CERTIFICATE, rsa_key, secret_lines
from omg.embedded.corpus.world import World

# A value longer than this is a file: what is secret in it is named by whoever makes it.
LONGEST_VALUE = 200


def secret(
    world: World,
    name: str,
    data: Mapping[str, str],
    *,
    namespace: str = OPENSTACK,
    kind: str = "Opaque",
    public: Iterable[str] = (),
    inner: Iterable[str] = (),
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
) -> Object:
    """A Secret; of its data as text, the values of ``public`` keys are nothing to hide.

    ``inner`` is what is secret inside of values that are whole files.
    """
    where = f"Secret {namespace}/{name}"
    hidden = [value for key, value in data.items() if key not in set(public) and len(value) <= LONGEST_VALUE]
    for value in hidden:
        if "\n" not in value:
            world.plants.plant(value, "shape", where)
            world.plants.encoded(value, "shape", where)
    for value in inner:
        world.plants.plant(value, "shape", where)
    return made(
        "Secret",
        name,
        namespace,
        labels=labels,
        annotations=annotations,
        data={key: base64.b64encode(value.encode()).decode() for key, value in data.items()},
        type=kind,
    )


def tls_secret(world: World, name: str, *, namespace: str = OPENSTACK, issuer: str = "rootca-internal") -> Object:
    """A certificate with its key, as cert-manager keeps them."""
    key = rsa_key(world.draw("tls", namespace, name))
    lines = secret_lines(key)
    return secret(
        world,
        name,
        {"ca.crt": CERTIFICATE, "tls.crt": CERTIFICATE, "tls.key": key},
        namespace=namespace,
        kind="kubernetes.io/tls",
        inner=(lines[1], lines[9]),
        labels={"controller.cert-manager.io/fao": "true", "service-cert": ""},
        annotations={
            "cert-manager.io/certificate-name": name.removeprefix("cert-"),
            "cert-manager.io/issuer-kind": "Issuer",
            "cert-manager.io/issuer-name": issuer,
            "cert-manager.io/common-name": f"{name}.openstack.svc",
        },
    )
