"""What proves to the cluster who asks, and where it comes from."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from omg.errors import ConfigError

TOKEN_FILE_AGE = 60.0
"""Seconds after which a token file is read again: the kubelet renews a pod's token in its place."""


@dataclass(frozen=True, slots=True, repr=False)
class Login:
    """A credential; it has no repr.

    Args:
        authorization: value of the header of that name; empty: none is sent.
        certificate, key: PEM, for TLS; both or none.
        expires: when it should not be used any more; None: nobody said.
    """

    authorization: str = ""
    certificate: bytes | None = None
    key: bytes | None = None
    expires: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what would not be one header.

        Raises:
            ConfigError: a token or password with characters that a header can't hold.
        """
        if not (self.authorization.isascii() and self.authorization.isprintable()):
            raise ConfigError("The token is malformed: it holds characters that no token has.")

    def expires_within(self, seconds: float) -> bool:
        """Whether it ends so soon that it should be renewed."""
        return self.expires is not None and self.expires - datetime.now(UTC) <= timedelta(seconds=seconds)


class Source(Protocol):
    """Where a login comes from."""

    async def login(self, *, anew: bool) -> Login:
        """The login to use now.

        Args:
            anew: the last one was refused.

        Raises:
            ConfigError: there is none to be had.
        """


class Fixed:
    """A login that never changes, or none at all."""

    def __init__(self, login: Login) -> None:
        self._login = login

    async def login(self, *, anew: bool) -> Login:  # noqa: ARG002 - there is nothing newer
        """The same again."""
        return self._login


class TokenFile:
    """A file that holds a bearer token and may get another one at any time.

    Args:
        certificate: a login whose client certificate is used beside the token.
        clock: seconds, steady.
    """

    def __init__(
        self, path: Path, certificate: Login | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._beside = certificate or Login()
        self._clock = clock
        self._login: Login | None = None
        self._read_at = 0.0

    async def login(self, *, anew: bool) -> Login:
        """The token in the file; the one before while the file can't be read."""
        now = self._clock()
        if self._login is None or anew or now - self._read_at >= TOKEN_FILE_AGE:
            try:
                token = self._path.read_text("ascii").strip()
            except (OSError, ValueError) as error:
                if self._login is None:
                    reason = getattr(error, "strerror", None) or "it is not text"
                    raise ConfigError(f"The token file {self._path} can't be read: {reason}.") from error
                token = ""
            if token:
                beside = self._beside
                self._login = Login(f"Bearer {token}", certificate=beside.certificate, key=beside.key)
                self._read_at = now
        if self._login is None:
            raise ConfigError(f"The token file {self._path} is empty.")
        return self._login
