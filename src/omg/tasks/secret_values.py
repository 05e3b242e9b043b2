"""What the cluster's Secrets really hold: learned before anything is written, so that it is hidden wherever it is."""

import asyncio

from omg.engine import Access, Run, task
from omg.tasks.kinds import SECRETS
from omg.tasks.namespaces import namespaces


@task(needs=(namespaces,), reads=(Access("", "secrets", "list"),), writes=False)
async def secret_values(run: Run) -> None:
    """Teach the masker the values of every Secret in scope that may be read; nothing of them is kept elsewhere."""
    await run.each(run.result_of(namespaces), learn, key=lambda namespace: f"secrets/{namespace}")


async def learn(run: Run, namespace: str) -> None:
    """Learn the Secrets of one namespace."""
    async for page in run.cluster.list(SECRETS, namespace=namespace):
        await asyncio.to_thread(run.masker.learn, page.objects())
