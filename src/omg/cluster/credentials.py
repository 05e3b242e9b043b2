"""Where the cluster is, how to get there and who asks: chosen as kubectl chooses.

First --kubeconfig or $KUBECONFIG, then ~/.kube/config, then the service account of the pod that omg runs in.
"""

import asyncio
import base64
import os
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from kubernetes_asyncio.client import Configuration
from kubernetes_asyncio.config import ConfigException
from kubernetes_asyncio.config.incluster_config import (
    SERVICE_CERT_FILENAME,
    SERVICE_TOKEN_FILENAME,
    InClusterConfigLoader,
)

from omg.cluster.exec_plugin import ExecPlugin
from omg.cluster.kubeconfig import Chosen, Kubeconfig, Section
from omg.cluster.login import Fixed, Login, Source, TokenFile
from omg.cluster.proxies import proxy_from_environment, proxy_of
from omg.cluster.tls import Trust, tls_context
from omg.errors import ConfigError

Header = tuple[str, str]

RENEWAL_PAUSE = 10.0
"""Seconds between renewals of a login that the server refuses: a plugin may take seconds for each."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go; nothing in it is secret, but for a password in the proxy's URL, which repr leaves out.

    Args:
        server: URL without a closing slash; may have a path.
        context, user: names in the kubeconfig; None in a pod.
        server_name: what the server's certificate is checked against, where it isn't the host of the URL.
        compresses: whether answers should be asked for compressed: not where the network is fast.
    """

    server: str
    context: str | None = None
    user: str | None = None
    server_name: str | None = None
    proxy: str | None = field(default=None, repr=False)
    compresses: bool = False


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """Where a pod finds its own.

    Args:
        environment: what names the server; None: this process's environment.
    """

    token: Path = Path(SERVICE_TOKEN_FILENAME)
    authorities: Path = Path(SERVICE_CERT_FILENAME)
    environment: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """What one request shows the server.

    Args:
        generation: of the login; what was refused is renewed once, however many requests were refused with it.
    """

    headers: tuple[Header, ...]
    tls: ssl.SSLContext | None
    generation: int


class Credentials:
    """Who asks. Its repr shows where, not how.

    Args:
        source: where the login comes from.
        impersonation: headers that name whom to act as.
        clock: seconds, steady.
    """

    def __init__(
        self,
        target: Target,
        trust: Trust,
        source: Source,
        impersonation: Sequence[Header] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.target = target
        self._trust = trust
        self._source = source
        self._impersonation = tuple(impersonation)
        self._generation = 0
        self._anew = False
        self._clock = clock
        self._renewed_at = -RENEWAL_PAUSE
        self._lock = asyncio.Lock()
        self._login: Login | None = None
        self._tls: ssl.SSLContext | None = None

    def __repr__(self) -> str:
        return f"Credentials({self.target!r})"

    async def show(self) -> Shown:
        """What the next request shows; renewed first if it is known to have expired.

        Raises:
            ConfigError: there is no login to be had.
        """
        async with self._lock:
            login = await self._source.login(anew=self._anew)
            self._anew = False
            if login is not self._login or (self._tls is None and self._uses_tls):
                self._tls = self._connection(login)
                self._login = login
            authorization = [("Authorization", login.authorization)] if login.authorization else []
            return Shown((*authorization, *self._impersonation), self._tls, self._generation)

    async def refused(self, generation: int) -> None:
        """The server refused this generation of the login: the next `show` gets a new one.

        Of many requests that were refused with one login, the first has it renewed; and while new ones are refused
        too, they aren't renewed for every request.
        """
        async with self._lock:
            is_due = self._clock() - self._renewed_at >= RENEWAL_PAUSE
            if generation == self._generation and is_due:
                self._renewed_at = self._clock()
                self._generation += 1
                self._anew = True

    @property
    def _uses_tls(self) -> bool:
        return self.target.server.startswith("https://")

    def _connection(self, login: Login) -> ssl.SSLContext | None:
        if not self._uses_tls:
            return None
        before = self._login
        if before is not None and (before.certificate, before.key) == (login.certificate, login.key):
            return self._tls  # a context of its own would cost every connection of the pool
        return tls_context(self._trust, login.certificate, login.key)


async def load_credentials(
    *,
    kubeconfig: str | None = None,
    context: str | None = None,
    impersonate: str | None = None,
    impersonate_groups: Sequence[str] = (),
    pod: ServiceAccount = ServiceAccount(),
) -> Credentials:
    """The credentials that kubectl would use, tried as far as that goes without the cluster.

    Args:
        kubeconfig: files, separated as in PATH: --kubeconfig or $KUBECONFIG; None: ~/.kube/config, or the pod's.
        context: of the kubeconfig; None: its current one.
        impersonate: user to act as.
        impersonate_groups: the groups to have then.
        pod: where a pod that omg runs in has its service account.

    Raises:
        ConfigError: one sentence on what is missing or wrong.
    """
    credentials = _load(kubeconfig, context, impersonate, tuple(impersonate_groups), pod)
    await credentials.show()
    return credentials


def _load(
    kubeconfig: str | None,
    context: str | None,
    impersonate: str | None,
    groups: tuple[str, ...],
    pod: ServiceAccount,
) -> Credentials:
    if kubeconfig:
        return _of_kubeconfig(Kubeconfig(kubeconfig).choose(context), impersonate, groups)
    usual = Path("~/.kube/config").expanduser()
    files = Kubeconfig(str(usual)) if usual.exists() else None
    if files is not None and (context or not files.is_empty):
        return _of_kubeconfig(files.choose(context), impersonate, groups)
    found = None if context else _of_pod(pod, impersonation_headers({}, impersonate, groups))
    if found is None:
        raise ConfigError(f"No cluster is named: KUBECONFIG is not set, {usual} has none, and this is not a pod.")
    return found


def _of_pod(pod: ServiceAccount, impersonation: Sequence[Header]) -> Credentials | None:
    """The service account's credentials; None outside a pod."""
    environment = os.environ if pod.environment is None else dict(pod.environment)
    configuration = Configuration()
    try:
        loader = InClusterConfigLoader(str(pod.token), str(pod.authorities), environ=environment)
        loader.load_and_set(configuration)
        trust = Trust(pod.authorities.read_bytes())
    except (ConfigException, OSError):
        return None
    return Credentials(Target(str(configuration.host)), trust, TokenFile(pod.token), impersonation)


def _of_kubeconfig(chosen: Chosen, impersonate: str | None, groups: tuple[str, ...]) -> Credentials:
    cluster, user = chosen.cluster, chosen.user
    insecure = bool(cluster.values.get("insecure-skip-tls-verify"))
    trust = Trust(None if insecure else cluster.material("certificate-authority"), verifies=not insecure)
    server = _server(cluster, has_tls=insecure or trust.authorities is not None)
    proxy = cluster.text("proxy-url")
    target = Target(
        server=server,
        context=chosen.context,
        user=user.name or None,
        server_name=cluster.text("tls-server-name") or None,
        proxy=proxy_of(proxy) if proxy else proxy_from_environment(server),
        compresses=not cluster.values.get("disable-compression") and not _is_near(server),
    )
    return Credentials(target, trust, _source(user, cluster), impersonation_headers(user.values, impersonate, groups))


def _server(cluster: Section, *, has_tls: bool) -> str:
    server = cluster.text("server").rstrip("/")
    if not server:
        raise ConfigError(f'The kubeconfig\'s cluster "{cluster.name}" names no server.')
    if "://" not in server:  # as client-go
        server = f"{'https' if has_tls else 'http'}://{server}"
    try:
        parts = urlsplit(server)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise ConfigError(f'The kubeconfig\'s cluster "{cluster.name}" has a server that is not a URL: {server}.')
    return server


def _is_near(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"


def _source(user: Section, cluster: Section) -> Source:
    """What the user section offers, in client-go's order: what was given beats what would have to be fetched."""
    certificate, key = user.material("client-certificate"), user.material("client-key")
    if (certificate is None) != (key is None):
        raise ConfigError(f'The kubeconfig\'s user "{user.name}" needs both client-certificate and client-key.')
    token, token_file = user.text("token").strip(), user.path("tokenFile")
    if token_file is not None:
        return TokenFile(token_file, Login(certificate=certificate, key=key))
    authorization = f"Bearer {token}" if token else ""
    if not token and user.text("username"):
        pair = f"{user.text('username')}:{user.text('password')}"
        authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
    if authorization or certificate is not None:
        return Fixed(Login(authorization, certificate=certificate, key=key))
    if user.values.get("exec"):
        return ExecPlugin(user, cluster)
    return Fixed(Login(_provided(user)))


def _provided(user: Section) -> str:
    """The Authorization that an auth-provider left in the kubeconfig; empty when the user has none.

    omg renews none: kubernetes_asyncio would write the provider's certificate to a temporary file. kubectl does.
    """
    provider = user.values.get("auth-provider")
    if not provider:
        return ""
    config = (provider.get("config") if isinstance(provider, Mapping) else None) or {}
    token = config.get("id-token") or config.get("access-token")
    if not token:
        raise ConfigError(f'The kubeconfig\'s user "{user.name}" has an auth-provider without a token: log in first.')
    return f"Bearer {str(token).strip()}"


def impersonation_headers(user: Mapping[str, Any], impersonate: str | None, groups: Sequence[str]) -> list[Header]:
    """The headers that name whom to act as: as the command line says, and else as the kubeconfig's user section does.

    https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation

    Raises:
        ConfigError: groups without a user, which the server would refuse.
    """
    name = impersonate or user.get("as")
    wanted = list(groups) or list(user.get("as-groups") or ())
    if not name:
        if wanted or user.get("as-uid") or user.get("as-user-extra"):
            raise ConfigError("Acting as a group needs a user to act as, too.")
        return []
    headers = [("Impersonate-User", str(name)), *(("Impersonate-Group", str(group)) for group in wanted)]
    if user.get("as-uid"):
        headers.append(("Impersonate-Uid", str(user["as-uid"])))
    for key, values in (user.get("as-user-extra") or {}).items():
        # client-go escapes what a header's name can't hold: transport.headerKeyEscape.
        headers += [(f"Impersonate-Extra-{quote(str(key).lower(), safe='')}", str(value)) for value in values]
    return headers
