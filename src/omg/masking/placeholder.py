"""What stands where a secret stood: the same for the same value in one run, and useless without the run's key."""

import base64
import re
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol

PATTERN = re.compile(rb"__hidden_[A-Z2-7]{8}__")
"""Letters, digits and underscores only, so that no language needs to quote it."""


CACHED = 4096
"""Placeholders that are kept: the same few values stand in a log again and again."""


class Marking(Protocol):
    """Makes what stands where a secret stood."""

    @property
    def of(self) -> Callable[[bytes], bytes]:
        """The placeholder of a value."""


class Placeholders:
    """Makes placeholders with the key of one run (32 bytes)."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.of = lru_cache(maxsize=CACHED)(self._made)
        """The placeholder of a value: 40 bits of a keyed digest."""

    def _made(self, value: bytes) -> bytes:
        digest = blake2b(value, key=self._key, digest_size=5).digest()
        return b"__hidden_" + base64.b32encode(digest) + b"__"


def is_placeholder(value: bytes) -> bool:
    """Whether a value is hidden already."""
    return PATTERN.fullmatch(value) is not None
