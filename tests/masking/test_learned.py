import base64
import gzip
import json
import random
import threading

import pytest

from omg.masking import Masker
from omg.masking.values import PIECE

KEY = b"k" * 32
X = "ohx4aishee"
"""A password as pwgen draws one: small letters and a digit."""

DRAWN = "Zk3x9QwLmT8r"


def a_secret(data: dict[str, str | bytes], name: str = "s", kind: str = "Opaque") -> dict[str, object]:
    encoded = {
        key: base64.b64encode(value.encode() if isinstance(value, str) else value).decode()
        for key, value in data.items()
    }
    return {"kind": "Secret", "type": kind, "metadata": {"name": name}, "data": encoded}


def after(data: dict[str, str | bytes], text: str, **about: str) -> str:
    """A text, masked by a masker that has learned one Secret."""
    masker = Masker(KEY)
    masker.learn([a_secret(data, **about)])
    return masker.text(text.encode()).decode()


def in_a_log(value: str) -> str:
    return f"2026-01-01 10:00:00 INFO nova.compute [-] so {value} it was\n"


TEXTS = {
    "clouds.yaml": f"clouds:\n  default:\n    auth:\n      password: {X}\n      username: admin\n",
    "ini": f"[keystone_authtoken]\nusername = nova\npassword = {X}\n",
    "ini beside a certificate": (
        "ca =\n-----BEGIN CERTIFICATE-----\nMIIBqjCCAVGgAwIBAgIUZk3x9QwLmT8r\n-----END CERTIFICATE-----\n"
        f"password = {X}\n"
    ),
    "value with a comment": f"password = {X} # changed last week\nhost = db\n",
    "continued": f"tokens =\n    {DRAWN}\n    {X}\nhost = db\n",
    "yaml block": f"auth:\n  db_password: |\n    {X}\n  user: x\n",
    "yaml list": f"api_tokens:\n- {X}\n- {DRAWN}\n",
    "yaml name and value": f"env:\n- name: DB_PASSWORD\n  value: {X}\n",
    "json": json.dumps({"db": {"admin_password": X}, "port": 1}),
    "json lines": f'{{"password": "{X}"}}\n{{"host": "db"}}\n',
    "json in json": json.dumps({"config": json.dumps({"password": X})}),
    "url": f"transport_url = rabbit://nova:{X}@h1:5672,nova:{X}@h2:5672/\n",
    "dsn": f"host=db user=nova password={X} dbname=nova",
    "shell": f"#!/bin/sh\nexport OS_PASSWORD='{X}'\nopenstack token issue\n",
    "command": f"mysql -uroot -p{X} -e 'select 1'\n",
    "netrc": f"machine h login u password {X}\n",
    "xml": f"<config><password>{X}</password><host>db</host></config>",
    "php": f"<?php\n$conf['password'] = '{X}';\n",
    "bind": f'key "rndc-key" {{\n\talgorithm hmac-sha256;\n\tsecret "{DRAWN}{DRAWN}=="; # {X}\n}};\npassword {X}\n',
    "inventory": f"compute-0 ansible_host=10.0.0.1 ansible_ssh_pass={X} ansible_port=22\n",
    "ignition": json.dumps({"storage": {"files": [{"contents": {"source": f"data:,password%3D{X}%0A"}}]}}),
    "memcached": f"user:{X}\nother:{DRAWN}\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_secret_holds_is_hidden_in_prose(name: str) -> None:
    masked = after({name.replace(" ", "-"): TEXTS[name]}, in_a_log(X))
    assert X not in masked
    assert masked.startswith("2026-01-01 10:00:00 INFO nova.compute [-] so __hidden_")


@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        base64.b64encode,
        lambda text: base64.b64encode(gzip.compress(text)),
        lambda text: base64.b64encode(base64.b64encode(gzip.compress(text))),
        lambda text: b"\xff\xfe" + text.decode().encode("utf-16-le"),
    ],
)
def test_what_is_packed_in_a_secret_is_learned(pack: object) -> None:
    assert callable(pack)
    assert X not in after({"config": pack(f"[db]\npassword = {X}\nhost = db\n".encode())}, in_a_log(X))


def test_a_helm_release_teaches_what_is_in_it_and_not_itself() -> None:
    release = json.dumps(
        {"name": "x", "config": {"auth": {"rootPassword": X}}, "info": {"notes": "all is well"}}
    ).encode()
    packed = base64.b64encode(gzip.compress(release))
    masked = after({"release": packed}, in_a_log(X) + in_a_log("all is well"), kind="helm.sh/release.v1")
    assert X not in masked
    assert "all is well" in masked


@pytest.mark.parametrize("key", ["foo", "value", "AdminPassword"])
@pytest.mark.parametrize(
    "value",
    [
        X,
        DRAWN,
        "e3dd766eb559",
        "p@ss:w/rd#873!",
        "horse window bridge marble",
        "correct-horse-battery-staple",
        "P@ssw0rd@2024",
    ],
)
def test_a_whole_value_is_learned_whatever_its_key_is(key: str, value: str) -> None:
    assert value not in after({key: value}, in_a_log(value))


@pytest.mark.parametrize("value", ["redhat151", "qxzvbnmk", "5oxa2s.2futxb.8nh9xj", "my Secret pass 42", "Пароль-2640"])
def test_under_a_telling_key_weak_values_are_learned_too(value: str) -> None:
    assert value not in after({"AdminPassword": value}, in_a_log(value))


def test_of_a_value_that_is_learned_late_nothing_stays_where_a_part_reads_like_a_password() -> None:
    value = "BIXwjL+n]pSK=f#w4k"
    masker = Masker(KEY)
    early = masker.text(in_a_log(value).encode())
    assert b"BIXwjL" in early, "the test needs a value of which one part is hidden before it is known"
    masker.learn([a_secret({"AdminPassword": value})])
    assert b"BIXwjL" not in masker.text(early)


@pytest.mark.parametrize("value", ["nova_api_password=ohx4aishee", "--os-password=ohx4aishee", "cloudadmin:ohx4aishee"])
def test_the_name_before_a_password_is_not_learned(value: str) -> None:
    text = in_a_log("nova_api_password, --os-password and cloudadmin were read;")
    assert after({"credentials": value}, text) == text


KEPT = {
    "database_hostname": "openstack.openstack.svc",
    "hosts": "compute-0.ctlplane.example.com,compute-1.ctlplane.example.com",
    "AdminUser": "CloudAdmin01",
    "rabbit_user": "default_user_x9",
    "fsid": "2137fe5f-cb47-559f-4b08-be312c4c048f",
    "rbd_secret_uuid": "f20d9049-bc1c-0b51-df21-fd5cca0a3318",
    "project_id": "58035ec3e66df363feadb3a1b1aaaff3",
    "secret": "rabbitmq-transport-url-nova",
    "password": "administrator",
    "token": "12345678901",
    "AdminPassword": "openstack",
    "region": "regionOne",
    "value": "nova-cell1-conductor",
    "path": "/etc/pki/tls/private/tls.key",
    "version": "18.0.4-20250101",
    "address": "172.17.0.80:6641",
    "note": "role:admin and system_scope:all",
}


@pytest.mark.parametrize("key", KEPT)
def test_names_words_and_measures_are_not_learned(key: str) -> None:
    assert after({key: KEPT[key]}, in_a_log(KEPT[key])) == in_a_log(KEPT[key])


def test_public_certificates_are_not_learned_and_keys_are() -> None:
    certificate = "-----BEGIN CERTIFICATE-----\nMIIDBjCCAe6gAwIBAgIRAKqr9Zz5hQx\n-----END CERTIFICATE-----\n"
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n"
    masked = after(
        {"tls.crt": certificate, "tls.key": key, "both": certificate + key}, certificate + in_a_log(key[28:60])
    )
    assert certificate in masked
    assert "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" not in masked


def test_a_long_value_is_learned_in_parts() -> None:
    long = "".join(f"{number:05d}xQ" for number in range(1500))
    raw = bytes(number * 7 % 256 for number in range(9000))
    masked = after({"token": long, "keystore.p12": raw}, in_a_log(long) + in_a_log(base64.b64encode(raw).decode()))
    assert long[:3000] not in masked
    assert long[3072:6100] not in masked
    assert len(masked) < 1000


def test_aliases_that_stand_for_very_many_leaves_end() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]\n"
        for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    assert X not in after({"bomb.yaml": bomb, "password": X}, in_a_log(X))


def test_a_masker_that_rests_hides_the_same_with_less_memory() -> None:
    chance = random.Random(5)
    values = [base64.b64encode(chance.randbytes(12)).decode() for _ in range(2 * PIECE + 10)]
    held = {"metadata": {"name": "many-passwords", "namespace": "x"}}
    masker = Masker(b"k" * 32)
    masker.learn([held | {"data": {str(n): base64.b64encode(one.encode()).decode() for n, one in enumerate(values)}}])
    shown = [values[0], values[PIECE], values[-1], base64.b64encode(f"ab{values[7]}c".encode()).decode()]
    text = "".join(f"saw {one} here\n" for one in shown).encode()
    masked = masker.text(text)
    assert masked.count(b"__hidden_") == len(shown)
    masker.rest()
    assert masker.text(text) == masked


def test_what_was_learned_is_hidden_while_more_is_learned() -> None:
    masker, over = Masker(b"k" * 32), threading.Event()
    masker.learn([a_secret({"password": DRAWN})])
    seen: list[bytes] = []

    def mask() -> None:
        while not over.is_set():
            seen.append(masker.text(b"saw %s here\n" % DRAWN.encode()))

    threads = [threading.Thread(target=mask) for _ in range(2)]
    for one in threads:
        one.start()
    for number in range(40):
        masker.learn([a_secret({"password": f"{DRAWN}{number}"}, name=str(number))])
        masker.text(b"and now\n")
    over.set()
    for one in threads:
        one.join()
    assert len(seen) > 40
    assert not any(DRAWN.encode() in one for one in seen)
