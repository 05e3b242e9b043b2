"""Passwords that people put together of words are learned, names of things are not: the key and its spelling tell."""

import pytest

from omg.masking import Masker


def learned(key: str, value: str) -> bool:
    masker = Masker(b"k" * 32)
    masker.learn([{"kind": "Secret", "metadata": {"name": "x"}, "stringData": {key: value}}])
    return value.encode() in set(masker.learned_values())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NovaPassword", "Zq7-from-the-secret-9vXw"),
        ("note", "Zq7-from-the-secret-9vXw"),
        ("secret", "Kp4-of-the-second-plane-77Ls"),
        ("password", "planted-secret-value-0001"),
        ("admin_token", "nova-metadata-shared"),
        ("note", "vniPBGua6u0wSL"),
        ("token", "TH:6_7gID6U4"),
        ("note", "608496486736312227da"),
        ("note", "96e25696-1308-4fb3-9c96-ecc91c1fda41"),
        ("note", "00f7984c351d31caa785"),
    ],
)
def test_what_somebody_thought_up_is_learned(key: str, value: str) -> None:
    assert learned(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("password", "keystone-internal"),
        ("secret", "nova-api-secret"),
        ("transportURLSecret", "rabbitmq-transport-url-nova-api-transport"),
        ("credentials", "openstack-galera-root-db"),
        ("password", "IPv4-address"),
        ("note", "openstack-galera-root-db"),
        ("host", "nova-api-0.openstack.svc"),
    ],
)
def test_what_names_a_thing_is_not(key: str, value: str) -> None:
    assert not learned(key, value)
