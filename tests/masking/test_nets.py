import json
from importlib.resources import files

import pytest

from omg.masking import Masker
from tests.masking.planting import Case, cases, secret_of

KEY = b"k" * 32
ALL = cases(seed=3)


def masked(case: Case, nets: frozenset[int]) -> str:
    masker = Masker(KEY, nets=nets)
    if case.net == 3:
        masker.learn([secret_of(case.secret)])
    return masker.text(case.text.encode()).decode()


def test_there_are_enough_of_them() -> None:
    assert len(ALL) >= 500


@pytest.mark.parametrize("net", [1, 2, 3])
def test_every_planted_secret_of_a_net_is_hidden(net: int) -> None:
    masker = Masker(KEY)
    masker.learn(secret_of(case.secret) for case in ALL if case.net == 3 and not case.place.startswith("base64"))
    came_through = []
    for case in (one for one in ALL if one.net == net):
        one = masker
        if case.place.startswith("base64"):
            continue
        result = one.text(case.text.encode()).decode()
        if case.secret in result:
            came_through.append((case.place, case.text, result))
    assert came_through == []


@pytest.mark.parametrize("net", [1, 2, 3])
def test_a_net_that_is_off_lets_its_secrets_through(net: int) -> None:
    others = frozenset({1, 2, 3} - {net})
    through = [case for case in ALL if case.net == net and case.secret in masked(case, others)]
    assert through


@pytest.mark.parametrize(
    "text",
    [
        "secret: osp-secret",
        "secretName: nova-config-data",
        "passwordSelectors: {service: NovaPassword}",
        "passwords_file = /etc/nova/passwords",
        "token expired for user 42",
        "GET http://nova.openstack.svc:8774/v2.1/servers?x=a@b HTTP/1.1",
        "user = nova\nhost = db.example.org\nport = 3306",
        "key: nova.conf",
        "token_expiration = 3600",
        "password_regex_description = at least eight characters",
        "the basic authentication of keystone",
        "bearer token was refused",
        "[keystone_authtoken]\nauth_url = https://keystone:5000\nauth_type = password",
        "os-password is deprecated",
        "image: quay.io/openstack/nova-api@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "req-2d0c2a3e-9c52-4f5e-8b5a-2f4c6de3a6a0 instance 5b0cf3a1-92a5-4f5b-9a55-2f4c6de3a6a0 started",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Masker(KEY).text(text.encode()).decode() == text


OPENSTACK = sorted(json.loads((files("omg.masking") / "data" / "openstack.json").read_text())["options"])
KUBERNETES = json.loads((files("omg.masking") / "data" / "kubernetes.json").read_text())
DRAWN = "Zk3x9QwLmT8r"


@pytest.mark.parametrize("name", OPENSTACK)
def test_every_option_that_a_service_calls_secret_is_hidden_in_its_configuration(name: str) -> None:
    masked = Masker(KEY).text(f"[DEFAULT]\nhost = a\n{name} = {DRAWN}\nport = 1\n".encode()).decode()
    assert DRAWN not in masked
    assert masked.startswith(f"[DEFAULT]\nhost = a\n{name} = __hidden_")
    assert masked.endswith("__\nport = 1\n")


@pytest.mark.parametrize("name", sorted({name for names in KUBERNETES["secret"].values() for name in names}))
def test_every_key_that_is_known_to_hold_a_secret_is_hidden_however_it_is_spelled(name: str) -> None:
    masker = Masker(KEY)
    for spelled in (name, name.upper(), name.replace("_", "-")):
        assert DRAWN not in str(masker.object({"spec": {spelled: DRAWN}}))
        assert DRAWN not in masker.text(f"a:\n  {spelled}: {DRAWN}\n".encode()).decode()


@pytest.mark.parametrize("name", sorted({name for names in KUBERNETES["reference"].values() for name in names}))
def test_what_only_names_a_secret_stays(name: str) -> None:
    masker = Masker(KEY)
    thing = {"spec": {name: "nova-rabbitmq-user-8xk2p"}}
    assert masker.object(thing) == thing
    text = f"a:\n  {name}: nova-rabbitmq-user-8xk2p\n".encode()
    assert masker.text(text) == text
