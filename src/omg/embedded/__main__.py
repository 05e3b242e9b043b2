"""``python -m omg.embedded``: serve the demo's corpus until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from omg.embedded.corpus import demo_corpus
from omg.embedded.server import EmbeddedCluster


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, and print one line when ready; SIGINT and SIGTERM end it with 0."""
    parser = argparse.ArgumentParser(prog="python -m omg.embedded", description="A Kubernetes API over a demo corpus.")
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 (default: any that is free)")
    parser.add_argument("--scale", type=int, default=1, help="how much of everything (default: 1, about 1,000 objects)")
    parser.add_argument("--seed", type=int, default=0, help="what the corpus is made from (default: 0)")
    parser.add_argument("--log-bytes", type=int, default=None, help="bytes of logs in all (default: by scale)")
    parser.add_argument("--kubeconfig", default=None, help="write a kubeconfig for it to this file")
    asyncio.run(_serve(parser.parse_args(arguments)))
    return 0


async def _serve(told: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    corpus = demo_corpus(scale=told.scale, seed=told.seed, log_bytes=told.log_bytes)
    async with EmbeddedCluster(corpus, port=told.port) as cluster:
        where = f", kubeconfig {cluster.write_kubeconfig(told.kubeconfig)}" if told.kubeconfig else ""
        sys.stdout.write(f"serving {len(cluster.store)} objects at {cluster.url}{where}\n")
        sys.stdout.flush()
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
