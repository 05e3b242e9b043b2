"""A credential plugin: a program that a kubeconfig names, which prints a token or a certificate.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import asyncio
import contextlib
import json
import os
import signal
from datetime import UTC, datetime
from typing import Any

from kubernetes_asyncio.config import ConfigException
from kubernetes_asyncio.config.exec_provider import ExecProvider

from omg.cluster.answers import shortened
from omg.cluster.kubeconfig import Section, exec_node
from omg.cluster.login import Login
from omg.errors import ConfigError

TIME_LIMIT = 10.0
"""Seconds. A plugin asks an identity provider once; what takes longer waits for a person, whom omg can't ask."""

EXPIRY_MARGIN = 30.0
"""Seconds before its end from which on a token isn't used any more: a request may take a while to arrive."""


class ExecPlugin:
    """Runs the plugin when there is no credential of it, when it expires, and when it was refused.

    Args:
        cluster: told to the plugin when it wants to know.
        limit: seconds that it may take.

    Raises:
        ConfigError: the kubeconfig says something about it that can't be done.
    """

    def __init__(self, user: Section, cluster: Section, *, limit: float = TIME_LIMIT) -> None:
        try:
            provider = ExecProvider(exec_node(user))
        except (ConfigException, KeyError, TypeError, AttributeError):
            raise ConfigError(f'The kubeconfig\'s exec plugin of "{user.name}" is malformed.') from None
        self._settings: dict[str, Any] = user.values["exec"]
        if not isinstance(self._settings.get("args") or [], list):  # not every version of the library asks
            raise ConfigError(f'The kubeconfig\'s exec plugin of "{user.name}" is malformed.')
        if self._settings.get("interactiveMode") == "Always":
            raise ConfigError(f"The kubeconfig's exec plugin of \"{user.name}\" asks a person; omg can't do that.")
        command = str(self._settings["command"])
        # As client-go: a command with a slash is relative to its kubeconfig, one without is looked for in PATH.
        program = str(user.folder / command) if os.sep in command else command
        self.name = command
        self._argv = [program, *map(str, provider.args[1:])]
        spec: dict[str, Any] = {"interactive": False}
        if self._settings.get("provideClusterInfo"):
            spec["cluster"] = _about(cluster)
        info = {"apiVersion": provider.api_version, "kind": "ExecCredential", "spec": spec}
        self._environment = {key: str(value) for key, value in provider.env.items()}
        self._environment["KUBERNETES_EXEC_INFO"] = json.dumps(info)
        self._api_version = provider.api_version
        self._limit = limit
        self._login: Login | None = None

    async def login(self, *, anew: bool) -> Login:
        """The plugin's credential.

        Args:
            anew: the last one was refused.

        Raises:
            ConfigError: it could not be run, took too long, failed, or printed something else.
        """
        if self._login is None or anew or self._login.expires_within(EXPIRY_MARGIN):
            self._login = self._read(await self._run())
        return self._login

    async def _run(self) -> bytes:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._argv,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            hint = shortened(str(self._settings.get("installHint") or ""))
            reason = getattr(error, "strerror", None) or "it can't be started"
            raise ConfigError(f"The credential plugin {self.name} can't be run: {reason}. {hint}".rstrip()) from error
        try:
            async with asyncio.timeout(self._limit):
                stdout, stderr = await process.communicate()
        except TimeoutError:
            raise ConfigError(f"The credential plugin {self.name} did not end within {self._limit:g} s.") from None
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with its children, which hold its pipes
                await process.wait()
        if process.returncode:
            said = shortened(stderr.decode("utf-8", "replace")) or "it says nothing"
            raise ConfigError(f"The credential plugin {self.name} failed ({process.returncode}): {said.rstrip('.')}.")
        return stdout

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
        except (ValueError, KeyError, TypeError, AttributeError):
            version, login = "", Login()
        if version != self._api_version:
            reason = f"its answer is not an ExecCredential of {self._api_version}"
            raise ConfigError(f"The credential plugin {self.name} can't be used: {reason}.")
        return login


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


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
