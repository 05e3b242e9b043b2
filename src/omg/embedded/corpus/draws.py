"""Values that look drawn by chance and are the same for the same seed."""

from __future__ import annotations

import base64
import random
import string
import uuid
import zlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

ALPHANUMERIC = string.ascii_letters + string.digits
# The characters of the random ends of Kubernetes' names: no vowels, so that no words come out.
NAME_CHARACTERS = "bcdfghjklmnpqrstvwxz2456789"
IDENTITIES = uuid.UUID("0d0f1d5e-5b1a-4d3e-9c1c-6a2f3d9f7b10")


class Draw:
    """Draws for one purpose: what is drawn elsewhere doesn't change them."""

    def __init__(self, *key: object) -> None:
        self._random = random.Random("/".join(str(one) for one in key))

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return self._random.choice(choices)

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(least, most)

    def word(self, length: int, characters: str = ALPHANUMERIC) -> str:
        """A word of these characters."""
        return "".join(self._random.choices(characters, k=length))

    def raw(self, length: int) -> bytes:
        """Random bytes."""
        return self._random.randbytes(length)

    def hexadecimal(self, length: int) -> str:
        """Lower-case hexadecimal digits."""
        return self._random.randbytes((length + 1) // 2).hex()[:length]

    def identity(self) -> str:
        """A uuid."""
        return str(uuid.UUID(bytes=self.raw(16), version=4))

    def password(self) -> str:
        """A password as installers make them: pwgen, hexadecimal, URL-safe base64, or letters with a few signs."""
        style = self.between(0, 3)
        if style == 0:
            return self.word(self.between(16, 24))
        if style == 1:
            return self.hexadecimal(32)
        if style == 2:
            return base64.urlsafe_b64encode(self.raw(18)).decode()
        return f"{self.word(7)}-{self.word(6)}.{self.word(5)}_{self.word(4)}"

    def base64(self, length: int) -> str:
        """Base64 of so many random bytes."""
        return base64.b64encode(self.raw(length)).decode()

    def fernet_key(self) -> str:
        """32 bytes in URL-safe base64, as keystone and barbican keep them."""
        return base64.urlsafe_b64encode(self.raw(32)).decode()

    def fernet_token(self) -> str:
        """A keystone token: version 128, a time, and what nobody reads, as URL-safe base64."""
        stamp = b"\x80\x00\x00\x00\x00" + (0x69600000 + self.between(0, 0xFFFFF)).to_bytes(4, "big")
        return base64.urlsafe_b64encode(stamp + self.raw(16 + 96 + 32)).decode().rstrip("=")

    def web_token(self, subject: str) -> str:
        """A JWT of a service account."""
        header = _web64(f'{{"alg":"RS256","kid":"{self.word(43)}"}}'.encode())
        claims = f'{{"iss":"kubernetes/serviceaccount","sub":"{subject}","jti":"{self.identity()}"}}'
        return f"{header}.{_web64(claims.encode())}.{_web64(self.raw(256))}"


def _web64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def uid_of(kind: str, namespace: str, name: str) -> str:
    """The uid by which other objects of the corpus refer to an object (owners, events)."""
    return str(uuid.uuid5(IDENTITIES, f"{kind}/{namespace}/{name}"))


def name_end(length: int, *key: object) -> str:
    """The end of a generated name: the same for the same key, without letters that make words."""
    number = zlib.crc32("/".join(str(one) for one in key).encode()) * 2654435761 & 0xFFFFFFFFFFFF
    found = ""
    for _ in range(length):
        number, at = divmod(number, len(NAME_CHARACTERS))
        found += NAME_CHARACTERS[at]
    return found
