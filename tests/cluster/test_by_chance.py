"""Pods, nodes, events and kinds drawn by chance, shown as kubectl shows them: the same text, ages apart.

The cluster is one of its own, with every feature gate on, so that the API server keeps every field there is.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.beside_kubectl import descriptions, differences, first_difference, tabled
from tests.cluster.chance import pods
from tests.cluster.chance.loading import load_all
from tests.cluster.chance.volumes import SOURCES
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster

FIRST = int(os.environ.get("OMG_TEST_FIRST_SEED", "0"))
"""Another one draws other things."""

PODS, NODES, KINDS = range(FIRST, FIRST + 80), range(FIRST, FIRST + 6), range(FIRST, FIRST + 12)

EVERYTHING = ("--feature-gates=AllAlpha=true,AllBeta=true", "--runtime-config=api/all=true")


@pytest.fixture(scope="module")
def chance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster with what was drawn."""
    with Cluster(tmp_path_factory.mktemp("chance"), apiserver=EVERYTHING) as running:
        load_all(running, PODS, NODES, KINDS)
        yield running


@pytest.fixture(scope="module")
def tree(chance: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """A gather of it, unmasked."""
    place = Place(chance.kubeconfig, tmp_path_factory.mktemp("trees"))
    settings = {"ADDITIONAL_NAMESPACES": pods.SPACE, "DO_NOT_MASK": "1", "TZ": "UTC"}
    gathered = place.gather(
        "chance", "--only=pod_descriptions,nodes,overviews", user=chance.new_user(), covered=True, settings=settings
    )
    assert gathered.code == 0, gathered.explain()
    return gathered


@pytest.mark.skipif(FIRST != 0, reason="Other seeds draw other things, and some of them not all.")
def test_what_is_drawn_is_kept_by_the_server(chance: Cluster) -> None:
    listed = list(chance.api.items(f"/api/v1/namespaces/{pods.SPACE}/pods"))
    text = json.dumps(listed)
    names = [
        *("fileKeyRef", "podCertificate", "clusterTrustBundle", "restartPolicyRules", "schedulingGroup", "grpc"),
        *("ephemeralContainerStatuses", "deletionTimestamp", "overhead", "claims", "stopSignal"),
    ]
    assert [name for name in names if f'"{name}"' not in text] == []
    drawn = {key for pod in listed for volume in pod["spec"].get("volumes", ()) for key in volume if key != "name"}
    assert drawn == set(SOURCES)
    assert any(pod["spec"].get("resources") for pod in listed)


def _read(path: Path) -> str:
    """A text; a character that was cut in the middle is a mark of that, here as with kubectl."""
    return path.read_bytes().decode(errors="replace")


def test_pods_by_chance_are_described_as_kubectl_describes_them(chance: Cluster, tree: Gathered) -> None:
    ours = {path.parent.name: _read(path) for path in tree.root.glob(f"namespaces/{pods.SPACE}/pods/*/*-describe")}
    theirs = chance.kubectl("describe", "pods", "--show-events", f"--namespace={pods.SPACE}")
    assert differences(ours, descriptions(theirs.decode(errors="replace"))) == {}
    assert len(ours) == len(PODS)


def test_nodes_by_chance_are_described_as_kubectl_describes_them(chance: Cluster, tree: Gathered) -> None:
    ours = {path.stem: _read(path) for path in tree.root.glob("nodes/*.describe")}
    theirs = chance.kubectl("describe", "nodes", "--show-events")
    assert differences(ours, descriptions(theirs.decode(errors="replace"))) == {}
    assert len(ours) == len(NODES)


@pytest.mark.parametrize("namespace", [pods.SPACE, "openstack"])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [("all_resources", ["all"]), ("events", ["events", "--sort-by=.lastTimestamp"]), ("pvc", ["pvc"])],
)
def test_tables_by_chance_are_what_kubectl_get_prints(
    chance: Cluster, tree: Gathered, namespace: str, name: str, arguments: list[str]
) -> None:
    ours = tabled(_read(tree.root / "namespaces" / namespace / f"{name}.log"))
    printed = chance.kubectl("get", *arguments, f"--namespace={namespace}").decode(errors="replace")
    theirs = tabled(printed or f"No resources found in {namespace} namespace.\n")
    assert ours == theirs, first_difference(ours, theirs)
