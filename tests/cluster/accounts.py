"""A service account of the real cluster: its token, its kubeconfig, and the rights that it is given."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.testbed.api import Refused
from tests.cluster.testbed.cluster import Cluster

_ROLES = "/apis/rbac.authorization.k8s.io/v1"
_PLURALS = {
    "Role": "roles",
    "RoleBinding": "rolebindings",
    "ClusterRole": "clusterroles",
    "ClusterRoleBinding": "clusterrolebindings",
}


@dataclass(frozen=True)
class ServiceAccount:
    """An account without rights, but for those that every account has."""

    cluster: Cluster
    namespace: str
    name: str

    @property
    def subject(self) -> str:
        return f"{self.namespace}:{self.name}"

    @property
    def user(self) -> str:
        """What the API server calls it."""
        return f"system:serviceaccount:{self.namespace}:{self.name}"

    def create(self) -> None:
        with suppress(Refused):  # the namespace may be there
            self.cluster.api.send("POST", "/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        self.cluster.api.send("POST", self._path, {"metadata": {"name": self.name}})

    def token(self) -> str:
        """A token as the kubelet mounts it."""
        answer = self.cluster.api.send("POST", f"{self._path}/{self.name}/token", {"spec": {"expirationSeconds": 7200}})
        token: str = json.loads(answer)["status"]["token"]
        return token

    def write_kubeconfig(self, path: Path) -> None:
        """A kubeconfig of one context, which has the account's name."""
        config = json.loads(self.cluster.kubeconfig.read_text())
        config["users"] = [{"name": self.name, "user": {"token": self.token()}}]
        config["contexts"] = [{"name": self.name, "context": {"cluster": "testbed", "user": self.name}}]
        config["current-context"] = self.name
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(config, file)

    @property
    def _path(self) -> str:
        return f"/api/v1/namespaces/{self.namespace}/serviceaccounts"

    @contextmanager
    def granted(self, manifests: str) -> Iterator[None]:
        """What the manifests allow, while the context is open."""
        found = [one for one in yaml.safe_load_all(manifests) if one]
        for one in found:
            self.cluster.api.send("POST", _collection(one), one)
        try:
            yield
        finally:
            for one in found:
                self.cluster.api.send("DELETE", f"{_collection(one)}/{one['metadata']['name']}")

    @contextmanager
    def is_cluster_admin(self) -> Iterator[None]:
        """Every right, while the context is open."""
        binding = {
            "kind": "ClusterRoleBinding",
            "metadata": {"name": f"{self.namespace}-{self.name}"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "ServiceAccount", "name": self.name, "namespace": self.namespace}],
        }
        with self.granted(yaml.safe_dump(binding)):
            yield


def _collection(manifest: dict[str, Any]) -> str:
    namespace = manifest["metadata"].get("namespace")
    where = f"/namespaces/{namespace}" if namespace else ""
    return f"{_ROLES}{where}/{_PLURALS[manifest['kind']]}"


def without(manifests: str, role: str, number: int) -> str:
    """The manifests with one rule less: of the role of a namespace, or where that is "" of the cluster."""
    found = [one for one in yaml.safe_load_all(manifests) if one]
    for one in found:
        if "rules" in one and one["metadata"].get("namespace", "") == role:
            del one["rules"][number]
    return yaml.safe_dump_all(found)


def rights_of(manifests: str) -> set[tuple[str, str, str, str]]:
    """Namespace, group, resource and verb of everything that the roles allow, one by one."""
    found = (one for one in yaml.safe_load_all(manifests) if one and "rules" in one)
    return {
        (one["metadata"].get("namespace", ""), group, resource, verb)
        for one in found
        for rule in one["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


def rules_of(manifests: str, roles: Iterable[str]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Role, number and rule, of the roles of these namespaces."""
    for one in filter(None, yaml.safe_load_all(manifests)):
        role = str(one["metadata"].get("namespace", ""))
        if role in roles:
            yield from ((role, number, rule) for number, rule in enumerate(one.get("rules", ())))
