"""The image, built once for the session, beside the real cluster."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.accounts import ServiceAccount
from tests.cluster.conftest import cluster, corpus, place
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.image.pods import Pod
from tests.image.storage import Container, Storage

__all__ = ["cluster", "corpus", "place"]

HERE = Path(__file__).parent
VERSION = "1.2.3-of-the-image"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the real cluster, and buildah."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.cluster)
            item.add_marker(pytest.mark.image)


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    made = Storage(tmp_path_factory.mktemp("storage"))
    yield made
    made.remove()


@pytest.fixture(scope="session")
def base_image(storage: Storage) -> str:
    return storage.import_base("localhost/omg-base")


@pytest.fixture(scope="session")
def image(storage: Storage, base_image: str) -> str:
    return storage.build("localhost/omg", base=base_image, arguments={"OS_GIT_VERSION": VERSION})


@pytest.fixture(scope="session")
def container(storage: Storage, image: str) -> Container:
    return storage.container(image)


@pytest.fixture(scope="session")
def account(cluster: Cluster) -> Iterator[ServiceAccount]:
    """The account of must-gather's pod with the rights that oc gives it."""
    account = ServiceAccount(cluster, "openshift-must-gather-x2x4b", "default")
    account.create()
    with account.is_cluster_admin():
        yield account


@pytest.fixture
def new_pod(container: Container, account: ServiceAccount, tmp_path: Path) -> Callable[..., Pod]:
    numbers = itertools.count()

    def new(**options: str) -> Pod:
        return Pod(container, account, tmp_path / f"pod-{next(numbers)}", **options)  # type: ignore[arg-type]

    return new


@pytest.fixture(scope="session")
def local(account: ServiceAccount, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """A gather by the same account from the machine itself."""
    directory = tmp_path_factory.mktemp("local")
    account.write_kubeconfig(directory / "kubeconfig")
    return Place(directory / "kubeconfig", directory).gather("tree", user=account.name)
