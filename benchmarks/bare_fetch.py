"""Fetches what omg fetched, and does nothing with it: the limit that omg is measured against.

    python -m benchmarks.bare_fetch KUBECONFIG USER REQUESTS [--to DIRECTORY]

REQUESTS is a file with one request in a line, as `benchmarks.recorded` writes them, the first page of each list only:
further pages are followed here. At most CONCURRENCY requests at a time; with --to the bytes go to one file for each
line.
"""

import argparse
import asyncio
import json
import re
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import aiohttp
from yarl import URL

CONTINUE = re.compile(rb'"continue":"([^"]+)"')

EXEC = "/exec?"
PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")

HEAD = 4096
"""Bytes of a page in which its list metadata stand, before the items."""


async def main() -> None:
    """Fetch everything, and print how many requests and bytes that were."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kubeconfig", type=Path)
    parser.add_argument("user")
    parser.add_argument("requests", type=Path)
    parser.add_argument("--concurrency", type=int, default=5)
    parser.add_argument("--to", type=Path)
    told = parser.parse_args()
    config = json.loads(told.kubeconfig.read_bytes())
    server = config["clusters"][0]["cluster"]
    token = next(one["user"]["token"] for one in config["users"] if one["name"] == told.user)
    context = ssl.create_default_context(cafile=server["certificate-authority"])
    connector = aiohttp.TCPConnector(limit=0, ssl=context)
    headers = {"Authorization": f"Bearer {token}"}
    waiting = enumerate(map(json.loads, told.requests.read_text().splitlines()))
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        fetch = _Fetch(session, server["server"], told.to)
        await asyncio.gather(*(fetch.all(waiting) for _ in range(told.concurrency)))
    sys.stdout.write(f"{fetch.requests} requests, {fetch.size} bytes\n")


class _Fetch:
    def __init__(self, session: aiohttp.ClientSession, server: str, to: Path | None) -> None:
        self._session = session
        self._server = server
        self._to = to
        self.requests = self.size = 0

    async def all(self, waiting: Iterator[tuple[int, dict[str, Any]]]) -> None:
        for number, request in waiting:
            if self._to is None:
                await self._pages(request["uri"], request["headers"], None)
                continue
            with (self._to / f"{number}").open("wb") as file:
                await self._pages(request["uri"], request["headers"], file)

    async def _pages(self, uri: str, headers: dict[str, str], file: BinaryIO | None) -> None:
        head = await self._one(uri, headers, file)
        while found := CONTINUE.search(head):
            head = await self._one(f"{uri}&continue={quote(found[1], safe='')}", headers, file)

    async def _one(self, uri: str, headers: dict[str, str], file: BinaryIO | None) -> bytes:
        """The first bytes of the answer; the rest goes by."""
        self.requests += 1
        if EXEC in uri:
            await self._command(uri, file)
            return b""
        head = b""
        async with self._session.get(URL(self._server + uri, encoded=True), headers=headers) as answer:
            async for chunk in answer.content.iter_any():
                self.size += len(chunk)
                if len(head) < HEAD:
                    head += chunk[:HEAD]
                if file is not None:
                    file.write(chunk)
        return head

    async def _command(self, uri: str, file: BinaryIO | None) -> None:
        """Run a command in a container again; what it prints goes by."""
        url = URL(self._server + uri, encoded=True)
        async with self._session.ws_connect(url, protocols=PROTOCOLS, max_msg_size=0) as socket:
            async for message in socket:
                self.size += len(message.data)
                if file is not None:
                    file.write(message.data)


if __name__ == "__main__":
    asyncio.run(main())
