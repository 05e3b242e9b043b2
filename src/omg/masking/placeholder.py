"""What stands where a secret stood: the same for the same value in one run, and useless without the run's key."""

import base64
import re
from hashlib import blake2b

PATTERN = re.compile(rb"__hidden_[A-Z2-7]{8}__")
"""Letters, digits and underscores only, so that no language needs to quote it."""


class Placeholders:
    """Makes placeholders with the key of one run (32 bytes)."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, value: bytes) -> bytes:
        """The placeholder of a value: 40 bits of a keyed digest."""
        digest = blake2b(value, key=self._key, digest_size=5).digest()
        return b"__hidden_" + base64.b32encode(digest) + b"__"


def is_placeholder(value: bytes) -> bool:
    """Whether a value is hidden already."""
    return PATTERN.fullmatch(value) is not None
