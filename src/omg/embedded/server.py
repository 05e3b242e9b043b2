"""The embedded cluster: a Kubernetes API on loopback HTTP in this process, with a corpus behind it.

One request after the other: who asks (401), what goes wrong (faults), what is refused (403), what there is (404), the
answer. Pods and namespaces can be made and removed through the API; everything else tests change in the store.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from aiohttp import web

from omg.embedded import streams
from omg.embedded.answers import Answer
from omg.embedded.api import Api, of_kubelet
from omg.embedded.asked import read_request
from omg.embedded.corpus.draws import uid_of
from omg.embedded.corpus.model import Corpus
from omg.embedded.faults import Fault, Faults
from omg.embedded.lists import Paging
from omg.embedded.rbac import Rbac
from omg.embedded.statuses import Refused
from omg.embedded.store import Store
from omg.embedded.wire import forever, hang_up, send

TOKEN = "embedded-cluster"  # noqa: S105 - opens nothing but this server
# Commands come in the URL, and some are programs.
LONGEST_LINE = 1024 * 1024
# Requests that are still going on when the cluster stops are cancelled; this is for their connections, in seconds.
GRACE = 0.2


@dataclass(eq=False)
class Seen:
    """One request that came in.

    Attributes:
        path: without the query, as sent.
        user: who asked, after impersonation; "" before that is known.
        status: 0 where no answer was given (reset, stall).
        started, ended: seconds of time.monotonic(); ended is None while it goes on.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    started: float
    user: str = ""
    status: int = 0
    faults: tuple[str, ...] = ()
    ended: float | None = field(default=None)


class EmbeddedCluster:
    """Serves a corpus while its context is open.

    Args:
        port: 0: any that is free.
        page_cap: objects in a page at most, whatever limit a LIST with a limit names.
        faults, rbac: may be changed while it runs, as may the attributes below.
        exec_protocols: what it speaks, best first; (V4,) as OpenShift 4.16.
        aggregated: whether it knows aggregated discovery.
        clock: what time it is, for ages and logs.

    Attributes:
        dead_nodes: names of nodes whose kubelet refuses connections: logs and execs there are answered by 500.
        silent_nodes: names of nodes whose kubelet never answers: logs and execs there hang.
        refused_images: images that no node can pull.
        requests: what came in, in order.
        peak: as many requests were going on at a time, at most.
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        port: int = 0,
        page_cap: int | None = None,
        faults: Faults | None = None,
        rbac: Rbac | None = None,
        exec_protocols: Sequence[str] = (streams.V5, streams.V4),
        aggregated: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.corpus = corpus
        self.store = Store(_named_as_referred_to(one) for one in corpus.objects)
        self.faults = faults or Faults()
        self.rbac = rbac or Rbac()
        self.exec_protocols = tuple(exec_protocols)
        self.page_cap = page_cap
        self.dead_nodes: set[str] = set()
        self.silent_nodes: set[str] = set()
        self.refused_images: set[str] = set()
        self.requests: list[Seen] = []
        self.peak = 0
        self.url = ""
        self._port = port
        self._api = Api(self.store, corpus, clock, aggregated=aggregated)
        self._going_on = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> EmbeddedCluster:
        limits = {"max_line_size": LONGEST_LINE, "max_field_size": LONGEST_LINE}
        server = web.Server(self._serve, handler_cancellation=True, access_log=None, **limits)  # type: ignore[arg-type]
        self._runner = web.ServerRunner(server, shutdown_timeout=GRACE)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self._api.server = f"127.0.0.1:{self._port}"
        self.url = f"http://{self._api.server}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def kubeconfig(self) -> dict[str, Any]:
        """A kubeconfig of one context, ``embedded``, whose token is the first that is allowed."""
        token = next(iter(self.rbac.tokens or ()), TOKEN)
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "embedded", "cluster": {"server": self.url}}],
            "users": [{"name": "admin", "user": {"token": token}}],
            "contexts": [{"name": "embedded", "context": {"cluster": "embedded", "user": "admin"}}],
            "current-context": "embedded",
        }

    def write_kubeconfig(self, path: str | Path) -> Path:
        """Write the kubeconfig as JSON, which is YAML; returns where."""
        Path(path).write_text(json.dumps(self.kubeconfig(), indent=2) + "\n", encoding="utf-8")
        return Path(path)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        seen = Seen(request.method, request.rel_url.raw_path, request.query, request.headers, time.monotonic())
        self.requests.append(seen)
        self._going_on += 1
        self.peak = max(self.peak, self._going_on)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs in a task
        self._tasks.add(task)
        try:
            return await self._answer(request, seen)
        finally:
            self._ended(seen)
            # The connection's task lives on for its next request.
            self._tasks.discard(task)

    def _ended(self, seen: Seen) -> None:
        if seen.ended is None:
            seen.ended = time.monotonic()
            self._going_on -= 1

    async def _answer(self, request: web.BaseRequest, seen: Seen) -> web.StreamResponse:
        """Answer, hang up or hang, as the faults and the API say."""
        faults = self.faults.striking(request.rel_url.raw_path_qs)
        seen.faults = tuple(faults)
        if "reset" in faults:
            hang_up(request, reset=True)
            return web.Response()
        if "stall" in faults and not faults["stall"].with_headers:
            await forever()

        def ended() -> None:
            self._ended(seen)

        try:
            refused = faults["status"].answer if "status" in faults else None
            answer = refused or await self._found(request, seen, faults, ended)
        except Refused as error:
            answer = error.answer
        if isinstance(answer, web.StreamResponse):
            return answer
        seen.status = answer.status
        return await send(request, answer, faults, ended)

    async def _found(
        self, request: web.BaseRequest, seen: Seen, faults: Mapping[str, Fault], ended: Callable[[], None]
    ) -> Answer | web.StreamResponse:
        """What is to be answered, or, of a command, what was.

        Raises:
            Refused: what is answered instead.
        """
        seen.user = self.rbac.user(request.headers)
        asked = read_request(request.method, request.rel_url.raw_path, request.query)
        self.rbac.check(asked, seen.user)
        if asked.subresource == "exec" and asked.verb == "get":
            self.rbac.check(replace(asked, verb="create"), seen.user)  # as servers since 1.35 do
        accept = request.headers.get("Accept", "")
        kind = self._api.kind_of(asked)
        if kind is None:
            return self._api.document(asked, accept)
        if asked.verb == "create" and not of_kubelet(asked):
            unwilling = {"dead": self.dead_nodes | self.silent_nodes, "refused_images": self.refused_images}
            return self._api.create(kind, asked, await request.read(), **unwilling)
        if asked.verb == "delete":
            return self._api.delete(kind, asked)
        if not of_kubelet(asked):
            paging = Paging("expire" in faults, "ignore_limit" in faults, "repeat_token" in faults, self.page_cap)
            return self._api.resource(kind, asked, request.query, accept, paging)
        pod = self._api.pod(kind, asked)
        node = pod["spec"].get("nodeName")
        if asked.subresource == "log":
            answer = self._api.log(pod, request.query, dead=node in self.dead_nodes)
            if node in self.silent_nodes:
                await forever()
            return answer
        command = self._api.command(pod, request.query)
        if node in self.silent_nodes:
            await forever()
        seen.status = 101
        refused = self._api.refusal(pod) if node in self.dead_nodes else ""
        played = (command, self._api.answers(command, pod), self.exec_protocols)
        return await streams.serve(request, *played, faults, ended, refused=refused)


def _named_as_referred_to(obj: dict[str, Any]) -> dict[str, Any]:
    """The object with the uid by which owners and events of the corpus refer to it, unless it has one."""
    metadata = obj["metadata"]
    uid = uid_of(obj["kind"], metadata.get("namespace", ""), metadata["name"])
    return {**obj, "metadata": {"uid": uid, **metadata}}
