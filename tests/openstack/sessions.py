"""A session with the driver, begun and ended as omg does it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from omg.openstack.batch import Batch, driver_text, starting_commands
from tests.openstack.local import Local, running

TEXT = driver_text()
PATIENCE = 20.0


@asynccontextmanager
async def session(
    environment: dict[str, str], command: Sequence[str] = starting_commands(TEXT)[0]
) -> AsyncIterator[tuple[Batch, Local, asyncio.Event]]:
    """A session that is ready for commands."""
    async with running(command, environment) as local:
        batch, over = Batch(local), asyncio.Event()
        await batch.start(TEXT, within=PATIENCE)
        serving = asyncio.create_task(batch.serve(over))
        try:
            yield batch, local, over
        finally:
            over.set()
            await asyncio.gather(serving, return_exceptions=True)
