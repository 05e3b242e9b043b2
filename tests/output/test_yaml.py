import base64
import json
import math
from typing import Any

import pytest
import yaml as pyyaml
from hypothesis import given, settings
from hypothesis import strategies as st

from omg.output.yaml import EMPTY_LIST, dump, list_item, list_start
from tests.output import hostile

LOADERS = [pyyaml.SafeLoader, *([pyyaml.CSafeLoader] if hasattr(pyyaml, "CSafeLoader") else [])]


def read(document: bytes, loader: Any = pyyaml.SafeLoader) -> Any:
    return pyyaml.load(document, Loader=loader)


def is_same(one: Any, other: Any) -> bool:
    """Equal as JSON values, with the sign of zero and without Python's True == 1."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return bool(one == other) and (not isinstance(one, float) or math.copysign(1, one) == math.copysign(1, other))


@settings(deadline=None, max_examples=300)
@given(hostile.data)
def test_pyyaml_reads_back_what_was_written(data: Any) -> None:
    document = dump(data)
    for loader in LOADERS:
        assert is_same(read(document, loader), data), document


@pytest.mark.parametrize("loader", LOADERS)
def test_every_hostile_string_survives_as_value_key_and_item_at_any_depth(loader: Any) -> None:
    for text in hostile.STRINGS:
        data = {
            "v": text,
            "l": [text, [text], {"k": text, "z": 1}],
            "m": {"k": {text: text}, "after": text},
            text: [text],
        }
        assert is_same(read(dump(data), loader), data), text
        assert is_same(read(dump(text), loader), text), text


@settings(deadline=None, max_examples=50)
@given(st.lists(hostile.data, max_size=4))
def test_a_list_written_in_pieces_reads_as_a_list(items: list[Any]) -> None:
    document = list_start() + b"".join(map(list_item, items)) if items else EMPTY_LIST
    assert is_same(read(document), {"apiVersion": "v1", "kind": "List", "items": items})


def test_an_object_looks_as_kubectl_prints_it() -> None:
    shown = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "nova-api-0",
            "labels": {"app.kubernetes.io/name": "nova", "enabled": "true", "revision": "7"},
            "annotations": {},
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "uid": "1e3e4567-e89b-12d3-a456-426614174000",
        },
        "spec": {
            "containers": [
                {
                    "name": "api",
                    "image": "quay.io/openstack/nova-api:v1@sha256:0a",
                    "args": ["--config-dir", "/etc/nova", "-c", "kolla_start && true"],
                    "resources": {"limits": {"cpu": "100m", "memory": "1Gi"}, "requests": None},
                    "ports": [{"containerPort": 8774, "protocol": "TCP"}],
                }
            ],
            "tolerations": [],
            "hostNetwork": False,
        },
        "status": {"podIP": "10.0.0.1", "message": "password=__hidden_K7Q2M4XR__\n\n  see above\n"},
    }
    assert dump(shown).decode() == (
        """\
apiVersion: v1
kind: Pod
metadata:
  name: nova-api-0
  labels:
    app.kubernetes.io/name: nova
    enabled: "true"
    revision: "7"
  annotations: {}
  creationTimestamp: "2026-01-01T00:00:00Z"
  uid: 1e3e4567-e89b-12d3-a456-426614174000
spec:
  containers:
  - name: api
    image: quay.io/openstack/nova-api:v1@sha256:0a
    args:
    - --config-dir
    - /etc/nova
    - -c
    - kolla_start && true
    resources:
      limits:
        cpu: 100m
        memory: 1Gi
      requests: null
    ports:
    - containerPort: 8774
      protocol: TCP
  tolerations: []
  hostNetwork: false
status:
  podIP: 10.0.0.1
  message: |
    password=__hidden_K7Q2M4XR__

      see above
"""
    )


def test_a_placeholder_stays_plain() -> None:
    assert dump({"password": "__hidden_K7Q2M4XR__"}) == b"password: __hidden_K7Q2M4XR__\n"


def test_a_lone_surrogate_becomes_what_go_reads_it_as() -> None:
    assert read(dump({"a\ud800": "x\udfff\ny"})) == {"a\ufffd": "x\ufffd\ny"}


def test_what_json_cannot_hold_is_a_type_error() -> None:
    for data in ({1: "a"}, {"a": b"bytes"}, {"a": {None: 1}}, ("a",)):
        with pytest.raises(TypeError, match="JSON has no"):
            dump(data)


def test_numbers_beyond_json_are_written_as_yaml_has_them() -> None:
    assert dump([math.inf, -math.inf]) == b"- .inf\n- -.inf\n"
    assert math.isnan(read(dump(math.nan)))


def test_more_keys_than_are_remembered_are_written_alike() -> None:
    many = {f"key-{number}": number for number in range(30_000)}
    assert dump(many).endswith(b"key-29999: 29999\n")
    assert dump(many) == dump(many)


def test_a_value_of_a_secret_stays_in_one_line() -> None:
    encoded = base64.b64encode(bytes(range(256)) * 40).decode()
    assert dump({"data": {"k": encoded}}).count(b"\n") == 2
    assert json.loads(json.dumps(read(dump([encoded])))) == [encoded]
