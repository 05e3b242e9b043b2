"""Every collected YAML is what kubectl shows but for managedFields and hidden fields, to readers in Go and Python."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from ahocorasick_rs import BytesAhoCorasick

from omg.embedded.corpus import Corpus
from tests.cluster import hostile
from tests.cluster.gathers import Gathered
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.trees import differences, read_yaml

Identity = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def collected(full: Gathered) -> dict[Path, Any]:
    """Every object of the tree as Go reads it; a list counts as its objects."""
    paths = sorted(full.root.rglob("*.yaml"))
    return dict(zip(paths, read_yaml(paths), strict=True))


@pytest.fixture(scope="module")
def originals(cluster: Cluster, collected: dict[Path, Any]) -> dict[Identity, Any]:
    """The same kinds as kubectl prints them."""
    found: dict[Identity, Any] = {}
    kinds = {(obj["apiVersion"], obj["kind"]) for content in collected.values() for obj in _objects(content)}
    for version, kind in sorted(kinds):
        group, _, short = version.rpartition("/")
        name = f"{kind}.{short}.{group}" if group else kind
        listed = msgspec.json.decode(cluster.kubectl("get", name, "--all-namespaces", "--output=json"))
        for obj in listed["items"]:
            obj["metadata"].pop("managedFields", None)
            found[_identity(obj)] = obj
    return found


def _objects(content: Any) -> Iterator[Any]:
    yield from content["items"] if "items" in content and content["kind"].endswith("List") else [content]


def _identity(obj: Any) -> Identity:
    metadata = obj["metadata"]
    return obj["apiVersion"], obj["kind"], metadata.get("namespace", ""), metadata["name"]


def test_a_go_program_reads_what_kubectl_shows(collected: dict[Path, Any], originals: dict[Identity, Any]) -> None:
    assert len(collected) > 200
    wrong = {
        path.name: found
        for path, content in collected.items()
        for obj in _objects(content)
        if (found := differences(obj, originals[_identity(obj)]))
    }
    assert wrong == {}


def test_python_reads_what_go_reads(collected: dict[Path, Any]) -> None:
    wrong = {
        path.name: found
        for path, content in collected.items()
        if (found := differences(yaml.load(path.read_bytes(), yaml.CSafeLoader), content))
    }
    assert wrong == {}


def test_strings_that_look_like_something_else_survive(full: Gathered) -> None:
    [path] = full.root.rglob("nova-hostile-strings.yaml")
    [content] = read_yaml([path])
    assert content["data"] == hostile.STRINGS


def test_a_name_as_long_as_kubernetes_allows_is_a_file_of_that_name(full: Gathered) -> None:
    files = [path for path in full.root.rglob("*") if path.name.startswith(hostile.LONGEST_NAME[:100])]
    assert [content["metadata"]["name"] for content in read_yaml(files)] == [hostile.LONGEST_NAME]


def test_nothing_that_was_planted_is_in_the_tree(full: Gathered, corpus: Corpus) -> None:
    assert len(corpus.planted) >= 500
    search = BytesAhoCorasick([planted.value for planted in corpus.planted])
    found = [
        (str(path.relative_to(full.root)), corpus.planted[hits[0][0]])
        for path in full.root.rglob("*")
        if path.is_file() and (hits := search.find_matches_as_indexes(path.read_bytes()))
    ]
    assert found == []
