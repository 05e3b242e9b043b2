"""Lines made to keep a masker busy are hidden whole, from where they hold too much, in whatever blocks they come."""

import base64
import random
import re
import string
from collections.abc import Callable

import pytest

from omg.masking import Masker
from omg.masking.text import MOST, WINDOW

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # measured, they would take three times as long

SECRET = "Zk3x9QwLmT8r"
MARK = re.compile(rb"__hidden_[A-Z2-7]{8}__")

CROWDS: dict[str, Callable[[int], str]] = {
    "keys": lambda n: "".join(f"password=Zk3x9{i:06d} " for i in range(n)),
    "joined keys": lambda n: "password=" * n + SECRET,
    "urls": lambda n: "".join(f"amqp://user:Zk3x9{i:06d}@host/ " for i in range(n)),
    "options": lambda n: "".join(f"openssl enc -k Zk3x9{i:06d} " for i in range(n)),
}


def masked(text: bytes, block: int) -> bytes:
    masker = Masker(b"k" * 32)
    masker.learn([{"kind": "Secret", "metadata": {"name": "n"}, "stringData": {"password": SECRET}}])
    stream = masker.stream()
    out = [stream.feed(text[at : at + block]) for at in range(0, len(text), block)]
    return b"".join(out) + stream.finish()


@pytest.mark.parametrize("crowd", CROWDS.values(), ids=list(CROWDS))
@pytest.mark.parametrize("block", [WINDOW - 1, 1 << 20])
def test_a_crowded_line_gives_nothing_away_and_costs_no_other_line(crowd: Callable[[int], str], block: int) -> None:
    line = crowd(MOST * 3).encode()
    out = masked(b"before: kept\n" + line + b"\nafter: kept\n", block)
    assert b"Zk3x9" not in out
    lines = out.split(b"\n")
    assert lines[0] == b"before: kept"
    assert lines[-2:] == [b"after: kept", b""]
    assert len(lines) == 4


def test_a_line_of_half_as_many_places_is_masked_place_by_place() -> None:
    line = b"told: " + CROWDS["keys"](MOST // 2).encode() + b"and the end is kept\n"
    out = masked(line, 1 << 20)
    assert b"Zk3x9" not in out
    assert out.endswith(b" and the end is kept\n")
    assert len(MARK.findall(out)) == MOST // 2


def test_what_was_counted_in_one_line_is_not_held_against_the_next() -> None:
    line = b"told: " + CROWDS["keys"](MOST // 2).encode() + b"kept\n"
    out = masked(line * 4, 1 << 20)
    assert out.count(b" kept\n") == 4


LONG_VALUES = {
    "ini": "password={}\n",
    "json": '{{"password": "{}", "user": "kept"}}\n',
    "json in a text": 'told: "{{\\"password\\": \\"{}\\", \\"user\\": \\"kept\\"}}"\n',
    "shell": "export OS_PASSWORD='{}'\n",
    "option": "redis-cli -h redis -a {} ping\n",
    "xml": "<password>{}</password>\n",
    "key": "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
}


@pytest.mark.parametrize("form", LONG_VALUES.values(), ids=list(LONG_VALUES))
@pytest.mark.parametrize("size", [1_000, 4_000, 4_100, 9_000, 130_000])
@pytest.mark.parametrize("block", [64 * 1024, 1 << 20])
def test_a_value_longer_than_a_rule_looks_is_hidden_to_its_end(form: str, size: int, block: int) -> None:
    value = "".join(random.Random(size).choices(string.ascii_letters + string.digits, k=size))
    out = masked(b"before: kept\n" + form.format(value).encode() + b"after: kept\n", block)
    assert out.startswith(b"before: kept\n")
    assert out.endswith(b"after: kept\n")
    left = [at for at in range(0, size - 16, 8) if value[at : at + 16].encode() in out]
    assert not left


@pytest.mark.parametrize("before", range(WINDOW - 40, WINDOW + 8400, 997))
def test_a_value_that_begins_before_a_window_ends_is_hidden_whole(before: int) -> None:
    value = "".join(random.Random(before).choices(string.ascii_letters, k=20_000))
    line = b"x " * (before // 2) + b'"password": "' + value.encode() + b'", kept ' + b"x " * WINDOW + b"\n"
    for block in (WINDOW // 2, 1 << 20):
        out = masked(line, block)
        assert not [at for at in range(0, len(value) - 16, 8) if value[at : at + 16].encode() in out]
        assert b'", kept x' in out


def test_a_long_line_of_base64_is_no_crowd() -> None:
    line = b"blob: " + base64.b64encode(random.Random(1).randbytes(3_000_000)) + b" password=Zk3x9QwLmT8r kept\n"
    out = masked(line, 64 * 1024)
    assert out[:2_000_000] == line[:2_000_000]
    assert MARK.sub(b"", out).endswith(b" password= kept\n")


@pytest.mark.parametrize("seed", range(6))
def test_long_lines_are_masked_alike_however_they_come(seed: int) -> None:
    chance = random.Random(seed)
    parts: list[bytes] = []
    while sum(map(len, parts)) < 3_000_000:
        size = chance.choice((30, 300, 5_000, 120_000, 500_000))
        word = "".join(chance.choices(string.ascii_letters + string.digits, k=size)).encode()
        parts.append(chance.choice((b' "password": "%b",', b" token=%b ", b" told %b ", b" x" * 40 + b" %b")) % word)
    line = b"before\n" + b"".join(parts) + b"\nafter\n"
    whole = masked(line, len(line))
    for block in (7_777, 64 * 1024, 1 << 20):
        assert masked(line, block) == whole
