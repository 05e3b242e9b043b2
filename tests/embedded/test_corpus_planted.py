"""The planted secrets: each is where it says, nowhere is an ordinary word, and there are enough of every sort."""

import base64
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from omg.embedded.corpus import Corpus, demo_corpus


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return demo_corpus(log_bytes=300_000)


def leaves(value: Any) -> Iterator[str]:
    """Every text of an object."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


@pytest.fixture(scope="module")
def places(corpus: Corpus) -> dict[str, bytes]:
    """What each place of the corpus holds: Secrets both encoded and decoded, workloads' environments by name."""
    found: dict[str, bytes] = defaultdict(bytes)
    for one in corpus.objects:
        metadata = one["metadata"]
        text = "\n".join(leaves(one)).encode()
        if one["kind"] == "Secret":
            text += b"\n".join(base64.b64decode(value) for value in one["data"].values())
        found[f"{one['kind']} {metadata.get('namespace', '')}/{metadata['name']}"] = text
        spec = one.get("spec", {}).get("template", one).get("spec", {})
        owner = metadata["name"] if "template" in one.get("spec", {}) or one["kind"] == "Pod" else ""
        for container in spec.get("containers", ()) if owner else ():
            text = "\n".join(leaves(container.get("env", []))).encode()
            found[f"env of {metadata['namespace']}/{owner}/{container['name']}"] += text
    for (namespace, pod, container, _), log in corpus.logs.items():
        found[f"log {namespace}/{pod}/{container}"] += b"".join(log.chunks())
    return found


def test_there_are_enough_for_every_net_and_no_value_is_short(corpus: Corpus) -> None:
    assert len({one.value for one in corpus.planted}) >= 500
    nets = Counter(one.net for one in corpus.planted)
    assert nets.keys() == {"shape", "key", "value"}
    assert min(nets.values()) >= 80
    for one in corpus.planted:
        assert len(one.value) >= 8
        assert not one.value.isalpha() or one.value.lower() != one.value, one


def test_each_is_where_it_says(corpus: Corpus, places: dict[str, bytes]) -> None:
    executed = b"\n".join(answer.stdout for answer in corpus.execs)
    missing = []
    for one in corpus.planted:
        where = one.where.removesuffix(" (base64)").removesuffix(" (quoted)")
        held = executed if where.startswith("exec ") else places[where]
        if one.value not in held:
            missing.append(one)
    assert missing == []


def test_they_are_in_every_kind_of_place(corpus: Corpus) -> None:
    kinds = {one.where.partition(" ")[0] for one in corpus.planted}
    assert kinds >= {
        "Secret", "ConfigMap", "Event", "Job", "OpenStackControlPlane", "BareMetalHost", "env", "log", "exec",
        "ClusterServiceVersion", "ClusterLogForwarder", "BackupStorageLocation", "BuildConfig",
    }  # fmt: skip


def test_what_the_value_net_must_catch_is_in_a_secret_in_scope(corpus: Corpus, places: dict[str, bytes]) -> None:
    held = b"\n".join(text for place, text in places.items() if place.startswith("Secret "))
    for one in corpus.planted:
        if one.net == "value":
            raw = base64.b64decode(one.value) if one.where.endswith("(base64)") else one.value
            assert raw in held, one
