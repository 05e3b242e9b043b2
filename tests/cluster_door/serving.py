"""An API server for the door's tests: real HTTP and WebSockets on loopback, each path answered as a test says."""

import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from multidict import CIMultiDict, MultiDict

from omg.cluster.credentials import Credentials
from omg.cluster.login import Fixed, Login, Source
from omg.cluster.session import Limits, Session
from omg.cluster.target import Target
from omg.cluster.tls import Trust

PKI = Path(__file__).parent / "pki"

Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Seen:
    """A request that came."""

    path: str
    query: MultiDict[str]
    headers: CIMultiDict[str]


class Api:
    """A server whose paths are answered by one answer after the other; the last one stays."""

    def __init__(self, certificate: str | None = None, *, wants_client: bool = False) -> None:
        self.seen: list[Seen] = []
        self._answers: dict[str, list[Answering]] = {}
        self._tls: ssl.SSLContext | None = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(PKI / certificate, PKI / "server.key")
            if wants_client:
                self._tls.load_verify_locations(PKI / "ca.pem")
                self._tls.verify_mode = ssl.CERT_REQUIRED
        self.url = ""

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._serve), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._tls).start()
        port = self._runner.addresses[0][1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    def on(self, path: str, *answers: Answering) -> None:
        self._answers[path] = list(answers)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        self.seen.append(
            Seen(request.raw_path.partition("?")[0], MultiDict(request.query), CIMultiDict(request.headers))
        )
        answers = self._answers.get(request.path)
        if not answers:
            return await status(404, "the server could not find the requested resource")(request)
        return await (answers.pop(0) if len(answers) > 1 else answers[0])(request)


def said(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answering:
    """Answers with JSON, or with bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def answer(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=data, status=status, headers=headers, content_type="application/json")

    return answer


def status(code: int, message: str = "", *, headers: Mapping[str, str] | None = None, offers: str = "") -> Answering:
    """Answers with a Status object, which may offer a token to continue with."""
    metadata = {"continue": offers} if offers else {}
    body = {"kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure", "message": message}
    return said({**body, "code": code}, status=code, headers=headers)


async def reset(request: web.BaseRequest) -> web.StreamResponse:
    """Closes the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def streamed(*chunks: bytes, end: Callable[[web.BaseRequest], Awaitable[object]] | None = None) -> Answering:
    """Answers chunk by chunk, then ends, or does what `end` says instead."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for chunk in chunks:
            await response.write(chunk)
        if end is not None:
            await end(request)
        return response

    return answer


@dataclass
class Time:
    """A clock that only sleep moves, and chance that is no chance."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    @staticmethod
    def jitter() -> float:
        return 1.0


def credentials(api: Api, *, source: Source | None = None, trust: Trust | None = None, **target: Any) -> Credentials:
    where = Target(target.pop("server", api.url), **target)
    return Credentials(where, trust or Trust(), source or Fixed(Login("Bearer t")))


@asynccontextmanager
async def session(
    api: Api, *, time: Time | None = None, request: float = 60.0, stall: float = 2.0, **more: Any
) -> AsyncIterator[Session]:
    time = time or Time()
    limits = Limits(request=request, stall=stall)
    who = more.pop("who", None) or credentials(api, **more)
    async with Session(who, limits, clock=time.clock, sleep=time.sleep, jitter=time.jitter) as opened:
        yield opened


def items(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"metadata": {"name": name, "namespace": "ns"}, **more} for name in names]


def listed(elements: Sequence[Any], *, token: str = "", kind: str = "PodList", version: str = "7") -> dict[str, Any]:
    metadata = {"resourceVersion": version, **({"continue": token} if token else {})}
    return {"kind": kind, "apiVersion": "v1", "metadata": metadata, "items": list(elements)}
