"""Starts a real cluster with the demo's corpus, to look around in; Ctrl-C stops it.

python -m tests.cluster.testbed [--scale 1] [--log-bytes BYTES]
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from omg.embedded.corpus import demo_corpus
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.testbed.loader import load


def main() -> None:
    """Start, say where it is, and wait."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--log-bytes", type=int, default=None)
    told = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    with tempfile.TemporaryDirectory(prefix="omg-testbed-") as folder, Cluster(Path(folder)) as cluster:
        load(cluster, demo_corpus(scale=told.scale, log_bytes=told.log_bytes))
        sys.stdout.write(f"{cluster.url}, kubeconfig {cluster.kubeconfig}, directory {folder}; Ctrl-C stops it\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
