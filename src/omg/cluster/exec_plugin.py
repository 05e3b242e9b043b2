"""A credential plugin: a program that a kubeconfig names, which prints a token or a certificate.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kubernetes_asyncio.config import ConfigException
from kubernetes_asyncio.config.exec_provider import ExecProvider

from omg.cluster.answers import shortened
from omg.cluster.kubeconfig import Section, exec_node
from omg.cluster.login import Login
from omg.cluster.plugin_process import run_program
from omg.errors import ConfigError

TIME_LIMIT = 10.0
"""Seconds. A plugin asks an identity provider once; what takes longer waits for a person, whom omg can't ask."""

EXPIRY_MARGIN = 30.0
"""Seconds before its end from which on a token isn't used any more: a request may take a while to arrive."""

RUN_PAUSE = 10.0
"""Seconds between two runs of a plugin whose credentials are as good as expired when it prints them: it keeps them
until their end, or its clock is wrong. What the server refuses is renewed all the same."""

SHORTEST_SECRET = 4
"""Characters of what the kubeconfig gives a plugin that isn't quoted; a single `-c` tells nobody anything."""

GIVEN = "…"
"""Stands for what the kubeconfig gave a plugin, where it is quoted."""


class ExecPlugin:
    """Runs the plugin when there is no credential of it, when it expires, and when it was refused.

    Args:
        cluster: told to the plugin when it wants to know.
        limit: seconds that it may take.
        clock: seconds, steady.

    Raises:
        ConfigError: the kubeconfig says something about it that can't be done.
    """

    def __init__(
        self, user: Section, cluster: Section, *, limit: float = TIME_LIMIT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        settings = Section(user.name, user.folder, user.mapping("exec"))
        try:
            provider = ExecProvider(exec_node(user))
            arguments = settings.texts("args")
            environment = {key: _plain(value) for key, value in provider.env.items()}
            given = {_plain(one["value"]) for one in user.mapping("exec").get("env") or ()}
        except (ConfigException, ConfigError, KeyError, TypeError, AttributeError):
            raise ConfigError(f'The kubeconfig\'s exec plugin of "{user.name}" is malformed.') from None
        if settings.text("interactiveMode") == "Always":
            raise ConfigError(f"The kubeconfig's exec plugin of \"{user.name}\" asks a person; omg can't do that.")
        command = settings.text("command")
        # As client-go: a command with a slash is relative to its kubeconfig, one without is looked for in PATH.
        program = str(user.folder / command) if os.sep in command else command
        self.name = command
        self._settings = settings
        self._argv = [program, *arguments]
        given.update(part for one in arguments for part in (one, one.partition("=")[2]))
        self._given = {one for one in given if len(one) >= SHORTEST_SECRET}
        spec: dict[str, Any] = {"interactive": False}
        if settings.values.get("provideClusterInfo"):
            spec["cluster"] = _about(cluster)
        self._api_version = settings.text("apiVersion")
        info = {"apiVersion": self._api_version, "kind": "ExecCredential", "spec": spec}
        self._environment = {**environment, "KUBERNETES_EXEC_INFO": json.dumps(info)}
        self._limit = limit
        self._clock = clock
        self._ran_at = 0.0
        self._login: Login | None = None

    async def login(self, *, anew: bool) -> Login:
        """The plugin's credential.

        Args:
            anew: the last one was refused.

        Raises:
            ConfigError: it could not be run, took too long, failed, or printed something else.
        """
        is_due = self._clock() - self._ran_at >= RUN_PAUSE
        if self._login is None or anew or (is_due and self._login.expires_within(EXPIRY_MARGIN)):
            self._login = self._read(await self._run())
            self._ran_at = self._clock()
        return self._login

    async def _run(self) -> bytes:
        try:
            ended = await run_program(self._argv, self._environment, limit=self._limit)
        except TimeoutError:
            raise ConfigError(f"The credential plugin {self.name} did not end within {self._limit:g} s.") from None
        except (OSError, ValueError) as error:
            hint = shortened(self._settings.text("installHint"))
            reason = getattr(error, "strerror", None) or "it can't be started"
            raise ConfigError(f"The credential plugin {self.name} can't be run: {reason}. {hint}".rstrip()) from error
        if ended.code:
            said = self._quotable(ended.stderr.decode("utf-8", "replace")) or "it says nothing"
            raise ConfigError(f"The credential plugin {self.name} failed ({ended.code}): {said.rstrip('.')}.")
        return ended.stdout

    def _quotable(self, said: str) -> str:
        """What it said without what the kubeconfig gave it, which may be a secret."""
        for given in sorted(self._given, key=len, reverse=True):
            said = said.replace(given, GIVEN)
        return shortened(said)

    def _read(self, output: bytes) -> Login:
        """What it printed, an ExecCredential; never quoted in an error, for it may hold a token."""
        try:
            printed = json.loads(output)
            status, version = printed["status"], printed["apiVersion"]
            token, expires = status.get("token"), status.get("expirationTimestamp")
            certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
            login = Login(
                authorization=f"Bearer {token.strip()}" if token else "",
                certificate=certificate.encode() if certificate else None,
                key=key.encode() if certificate else None,
                expires=_time(expires) if expires else None,
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            version, login = "", Login()
        if version != self._api_version:
            reason = f"its answer is not an ExecCredential of {self._api_version}"
            raise ConfigError(f"The credential plugin {self.name} can't be used: {reason}.")
        if not (login.authorization or login.certificate):
            raise ConfigError(
                f"The credential plugin {self.name} can't be used: it gave neither token nor certificate."
            )
        return login


def _plain(value: Any) -> str:
    """A value that is a text.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, str):
        raise TypeError
    return value


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _about(cluster: Section) -> dict[str, Any]:
    """The cluster as a plugin is told about it."""
    names = {
        "server": "server",
        "tls-server-name": "tlsServerName",
        "insecure-skip-tls-verify": "insecureSkipTLSVerify",
        "certificate-authority-data": "certificateAuthorityData",
        "proxy-url": "proxyURL",
    }
    return {name: cluster.values[key] for key, name in names.items() if cluster.values.get(key)}
