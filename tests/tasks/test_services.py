from omg.tasks.services import SERVICES, matching_services


def test_a_name_matches_every_service_it_contains_whatever_the_case() -> None:
    assert matching_services("Cinder-RabbitMQ-config") == ("rabbitmq", "cinder")
    assert matching_services("kube-root-ca.crt") == ()


def test_each_service_stands_once() -> None:
    assert len(set(SERVICES)) == len(SERVICES) == 27
