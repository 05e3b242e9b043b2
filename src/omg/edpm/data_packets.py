"""The short way for a report's bytes: packets that hold nothing but a channel's data, opened without asyncssh.

asyncssh takes longer for the calls around a packet of 32 KiB than receiving, decrypting, hashing and writing it takes.
This opens such a packet with asyncssh's own key and gives what is in it to asyncssh's own channel: a gigabyte costs
1.2 s of CPU instead of 1.9. It looks before it takes: whatever isn't plainly data for an open channel, sealed by
AES-GCM, or belongs to an asyncssh that looks different inside, is left for asyncssh, which meets it as if nobody had
looked.
"""

from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

DATA = 94
"""The message that brings a channel's data (RFC 4254, section 5.2)."""

TAG = 16
"""Bytes that AES-GCM, which leaves the length readable, puts behind a packet (RFC 5647)."""

_HEADER = 4
"""Bytes of a packet's length."""

_BEFORE = 10
"""Bytes before the data in an opened packet: of its padding, its type, its channel and the data's length."""

SMALLEST = 4096
"""Bytes of a packet that is worth looking into: what is no data, and is looked into for nothing, is smaller."""

LARGEST = 256 * 1024
"""Bytes of a packet that is waited for; OpenSSH's have 32 KiB of data."""

OF_A_CONNECTION = (
    *("_inpbuf", "_recv_handler", "_recv_pkthdr", "_recv_seq", "_recv_encryption"),
    *("_decompressor", "_transport", "_auth_complete", "_channels"),
)
OF_A_CIPHER = ("_key", "_iv", "_update_iv")
OF_A_CHANNEL = ("_recv_state", "_recv_window", "_accept_data")
"""What asyncssh must have inside."""


class DataPackets:
    """Takes data out of the sealed packets of one connection.

    Args:
        connection: of asyncssh, which receives what is left.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._cipher: Any = None
        self._key: AESGCM | None = None
        self._is_known = _has(connection, OF_A_CONNECTION)
        self.taken = 0
        """Packets that went the short way."""

    def take(self, data: memoryview, at: int) -> int:
        """Hand over the data in the packets that begin here and are all there.

        Args:
            data: what came.
            at: where a packet begins.

        Returns:
            Where the first packet begins that asyncssh has to see.
        """
        if not self._is_known or len(data) - at < SMALLEST or (key := self._key_now()) is None:
            return at
        connection, cipher = self._connection, self._cipher
        while len(data) - at >= SMALLEST:
            size = _size(data, at)
            if not SMALLEST <= size <= len(data) - at:
                break
            try:
                opened = key.decrypt(cipher._iv, data[at + _HEADER : at + size], data[at : at + _HEADER])
            except InvalidTag:
                break
            end = _BEFORE + int.from_bytes(opened[6:_BEFORE], "big")
            channel = connection._channels.get(int.from_bytes(opened[2:6], "big"))
            if opened[1] != DATA or end + opened[0] != len(opened) or not _takes(channel, end - _BEFORE):
                break
            cipher._update_iv()
            connection._recv_seq = (connection._recv_seq + 1) & 0xFFFFFFFF
            channel._accept_data(memoryview(opened)[_BEFORE:end])
            self.taken += 1
            at += size
        return at

    def is_cut(self, data: memoryview, at: int) -> bool:
        """Whether the packet that begins here may go the short way once the rest of it has come."""
        rest = len(data) - at
        if not rest or not self._is_known or self._key_now() is None:
            return False
        return rest < _HEADER or rest < _size(data, at) <= LARGEST

    def _key_now(self) -> AESGCM | None:
        """The key of the next packet; None where asyncssh waits for none, or for one that not only AES-GCM seals."""
        connection = self._connection
        if connection._inpbuf or connection._recv_handler != connection._recv_pkthdr or connection._decompressor:
            return None
        cipher: Any = getattr(connection._recv_encryption, "_cipher", None)
        if cipher is not self._cipher:
            is_known = type(cipher).__name__ == "GCMCipher" and _has(cipher, OF_A_CIPHER)
            self._cipher, self._key = cipher, AESGCM(cipher._key) if is_known else None
        return self._key if connection._transport is not None and connection._auth_complete else None


def _size(data: memoryview, at: int) -> int:
    """Bytes of the sealed packet that begins here."""
    return _HEADER + int.from_bytes(data[at : at + _HEADER], "big") + TAG


def _takes(channel: Any, size: int) -> bool:
    """Whether a channel is open for so many bytes."""
    return _has(channel, OF_A_CHANNEL) and channel._recv_state == "open" and size <= channel._recv_window


def _has(one: Any, names: tuple[str, ...]) -> bool:
    return all(hasattr(one, name) for name in names)
