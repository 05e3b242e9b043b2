"""Runs of base64: which make their line a suspect, and that nothing is hidden in a line that is none."""

import base64
import gzip
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omg.masking import runs

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----\n"
ENDS = st.sampled_from([" ", "=", "==", "\n", ":", '"', "é", ""])


def encoded(text: str, offset: int = 0) -> str:
    return base64.b64encode(b"x" * offset + text.encode()).decode().rstrip("=")


RUNS = st.one_of(
    st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=90).map(encoded),
    st.binary(min_size=1, max_size=90).map(lambda data: base64.b64encode(data).decode()),
    st.binary(max_size=60).map(lambda data: base64.b64encode(gzip.compress(data)).decode()),
    st.integers(0, 3).map(lambda offset: encoded(KEY, offset)),
    st.text(min_size=1).map(lambda text: hashlib.sha256(text.encode()).hexdigest()),
    st.text("abcXYZ019+/", min_size=36, max_size=44),
)


@given(st.lists(st.tuples(RUNS, ENDS), max_size=6))
def test_what_is_hidden_stands_in_a_place_that_is_looked_at(parts: list[tuple[str, str]]) -> None:
    line = "".join(run + end for run, end in parts)
    found = [line.encode()[begin:end].decode() for begin, end in runs.places(line.encode())]
    for start, stop in runs.spans(line, lambda _text: True):
        assert line[start:stop].rstrip("=") in found


@pytest.mark.parametrize(
    "line",
    [
        "image quay.io/openstack@sha256:" + hashlib.sha256(b"an image").hexdigest(),
        "commit " + hashlib.sha1(b"a commit").hexdigest(),
        "-" * 80,
        encoded("shorter than forty"),
    ],
)
def test_digests_and_lines_of_dashes_make_no_suspects(line: str) -> None:
    assert not list(runs.places(line.encode()))


@pytest.mark.parametrize("text", [KEY, "password=Zk3x9QwLmT8rVt5pNb2x and a few words"])
@pytest.mark.parametrize("around", [("", ""), ("data: ", "\n"), ("x:", '"')])
def test_a_key_and_a_text_make_one(text: str, around: tuple[str, str]) -> None:
    run = encoded(text)
    line = f"{around[0]}{run}{around[1]}".encode()
    assert [line[begin:end].decode() for begin, end in runs.places(line)] == [run]
