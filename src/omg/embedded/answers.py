"""What the embedded cluster answers, apart from how it gets onto the wire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

JSON = "application/json"
# As many bytes go to the socket at a time; a part of a body that is larger is cut, smaller ones are joined.
BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a body of many parts, which may be made while it is sent."""

    status: int = 200
    parts: Iterable[bytes] = ()
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def blocks(parts: Iterable[bytes], size: int = BLOCK) -> Iterator[bytes]:
    """The same bytes in pieces of size, the last shorter; nothing is read ahead of a piece."""
    held: list[bytes] = []
    count = 0
    for part in parts:
        held.append(part)
        count += len(part)
        if count >= size:
            whole = b"".join(held)
            whole_blocks = len(whole) - len(whole) % size
            yield from (whole[at : at + size] for at in range(0, whole_blocks, size))
            held = [whole[whole_blocks:]]
            count = len(held[0])
    if count:
        yield b"".join(held)
