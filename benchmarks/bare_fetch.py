"""Fetches what omg fetched, and does nothing with it: the limit that omg is measured against.

    python -m benchmarks.bare_fetch KUBECONFIG USER URIS [--to DIRECTORY]

URIS is a file with one path and query a line, as the API server's audit log has them, the first page of each list
only: further pages are followed here. At most CONCURRENCY requests at a time; with --to the bytes go to one file for
each line.
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
    parser.add_argument("uris", type=Path)
    parser.add_argument("--concurrency", type=int, default=5)
    parser.add_argument("--to", type=Path)
    told = parser.parse_args()
    config = json.loads(told.kubeconfig.read_bytes())
    server = config["clusters"][0]["cluster"]
    token = next(one["user"]["token"] for one in config["users"] if one["name"] == told.user)
    context = ssl.create_default_context(cafile=server["certificate-authority"])
    connector = aiohttp.TCPConnector(limit=0, ssl=context)
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json, */*"}
    waiting = iter(enumerate(told.uris.read_text().splitlines()))
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

    async def all(self, waiting: Iterator[tuple[int, str]]) -> None:
        for number, uri in waiting:
            if self._to is None:
                await self._pages(uri, None)
                continue
            with (self._to / f"{number}").open("wb") as file:
                await self._pages(uri, file)

    async def _pages(self, uri: str, file: BinaryIO | None) -> None:
        head = await self._one(uri, file)
        while found := CONTINUE.search(head):
            head = await self._one(f"{uri}&continue={quote(found[1], safe='')}", file)

    async def _one(self, uri: str, file: BinaryIO | None) -> bytes:
        """The first bytes of the answer; the rest goes by."""
        self.requests += 1
        if EXEC in uri:
            await self._command(uri, file)
            return b""
        head = b""
        encoding: dict[str, Any] = {} if "/log" not in uri else {"headers": {"Accept-Encoding": "identity"}}
        async with self._session.get(URL(self._server + uri, encoded=True), **encoding) as answer:
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
