"""The image, built once for the session, beside the real cluster."""

import itertools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.accounts import ServiceAccount
from tests.cluster.conftest import cluster, corpus, place
from tests.cluster.gathers import Gathered, Place
from tests.cluster.testbed.cluster import Cluster
from tests.image.chroot import Chroot, Tree
from tests.image.pods import Pod
from tests.image.storage import Container, Storage, base

__all__ = ["cluster", "corpus", "place"]

WITHOUT_BUILDAH = "OMG_IMAGE_WITHOUT_BUILDAH"
"""A variable that, set, makes the tests do without it."""

trouble: list[str] = []
"""What could not be tried on this machine, for the end of the session."""

HERE = Path(__file__).parent
VERSION = "1.2.3-of-the-image"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the real cluster, and buildah."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.cluster)
            item.add_marker(pytest.mark.image)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say it where nobody can miss it."""
    for line in trouble:
        terminalreporter.write_line(f"IMAGE: {line}", red=True, bold=True)


def why_no_base() -> str:
    """What keeps a base from being made: the machine's tools or its network; empty where it is there."""
    try:
        base()
    except (OSError, subprocess.SubprocessError) as error:
        return f"no base could be made: {str(error)[-300:]}"
    return ""


def why_not_buildah(directory: Path) -> str:
    """What keeps buildah from working on this machine; empty where it works."""
    if os.environ.get(WITHOUT_BUILDAH):
        return f"{WITHOUT_BUILDAH} is set"
    if problem := why_no_base():
        return problem
    missing = [name for name in ("buildah", "rsync") if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} is not installed"
    storage = Storage(directory)
    try:
        container = storage.container(storage.import_base("localhost/omg-try"))
        subprocess.run(
            container.command(["/bin/true"], volumes={}, env={}), capture_output=True, timeout=60, check=True
        )
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        return f"buildah does not work here: {str(error)[-300:]}"
    storage.buildah("rm", "--all")
    return ""


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage | Chroot]:
    directory = tmp_path_factory.mktemp("storage")
    made: Storage | Chroot = Storage(directory)
    if reason := why_not_buildah(directory):
        can_mount = os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0
        if not can_mount or why_no_base():
            trouble.append(f"NOT TRIED AT ALL: {reason}, and chroot doesn't either.")
            pytest.skip(reason)
        trouble.append(f"built and run by chroot, not as a container: {reason}.")
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        made = Chroot(directory)
    yield made
    made.remove()


@pytest.fixture(scope="session")
def base_image(storage: Storage | Chroot) -> str:
    return storage.import_base("localhost/omg-base")


@pytest.fixture(scope="session")
def image(storage: Storage | Chroot, base_image: str) -> str:
    return storage.build("localhost/omg", base=base_image, arguments={"OS_GIT_VERSION": VERSION})


@pytest.fixture(scope="session")
def container(storage: Storage | Chroot, image: str) -> Container | Tree:
    return storage.container(image)


@pytest.fixture(scope="session")
def account(cluster: Cluster) -> Iterator[ServiceAccount]:
    """The account of must-gather's pod with the rights that oc gives it."""
    account = ServiceAccount(cluster, "openshift-must-gather-x2x4b", "default")
    account.create()
    with account.is_cluster_admin():
        yield account


@pytest.fixture
def new_pod(container: Container | Tree, account: ServiceAccount, tmp_path: Path) -> Callable[..., Pod]:
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
