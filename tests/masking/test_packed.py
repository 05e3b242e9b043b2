import base64
import gzip

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from omg.masking.packed import may_be_packed, unpacked


@given(
    st.one_of(st.text(min_size=1), st.text("päß0=\n", min_size=12)),
    st.lists(st.sampled_from(["base64", "gzip"]), max_size=4),
    st.integers(1, 100),
    st.sampled_from(["", "\n"]),
)
def test_what_can_be_unpacked_is_worth_a_try(text: str, layers: list[str], width: int, end: str) -> None:
    data = text.encode()
    for layer in [*layers, "base64"]:
        data = gzip.compress(data) if layer == "gzip" else base64.b64encode(data)
    signs = data.decode()
    lines = "\n".join(signs[at : at + width] for at in range(0, len(signs), width)) + end
    assume(unpacked(lines) is not None)
    assert may_be_packed(lines)


@pytest.mark.parametrize(
    "text",
    [
        "0a1b2c3d-1111-4222-8333-444455556666",
        "PodReadyToStartContainers",
        "CustomResourceDefinition",
        "node.kubernetes.io/unreachable",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "registry.example.com/rhoso/openstack-nova-api-rhel9",
        "",
    ],
)
def test_what_every_object_is_full_of_is_not(text: str) -> None:
    assert not may_be_packed(text)
