"""Objects whose structure holds secrets: Secrets and their copies, custom resources, releases of Helm."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.planting import values as v
from tests.planting.drawing import Planter
from tests.planting.forms import Form
from tests.planting.open_misses import OPEN_STRUCTURES

Object = dict[str, Any]
Put = Callable[[str], str]

_SHAPE = Form(1, "a value of a Secret", "§", kinds=v.ANY)
FIELD = Form(2, "a field", "§", kinds=v.ANY)

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
NAMESPACE = "openstack"


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def packed(text: str) -> str:
    """As Helm keeps a release: gzip in base64."""
    return base64_of(base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode())


class Structures:
    """Makes objects around drawn values; `where` of each plant begins with the object."""

    def __init__(self, planter: Planter) -> None:
        self._planter = planter

    def all(self, rounds: int) -> Iterator[Object]:
        """Every structure, so many times with other values."""
        for at in range(rounds):
            for make in (self.copies, self.custom, self.release, self.whole_values, self.files_in_secrets):
                yield make(at)

    def _of_secret(self, where: str) -> str:
        return self._planter.value(_SHAPE.kinds, where, _SHAPE)

    def _field(self, where: str, kinds: tuple[v.Draw, ...] = v.ANY) -> str:
        return self._planter.value(kinds, where, FIELD)

    def whole_values(self, at: int) -> Object:
        """A Secret, its keys telling and not."""
        where = f"Secret data {at}"
        keys = ("AdminPassword", "note", "database", "FernetKeys0", "x", "blob.bin", "user-2", "00-config.conf")
        return _made(
            "Secret",
            f"nova-planted-values-{at}",
            type="Opaque",
            data={k: base64_of(self._of_secret(where)) for k in keys},
        )

    def files_in_secrets(self, at: int) -> Object:
        """A Secret that holds configuration: what is secret in it is hidden, the file stays readable."""
        where = f"file in a Secret {at}"
        f = self._field
        files = {
            "nova.conf": f"[DEFAULT]\ndebug = true\ntransport_url = rabbit://u:{f(where, v.PLAIN)}@h1:5671/\n\n"
            f"[db]\npassword = {f(where, v.SPACED)}\n",
            "clouds.yaml": "clouds:\n  default:\n    auth:\n      username: a\n"
            f"      password: {json.dumps(f(where))}\n    region_name: one\n",
            ".dockerconfigjson": json.dumps({"auths": {"quay.io": {"auth": base64_of(f"u:{f(where)}")}}}),
            "settings.json": json.dumps({"user": "a", "password": f(where), "nested": {"apiKey": f(where)}}, indent=1),
            "my.cnf": f"[client]\nuser=root\npassword={f(where, v.PLAIN)}\nport=3306\nhost=db\n",
            "tls.key": f"-----BEGIN RSA PRIVATE KEY-----\n{f(where, (v.pem_body,))}\n-----END RSA PRIVATE KEY-----\n",
            "users.htpasswd": f"admin:{f(where, (v.bcrypt,))}\nviewer:{f(where, (v.apache_hash,))}\n",
        }
        return _made(
            "Secret",
            f"nova-planted-files-{at}",
            type="Opaque",
            data={key: base64_of(text) for key, text in files.items()},
        )

    def _secret_copy(self, where: str) -> Object:
        secret = _made(
            "Secret",
            "copied",
            data={"a": base64_of(self._of_secret(where)), "tls.key": base64_of(self._of_secret(where))},
        )
        return {**secret, "stringData": {"b": self._of_secret(where), "note": self._of_secret(where)}}

    def copies(self, at: int) -> Object:
        """A config map with copies of Secrets: in annotations, in a list, in a template, in text."""
        where = f"copy of a Secret {at}"
        secret = self._secret_copy
        inner = {
            "apiVersion": "v1",
            "kind": "List",
            "items": [secret(where), {"kind": "ConfigMap", "data": {"a": "b"}}],
        }
        nested = {"kind": "ConfigMap", "metadata": {"annotations": {LAST_APPLIED: json.dumps(secret(where))}}}
        annotations = {
            LAST_APPLIED: json.dumps(inner, separators=(",", ":")) + "\n",
            "example.com/before": json.dumps(nested),
            "meta.example.com/list": json.dumps([secret(where), secret(where)]),
        }
        data = {
            "list.json": json.dumps(inner | {"items": [secret(where)]}, indent=2),
            "one.json": json.dumps(secret(where)),
        }
        if "a Secret in base64" not in OPEN_STRUCTURES:
            data["in-base64"] = base64_of(json.dumps(secret(where)))
        return _made("ConfigMap", f"nova-planted-copies-{at}", annotations=annotations, data=data)

    def custom(self, at: int) -> Object:
        """A custom resource: fields with telling names, pairs, lists, a Secret in a template, a status."""
        where = f"custom resource {at}"
        f = self._field
        spec: Object = {
            "adminPassword": f(where),
            "auth": {"username": "svc", "password": f(where), "apiKey": f(where)},
            "tokens": [f(where), f(where)],
            "env": [{"name": "DB_PASSWORD", "value": f(where)}, {"name": "HOST", "value": "db"}],
            "passwordSelectors": {"service": "NovaPassword"},
            "secret": "osp-secret",
            "args": ["--os-password", f(where), f"--token={f(where, v.PLAIN)}", "--debug"],
            "command": ["sh", "-c", f"OS_PASSWORD={f(where, v.PLAIN)} openstack token issue"],
            "template": {"spec": {"manifests": [self._secret_copy(where)]}},
            "customServiceConfig": f"[backend]\nsan_login = admin\nsan_password = {f(where, v.SPACED)}\n",
            "snmpCommunity": f(where, v.PLAIN),
            "metadata_proxy_shared_secret": f(where),
        }
        if "key and value" not in OPEN_STRUCTURES:
            spec["parameters"] = [{"key": "client_secret", "value": f(where)}]
        if "list of arguments" not in OPEN_STRUCTURES:
            spec["args"] += [f"--password={f(where)}"]
        ready = {"type": "Ready", "status": "False", "lastTransitionTime": "2026-01-15T09:00:00Z", "reason": "Error"}
        message = f"could not log in: password={f(where, v.PLAIN)}, retrying https://svc:{f(where, v.PLAIN)}@10.0.0.7/"
        status = {
            "conditions": [{**ready, "message": message}],
            "generatedPassword": f(where),
            "connectionString": f(where, v.PLAIN),
        }
        return _made("Planting", f"planted-{at}", api="test.openstack.org/v1", spec=spec, status=status)

    def release(self, at: int) -> Object:
        """A release of Helm, which may be kept in a config map as well."""
        where = f"Helm release {at}"
        config = {"auth": {"rootPassword": self._field(where)}, "image": "x"}
        manifest = (
            f"---\nkind: Secret\napiVersion: v1\nstringData:\n  some-note: {json.dumps(self._of_secret(where))}\n"
        )
        release = {
            "name": "x",
            "config": config,
            "manifest": manifest,
            "chart": {"values": {"token": self._field(where)}},
        }
        kept = packed(json.dumps(release))
        if at % 2 or "release in a config map" in OPEN_STRUCTURES:
            return _made(
                "Secret", f"sh.helm.release.v1.planted.v{at}", type="helm.sh/release.v1", data={"release": kept}
            )
        data = {"release": base64.b64decode(kept).decode()}
        return _made("ConfigMap", f"nova-planted.v{at}", labels={"owner": "helm"}, data=data)


DEFINITION: Object = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "plantings.test.openstack.org"},
    "spec": {
        "group": "test.openstack.org",
        "scope": "Namespaced",
        "names": {"plural": "plantings", "kind": "Planting", "singular": "planting", "listKind": "PlantingList"},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
                "subresources": {"status": {}},
            }
        ],
        "conversion": {"strategy": "None"},
    },
    "status": {},
}


def _made(
    kind: str,
    name: str,
    *,
    api: str = "v1",
    labels: Object | None = None,
    annotations: Object | None = None,
    **rest: Any,
) -> Object:
    metadata: Object = {"name": name, "namespace": NAMESPACE}
    if labels:
        metadata["labels"] = labels
    if annotations:
        metadata["annotations"] = annotations
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}
