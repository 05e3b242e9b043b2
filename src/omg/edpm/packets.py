"""What comes from a node, cut at the ends of packets before asyncssh sees it.

asyncssh takes a packet off the front of all that has come, and so moves the rest, up to a quarter of a megabyte, twice
for each packet. Given one at a time, it moves nothing but that. Every byte is handed over as it comes, whether its
packet is whole or not: where a cut is wrong, it is slower, and that is all. Only packets that hold nothing but data go
a shorter way (`data_packets.py`), and what is long enough to be one waits for its end: asyncssh would, too.
"""

import asyncio
from collections.abc import Callable
from enum import Enum, auto
from typing import TypeVar

from omg.edpm.data_packets import TAG, DataPackets

NEWKEYS = 21
"""The message after which packets are sealed (RFC 4253, section 7.3)."""

LONGEST = 1 << 20
"""Bytes of a packet at most; what claims to be longer is no length: another cipher seals it, too."""

BUFFER = 512 * 1024
"""Bytes that are received at once, and those of a packet that is not complete: more than `data_packets.LARGEST`."""

ReceiverT = TypeVar("ReceiverT", bound=asyncio.Protocol)


class _Phase(Enum):
    VERSION = auto()
    PLAIN = auto()
    SEALED = auto()
    UNREADABLE = auto()


_HEADERS = {_Phase.PLAIN: 6, _Phase.SEALED: 4}
"""Bytes that tell a packet's length, and of a plain one its type."""


class Packets:
    """Finds the ends of the packets of one connection."""

    def __init__(self) -> None:
        self._phase = _Phase.VERSION
        self._held = b""
        self._left = 0

    @property
    def is_before_sealed(self) -> bool:
        """Whether a sealed packet begins with the next byte."""
        return self._phase is _Phase.SEALED and not self._left and not self._held

    def length(self, data: bytes | memoryview, at: int) -> int:
        """How many bytes belong together from here: to the end of a packet, or to theirs."""
        rest = len(data) - at
        if self._phase is _Phase.VERSION:
            return self._of_line(data, at)
        if self._phase is _Phase.UNREADABLE:
            return rest
        size = 0 if self._left else self._of_header(data, at)
        taken = min(self._left, rest - size)
        self._left -= taken
        return size + taken

    def _of_line(self, data: bytes | memoryview, at: int) -> int:
        line = bytes(data[at:])
        end = at + (line.find(b"\n") + 1 or len(line))
        self._held += data[at:end]
        if self._held.endswith(b"\n"):
            self._phase = _Phase.PLAIN if self._held.startswith(b"SSH-") else _Phase.VERSION
            self._held = b""
        return end - at

    def _of_header(self, data: bytes | memoryview, at: int) -> int:
        needed = _HEADERS[self._phase]
        part = data[at : at + needed - len(self._held)]
        header, self._held = self._held + part, b""
        if len(header) < needed:
            self._held = header
            return len(part)
        length = int.from_bytes(header[:4], "big")
        self._left = 4 + length - needed + (TAG if self._phase is _Phase.SEALED else 0)
        if not 0 <= self._left <= LONGEST:
            self._phase, self._left = _Phase.UNREADABLE, 0
            return len(data) - at
        if self._phase is _Phase.PLAIN and header[5] == NEWKEYS:
            self._phase = _Phase.SEALED
        return len(part)


class _Cutting(asyncio.BufferedProtocol):
    """Stands between the network and what receives: one buffer for all that comes, instead of one for each piece."""

    def __init__(self, receiver: asyncio.Protocol) -> None:
        self._receiver = receiver
        self._packets = Packets()
        self._data_packets = DataPackets(receiver)
        self._buffer = memoryview(bytearray(BUFFER))
        self._held = 0
        self.connection_made = receiver.connection_made  # type: ignore[method-assign]
        self.connection_lost = receiver.connection_lost  # type: ignore[method-assign]
        self.eof_received = receiver.eof_received  # type: ignore[method-assign]
        self.pause_writing = receiver.pause_writing  # type: ignore[method-assign]
        self.resume_writing = receiver.resume_writing  # type: ignore[method-assign]

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's signature
        """Where the next bytes go: behind those that are held."""
        return self._buffer[self._held :]

    def buffer_updated(self, nbytes: int) -> None:
        """So many bytes came."""
        end, at = self._held + nbytes, 0
        data = self._buffer[:end]
        while at < end:
            if self._packets.is_before_sealed:
                at = self._data_packets.take(data, at)
                if self._data_packets.is_cut(data, at):
                    break
            if size := self._packets.length(data, at):
                self._receiver.data_received(bytes(data[at : at + size]))
            at += size
        self._held = end - at
        self._buffer[: self._held] = bytes(data[at:])


class Network:
    """The network as asyncssh takes it: as what it calls a tunnel."""

    async def create_connection(
        self, factory: Callable[[], ReceiverT], host: str, port: int
    ) -> tuple[asyncio.Transport, ReceiverT]:
        """Connect.

        Raises:
            OSError: that is not possible.
        """
        receiver = factory()
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: _Cutting(receiver), host, port)
        return transport, receiver
