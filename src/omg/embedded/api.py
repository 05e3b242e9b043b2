"""What the API answers to a request that nothing has refused: discovery, lists, single objects, logs, commands, and
the making and removing of pods and namespaces.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from omg.embedded import discovery
from omg.embedded.answers import Answer
from omg.embedded.asked import Asked
from omg.embedded.corpus.model import Corpus, ExecAnswer
from omg.embedded.exec import Command, read_command
from omg.embedded.kinds import Kind
from omg.embedded.kubelets import admitted
from omg.embedded.lists import Paging, find_object, list_answer, object_answer, read_page
from omg.embedded.logs import container_named, log_answer, read_options
from omg.embedded.negotiation import TABLE, wanted_form, wants_aggregated
from omg.embedded.node_files import node_answer
from omg.embedded.statuses import (
    bad_request,
    exists,
    method_not_allowed,
    no_such_object,
    no_such_page,
    no_such_resource,
    status,
)
from omg.embedded.store import Store
from omg.embedded.tables import list_table, object_table

KUBELET_PORT = 10250
# What a node's kubelet answers, not the API server itself.
OF_KUBELETS = {"pods/log": ("get",), "pods/exec": ("get", "create")}


# What a client may make and remove; everything else is changed by tests, in the store.
CHANGEABLE = ("pods", "namespaces")


class Api:
    """Answers from the store and the corpus.

    Attributes:
        aggregated: whether it knows aggregated discovery.
        server: its own host and port, which discovery tells.
    """

    def __init__(self, store: Store, corpus: Corpus, clock: Callable[[], datetime], *, aggregated: bool) -> None:
        self.server = ""
        self.aggregated = aggregated
        self._store = store
        self._corpus = corpus
        self._clock = clock

    def kind_of(self, asked: Asked) -> Kind | None:
        """The kind that is asked for; None when the path isn't a resource that is served.

        Raises:
            Refused: 404, it is asked for outside of its scope; 405, it can't be asked so.
        """
        kind = self._store.kinds.find(asked.group, asked.version, asked.plural) if asked.plural else None
        if kind is None:
            return None
        if kind.plural != "namespaces" and bool(asked.namespace) != kind.namespaced and (asked.namespace or asked.name):
            raise no_such_resource()
        parts = [one.name for one in kind.subresources if asked.verb in one.verbs]
        if asked.subresource and asked.subresource not in parts:
            raise no_such_resource()
        readable = asked.verb in ("get", "list") and asked.verb in kind.verbs
        if not readable and not of_kubelet(asked) and not is_change(asked):
            raise method_not_allowed()
        return kind

    def document(self, asked: Asked, accept: str) -> Answer:
        """Discovery, version, health.

        Raises:
            Refused: 404, as the real server says it: by a Status within its own groups, else by a line of text.
        """
        aggregated = self.aggregated and wants_aggregated(accept)
        found = discovery.document(self._store.kinds, asked.path, aggregated=aggregated, server=self.server)
        if found is not None:
            return found
        served = self._store.kinds.groups().get(asked.group, {}) if asked.version else {}
        built_in = any(not kind.custom for kinds in served.values() for kind in kinds)
        raise no_such_resource() if built_in else no_such_page()

    def resource(self, kind: Kind, asked: Asked, query: Mapping[str, str], accept: str, paging: Paging) -> Answer:
        """A list or a single object, in the form that the client wants.

        Raises:
            Refused: 400, 404, 406, 410.
        """
        form, included = wanted_form(accept), query.get("includeObject", "")
        if asked.name:
            entry = find_object(self._store, kind, asked)
            if form.target == TABLE:
                return object_table(kind, entry, form, included, self._clock())
            return object_answer(kind, entry, form)
        page = read_page(self._store, kind, asked, query, paging)
        if form.target == TABLE:
            return list_table(kind, page, form, included, self._clock())
        return list_answer(kind, page, form)

    def create(
        self, kind: Kind, asked: Asked, body: bytes, *, dead: Collection[str], refused_images: Collection[str]
    ) -> Answer:
        """Make a pod, which its node starts, or a namespace.

        Raises:
            Refused: 400, 404, 409.
        """
        obj = _object_in(body) | {"apiVersion": kind.api_version, "kind": kind.kind}
        metadata, now = obj["metadata"], self._clock()
        namespace = asked.namespace if kind.namespaced else None
        if (
            namespace is not None
            and self._store.find(self._store.kinds.of_object("v1", "Namespace"), None, namespace) is None
        ):
            raise no_such_object(self._store.kinds.of_object("v1", "Namespace"), namespace)
        if self._store.find(kind, namespace, metadata["name"]) is not None:
            raise exists(kind, metadata["name"])
        metadata["creationTimestamp"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        made = [obj]
        if namespace is not None:
            metadata["namespace"] = namespace
            made = list(admitted(obj, self._store, now, dead=dead, refused_images=refused_images))
        for one in made:
            self._store.put(one)
        return Answer(201, [msgspec.json.encode(made[-1])])

    def delete(self, kind: Kind, asked: Asked) -> Answer:
        """Remove a pod, or a namespace with all that is in it, at once.

        Raises:
            Refused: 404.
        """
        find_object(self._store, kind, asked)
        if kind.namespaced:
            self._store.delete("v1", kind.kind, asked.name, asked.namespace)
        else:
            self._store.empty(asked.name)
            self._store.delete("v1", kind.kind, asked.name)
        return Answer(200, [msgspec.json.encode({"kind": "Status", "apiVersion": "v1", "status": "Success"})])

    def answers(self, command: Command, pod: Mapping[str, Any]) -> Sequence[ExecAnswer]:
        """What may answer a command: the node, of a script that is for it, else the corpus."""
        answer = node_answer(command, pod, self._corpus)
        return self._corpus.execs if answer is None else [answer]

    def pod(self, kind: Kind, asked: Asked) -> Mapping[str, Any]:
        """The pod whose log or command is asked for.

        Raises:
            Refused: 404.
        """
        return find_object(self._store, kind, asked).object()

    def log(self, pod: Mapping[str, Any], query: Mapping[str, str], *, dead: bool) -> Answer:
        """A container's log; dead: its node's kubelet can't be reached.

        Raises:
            Refused: 400, 422.
        """
        options = read_options(pod["metadata"]["name"], query, self._clock())
        if not dead:
            return log_answer(pod, options, self._corpus.logs)
        metadata, container = pod["metadata"], container_named(pod, options.container)
        path = f"containerLogs/{metadata['namespace']}/{metadata['name']}/{container}"
        return status(500, "", f'Get "https://{self._kubelet(pod)}/{path}": {self.refusal(pod)}')

    def command(self, pod: Mapping[str, Any], query: Mapping[str, str]) -> Command:
        """The command that is to run.

        Raises:
            Refused: 400.
        """
        return read_command(pod, query)

    def refusal(self, pod: Mapping[str, Any]) -> str:
        """What the API server says of a kubelet that refuses connections."""
        return f"dial tcp {self._kubelet(pod)}: connect: connection refused"

    def _kubelet(self, pod: Mapping[str, Any]) -> str:
        """The address of the pod's kubelet, as far as the node tells it."""
        name = pod["spec"].get("nodeName", "")
        node = self._store.find(self._store.kinds.of_object("v1", "Node"), None, name)
        told = node.object().get("status", {}).get("addresses", []) if node else []
        address = next((str(one["address"]) for one in told if one["type"] == "InternalIP"), name)
        return f"{address}:{KUBELET_PORT}"


def is_change(asked: Asked) -> bool:
    """Whether this makes or removes something that a client may make and remove."""
    return (
        not asked.group
        and asked.resource in CHANGEABLE
        and (asked.verb == "create" or (asked.verb == "delete" and bool(asked.name)))
    )


def _object_in(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise bad_request(f"the object provided is unrecognized: {error}") from None
    if not (found.get("metadata") or {}).get("name"):
        raise bad_request("the object provided has no name")
    return found


def of_kubelet(asked: Asked) -> bool:
    """Whether the node's kubelet answers this: a log, a command."""
    return not asked.group and asked.verb in OF_KUBELETS.get(asked.resource, ())
