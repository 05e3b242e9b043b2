import base64
import html
import json
import re
import shlex
from collections.abc import Callable
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import quoteattr

import pytest

from omg.masking import Masker
from omg.masking.spelled import Spelled, anchor_of, patterns_of
from tests.masking.planting import secret_of

KEY = b"k" * 32

VALUES = [
    "Zk3x9QwLmT8r",
    "p@ss:w/rd#873!",
    "a'b\"C1d\\e2xk4kz",
    "100%Sure&No=1+1",
    "pa$$w0rd$HOME1",
    "Zürich-Straße-77",
    "Пароль-2640-x",
    "pa🔑ss-Word9",
    "correct horse battery staple",
    "Zx'4\"y\\z`9$k",
    "a<B>&c9'Q\"d",
]


def in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def in_json_as_it_is(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def by_printf(text: str) -> str:
    return "".join(one if one.isalnum() or not one.isascii() else f"\\{one}" for one in text)


NOTATIONS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON": in_json,
    "JSON with its letters": in_json_as_it_is,
    "JSON in JSON": lambda text: in_json(in_json(text)),
    "JSON in JSON in JSON": lambda text: in_json_as_it_is(in_json_as_it_is(in_json_as_it_is(text))),
    "JSON of Go": lambda text: in_json_as_it_is(text).replace("&", "\\u0026").replace("<", "\\u003c"),
    "a URL": lambda text: quote(text, safe=""),
    "a URL in small letters": lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    "a URL by a browser": lambda text: quote(text, safe="!'()*"),
    "a form": quote_plus,
    "a URL in a URL": lambda text: quote(quote(text, safe=""), safe=""),
    "a shell": lambda text: shlex.quote(text).strip("'"),
    "printf %q": by_printf,
    "Python": lambda text: repr(text)[1:-1],
    "Python's bytes": lambda text: repr(text.encode())[2:-1],
    "HTML": html.escape,
    "XML": lambda text: quoteattr(text)[1:-1],
    "SQL": lambda text: text.replace("\\", "\\\\").replace("'", "\\'"),
    "YAML between single quotes": lambda text: text.replace("'", "''"),
    "CSV": lambda text: text.replace('"', '""'),
    "a configuration that doubles per cent": lambda text: text.replace("%", "%%"),
}


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_a_learned_value_is_hidden_as_any_notation_writes_it(notation: str, value: str) -> None:
    masker = Masker(KEY)
    masker.learn([secret_of(value)])
    written = NOTATIONS[notation](value)
    masked = masker.text(f"2026-01-01 INFO it was <{written}> that came\n".encode()).decode()
    assert masked.startswith("2026-01-01 INFO it was <__hidden_")
    assert masked.endswith("__> that came\n")
    assert len(masked) == len("2026-01-01 INFO it was <__hidden_ABCDEFGH__> that came\n")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("before", ["", "a", "bc"])
def test_base64_at_any_place_gives_no_part_of_a_learned_value_away(value: str, before: str) -> None:
    masker = Masker(KEY)
    masker.learn([secret_of(value)])
    raw = before.encode() + value.encode() + b"\x00\xff tail"
    masked = masker.text(b"blob " + base64.b64encode(raw) + b"\n")
    kept = masked.removeprefix(b"blob ").rstrip(b"\n")
    left, _, right = kept.partition(b"__hidden_")
    assert len(left) <= 4
    assert b"__" in right


@pytest.mark.parametrize("value", [value for value in VALUES if ":" not in value])
def test_a_beginning_of_a_value_is_no_value(value: str) -> None:
    masker = Masker(KEY)
    masker.learn([secret_of(value)])
    text = f"so {value[:-1]} or {value[1:]}\n".encode()
    assert masker.text(text) == text


def test_the_anchor_is_what_tells_most() -> None:
    anchor = anchor_of(b"password-Zk3x-word")
    assert anchor is not None
    assert b"password-Zk3x-word"[anchor[0] : anchor[1]] == b"Zk3x"
    assert anchor_of(b"-+-+") is None


def test_what_has_no_letters_together_is_compared_as_a_whole() -> None:
    value = b"!#$%&*()-+=?"
    assert patterns_of(value)
    assert Spelled.of(value).spans(b"so " + value, 3)[0] == (3, 3 + len(value))
    masker = Masker(KEY)
    masker.learn([secret_of(value.decode())])
    assert masker.text(b"so " + value + b" it is\n").startswith(b"so __hidden_")


def test_bytes_that_are_no_text_are_looked_for_as_they_are() -> None:
    raw = bytes(range(120, 160))
    masker = Masker(KEY)
    masker.learn([{"kind": "Secret", "metadata": {"name": "k"}, "data": {"k": base64.b64encode(raw).decode()}}])
    assert raw not in masker.text(b"so " + raw + b"\n")
