import pytest

from omg.tasks.config_maps import is_of_a_service
from omg.tasks.secrets import is_configuration, services_of


def secret(name: str, kind: str = "Opaque") -> dict[str, object]:
    return {"metadata": {"name": name}, "type": kind}


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("nova-config-data", "Opaque", True),
        ("NOVA-config", "Opaque", True),
        ("nova-token-x7", "Opaque", False),
        ("nova", "kubernetes.io/service-account-token", False),
        ("nova-dockercfg-1", "kubernetes.io/dockercfg", False),
        ("osp-secret", "Opaque", False),
    ],
)
def test_service_secrets_are_kept_but_tokens_and_registry_keys_are_not(name: str, kind: str, kept: bool) -> None:
    assert is_configuration(secret(name, kind)) is kept


def test_a_secret_belongs_to_every_service_in_its_name() -> None:
    assert services_of(secret("rabbitmq-cinder-user")) == ("rabbitmq", "cinder")


def test_a_config_map_is_matched_by_its_name_only() -> None:
    assert is_of_a_service({"metadata": {"name": "openstack-Nova-scripts"}})
    assert not is_of_a_service({"metadata": {"name": "scripts"}, "data": {"nova": "x"}})
