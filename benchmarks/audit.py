"""The audit of logs beside plainer passes over the same bytes: ratios of process time within one run.

python -m benchmarks.audit [--megabytes 40] [--values 2000]
"""

import argparse
import hashlib
from collections.abc import Callable

from benchmarks.masking import NAIVE, log_lines, seconds_of
from omg.audit.search import TextSearch
from omg.audit.values import LearnedValues


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=40)
    parser.add_argument("--values", type=int, default=2000)
    told = parser.parse_args()
    data = b"".join(log_lines(told.megabytes * 1_000_000))
    values = LearnedValues(hashlib.blake2b(str(number).encode()).digest() for number in range(told.values))
    search = TextSearch(values, lambda line, kind: print(f"line {line}: {kind}"))
    passes: dict[str, Callable[[bytes], object]] = {
        "audit": search.feed,
        "one regular expression": NAIVE.findall,
        "BLAKE2": lambda block: hashlib.blake2b(block).digest(),
    }
    seconds = {name: seconds_of(one, data) for name, one in passes.items()}
    for name, took in seconds.items():
        ratio = seconds["audit"] / took
        print(f"{name:24} {len(data) / took / 1e6:7.0f} MB/s   the audit takes {ratio:.2f} times as long")


if __name__ == "__main__":
    main()
