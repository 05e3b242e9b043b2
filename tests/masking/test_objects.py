import base64
import gzip
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from omg.masking import Masker
from omg.masking.learned import worth_learning

KEY = b"k" * 32
DRAWN = "Zk3x9QwLmT8r"
MARK = r"__hidden_[A-Z2-7]{8}__"


def encoded(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def a_secret(**data: str | bytes) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "metadata": {"name": "s", "namespace": "n", "resourceVersion": "1"},
        "data": {key: encoded(value) for key, value in data.items()},
    }


def shown(masked: dict[str, Any], key: str) -> str:
    return base64.b64decode(masked["data"][key]).decode()


CONF = "[database]\nconnection = mysql+pymysql://nova:Tq7xLm29Zr@db/nova\nhost = db\n[x]\npassword = Wk39xLqP2v\n"


def test_a_secret_keeps_its_keys_and_its_configuration_but_no_value() -> None:
    masked = Masker(KEY).object(a_secret(NovaPassword="Xk29slqPw8", blob=b"\xff\x00\xfe" * 9, **{"01.conf": CONF}))
    assert list(masked["data"]) == ["NovaPassword", "blob", "01.conf"]
    assert shown(masked, "NovaPassword").startswith("__hidden_")
    assert shown(masked, "blob").startswith("__hidden_")
    conf = shown(masked, "01.conf")
    assert "host = db\n" in conf
    assert "Tq7xLm29Zr" not in conf
    assert "Wk39xLqP2v" not in conf
    assert "mysql+pymysql://nova:__hidden_" in conf


def test_a_public_certificate_stays_and_a_private_key_does_not() -> None:
    pem = "-----BEGIN {0}-----\nMIIDdzCCAl+gAwIBAgIEAgAAuT\n-----END {0}-----\n"
    masked = Masker(KEY).object(
        a_secret(**{"tls.crt": pem.format("CERTIFICATE"), "tls.key": pem.format("PRIVATE KEY")})
    )
    assert shown(masked, "tls.crt") == pem.format("CERTIFICATE")
    assert "MIID" not in shown(masked, "tls.key")


def test_string_data_and_a_copy_in_an_annotation_are_hidden_however_nested() -> None:
    inner = {"kind": "Secret", "stringData": {"p": "Zx81kdLq"}, "data": {"q": encoded("Yw72mdKp")}}
    copy = json.dumps({"kind": "List", "items": [inner]})
    masked = Masker(KEY).object(
        {
            "kind": "ConfigMap",
            "metadata": {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": copy}},
            "template": inner,
        }
    )
    text = json.dumps(masked)
    assert "Zx81kdLq" not in text
    assert encoded("Yw72mdKp") not in text
    assert "Zx81kdLq" not in json.dumps(masked["template"])
    assert isinstance(json.loads(masked["metadata"]["annotations"].popitem()[1]), dict)


def test_values_of_a_secret_are_hidden_wherever_they_turn_up() -> None:
    masker = Masker(KEY)
    assert masker.learn([a_secret(password="Xk29slqPw8", conf=CONF)]).added >= 3
    masked = masker.object({"kind": "Pod", "spec": {"note": "it is Xk29slqPw8", "b": encoded("aXk29slqPw8b")}})
    assert "Xk29slqPw8" not in json.dumps(masked)
    assert encoded("aXk29slqPw8b")[4:12] not in json.dumps(masked)
    assert b"Wk39xLqP2v" not in masker.text(b"seen Wk39xLqP2v there")


def test_environment_arguments_and_lists_under_a_key_are_places() -> None:
    masked = Masker(KEY).object(
        {
            "kind": "Pod",
            "env": [{"name": "DB_PASSWORD", "value": "abc12"}, {"name": "DB_HOST", "value": "db"}],
            "args": ["--os-password", "abc12", "--debug", "--token=abc12"],
            "params": {"token": ["abc12"]},
            "adminPassword": 12345678,
            "secretName": "nova-config",
            "passwordSelectors": {"service": "NovaPassword"},
        }
    )
    assert "abc12" not in json.dumps(masked)
    assert "12345678" not in json.dumps(masked)
    assert masked["env"][1]["value"] == "db"
    assert masked["secretName"] == "nova-config"
    assert masked["passwordSelectors"] == {"service": "NovaPassword"}


@pytest.mark.parametrize("dump", [json.dumps, lambda value: json.dumps(value, indent=2), yaml.safe_dump])
def test_a_language_inside_a_string_still_parses_and_keeps_what_is_no_secret(dump: Any) -> None:
    config = {"user": "nova", "password": "abc12xyz", "list": [1, {"token": "zzz999zz"}]}
    masked = Masker(KEY).object({"kind": "ConfigMap", "data": {"config": dump(config)}})
    back = yaml.safe_load(masked["data"]["config"])
    assert back["user"] == "nova"
    assert back["password"].startswith("__hidden_")
    assert back["list"][1]["token"].startswith("__hidden_")


def test_a_secret_that_was_not_learned_is_learned_before_it_is_written() -> None:
    masker = Masker(KEY)
    secret = a_secret(password="Xk29slqPw8")
    assert not masker.knows(secret)
    masker.object(secret)
    assert masker.knows(secret)
    assert b"Xk29slqPw8" not in masker.text(b"Xk29slqPw8")
    secret["metadata"]["resourceVersion"] = "2"
    assert not masker.knows(secret)


def test_the_argument_is_not_changed_and_masking_twice_is_masking_once() -> None:
    masker = Masker(KEY)
    secret = a_secret(password="Xk29slqPw8", **{"a.conf": CONF})
    before = json.dumps(secret)
    once = masker.object(secret)
    assert json.dumps(secret) == before
    assert masker.object(once) == once


@pytest.mark.parametrize(
    ("value", "sensitive", "expected"),
    [
        ("Xk29slqPw8", False, True),
        ("short", True, False),
        ("openstack", False, False),
        ("nova-cell0-conductor", False, False),
        ("mariadb.openstack.svc", False, False),
        ("/etc/nova/nova.conf", True, False),
        ("12345678901", True, False),
        ("true", True, False),
        ("correct-horse-battery-staple", True, True),
        ("10.0.0.1", True, False),
        ("0d0faf625fdb025298671f092c69fcea6acc3077", False, True),
        ("x" * 5000, True, False),
    ],
)
def test_only_values_worth_it_are_learned(value: str, sensitive: bool, expected: bool) -> None:
    assert worth_learning(value, tells=sensitive) is expected


def test_what_a_docker_config_a_url_an_htpasswd_and_a_key_hold_is_learned() -> None:
    masker = Masker(KEY)
    auth = encoded("user:Hq38xLmPq2")
    masker.learn(
        [
            a_secret(**{".dockerconfigjson": json.dumps({"auths": {"r": {"auth": auth}}})}),
            a_secret(url="rabbit://u:Jw84mxPq@h1,u:Lp29xkQm@h2/"),
            a_secret(auth="admin:$apr1$x8Kq$Pq8Lm2xT9Zk3x9QwLmT8r0"),
            a_secret(**{"ssh-privatekey": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END"}),
            {
                "kind": "Secret",
                "type": "helm.sh/release.v1",
                "metadata": {"name": "h"},
                "data": {"release": encoded("Qx82mdLp")},
            },
            {"kind": "Secret", "metadata": {"name": "bad"}, "data": {"x": 5}, "stringData": {"password": "Vx93kdPq"}},
        ]
    )
    text = masker.text(f"Hq38xLmPq2 {auth} Jw84mxPq Lp29xkQm b3BlbnNzaC1rZXktdjEA Vx93kdPq Qx82mdLp".encode()).decode()
    assert text.replace("__hidden_", "").count("__") == 6
    assert text.endswith("Qx82mdLp")
    assert masker.value_count >= 6


def test_what_the_cap_leaves_out_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omg.masking.CAP", 1)
    masker = Masker(KEY)
    learned = masker.learn([a_secret(password="Xk29slqPw8", token="Yk29slqPw9")])
    assert (learned.added, learned.left_out, masker.left_out) == (1, 1, 1)


RELEASE = json.dumps(
    {
        "name": "x",
        "config": {"auth": {"rootPassword": DRAWN}},
        "manifest": f"kind: Secret\nstringData:\n  note: {DRAWN}\n",
    }
)


def packed(text: str) -> str:
    return encoded(gzip.compress(text.encode(), mtime=0))


@pytest.mark.parametrize("pack", [encoded, packed, lambda text: encoded(packed(text))])
def test_a_packed_text_is_masked_inside_and_packed_again(pack: Callable[[str], str]) -> None:
    masked = Masker(KEY).object(
        {"kind": "ConfigMap", "data": {"release": pack(RELEASE), "clean": pack("replicas: 3\n" * 9)}}
    )
    assert masked["data"]["clean"] == pack("replicas: 3\n" * 9)
    text = masked["data"]["release"]
    while not text.startswith("{"):
        raw = base64.b64decode(text)
        text = (gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw).decode()
    assert DRAWN not in text
    assert json.loads(text)["name"] == "x"
    assert json.loads(text)["manifest"].startswith("kind: Secret\nstringData:\n  note: __hidden_")


def test_a_packed_text_in_a_line_is_hidden_where_it_holds_a_secret_or_cannot_be_seen() -> None:
    masker = Masker(KEY)
    clean, secret = packed("replicas: 3\nimage: quay.io/x/y:1\n"), packed(f"password: {DRAWN}\n" + "a: b\n" * 9)
    bomb = packed("\0" * 1_000_000)
    masked = masker.text(f"one {clean} two {secret} three {bomb} four {secret[:-9]} five\n".encode()).decode()
    assert re.fullmatch(rf"one {re.escape(clean)} two {MARK} three {MARK} four {MARK} five\n", masked)
    many = masker.text(" ".join([clean] * 12).encode()).decode().split()
    assert many[:8] == [clean] * 8
    assert all(re.fullmatch(MARK, one) for one in many[8:])


def test_arguments_and_pairs_are_hidden_whole_and_options_stay() -> None:
    spec: dict[str, Any] = {
        "args": [
            "--token=acorn pine cliff",
            "--os-password",
            "-" + DRAWN,
            "--os-password",
            "--debug",
            "--connection=http://a:1",
        ],
        "command": ["sh", "-c", f"OS_PASSWORD={DRAWN} openstack token issue"],
        "pairs": [{"key": "admin_password", "value": DRAWN}, {"key": "host", "value": "db"}],
    }
    masked = Masker(KEY).object({"spec": spec})["spec"]
    args = masked["args"]
    assert re.fullmatch(f"--token={MARK}", args[0])
    assert re.fullmatch(MARK, args[2])
    assert args[3:] == spec["args"][3:]
    assert re.fullmatch(f"OS_PASSWORD={MARK} openstack token issue", masked["command"][2])
    assert re.fullmatch(MARK, masked["pairs"][0]["value"])
    assert masked["pairs"][1] == {"key": "host", "value": "db"}


def test_a_short_text_in_base64_is_read_as_well() -> None:
    config_map = {"kind": "ConfigMap", "metadata": {"name": "c"}, "binaryData": {"x": encoded(f"password={DRAWN}\n")}}
    masked = Masker(KEY).object(config_map)["binaryData"]["x"]
    assert re.fullmatch(f"password={MARK}\n", base64.b64decode(masked).decode())


def test_an_argument_is_judged_whole_however_its_option_is_written() -> None:
    arguments = [f"--note=a token {DRAWN}", f"--header=Authorization: Bearer {DRAWN}", "--debug=true"]
    masked = Masker(KEY).object({"spec": {"args": arguments}})["spec"]["args"]
    assert DRAWN not in json.dumps(masked)
    assert masked[2] == "--debug=true"
