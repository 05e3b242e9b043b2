"""Masking of logs beside plainer passes over the same bytes: ratios of process time within one run; what values cost.

python -m benchmarks.masking [--megabytes 40] [--values 2000] [--many 20000]
"""

import argparse
import base64
import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from omg.masking import Masker

PLAIN = (
    b"2026-01-01 00:00:00.%03d 1 INFO nova.compute.manager [None req-%08x - - - - -] instance is at 10.0.%d.%d now\n"
)
ANCHORED = (
    b"2026-01-01 00:00:00.%03d 1 INFO nova.auth.manager [None req-%08x - - - - -] token request %d of project %d\n"
)
SHARE = 5
"""One line in so many holds an anchor."""

PIECE = 1 << 18
NAIVE = re.compile(rb"(?i)(?:password|secret|token)\s*[=:]\s*\S+|://[^:/\s]+:[^@\s]+@")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=40)
    parser.add_argument("--values", type=int, default=2000)
    parser.add_argument("--many", type=int, default=20_000, help="values whose memory and time are measured")
    told = parser.parse_args()
    learn_many(told.many)
    data = b"".join(log_lines(told.megabytes * 1_000_000))
    masker = Masker(b"k" * 32)
    masker.learn(_secrets(told.values))
    masker.text(b"warm")
    passes: dict[str, Callable[[bytes], object]] = {
        "masking": masker.text,
        "one regular expression": lambda block: NAIVE.sub(b"x", block),
        "BLAKE2": lambda block: hashlib.blake2b(block).digest(),
    }
    seconds = {name: seconds_of(one, data) for name, one in passes.items()}
    for name, took in seconds.items():
        ratio = seconds["masking"] / took
        print(f"{name:24} {len(data) / took / 1e6:7.0f} MB/s   masking takes {ratio:.2f} times as long")


def learn_many(count: int) -> None:
    """Print what learning so many values and making them ready to search costs, beyond a masker that knows none."""
    masker = Masker(b"k" * 32)
    masker.text(b"warm")
    secrets = list(_secrets(count))
    before, began = _memory("VmRSS"), time.process_time()
    masker.learn(secrets)
    masker.text(b"warm")
    took = time.process_time() - began
    kept, most = _memory("VmRSS") - before, _memory("VmHWM") - before
    print(f"{count} values             {took:7.2f} s      {kept:.0f} MB more, {most:.0f} MB while they are made ready")


def _memory(field: str) -> float:
    """A line of this process's status, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(field)).split()[1]) / 1024


def seconds_of(one: Callable[[bytes], object], data: bytes) -> float:
    began = time.process_time()
    for at in range(0, len(data), PIECE):
        one(data[at : at + PIECE])
    return time.process_time() - began


def log_lines(size: int) -> Iterator[bytes]:
    chance, written, number = random.Random(1), 0, 0
    while written < size:
        template = ANCHORED if number % SHARE == 0 else PLAIN
        values = (number % 1000, chance.getrandbits(32), chance.randrange(255), chance.randrange(255))
        line = template % values
        written, number = written + len(line), number + 1
        yield line


def _secrets(count: int) -> Iterator[dict[str, object]]:
    chance = random.Random(2)
    for number in range(count):
        value = base64.b64encode(base64.b64encode(chance.randbytes(15))).decode()
        yield {"kind": "Secret", "metadata": {"name": f"s{number}"}, "data": {"password": value}}


if __name__ == "__main__":
    main()
