import json
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omg.cluster import splitting
from omg.cluster.splitting import Malformed, Splitter

nasty = st.text(st.sampled_from('{}[]",:\\/ \n\t\u0000\u2028é€😀aitems019.eE-+'), max_size=12)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | nasty,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(nasty, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def texts(draw: st.DrawFn) -> tuple[bytes, dict[str, Any]]:
    """A list in JSON, spelled one way or another, and what is in it."""
    members = draw(st.dictionaries(nasty.filter(lambda name: name != "items"), values, max_size=4))
    entries = [*members.items(), ("items", draw(st.lists(values, max_size=6)))]
    whole = dict(draw(st.permutations(entries)))
    separators = draw(st.sampled_from([(",", ":"), (", ", " : "), (" ,\n", ":\t")]))
    text = json.dumps(
        whole, separators=separators, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1]))
    )
    blank = draw(st.sampled_from(["", " ", "\r\n"]))
    return f"{blank}{text}{blank}".encode(), whole


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(places)]


def split(parts: Iterable[bytes]) -> tuple[list[bytes], dict[str, Any]]:
    splitter = Splitter("items")
    found = [element for part in parts for element in splitter.feed(part)]
    return found + splitter.finish(), splitter.members


@given(texts(), st.lists(st.integers(0, 10_000), max_size=20))
@settings(deadline=None, max_examples=200)
def test_wherever_it_is_cut_the_elements_are_those_of_the_whole(
    text: tuple[bytes, dict[str, Any]], cuts: list[int]
) -> None:
    data, whole = text
    elements, members = split(pieces(data, cuts))
    assert [json.loads(element) for element in elements] == whole["items"]
    assert members == {name: value for name, value in whole.items() if name != "items"}
    assert all(element in data for element in elements)


@given(texts())
@settings(deadline=None, max_examples=25)
def test_byte_by_byte_is_the_same(text: tuple[bytes, dict[str, Any]]) -> None:
    data, whole = text
    elements, _ = split(data[place : place + 1] for place in range(len(data)))
    assert [json.loads(element) for element in elements] == whole["items"]


@given(texts(), st.integers(1, 10_000))
@settings(deadline=None, max_examples=100)
def test_a_list_without_its_end_is_malformed(text: tuple[bytes, dict[str, Any]], cut: int) -> None:
    data = text[0].rstrip()
    with pytest.raises(Malformed):
        split([data[: -1 - cut % len(data)]])


@pytest.mark.parametrize(
    "data",
    [b"[1]", b"{1:2}", b'{"a" 1}', b'{"a":1 "b":2}', b'{"items":[1 2]}', b'{"items":[]}x', b'{"a":\xff}', b'{"a":1.}',
     b'{"items":[' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_list_is_malformed(data: bytes) -> None:
    with pytest.raises(Malformed):
        split([data])


def test_an_element_without_end_does_not_fill_the_memory() -> None:
    splitter = Splitter("items", largest=1000)
    with pytest.raises(Malformed, match="too long"):
        splitter.feed(b'{"items":["' + b"x" * 1000)


def test_a_long_element_is_not_scanned_for_every_piece_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    scans = []

    class Counting(json.JSONDecoder):
        def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
            scans.append(len(s))
            return super().raw_decode(s, idx)

    monkeypatch.setattr(splitting, "_SCANNER", Counting())
    element = b'"' + b"x" * 4_000_000 + b'"'
    elements, _ = split([b'{"items":[', *pieces(element, range(0, 4_000_000, 4000)), b"]}"])
    assert elements == [element]
    assert len(scans) < 12
