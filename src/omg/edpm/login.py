"""How to log in to the nodes of a nodeset, as its Secret says: the key, and the host keys that are known."""

import base64
import binascii
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from omg.errors import RequestFailed

PRIVATE_KEY, KNOWN_HOSTS = "ssh-privatekey", ("known_hosts", "ssh_known_hosts")
"""Keys of the nodeset's Secret."""

Match = tuple[Sequence[Any], ...]
"""What asyncssh wants to know of a host: trusted keys, trusted authorities, revoked keys, and the same for X.509."""


@dataclass(frozen=True, slots=True)
class Login:
    """What a Secret holds; nothing of it is ever printed.

    Args:
        secret: its name.
        known_hosts: parsed; None: it has none.
        unreadable: lines of them that are none.
    """

    secret: str
    key: Any = field(repr=False)
    known_hosts: Any = field(default=None, repr=False)
    unreadable: int = 0

    def match(self, names: Iterable[str], host: str, addr: str, port: int | None) -> Match:
        """What is known of a host: by its address as by the names that it has in the nodeset."""
        if self.known_hosts is None:
            return ((),) * 7
        found: list[list[Any]] = [[] for _ in range(7)]
        for name in dict.fromkeys((host, *names)):
            for kind, ones in zip(found, self.known_hosts.match(name, addr, port), strict=True):
                kind += [one for one in ones if one not in kind]
        return tuple(found)


def is_trusted(match: Match) -> bool:
    """Whether a match has anything to trust; revoked keys alone are nothing."""
    keys, authorities, _revoked, certificates, _revoked_too, subjects, _and_these = match
    return any((keys, authorities, certificates, subjects))


def login_of(secret: Mapping[str, Any]) -> Login:
    """The login of a Secret object.

    Raises:
        RequestFailed: it holds no key that can be used, and why.
    """
    import asyncssh  # noqa: PLC0415 - half of omg's start-up, for those who asked for EDPM nodes

    name, data = secret["metadata"]["name"], secret.get("data") or {}
    if not data.get(PRIVATE_KEY):
        raise RequestFailed(f"The Secret {name} has no {PRIVATE_KEY}.")
    try:
        key = asyncssh.import_private_key(_tidy(base64.b64decode(data[PRIVATE_KEY])))
    except asyncssh.KeyEncryptionError:
        raise RequestFailed(f"The key in the Secret {name} is protected by a passphrase.") from None
    except _UNREADABLE as error:
        if "passphrase" in str(error).lower():
            raise RequestFailed(f"The key in the Secret {name} is protected by a passphrase.") from None
        raise RequestFailed(f"What the Secret {name} has as {PRIVATE_KEY} is no private key.") from None
    known, unreadable = _known_hosts(next((data[one] for one in KNOWN_HOSTS if data.get(one)), ""))
    return Login(name, key, known, unreadable)


def _tidy(key: bytes) -> bytes:
    """A key as text without what editors and templates put around its lines, which ssh takes no notice of either."""
    if b"-----BEGIN" not in key:
        return key
    lines = [line.strip() for line in key.removeprefix(b"\xef\xbb\xbf").splitlines()]
    return b"\n".join(lines).lstrip() + b"\n"


_UNREADABLE = (binascii.Error, ValueError, TypeError, LookupError, ArithmeticError)
"""What parsers raise for what is not what they parse."""


def _known_hosts(encoded: str) -> tuple[Any, int]:
    """The known hosts, line by line: one that can't be read doesn't take the others away."""
    import asyncssh  # noqa: PLC0415 - as above

    try:
        lines = base64.b64decode(encoded).decode("utf-8", "replace").splitlines()
    except _UNREADABLE:
        return None, 1
    good = [line for line in lines if _reads(line, asyncssh.import_known_hosts)]
    known = asyncssh.import_known_hosts("\n".join(good)) if any(map(_says_something, good)) else None
    return known, len(lines) - len(good)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.strip().startswith("#")


def _reads(line: str, read: Callable[[str], object]) -> bool:
    try:
        read(line)
    except _UNREADABLE:
        return False
    return True
