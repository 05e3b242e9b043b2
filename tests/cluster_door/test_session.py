import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from omg.cluster import session as sessions
from omg.cluster.asks import Ask
from omg.cluster.credentials import Credentials
from omg.cluster.login import Login
from omg.cluster.session import Limits, Session
from omg.cluster.target import Target
from omg.cluster.ticket import Unlimited
from omg.cluster.tls import Trust
from omg.errors import Absent, ConfigError, Denied, RequestFailed, TimedOut, Unreachable
from tests.cluster_door.serving import PKI, Api, Time, credentials, reset, said, session, status, streamed

ASK = Ask("list things", "/things")


class Renewing:
    """A source whose logins are numbered."""

    def __init__(self, *, fails_at: int = 99) -> None:
        self.number = 0
        self.fails_at = fails_at

    async def login(self, *, anew: bool) -> Login:
        self.number += anew
        await asyncio.sleep(0)
        if self.number >= self.fails_at:
            raise ConfigError("The plugin failed.")
        return Login(f"Bearer {self.number}")


def accepting(good: str) -> Any:
    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Authorization") != good:
            return await status(401, "Unauthorized")(request)
        return web.json_response({})

    return answer


async def hang(_: web.BaseRequest) -> None:
    await asyncio.sleep(60)


# what goes out


async def test_every_request_shows_who_asks_and_as_whom(api: Api) -> None:
    api.on("/things", said({}))
    impersonation = [("Impersonate-User", "jane"), ("Impersonate-Group", "a"), ("Impersonate-Group", "b")]
    who = Credentials(Target(api.url, compresses=True), Trust(), Renewing(), impersonation)
    async with session(api, who=who) as opened:
        await opened.read(ASK.asking(("limit", "5"), ("labelSelector", "a=b,c in (d)"), ("x", "")), Unlimited())
    sent = api.seen[0]
    assert sent.headers.getall("Authorization") == ["Bearer 0"]
    assert sent.headers.getall("Impersonate-Group") == ["a", "b"]
    assert sent.headers["Accept-Encoding"] == "gzip"
    assert dict(sent.query) == {"limit": "5", "labelSelector": "a=b,c in (d)"}


async def test_what_came_is_told_to_the_ticket(api: Api) -> None:
    api.on("/things", status(503), said(b"12345"))
    ticket = Unlimited()
    async with session(api) as opened:
        assert await opened.read(ASK, ticket) == b"12345"
    assert ticket.requests == 2
    assert ticket.size >= 5


async def test_a_servers_path_is_kept(api: Api) -> None:
    api.on("/k8s/clusters/c-1/things", said({}))
    async with session(api, who=credentials(api, server=f"{api.url}/k8s/clusters/c-1")) as opened:
        assert await opened.read(ASK, Unlimited()) == b"{}"


# what may pass


@pytest.mark.parametrize("answer", [status(429), status(500), status(503), reset, streamed(b"{", end=reset)])
async def test_what_may_pass_is_tried_again(api: Api, answer: Any) -> None:
    api.on("/things", answer, answer, said({"kind": "Things"}))
    time = Time()
    async with session(api, time=time) as opened:
        assert await opened.read(ASK, Unlimited()) == b'{"kind": "Things"}'
    # aiohttp itself sends a GET again, at once and once, when a connection breaks before an answer.
    assert time.slept == pytest.approx([0.2] if answer is reset else [0.2, 0.6])


async def test_the_server_says_when_to_come_back(api: Api) -> None:
    api.on("/things", status(429, "busy", headers={"Retry-After": "3"}), said({}))
    time = Time()
    async with session(api, time=time) as opened:
        await opened.read(ASK, Unlimited())
    assert time.slept == [3.0]


async def test_an_hour_is_too_long_to_wait(api: Api) -> None:
    api.on("/things", status(429, "busy", headers={"Retry-After": "3600"}))
    async with session(api) as opened:
        with pytest.raises(Unreachable, match="answers 429: busy; it asks to wait 3,600 s, which is too long"):
            await opened.read(ASK, Unlimited())
    assert len(api.seen) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (status(400), RequestFailed),
        (status(403), Denied),
        (status(404), Absent),
        (status(405), Absent),
        (said({}, status=302, headers={"Location": "/elsewhere"}), RequestFailed),
    ],
)
async def test_what_does_not_pass_is_asked_once(api: Api, answer: Any, kind: type[Exception]) -> None:
    api.on("/things", answer)
    async with session(api) as opened:
        with pytest.raises(kind):
            await opened.read(ASK, Unlimited())
    assert len(api.seen) == 1


async def test_a_server_that_stays_broken_is_unreachable(api: Api) -> None:
    api.on("/things", status(503, "etcd has no leader"))
    async with session(api) as opened:
        with pytest.raises(Unreachable, match="Could not list things: the server answers 503: etcd has no leader"):
            await opened.read(ASK, Unlimited())
    assert len(api.seen) == 5


async def test_an_error_whose_body_breaks_is_still_that_error(api: Api) -> None:
    async def denied(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(status=403)
        await response.prepare(request)
        return await reset(request)

    api.on("/things", denied)
    async with session(api) as opened:
        with pytest.raises(Denied, match="status 403 without a reason"):
            await opened.read(ASK, Unlimited())


# time


async def test_an_attempt_without_a_byte_is_dropped_and_made_again(api: Api) -> None:
    api.on("/things", streamed(end=hang), streamed(b"{", end=hang), said({}))
    async with session(api, stall=0.1) as opened:
        assert await opened.read(ASK, Unlimited()) == b"{}"


async def test_a_request_that_is_never_answered_ends_in_its_time(api: Api) -> None:
    async def never(request: web.BaseRequest) -> web.StreamResponse:
        await hang(request)
        return web.Response()

    api.on("/things", status(503, "starting"), never)
    async with session(api, request=0.3) as opened:
        with pytest.raises(TimedOut, match=r"no answer within 0\.3 s\. Before that: .*503: starting"):
            await opened.read(ASK, Unlimited())
    api.on("/things", never)
    async with session(api, request=5, stall=0.05) as opened:
        with pytest.raises(TimedOut, match="the server does not answer in time"):
            await opened.read(ASK, Unlimited())


async def test_an_answer_that_is_too_long_is_not_held(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "BODY_CAP", 1 << 20)
    api.on("/things", said(b"x" * (1 << 21)))
    async with session(api) as opened:
        with pytest.raises(RequestFailed, match="longer than 1 MiB"):
            await opened.read(ASK, Unlimited())


# credentials that are refused


async def test_a_refused_login_is_renewed_once_for_all_requests(api: Api) -> None:
    api.on("/things", accepting("Bearer 1"))
    source = Renewing()
    async with session(api, source=source) as opened:
        await asyncio.gather(*(opened.read(ASK, Unlimited()) for _ in range(8)))
    assert source.number == 1


async def test_a_new_login_that_is_refused_too_is_said_so(api: Api) -> None:
    api.on("/things", status(401, "Unauthorized"))
    source = Renewing()
    async with session(api, source=source) as opened:
        for _ in range(3):
            with pytest.raises(Denied, match="Could not list things: the credentials were refused: Unauthorized"):
                await opened.read(ASK, Unlimited())
    assert len(api.seen) == 6
    assert source.number == 1  # not once per request: a plugin may take seconds


async def test_a_login_that_can_not_be_renewed_is_said_so(api: Api) -> None:
    api.on("/things", status(401))
    async with session(api, source=Renewing(fails_at=1)) as opened:
        with pytest.raises(Denied, match=r"the credentials can't be renewed: The plugin failed\."):
            await opened.read(ASK, Unlimited())


# the first request of a run


async def test_the_version_proves_that_there_is_a_cluster(api: Api) -> None:
    api.on("/version", status(500), said({"gitVersion": "v1.31.0"}))
    async with session(api) as opened:
        assert await opened.check() == {"gitVersion": "v1.31.0"}


async def test_what_the_credentials_took_is_taken_from_the_time_for_the_first_request(api: Api) -> None:
    api.on("/version", status(503, "down", headers={"Retry-After": "5"}))
    async with session(api) as opened:
        with pytest.raises(ConfigError, match="it asks to wait 5 s, which is too long"):
            await opened.check(spent=60)
    assert len(api.seen) == 1


async def test_a_forbidden_version_does_not_stop_a_run(api: Api) -> None:
    api.on("/version", status(403, "forbidden"))
    async with session(api) as opened:
        assert await opened.check() == {}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (status(401, "Unauthorized"), "the credentials were refused: Unauthorized"),
        (said(b"<html>hello</html>"), "not a Kubernetes API"),
        (said([]), "not a Kubernetes API"),
        (said({"version": 1}), "not a Kubernetes API"),
        (said(b"<html>forbidden</html>", status=403), "not a Kubernetes API"),
        (status(404), "not a Kubernetes API"),
        (said(b"", status=400), "answers 400"),
        (said(b'{"gitVersion": "v\xff"}'), "not a Kubernetes API"),
        (said(b'{"a":' + b"[" * 60_000), "not a Kubernetes API"),
        (said(b"[" * 60_000, status=401), "the credentials were refused"),
        (status(503, "down"), "answers 503: down"),
        (reset, "the server closed the connection"),
    ],
)
async def test_what_is_no_cluster_for_us_is_one_sentence(api: Api, answer: Any, reason: str) -> None:
    api.on("/version", answer)
    async with session(api) as opened:
        with pytest.raises(ConfigError, match=f"Could not reach the cluster at {api.url}: .*{reason}") as error:
            await opened.check()
    assert "\n" not in str(error.value)


async def test_a_server_that_is_not_there_is_one_sentence(api: Api) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with session(api, server=nowhere) as opened:
        with pytest.raises(ConfigError, match=f"no connection to {nowhere}: connection refused"):
            await opened.check()


async def test_a_name_that_nobody_knows_is_one_sentence(api: Api) -> None:
    async with session(api, server="http://no-such-host.invalid:6443") as opened:
        with pytest.raises(ConfigError, match=r"the name of the server, no-such-host\.invalid, can't be resolved"):
            await opened.check()


async def test_a_login_that_can_not_be_had_is_one_sentence(api: Api) -> None:
    async with session(api, source=Renewing(fails_at=0)) as opened:
        with pytest.raises(ConfigError, match="The plugin failed"):
            await opened.check()


# proxies


class Proxy:
    """An HTTP proxy that remembers what it was asked for, and may refuse it."""

    def __init__(self, refusal: bytes = b"") -> None:
        self.asked: list[bytes] = []
        self.refusal = refusal

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head)
        method, target = head.split(b" ", 2)[:2]
        if self.refusal:
            writer.write(b"HTTP/1.1 " + self.refusal + b"\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        host, _, port = target.removeprefix(b"http://").partition(b"/")[0].partition(b":")
        there, onward = await asyncio.open_connection(host.decode(), int(port))
        if method == b"CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        else:
            onward.write(head)
        await asyncio.gather(self.copy(reader, onward), self.copy(there, writer))

    @staticmethod
    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        try:
            yield "127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        finally:
            server.close()


async def echo(request: web.BaseRequest) -> web.StreamResponse:
    channel = web.WebSocketResponse(protocols=("p",))
    await channel.prepare(request)
    await channel.send_bytes(await channel.receive_bytes())
    await channel.close()
    return channel


async def talk(opened: Session) -> None:
    channel = await opened.upgrade(Ask("talk", "/echo"), Unlimited(), ["p"])
    await channel.send_bytes(b"hello")
    assert await channel.receive_bytes() == b"hello"
    await channel.close()


async def test_requests_and_web_sockets_go_through_the_proxy(api: Api) -> None:
    api.on("/things", said({}))
    api.on("/echo", echo)
    proxy = Proxy()
    async with proxy.running() as place:
        async with session(api, proxy=f"http://me:secret@{place}") as opened:
            assert await opened.read(ASK, Unlimited()) == b"{}"
        async with session(api, proxy=f"http://me:secret@{place}") as opened:
            await talk(opened)
    assert [head.split()[:2] for head in proxy.asked] == [
        [b"GET", f"{api.url}/things".encode()],
        [b"GET", f"{api.url}/echo".encode()],
    ]
    assert b"Proxy-Authorization: Basic" in proxy.asked[0]


async def test_tls_through_a_proxy_checks_the_name_that_the_kubeconfig_says() -> None:
    proxy = Proxy()
    async with Api("other-name.pem") as api, proxy.running() as place:
        api.on("/things", said({}))
        api.on("/echo", echo)
        who = credentials(
            api, trust=Trust((PKI / "ca.pem").read_bytes()), proxy=f"http://{place}", server_name="api.example.org"
        )
        async with session(api, who=who) as opened:
            assert await opened.read(ASK, Unlimited()) == b"{}"
        async with session(api, who=who) as opened:
            await talk(opened)
    assert [head.split()[0] for head in proxy.asked] == [b"CONNECT", b"CONNECT"]


async def test_a_proxy_that_refuses_is_told_from_the_server() -> None:
    proxy = Proxy(b"407 Proxy Authentication Required")
    async with Api("server.pem") as api, proxy.running() as place, session(api, proxy=f"http://{place}") as opened:
        with pytest.raises(ConfigError, match="the proxy answers 407"):
            await opened.check()


async def test_a_proxy_that_is_not_there_is_told_from_the_server(api: Api) -> None:
    async with Proxy().running() as place:
        pass
    async with session(api, proxy=f"http://{place}") as opened:
        with pytest.raises(ConfigError, match="no connection to the proxy: connection refused"):
            await opened.check()


async def test_a_session_has_limits_of_its_own(api: Api) -> None:
    async with Session(credentials(api)) as opened:
        assert opened.limits == Limits(request=60, stall=30, connect=10)
