import base64
import json
import random
import re

import pytest

from omg.masking import Masker
from tests.planting import spelling as s
from tests.planting.values import pem_body

KEY = b"k" * 32
MARK = "__hidden_[A-Z2-7]{8}__"
VALUE = "LfweP'4PPbP\"xxSn2\\kQMDz"
"""With all that notations escape."""

TEXTS = [
    f"mysqldump -u root -p{s.in_shell(VALUE)} nova > x.sql\n",
    f"run --token={s.in_shell(VALUE)} --debug\n",
    f"CREATE USER 'nova'@'%' IDENTIFIED BY '{s.in_sql(VALUE)}';\n",
    f"Client(user='a', password='{s.in_python(VALUE)}', region='one')\n",
    f'{{"password": "{s.in_json(VALUE)}", "user": "a"}}\n',
]


def masked(text: str) -> str:
    return Masker(KEY).text(text.encode()).decode()


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_text_in_json_is_masked_as_the_text_it_is(text: str, depth: int) -> None:
    line, alone = text, masked(text)
    for _ in range(depth):
        line = json.dumps({"level": "info", "data": {"a.conf": line, "b": "x"}})
    read = masked(f"{line}\n")
    for _ in range(depth):
        read = json.loads(read)["data"]["a.conf"]
    assert re.sub(MARK, "§", read) == re.sub(MARK, "§", alone) != text


def test_a_learned_value_is_found_in_a_shell_in_json() -> None:
    masker = Masker(KEY)
    masker.learn([{"kind": "Secret", "metadata": {}, "data": {"password": base64.b64encode(VALUE.encode()).decode()}}])
    for spelled in (s.in_shell(VALUE), VALUE.replace("'", "'\\''")):
        line = json.dumps({"note": f"run {spelled} now"})
        assert "PPbP" not in masker.text(line.encode()).decode()


def a_key(chance: random.Random) -> str:
    return f"-----BEGIN PRIVATE KEY-----\n{pem_body(chance)}\n-----END PRIVATE KEY-----\n"


def body_lines(*keys: str) -> set[str]:
    return {line for key in keys for line in key.splitlines() if "-----" not in line}


def test_every_private_key_in_a_line_goes_and_the_line_is_json_still() -> None:
    chance = random.Random(7)
    one, two = a_key(chance), a_key(chance)
    cut = "\n".join(a_key(chance).splitlines()[:5]) + "\n"
    note = "the words behind a key stay as they are"
    for keys in ({"a": one, "b": two}, {"a": cut, "b": two}, {"a": one, "b": cut}, {"a": cut}, {"a": cut.strip()}):
        for nested in (False, True):
            given = {**keys, "note": note, "password": "Zk3x9QwLmT8r"}
            inner = json.dumps(given)
            read = masked((json.dumps({"inner": inner}) if nested else inner) + "\n")
            found = json.loads(json.loads(read)["inner"] if nested else read)
            assert not [line for line in body_lines(*keys.values()) if line in read]
            assert found["note"] == note
            assert re.fullmatch(MARK, found["password"])


def test_a_key_across_the_windows_of_a_long_line_goes() -> None:
    chance = random.Random(5)
    for before in range(129_000, 132_000, 125):
        key = a_key(chance)
        line = json.dumps({"x": "word " * (before // 5), "a": key, "b": "lorem " * 30_000}) + "\n"
        read = masked(line)
        assert not [one for one in body_lines(key) if one in read]
        assert json.loads(read)["b"] == "lorem " * 30_000


def test_what_stands_in_the_last_line_of_a_key_goes_with_it() -> None:
    key = a_key(random.Random(3))
    read = masked(key.replace("\n-----END", "-----END").strip() + " password=Zk3x9QwLmT8r\n")
    assert not [line for line in body_lines(key) if line in read]
    assert "Zk3x9" not in read
    assert read.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert "-----END PRIVATE KEY-----" in read


def test_words_before_the_end_of_a_key_stay() -> None:
    read = masked("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nnova wrote these words -----END PRIVATE KEY-----\n")
    assert "MIIE" not in read
    assert "nova wrote these words -----END" in read
