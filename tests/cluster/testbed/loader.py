"""Loads a corpus into the real API server: in the corpus's order, owners before what they own, eight at a time."""

import json
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from omg.embedded.corpus import Corpus, uid_of
from tests.cluster.testbed.api import Refused, in_namespace
from tests.cluster.testbed.cluster import Cluster

AT_ONCE = 8

Object = dict[str, Any]

_WAVES = {"Namespace": 0, "CustomResourceDefinition": 1, "Node": 2, "Event": 4}
"""Events come last, because they name the uids of what they are about."""

_OTHERS = 3
"""The wave of everything else."""

_STATUS_IS_THE_SERVERS = {"Namespace", "CustomResourceDefinition"}


def load(cluster: Cluster, corpus: Corpus) -> None:
    """Put the objects in with their statuses, then serve the logs and commands through kwok."""
    load_objects(cluster, corpus.objects)
    cluster.kubelet.serve(corpus)


def load_objects(cluster: Cluster, objects: Iterable[Object]) -> None:
    """Create objects, or leave them where they are there already; their statuses are set as the corpus says.

    Raises:
        Refused: the server doesn't take one; the message names it.
        RuntimeError: an owner is missing, or a definition isn't served in time.
    """
    waves: list[list[Object]] = [[], [], [], [], []]
    for one in objects:
        waves[_WAVES.get(one["kind"], _OTHERS)].append(one)
    loader = _Loader(cluster)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for wave in waves[:3]:
            list(pool.map(loader.put, wave))
        loader.learn_what_is_served(waves[1])
        rest = waves[_OTHERS]
        while rest:
            now = [one for one in rest if loader.has_owners_of(one)]
            if not now:
                raise RuntimeError(f"The owners of {rest[0]['kind']} {rest[0]['metadata']['name']} are missing.")
            list(pool.map(loader.put, now))
            rest = [one for one in rest if not loader.has(one)]
        list(pool.map(loader.put, waves[_WAVES["Event"]]))


class _Loader:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._api = cluster.api
        self._served = self._api.resources()
        self._uids: dict[tuple[str, str, str], str] = {}

    def has(self, one: Object) -> bool:
        return _identity(one) in self._uids

    def has_owners_of(self, one: Object) -> bool:
        return all(owner in self._uids for owner in _owners(one))

    def learn_what_is_served(self, definitions: list[Object], within: float = 60.0) -> None:
        """Wait until every definition's kinds are in discovery."""
        wanted = {
            (f"{one['spec']['group']}/{version['name']}", one["spec"]["names"]["kind"])
            for one in definitions
            for version in one["spec"]["versions"]
            if version["served"]
        }
        end = time.monotonic() + within
        while missing := wanted - self._served.keys():
            if time.monotonic() > end:
                raise RuntimeError(f"Not served in time: {sorted(missing)[:5]}")
            time.sleep(0.1)
            self._served = self._api.resources()

    def put(self, one: Object) -> None:
        """Create one object and set its status."""
        kind, meta = one["kind"], one["metadata"]
        collection, namespaced, has_status = self._served[one["apiVersion"], kind]
        path = in_namespace(collection, meta["namespace"]) if namespaced else collection
        try:
            made = self._create(path, self._with_servers_uids(one))
            if has_status and "status" in one and kind not in _STATUS_IS_THE_SERVERS:
                made["status"] = self._status(one)
                made["metadata"].pop("managedFields", None)
                self._api.send("PUT", f"{path}/{meta['name']}/status", made)
        except Refused as error:
            error.add_note(f"{kind} {meta.get('namespace', '')}/{meta['name']}")
            raise
        self._uids[_identity(one)] = made["metadata"]["uid"]

    def _create(self, path: str, one: Object) -> Object:
        try:
            made: Object = json.loads(self._api.send("POST", path, one))
        except Refused as error:
            if error.status != 409:
                raise
            made = self._api.get(f"{path}/{one['metadata']['name']}")
        return made

    def _status(self, one: Object) -> Object:
        status: Object = one["status"]
        if one["kind"] != "Node":
            return status
        kubelet = {"type": "ExternalIP", "address": "127.0.0.1"}
        named = status.get("daemonEndpoints", {}).get("kubeletEndpoint", {}).get("Port", USUAL_PORT)
        port = self._cluster.node_port if named == USUAL_PORT else named
        return {
            **status,
            "addresses": [*status.get("addresses", ()), kubelet],
            "daemonEndpoints": {"kubeletEndpoint": {"Port": port}},
        }

    def _with_servers_uids(self, one: Object) -> Object:
        meta = one["metadata"]
        if one["kind"] == "Event":
            about = one["involvedObject"]
            identity = (about["kind"], about.get("namespace", ""), about["name"])
            if about.get("uid", "") not in ("", uid_of(*identity)):
                return one
            return {**one, "involvedObject": {**about, "uid": self._uids.get(identity, "")}}
        if "ownerReferences" not in meta:
            return one
        pairs = zip(meta["ownerReferences"], _owners(one), strict=True)
        owners = [{**reference, "uid": self._uids[owner]} for reference, owner in pairs]
        return {**one, "metadata": {**meta, "ownerReferences": owners}}


USUAL_PORT = 10250
"""A kubelet's; kwok listens elsewhere. A node that says another port keeps it."""


def _identity(one: Object) -> tuple[str, str, str]:
    return one["kind"], one["metadata"].get("namespace", ""), one["metadata"]["name"]


def _owners(one: Object) -> list[tuple[str, str, str]]:
    """The owners' identities; a cluster-scoped owner is looked for without namespace."""
    namespace = one["metadata"].get("namespace", "")
    references = one["metadata"].get("ownerReferences", ())
    return [(each["kind"], "" if each["kind"] in _UNNAMESPACED else namespace, each["name"]) for each in references]


_UNNAMESPACED = {"Node", "Namespace", "CustomResourceDefinition", "PersistentVolume"}
