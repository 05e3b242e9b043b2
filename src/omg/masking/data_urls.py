"""Texts in URLs of the scheme `data`, as ignition and MachineConfigs hold files. Pure."""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

LARGEST = 4 * 1024 * 1024
"""Characters of a URL that is looked into."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a URL holds.

    Args:
        head: up to the comma.
        text: decoded.
        is_base64: how it is written.
    """

    head: str
    text: str
    is_base64: bool

    def holding(self, text: str) -> str:
        """The same URL with another text."""
        raw = text.encode("utf-8", "surrogatepass")
        return self.head + (base64.b64encode(raw).decode() if self.is_base64 else quote(raw, safe="/:=@,;+()!*'"))


def data_of(url: str) -> Opened | None:
    """What a URL holds, where that is a text; RFC 2397."""
    head, comma, data = url.partition(",")
    if not comma or len(url) > LARGEST or not data:
        return None
    is_base64 = head.endswith(";base64")
    try:
        raw = base64.b64decode(unquote_to_bytes(data), validate=True) if is_base64 else unquote_to_bytes(data)
        text = raw.decode()
    except (binascii.Error, ValueError):
        return None
    return None if "\0" in text else Opened(head + comma, text, is_base64)
