import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omg.output.names import LONGEST, PARTIAL, original, safe, with_number

NAMES = st.one_of(
    st.text(max_size=30),
    st.text(st.sampled_from("./%~:\n\x00a\ud800é🙂"), max_size=12),
    st.text(st.sampled_from("a%.é🙂/"), min_size=60, max_size=300),
    st.sampled_from(
        ["", ".", "..", "...", "a.partial", ".partial", "x" * 253, "é" * 200, "🙂" * 70 + ".yaml", "%2E", "%"]
    ),
)


@settings(deadline=None)
@given(NAMES)
def test_a_safe_name_is_one_file_name_in_any_folder(name: str) -> None:
    made = safe(name)
    assert made.isprintable()
    assert "/" not in made
    assert not made.startswith(".")
    assert not made.endswith(PARTIAL)
    assert 0 < len(made.encode()) <= LONGEST
    assert len((with_number(made, 9999) + PARTIAL).encode()) <= 255


@settings(deadline=None)
@given(NAMES)
def test_a_safe_name_is_read_back_unless_it_was_cut(name: str) -> None:
    if len(name) < 20:
        assert original(safe(name)) == name
    else:
        assert original(safe(name))[:5] == name[:5]


@settings(deadline=None)
@given(NAMES, NAMES)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert (safe(one) == safe(other)) == (one == other)


def test_ordinary_names_are_left_as_they_are() -> None:
    for name in (
        "nova-api-0",
        "openstackcontrolplanes.core.openstack.org",
        "A:b@c d",
        "naïve.yaml",
        "_all_nodes",
        "a..b",
    ):
        assert safe(name) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("..", "%2E."),
        (".", "%2E"),
        ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
        ("a\x00b\nc", "a%00b%0Ac"),
        ("100%", "100%25"),
        ("\x85\u2028", "%C2%85%E2%80%A8"),
        ("\ud800", "%ED%A0%80"),
        ("x.partial", "x%2Epartial"),
        ("", "%"),
    ],
)
def test_what_is_not_a_letter_of_a_name_is_percent_encoded(name: str, expected: str) -> None:
    assert safe(name) == expected


def test_a_long_name_keeps_its_ending_and_differs_by_a_hash() -> None:
    made = safe("x" * 253 + ".yaml")
    assert made.endswith(".yaml")
    assert len(made) == LONGEST
    assert made != safe("x" * 254 + ".yaml")


def test_a_long_name_is_cut_between_characters_and_between_encoded_bytes() -> None:
    for shift in range(4):
        for filling in ("🙂", "/", "é", "\u2028"):
            made = safe("a" * shift + filling * 250 + ".log")
            assert original(made.split("~")[0]).strip("a").strip(filling) in ("", "\ufffd")


def test_composed_and_decomposed_letters_are_two_names() -> None:
    composed = unicodedata.normalize("NFC", "é")
    assert safe(composed) != safe(unicodedata.normalize("NFD", composed))


def test_capitals_are_kept() -> None:
    assert safe("Nova") != safe("nova")


def test_a_number_goes_before_the_ending() -> None:
    assert with_number("a.yaml", 2) == "a~2.yaml"
    assert with_number("a.b-c", 3) == "a.b-c~3"
    assert with_number("noending", 2) == "noending~2"
