"""The sieve lets no sensitive name through: what the rules know stands in its expression, however it is spelled."""

import json
import re

import pytest

from omg.masking import Masker, keys
from omg.masking.names import NAME
from omg.masking.rules import SIEVE

PARTS = sorted({*keys.SENSITIVE, *keys.EXACT, *keys.ENDINGS, *map(keys.fold, keys.TOLD)})
SPELLED = sorted(
    {"root_pw", "olcRootPW", "bind_pw", "bind.pw", "adminPW", "ipsec_psk", "wpa-psk", "PHPSESSID", *keys.TOLD}
)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_a_sensitive_name_is_in_the_sieve(part: str) -> None:
    assert re.search(NAME, part)


@pytest.mark.parametrize("word", ["keystone: x", "keystone = x", "http://keystone:5000/v3", "x keystonemiddleware: y"])
def test_the_name_of_keystone_makes_no_line_suspect(word: str) -> None:
    assert list(SIEVE.lines(f"a line\n{word}\n".encode())) == []


@pytest.mark.parametrize("word", ["key", "keys", "keyst", "key1", "keystone_key", "ssh-key", "key.data", "KEY"])
def test_every_other_key_does(word: str) -> None:
    assert list(SIEVE.lines(f"a line\n{word}: x\n".encode())) == [(7, 10 + len(word))]


@pytest.mark.parametrize("name", SPELLED)
def test_a_value_below_a_name_that_is_known_is_hidden(name: str) -> None:
    value = "Zk3x9QwLmT8rVt5pNb2x"
    for text in (f"{name}={value}\n", f"{name}: {value}\n", f'{{"{name}": "{value}"}}\n'):
        assert value not in Masker(b"k" * 32).text(text.encode()).decode(), text


@pytest.mark.parametrize(
    "name", ["password_last_changed", "passwordChangedAt", "token-expires-at", "password_reuse_time"]
)
@pytest.mark.parametrize("text", ['{{"{}": 1795012345}}\n', "{} = 2026-11-28 21:00:00\n"])
def test_when_a_secret_changed_is_none(name: str, text: str) -> None:
    line = text.format(name).encode()
    assert Masker(b"k" * 32).text(line) == line


@pytest.mark.parametrize("text", ['{"password": 12345678, "user": "a"}', '{"a": [{"admin_password":-1.5e10}]}'])
def test_json_whose_secret_is_a_number_stays_json(text: str) -> None:
    key = b"k" * 32
    masked = Masker(key).text(f"{text}\n".encode())
    assert b"__hidden_" in masked
    assert json.loads(masked).keys() == json.loads(text).keys()
    twice = Masker(key).text(f"{json.dumps(text)}\n".encode())
    assert json.loads(json.loads(twice)) == json.loads(masked)
