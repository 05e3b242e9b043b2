"""Where the cluster is, how to get there and who asks: chosen as kubectl chooses.

First --kubeconfig or $KUBECONFIG, then ~/.kube/config, then the service account of the pod that omg runs in.
"""

import asyncio
import base64
import os
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kubernetes_asyncio.client import Configuration
from kubernetes_asyncio.config import ConfigException
from kubernetes_asyncio.config.incluster_config import (
    SERVICE_CERT_FILENAME,
    SERVICE_TOKEN_FILENAME,
    InClusterConfigLoader,
)

from omg.cluster.exec_plugin import ExecPlugin
from omg.cluster.impersonation import NOBODY, Header, impersonation_headers
from omg.cluster.kubeconfig import Chosen, Kubeconfig, Section
from omg.cluster.login import Fixed, Login, Source, TokenFile
from omg.cluster.target import Target, target_of
from omg.cluster.tls import Trust, tls_context
from omg.errors import ConfigError

RENEWAL_PAUSE = 10.0
"""Seconds between renewals of a login that the server refuses: a plugin may take seconds for each."""


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
        if not self._uses_tls:  # the way to a proxy may: aiohttp's own context believes nobody (see lean_import)
            return tls_context(Trust()) if (self.target.proxy or "").startswith("https://") else None
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
    usual = _usual()
    files = Kubeconfig(str(usual)) if usual is not None and usual.exists() else None
    if files is not None and (context or not files.is_empty):
        return _of_kubeconfig(files.choose(context), impersonate, groups)
    found = None if context else _of_pod(pod, impersonation_headers(NOBODY, impersonate, groups))
    if found is None:
        home = f"{usual} has none" if usual is not None else "there is no home directory"
        raise ConfigError(f"No cluster is named: KUBECONFIG is not set, {home}, and this is not a pod.")
    return found


def _usual() -> Path | None:
    """Where kubectl looks by itself; None where there is no home, as for a user without a name in a pod."""
    try:
        return Path("~/.kube/config").expanduser()
    except RuntimeError:
        return None


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
    insecure = cluster.values.get("insecure-skip-tls-verify") is True
    authorities = cluster.material("certificate-authority")
    if insecure and authorities is not None:  # as client-go: which of the two was meant?
        reason = "insecure-skip-tls-verify and certificate-authority exclude each other"
        raise ConfigError(f"The kubeconfig's cluster \"{cluster.name}\" can't be used: {reason}.")
    target, basic = target_of(chosen, has_tls=insecure or authorities is not None)
    impersonation = impersonation_headers(user, impersonate, groups)
    return Credentials(target, Trust(authorities, verifies=not insecure), _source(user, cluster, basic), impersonation)


def _source(user: Section, cluster: Section, basic: str = "") -> Source:
    """What the user section offers, in client-go's order: what was given beats what would have to be fetched.

    `basic` is what the server's URL offers, `NAME:PASSWORD`: for who has nothing else.
    """
    certificate, key = user.material("client-certificate"), user.material("client-key")
    if (certificate is None) != (key is None):
        raise ConfigError(f'The kubeconfig\'s user "{user.name}" needs both client-certificate and client-key.')
    token, token_file = user.text("token").strip(), user.path("tokenFile")
    if token_file is not None:
        return TokenFile(token_file, Login(certificate=certificate, key=key))
    authorization = f"Bearer {token}" if token else ""
    if not token and user.text("username"):
        authorization = _basic(f"{user.text('username')}:{user.text('password')}")
    if authorization or certificate is not None:
        return Fixed(Login(authorization, certificate=certificate, key=key))
    if user.mapping("exec"):
        return ExecPlugin(user, cluster)
    return Fixed(Login(_provided(user) or (_basic(basic) if basic else "")))


def _basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode('utf-8', 'surrogateescape')).decode()}"


def _provided(user: Section) -> str:
    """The Authorization that an auth-provider left in the kubeconfig; empty when the user has none.

    omg renews none: kubernetes_asyncio would write the provider's certificate to a temporary file. kubectl does.
    """
    provider = user.mapping("auth-provider")
    if not provider:
        return ""
    config = Section(user.name, user.folder, provider).mapping("config")
    tokens = Section(user.name, user.folder, config)
    token = tokens.text("id-token") or tokens.text("access-token")
    if not token:
        raise ConfigError(f'The kubeconfig\'s user "{user.name}" has to log in first: its auth-provider has no token.')
    return f"Bearer {token.strip()}"
