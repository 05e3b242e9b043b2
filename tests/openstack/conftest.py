"""A pod that has the client, as far as its environment goes."""

import sys
from pathlib import Path

import pytest

from tests.openstack import stub


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of the pod; python3 is the Python of the tests."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    packages = stub.install(tmp_path / "packages")
    return {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "PYTHONPATH": str(packages), "HOME": str(tmp_path / "home")}
