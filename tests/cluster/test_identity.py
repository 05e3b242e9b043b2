"""Who omg is to the cluster, and what it says when that isn't enough."""

import msgspec
import pytest

from tests.cluster.gathers import Place
from tests.cluster.testbed.cluster import Cluster


def test_a_user_without_rights_gets_a_manifest_full_of_denied(place: Place) -> None:
    ended = place.gather("limited", user="limited", covered=True)
    assert ended.code == 1, ended.explain()
    outcomes = ended.outcomes()
    assert outcomes["denied"] >= 10, outcomes
    assert outcomes["failed"] == outcomes["timed_out"] == 0, outcomes
    assert "Traceback" not in ended.stderr + ended.stdout
    assert ended.seconds < 60


def test_refused_credentials_are_one_sentence_within_15_seconds(place: Place) -> None:
    ended = place.gather("refused", user="refused", covered=True)
    assert ended.code == 2, ended.explain()
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.seconds < 15
    assert not ended.root.exists()


@pytest.mark.parametrize("context", ["nobody", ""])
def test_a_context_that_is_not_there_is_one_sentence(place: Place, context: str) -> None:
    ended = place.gather(f"context-{context or 'empty'}", user=context or "absent")
    assert ended.code == 2, ended.explain()
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_server_that_speaks_another_certificate_is_one_sentence(place: Place, cluster: Cluster) -> None:
    config = msgspec.json.decode(cluster.kubeconfig.read_bytes())
    del config["clusters"][0]["cluster"]["certificate-authority"]
    other = place.directory / "without-ca"
    other.write_bytes(msgspec.json.encode(config))
    ended = Place(other, place.directory).gather("certificate", covered=True)
    assert ended.code == 2, ended.explain()
    assert len(ended.stderr.strip().splitlines()) == 1
    assert ended.seconds < 15


def test_as_another_user_every_request_carries_the_impersonation(place: Place, cluster: Cluster) -> None:
    user = cluster.new_user()
    only = ("--only", "config_maps,pod_logs")
    ended = place.gather("impersonated", *only, "--as", "limited", user=user, covered=True)
    assert ended.code == 1, ended.explain()
    requests = cluster.requests_of(user)
    assert requests
    assert {request.impersonated for request in requests} == {"limited"}
