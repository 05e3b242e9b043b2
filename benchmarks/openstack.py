"""Status commands through the driver beside one process each at the same concurrency: a ratio within one run.

python -m benchmarks.openstack [--commands 50] [--at-once 5]; installs the real client and a Keystone on its first run.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.cluster.testbed.keystone import Keystone
from tests.openstack.local import running

from omg.openstack.batch import Batch, driver_text, starting_commands

COMMANDS = ("endpoint list", "service list", "project list", "role list", "user list", "domain list", "region list")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=int, default=50)
    parser.add_argument("--at-once", type=int, default=5)
    told = parser.parse_args()
    words = [COMMANDS[at % len(COMMANDS)].split() for at in range(told.commands)]
    with tempfile.TemporaryDirectory() as directory, Keystone(Path(directory)) as keystone:
        each = asyncio.run(_one_each(keystone, words, told.at_once))
        driven = asyncio.run(_driven(keystone, words, told.at_once))
    print(f"one process each: {each:.1f} s; by the driver: {driven:.1f} s; {each / driven:.1f} times as fast")


async def _one_each(keystone: Keystone, words: list[list[str]], at_once: int) -> float:
    slots = asyncio.Semaphore(at_once)

    async def run(arguments: list[str]) -> None:
        async with slots:
            await asyncio.to_thread(keystone.client, *arguments)

    began = time.monotonic()
    await asyncio.gather(*map(run, words))
    return time.monotonic() - began


async def _driven(keystone: Keystone, words: list[list[str]], at_once: int) -> float:
    slots, text = asyncio.Semaphore(at_once), driver_text()
    began = time.monotonic()
    async with running(starting_commands(text)[0], keystone.environment) as local:
        batch, over = Batch(local), asyncio.Event()
        await batch.start(text, within=60)
        serving = asyncio.create_task(batch.serve(over))

        async def run(arguments: list[str]) -> None:
            async with slots:
                _, error = await batch.run(arguments, limit=120)
                if error is not None:
                    raise error

        await asyncio.gather(*map(run, words))
        over.set()
        await serving
    return time.monotonic() - began


if __name__ == "__main__":
    main()
