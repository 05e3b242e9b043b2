"""Looks for secrets that masking misses, seed after seed, without a cluster.

`python -m tests.planting.hunting SEED SECONDS` begins with a seed and takes the next ones while there is time.

A whole gather of planted secrets takes half a minute; masking what it would collect takes two seconds. What is found is
named with its seed, its place and its value: the test that fails without the mend is written from these.
"""

import sys
import time
from collections.abc import Iterator

import msgspec

from omg.masking import Masker
from tests.planting.drawing import Plant
from tests.planting.planted_corpus import Object, Planted, planted_corpus
from tests.planting.searching import Search

BORDERS = (64 * 1024, 1024 * 1024)
"""A few values across cuts; the tests with a cluster lay more of them."""


def missed(planted: Planted) -> Iterator[tuple[str, Plant]]:
    """What a run would write of a plant, and where: Secrets are learned first, and those of later in the end."""
    masker = Masker()
    objects, search = planted.corpus.objects, Search(planted.plants)
    masker.learn(one for one in objects if one["kind"] == "Secret")
    texts = dict(_texts(planted))
    first = {where: masker.text(text) for where, text in texts.items()}
    documents = [masker.object(one) for one in objects]
    masker.learn(planted.late)
    for where, text in first.items():
        yield from ((where, plant) for plant in search.in_bytes(masker.text(text)))
    for one in map(masker.object, documents):
        where = f"{one['kind']} {one['metadata']['name']}"
        yield from ((where, plant) for plant in search.in_bytes(msgspec.json.encode(one)))


def _texts(planted: Planted) -> Iterator[tuple[str, bytes]]:
    """Logs and output; and the objects, as a controller writes them into its log: all in one line."""
    for key, log in planted.corpus.logs.items():
        yield f"log {key}", b"".join(log.chunks())
    for answer in planted.corpus.execs:
        yield f"output of {' '.join(answer.command)}"[:200], answer.stdout
    for one in planted.corpus.objects:
        if _is_planted(one):
            yield f"JSON of {one['kind']} {one['metadata']['name']}", msgspec.json.encode(one) + b"\n"


def _is_planted(one: Object) -> bool:
    return one["kind"] != "Secret" and "planted" in one["metadata"]["name"]


def main(seed: int, seconds: float) -> int:
    """Hunt; the number of seeds with a miss is what it ends with."""
    found = rounds = 0
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        planted = planted_corpus(seed, per_place=150, rounds=4, log_bytes=20_000, borders=BORDERS)
        misses = list(missed(planted))
        for where, plant in misses:
            print(f"seed {seed}: {plant.where} -> {where}: {plant.value!r}", flush=True)
        found, rounds, seed = found + bool(misses), rounds + 1, seed + 1
    print(f"{rounds} seeds, {found} with a miss", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), float(sys.argv[2])), 1))
