"""What holds for every text and every object, tried with drawn ones."""

import configparser
import io
import json
import random
import re
import shlex
import string
import tracemalloc
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from omg.masking import Masker
from tests.masking.planting import cases, secret_of

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # measured, they would take three times as long

KEY = b"k" * 32
MARK = re.compile(r"__hidden_[A-Z2-7]{8}__")
LEARNED = "Zk3x9QwLmT8r"

SIGNS = "!@#$%^&*()-_=+[]{};:,.<>?/|~"
QUOTES = "\"'\\"


def drawn(number: int, signs: str = "") -> str:
    """A secret: a word with both cases, digits and, where the notation allows it, signs."""
    chance = random.Random(number)
    letters = chance.choices(string.ascii_letters + string.digits, k=12) + list("aB7")
    inner = letters + (chance.choices(signs, k=3) if signs else [])
    chance.shuffle(inner)
    return "x" + "".join(inner) + "Q"


NUMBERS = st.integers(0, 10**9)
PLAIN = NUMBERS.map(drawn)
ANY = NUMBERS.map(lambda number: drawn(number, SIGNS + QUOTES))

# § is the secret. Every notation of several lines, whose state must live through any cut.
TEMPLATES = [
    "[keystone_authtoken]\nusername = nova\npassword = §\nregion_name = regionOne\n",
    "[san]\nsan_password =\n    §\nsan_ip = 10.0.0.3\n",
    "transport_url =\n  rabbit://nova:§@h1:5672,\n  nova:§@h2:5672\nhost = a\n",
    "auth:\n  db_password: |\n    §\n  user: x\n",
    "api_tokens:\n- §\n- §\nport: 80\n",
    "env:\n- name: DB_PASSWORD\n  value: §\n- name: HOST\n  value: db\n",
    "args:\n- --os-password\n- §\n- --debug\n",
    "kind: Secret\nmetadata:\n  name: x\nstringData:\n  note: §\n",
    "-----BEGIN PRIVATE KEY-----\n§\n§\n-----END PRIVATE KEY-----\nafter\n",
    "<password>\n  §\n</password>\n<host>a</host>\n",
    '{"user":"nova","tokens": ["§", "§"],"n":1}\n',
    'REQ {"a": "[db]\\npassword = §\\nhost = x\\n", "b": 1} sent\n',
    "rabbit://nova:§@h1:5672,nova:§@h2:5672/?ssl=1 and on\n",
    "2026-01-01 10:00:00 INFO login user=nova, password=§, domain=x\n",
    f"2026-01-01 INFO we agreed on {LEARNED} for now\n",
    "| adminPass | § |\n| id        | 77   |\n",
    'body {"kind":"Secret","stringData":{"note":"§"},"n":1} sent\n',
    '{\\"kind\\":\\"Secret\\",\\"stringData\\":{\\"note\\":\\"§\\",\\"b\\":\\"§\\"}}\n',
    '"tokens": [\n  "§",\n  "§"\n]\n',
    "<name>admin.password</name><value>§</value>\n",
    "<property>\n  <name>admin.password</name>\n  <value>§</value>\n</property>\n",
    "Running ['openstack', '--os-password', '§', 'server', 'list'] now\n",
    "Running ['mysql', '--password=§', '-e', 'x'] now\n",
    "run --token='§' --debug\n",
    "curl -s -u admin:§ https://x.example.com/v3\n",
    "sshpass -p '§' ssh root@10.0.0.9 uptime\n",
    "htpasswd -bB /etc/users admin §\n",
    "htpasswd -nb admin §\n",
    "rootpw --plaintext §\n",
    "wsrep_sst_auth=root:§\n",
    '{default_user, <<"svc">>}, {default_pass, <<"§">>}\n',
    'createUser monitor SHA "§" AES "§"\n',
    "OIDCClientSecret §\n",
    'AuthLDAPBindPassword "§"\n',
    "redis://:§@redis:6379/1 and https://a:§@b/c\n",
    "postgresql://svc:§@db/x?sslmode=require\n",
    "amqp:\\/\\/svc:§@rabbit\\/x\n",
    "Authorization: Bearer §§\n",
    "logged in with sha256~§§ as kubeadmin\n",
    "[('user', 'a'), ('password', '§')]\n",
    '[{"key": "admin_password", "value": "§"}, {"key": "host", "value": "db"}]\n',
    "password: !!str '§'\n",
    "auth: {username: admin, password: §, project: x}\n",
    "OS_PASSWORD=§ openstack token issue\n",
    "requirepass §\n",
    "user admin insecure-password §\n",
    "the generated password is §\n",
    "an ordinary line of a log about 3 things, nothing in it\n",
]
WRITTEN = [case.text for case in cases(seed=11)]
TEXTS = st.lists(st.tuples(st.sampled_from(TEMPLATES), PLAIN), min_size=1, max_size=6)


def a_masker() -> Masker:
    masker = Masker(KEY)
    masker.learn([secret_of(LEARNED)])
    return masker


def filled(parts: list[tuple[str, str]]) -> str:
    return "".join(template.replace("§", value) for template, value in parts)


def anyhow(parts: list[tuple[str, str]], others: list[str]) -> bytes:
    return "\n".join([filled(parts), *others]).encode()


def in_pieces(masker: Masker, data: bytes, cuts: list[int]) -> bytes:
    stream = masker.stream()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return b"".join(stream.feed(data[one:two]) for one, two in pairwise(edges)) + stream.finish()


@settings(deadline=None, max_examples=80)
@given(TEXTS, st.lists(st.sampled_from(WRITTEN), max_size=4), st.lists(st.integers(0, 1200), max_size=8))
def test_the_result_does_not_depend_on_where_the_text_was_cut(
    parts: list[tuple[str, str]], others: list[str], cuts: list[int]
) -> None:
    data = anyhow(parts, others)
    masker = a_masker()
    assert in_pieces(masker, data, cuts) == masker.text(data)


@settings(deadline=None, max_examples=80)
@given(TEXTS, st.lists(st.sampled_from(WRITTEN) | st.text(max_size=40), max_size=4))
def test_masking_again_changes_nothing(parts: list[tuple[str, str]], others: list[str]) -> None:
    masker = a_masker()
    once = masker.text(anyhow(parts, others))
    assert masker.text(once) == once


@settings(deadline=None, max_examples=80)
@given(TEXTS)
def test_no_secret_is_left_and_every_other_byte_stays(parts: list[tuple[str, str]]) -> None:
    masked = a_masker().text(filled(parts).encode()).decode()
    expected = (
        MARK.pattern.join(map(re.escape, re.split(f"(?:sha256~)?(?:§)+|{LEARNED}", template))) for template, _ in parts
    )
    assert re.fullmatch("".join(expected), masked)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_a_text_without_a_secret_stays_byte_for_byte_and_lines_are_never_lost(data: bytes) -> None:
    masked = a_masker().text(data)
    assert masked.count(b"\n") == data.count(b"\n")
    if b"__hidden_" not in masked:
        assert masked == data


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_notation_loses_its_secret_and_nothing_else(template: str) -> None:
    for number in range(5):
        masked = a_masker().text(template.replace("§", drawn(number)).encode()).decode()
        pieces = re.split(f"(?:sha256~)?(?:§)+|{LEARNED}", template)
        assert re.fullmatch(MARK.pattern.join(map(re.escape, pieces)), masked)


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-9999, 9999)
    | st.sampled_from(
        [
            "nova",
            "http://10.0.0.1:8774/v2.1",
            "a line\nand another\n",
            "nova-config-data",
            "/etc/nova/nova.conf",
            "3600s",
            "",
        ]
    )
)
NAMES = st.sampled_from(
    ["spec", "status", "host", "replicas", "secretName", "image", "conditions", "passwordSelectors"]
)
OBJECTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=20
)


@settings(deadline=None, max_examples=80)
@given(OBJECTS, ANY, st.sampled_from(["adminPassword", "api-key", "NOVA_TOKEN", "client_secret"]))
def test_of_an_object_every_leaf_that_is_no_secret_stays(around: Any, value: str, key: str) -> None:
    masked = a_masker().object({"kind": "Nova", "around": around, "spec": {key: value, "port": 1}, "last": [around]})
    assert MARK.fullmatch(masked["spec"].pop(key))
    assert masked == {"kind": "Nova", "around": around, "spec": {"port": 1}, "last": [around]}


VALUES = st.dictionaries(
    st.sampled_from(["admin_password", "apiToken", "client-secret", "db_password"]), ANY, min_size=1, max_size=3
)
BESIDE = {"host": "db.example.com", "port": "3306", "note": "all is well"}


def is_kept(parsed: dict[str, Any], secrets: dict[str, str]) -> bool:
    """Whether what was parsed has the same keys, the same other values, and marks for secrets."""
    marks = {key: parsed[key] for key in secrets}
    return {**parsed, **secrets} == {**BESIDE, **secrets} and all(
        MARK.fullmatch(mark.strip()) for mark in marks.values()
    )


@settings(deadline=None, max_examples=60)
@given(VALUES, st.sampled_from([None, '"', "'"]), st.booleans())
def test_masked_yaml_still_parses(secrets: dict[str, str], style: str | None, flow: bool) -> None:
    # Between braces a quote in a value without quotes around it can't be told from one that opens the next value.
    style = '"' if flow and style is None else style
    text = yaml.safe_dump({**secrets, **BESIDE}, default_style=style, default_flow_style=flow, width=10_000)
    assert is_kept(yaml.safe_load(a_masker().text(text.encode())), secrets)


@settings(deadline=None, max_examples=60)
@given(VALUES, st.sampled_from([None, 2]), st.integers(0, 2))
def test_masked_json_still_parses_however_often_it_was_escaped(
    secrets: dict[str, str], indent: int | None, times: int
) -> None:
    text = json.dumps({**secrets, **BESIDE}, indent=indent)
    for _ in range(times):
        text = json.dumps({"inner": text})
    parsed = json.loads(a_masker().text(text.encode()))
    for _ in range(times):
        parsed = json.loads(parsed["inner"])
    assert is_kept(parsed, secrets)


@settings(deadline=None, max_examples=60)
@given(VALUES, st.sampled_from([" = ", "=", ": "]))
def test_masked_ini_still_parses(secrets: dict[str, str], joint: str) -> None:
    text = "[x]\n" + "".join(f"{key}{joint}{value}\n" for key, value in {**secrets, **BESIDE}.items())
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_file(io.StringIO(a_masker().text(text.encode()).decode()))
    assert is_kept(dict(parser["x"]), secrets)


@settings(deadline=None, max_examples=60)
@given(VALUES)
def test_masked_xml_still_parses(secrets: dict[str, str]) -> None:
    inner = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in {**secrets, **BESIDE}.items())
    attributes = " ".join(f"{key}={quoteattr(value)}" for key, value in {**secrets, **BESIDE}.items())
    parsed = ET.fromstring(a_masker().text(f"<x><y {attributes}/><z>{inner}</z></x>".encode()))
    assert is_kept({one.tag: one.text or "" for one in parsed.iterfind("z/*")}, secrets)
    element = parsed.find("y")
    assert element is not None
    assert is_kept(dict(element.attrib), secrets)


@settings(deadline=None, max_examples=60)
@given(VALUES)
def test_masked_shell_still_parses(secrets: dict[str, str]) -> None:
    names = {key: key.upper().replace("-", "_") for key in secrets}
    exports = [f"export {names[key]}={shlex.quote(value)}" for key, value in secrets.items()]
    options = " ".join(f"--{key} {shlex.quote(value)}" for key, value in secrets.items())
    text = "\n".join([*exports, f"openstack --debug {options} server list"]) + "\n"
    *set_before, run = a_masker().text(text.encode()).decode().splitlines()
    for line, name in zip(set_before, names.values(), strict=True):
        assert re.fullmatch(rf"{name}={MARK.pattern}", shlex.split(line)[1])
    words = shlex.split(run)
    assert words[:2] + words[-2:] == ["openstack", "--debug", "server", "list"]
    assert words[2:-2:2] == [f"--{key}" for key in secrets]
    assert all(MARK.fullmatch(word) for word in words[3:-2:2])


@pytest.mark.parametrize("piece", [b"a", b"password=", b"secret ", b"-----BEGIN PRIVATE KEY----- ", b"\\n", b"QUJD"])
def test_a_line_of_any_length_is_masked_in_bounded_memory(piece: bytes) -> None:
    stream = a_masker().stream()
    block = piece * (65_536 // len(piece))
    for _ in range(8):
        stream.feed(block)
    tracemalloc.start()
    written = sum(len(stream.feed(block)) for _ in range(16))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert written
    assert peak < 16_000_000
