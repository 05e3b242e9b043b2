"""The demo corpus is what a real API server stores: every default is in it, it is valid, no controller changes it."""

from typing import Any

from omg.embedded.corpus import Corpus
from tests.cluster.testbed.cluster import Cluster
from tests.cluster.trees import differences, plain_object

OF_THE_SERVER = {"CustomResourceDefinition", "Namespace", "Node"}
"""Kinds whose defaults and statuses are the server's own, or name where kwok listens."""


def test_a_real_server_stores_the_corpus_as_it_is(cluster: Cluster, corpus: Corpus) -> None:
    served = cluster.api.resources()
    wanted = [one for one in corpus.objects if one["kind"] not in OF_THE_SERVER]
    kinds = {(one["apiVersion"], one["kind"]) for one in wanted}
    stored = {
        (version, kind, *_place(one)): {"apiVersion": version, "kind": kind, **one}
        for version, kind in kinds
        for one in cluster.api.items(served[version, kind][0])
    }
    wrong = {}
    for one in wanted:
        identity = (one["apiVersion"], one["kind"], *_place(one))
        if found := differences(plain_object(stored[identity]), plain_object(one)):
            wrong[identity] = found[:5]
    assert wrong == {}, f"{len(wrong)} of {len(wanted)}: {list(wrong.items())[:20]}"


def _place(one: dict[str, Any]) -> tuple[str, str]:
    return one["metadata"].get("namespace", ""), one["metadata"]["name"]
