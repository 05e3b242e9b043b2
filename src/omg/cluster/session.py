"""One connection pool to one API server: every request with its credentials, its limits and its retries."""

import asyncio
import random
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import aiohttp
import msgspec
from multidict import CIMultiDict
from yarl import URL

from omg.cluster.answers import BODY_LIMIT, UNAUTHORIZED, refusal, sentence, status_of
from omg.cluster.asks import JSON, NOT_JSON, Ask
from omg.cluster.bodies import Answer, Interrupted
from omg.cluster.connections import NETWORK_ERRORS, failure_of
from omg.cluster.credentials import Credentials, Shown
from omg.cluster.handshakes import HandshakeRefused, keep_refused_handshake
from omg.cluster.retries import MayPass, Patience
from omg.cluster.ticket import Ticket, Unlimited
from omg.errors import ConfigError, Denied, OmgError, RequestFailed, TimedOut, Unreachable

T = TypeVar("T")

CHECK_LIMIT = 13.0
"""Seconds for the first request of a run, retries and credentials included: a person waits for it, 15 s with all that
goes before."""

LEAST_CHECK = 3.0
"""Seconds that it has in any case, however long the credentials took."""

BODY_CAP = 256 * 1024 * 1024
"""Bytes of one answer that is held whole. Objects in etcd end at 1.5 MiB; an aggregated API may have its own idea."""

READ_AHEAD = 16 * 1024
"""Bytes of an answer that wait for whoever reads it before the server has to; one read of the network may bring a
quarter of a megabyte more. A log comes faster than it is masked: what waits of five of them is memory."""

MESSAGE_CAP = 64 * 1024 * 1024
"""Bytes of one WebSocket message. The kubelet's are 32 KiB; aiohttp would stop at 4 MiB."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds.

    Args:
        request: one request with its whole answer and all attempts.
        stall: without a byte; also the opening of a stream with all attempts.
        connect: a connection with its TLS handshake.
    """

    request: float = 60.0
    stall: float = 30.0
    connect: float = 10.0


class Session:
    """An async context manager around the pool.

    Args:
        clock, sleep, jitter: the time and the chance that retries stand on.
    """

    def __init__(
        self,
        credentials: Credentials,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.limits = limits or Limits()
        self._credentials = credentials
        self._target = credentials.target
        self._patience = Patience(clock, sleep, jitter)
        self._closing = AsyncExitStack()
        self._http: aiohttp.ClientSession | None = None

    @property
    def server(self) -> str:
        """The URL of the API server."""
        return self._target.server

    async def __aenter__(self) -> Self:
        self._http = await self._closing.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),  # the engine's slots are the limit
                read_bufsize=READ_AHEAD,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.limits.connect),
                # The environment's proxy is the credentials' to know; a .netrc has no say here.
                trust_env=False,
                middlewares=(keep_refused_handshake,),
            )
        )
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self._closing.aclose()

    async def check(self, *, spent: float = 0.0) -> dict[str, Any]:
        """Ask for the version, to know that there is a Kubernetes API that lets us in.

        Args:
            spent: seconds of CHECK_LIMIT that are gone already.

        Returns:
            What /version says; nothing where that alone is forbidden.

        Raises:
            ConfigError: no usable answer in time, and why.
        """
        what = f"reach the cluster at {self.server}"
        try:
            return await self._version(what, within=max(CHECK_LIMIT - spent, LEAST_CHECK))
        except ConfigError:
            raise
        except OmgError as error:
            raise ConfigError(str(error)) from error

    async def _version(self, what: str, *, within: float) -> dict[str, Any]:
        ask = Ask(what, "/version", handed=frozenset({403, 404}))

        async def read(answer: Answer) -> dict[str, Any]:
            body = bytes(await answer.body(BODY_LIMIT))
            if answer.status == 403 and status_of(body):
                return {}
            try:
                found = msgspec.json.decode(body)
            except NOT_JSON:
                found = None
            if answer.status != 200 or not isinstance(found, dict) or "gitVersion" not in found:
                raise RequestFailed(sentence(what, "what answers there is not a Kubernetes API"))
            return found

        return await self.use(ask, Unlimited(), read, within=within)

    async def use(
        self,
        ask: Ask,
        ticket: Ticket,
        act: Callable[[Answer], Awaitable[T]],
        *,
        within: float | None = None,
        silence: float | None = None,
    ) -> T:
        """Send a request and let `act` read the answer; again, both, while what goes wrong may pass.

        What isn't a GET is sent again, too: whoever asks for a change names it so that doing it twice is doing it once.

        Args:
            ask: what is sent.
            ticket: asked and told.
            act: reads the answer; an answer that it hands over stays open.
            within: seconds for everything; None: the limit of a request.
            silence: seconds without a byte after which an attempt is given up; None: the stall limit.

        Raises:
            Absent, Denied, RequestFailed: the server says so.
            Unreachable: every attempt failed.
            TimedOut: there was no time for more attempts.
        """

        async def attempt(shown: Shown) -> T:
            answer = await self._get(ask, ticket, shown, silence or self.limits.stall)
            try:
                return await act(answer)
            except Interrupted as error:
                kind = TimedOut if error.silent else Unreachable
                raise MayPass(kind(sentence(ask.what, error.reason))) from error
            finally:
                if not answer.is_handed_over:
                    answer.close()

        return await self._persevere(ask, attempt, within or self.limits.request)

    async def read(self, ask: Ask, ticket: Ticket, *, within: float | None = None) -> bytearray:
        """The whole body of an answer with status 200.

        Args:
            ask: what is sent.
            ticket: asked and told.
            within: seconds for everything; None: the limit of a request.

        Raises:
            OmgError: see `use`.
        """

        async def read(answer: Answer) -> bytearray:
            body = await answer.body(BODY_CAP)
            if len(body) > BODY_CAP:
                raise RequestFailed(sentence(ask.what, f"the answer is longer than {BODY_CAP >> 20} MiB"))
            return body

        return await self.use(ask, ticket, read, within=within)

    async def open(self, ask: Ask, ticket: Ticket) -> tuple[bytes, Answer]:
        """Open a stream and wait for its first bytes, with all attempts within the stall limit.

        Returns:
            The first bytes (none when it is empty) and the answer with the rest, to be closed by the caller.

        Raises:
            OmgError: see `use`.
        """

        async def begin(answer: Answer) -> tuple[bytes, Answer]:
            first = await answer.chunk()
            return first, answer.hand_over(stall=self.limits.stall)

        return await self.use(ask, ticket, begin, within=self.limits.stall, silence=self._opening)

    async def upgrade(
        self, ask: Ask, ticket: Ticket, protocols: Sequence[str]
    ) -> aiohttp.ClientWebSocketResponse[bool]:
        """Open a WebSocket, with all attempts within the stall limit; the caller closes it and answers its pings.

        Raises:
            OmgError: see `use`.
        """

        async def attempt(shown: Shown) -> aiohttp.ClientWebSocketResponse[bool]:
            ticket.sent()
            try:
                async with asyncio.timeout(self._opening):
                    socket: aiohttp.ClientWebSocketResponse[bool] = await self._pool.ws_connect(
                        self._url(ask),
                        protocols=protocols,
                        headers=CIMultiDict(shown.headers),
                        autoping=False,
                        max_msg_size=MESSAGE_CAP,
                        timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
                        **self._route(shown),
                    )
            except HandshakeRefused as error:
                raise self._refused(ask, error.status, error.headers, error.body) from error
            except aiohttp.WSServerHandshakeError as error:
                raise RequestFailed(sentence(ask.what, f"the WebSocket handshake failed: {error.message}")) from error
            except NETWORK_ERRORS as error:
                raise self._unreachable(ask, error) from error
            return socket

        return await self._persevere(ask, attempt, self.limits.stall)

    @property
    def _opening(self) -> float:
        """Seconds without a byte after which the opening of a stream is tried again: there is time for it once."""
        return self.limits.stall / 2

    @property
    def _pool(self) -> aiohttp.ClientSession:
        assert self._http is not None, "the session is not open"  # noqa: S101 - a mistake in omg itself
        return self._http

    def _url(self, ask: Ask) -> URL:
        return URL(self.server + ask.target, encoded=True)

    def _route(self, shown: Shown) -> dict[str, Any]:
        """What aiohttp takes per request, not per session."""
        tls: ssl.SSLContext | bool = shown.tls if shown.tls is not None else True
        return {"ssl": tls, "server_hostname": self._target.server_name, "proxy": self._target.proxy}

    async def _get(self, ask: Ask, ticket: Ticket, shown: Shown, silence: float) -> Answer:
        """Send it once; the answer has a status that the caller takes."""
        headers = CIMultiDict(shown.headers)
        headers["Accept"] = ask.accept
        headers["Accept-Encoding"] = "gzip" if ask.compresses and self._target.compresses else "identity"
        if ask.body is not None:
            headers["Content-Type"] = JSON
        ticket.sent()
        try:
            async with asyncio.timeout(silence):
                response = await self._pool.request(
                    ask.method,
                    self._url(ask),
                    data=ask.body,
                    headers=headers,
                    allow_redirects=False,
                    **self._route(shown),
                )
        except NETWORK_ERRORS as error:
            raise self._unreachable(ask, error) from error
        answer = Answer(response, ticket, stall=silence, server=self.server)
        if response.status == 200 or response.status in ask.handed:
            return answer
        try:
            body = bytes(await answer.body(BODY_LIMIT))
        except Interrupted:
            body = b""
        finally:
            answer.close()
        raise self._refused(ask, response.status, response.headers, body)

    def _refused(self, ask: Ask, status: int, headers: Any, body: bytes) -> Exception:
        if status == UNAUTHORIZED:
            return _Unauthorized(ask, body)
        return refusal(ask.what, status, body, headers, of_pod=ask.of_pod)

    def _unreachable(self, ask: Ask, error: BaseException) -> Exception:
        failure = failure_of(error, self.server)
        kind = TimedOut if isinstance(error, TimeoutError) else Unreachable
        told = kind(sentence(ask.what, failure.reason))
        return MayPass(told) if failure.may_pass else told

    async def _persevere(self, ask: Ask, attempt: Callable[[Shown], Awaitable[T]], within: float) -> T:
        last = ""

        async def once() -> T:
            nonlocal last
            try:
                return await self._with_login(ask, attempt)
            except MayPass as failure:
                last = str(failure)
                raise

        try:
            async with asyncio.timeout(within):
                return await self._patience.persevere(once, within=within)
        except TimeoutError:
            before = f" Before that: {last}" if last else ""
            raise TimedOut(sentence(ask.what, f"no answer within {within:.3g} s") + before) from None

    async def _with_login(self, ask: Ask, attempt: Callable[[Shown], Awaitable[T]]) -> T:
        """One attempt; when its login is refused, one more with a new one."""
        shown = await self._show(ask)
        try:
            return await attempt(shown)
        except _Unauthorized:
            await self._credentials.refused(shown.generation)
        try:
            return await attempt(await self._show(ask))
        except _Unauthorized as error:
            raise error.told() from None

    async def _show(self, ask: Ask) -> Shown:
        try:
            return await self._credentials.show()
        except ConfigError as error:  # it worked at the start of the run: now it is this request's bad luck
            raise Denied(sentence(ask.what, f"the credentials can't be renewed: {error}")) from error


class _Unauthorized(Exception):
    """The server refused the credentials (401)."""

    def __init__(self, ask: Ask, body: bytes) -> None:
        super().__init__(ask.what)
        self._ask = ask
        self._body = body

    def told(self) -> Exception:
        return refusal(self._ask.what, UNAUTHORIZED, self._body, {})
