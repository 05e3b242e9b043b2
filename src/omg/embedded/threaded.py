"""An embedded cluster for a caller without an event loop: it runs in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from omg.embedded.server import EmbeddedCluster


@contextmanager
def in_thread(cluster: EmbeddedCluster) -> Iterator[EmbeddedCluster]:
    """Serve while the context is open; what can't start (a port that is taken) is raised here."""
    ready = threading.Event()
    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    failed: list[BaseException] = []

    async def serve() -> None:
        async with cluster:
            ended = asyncio.Event()
            stop.append((asyncio.get_running_loop(), ended))
            ready.set()
            await ended.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - it is raised in the caller's thread
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="embedded-cluster", daemon=True)
    thread.start()
    ready.wait()
    try:
        if failed:
            raise failed[0]
        yield cluster
    finally:
        for loop, ended in stop:
            loop.call_soon_threadsafe(ended.set)
        thread.join()
