"""What asyncssh asks about a host's key that nobody knows. Imports asyncssh, which takes time."""

from collections.abc import Callable

import asyncssh


class Client(asyncssh.SSHClient):
    """Decides on keys that are neither trusted nor revoked.

    Args:
        accepts: whether such a key will do.
    """

    def __init__(self, accepts: Callable[[], bool]) -> None:
        self._accepts = accepts

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002
        """For asyncssh."""
        return self._accepts()
