"""Lists that are asked once and looked at by several tasks: held in memory, compressed."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import msgspec

from omg.cluster.listing import Page

LEVEL = 1
"""Of compression, the fastest: JSON of Kubernetes shrinks to a tenth with it."""

PART = 64
"""Objects that are packed together: as many as are written in one go."""

_decode_items = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Kept:
    """Pages of a list, without what the server's bookkeeping holds; a tenth of their size.

    What it holds is not masked, and never leaves memory as it is.
    """

    def __init__(self) -> None:
        self._pages: list[tuple[str, str, bytes]] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    async def add(self, page: Page) -> None:
        """Take on a page, in parts: one is unpacked at a time."""
        for part in page.batches(PART) if page.items else ():
            packed = await asyncio.to_thread(_packed, part)
            self._pages.append((page.api_version, page.kind, packed))
        self._count += len(page)

    async def keeping(self, pages: AsyncIterator[Page]) -> AsyncGenerator[Page, None]:
        """Hand on the pages, each taken on."""
        async for page in pages:
            await self.add(page)
            yield page

    async def pages(self) -> AsyncGenerator[Page, None]:
        """The pages again; without objects one empty page, as a list of the cluster has."""
        if not self._pages:
            yield Page("", "", [])
        for api_version, kind, packed in self._pages:
            yield Page(api_version, kind, await asyncio.to_thread(_unpacked, packed))

    async def objects(self) -> list[dict[str, Any]]:
        """All objects, decoded: only where they are few."""
        return [one async for page in self.pages() for one in page.objects()]


def _packed(page: Page) -> bytes:
    return zlib.compress(b"[" + b",".join(page.items) + b"]", LEVEL)


def _unpacked(packed: bytes) -> list[msgspec.Raw]:
    return [msgspec.Raw(bytes(item)) for item in _decode_items(zlib.decompress(packed))]
