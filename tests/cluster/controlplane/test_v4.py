"""The OpenStack side where the API server speaks only v4 of exec, as OpenShift 4.16's does: stdin never ends there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from omg.tasks.databases import is_whole
from tests.cluster.controlplane.client import processes_with, programs
from tests.cluster.controlplane.conftest import Plane, outcomes
from tests.cluster.controlplane.objects import ROOT_PASSWORD
from tests.cluster.testbed.keystone import Keystone
from tests.cluster.testbed.mariadb import MISSING, MariaDB
from tests.cluster.testbed.services import Services

ONLY_V4 = "--feature-gates=TranslateStreamCloseWebsocketRequests=false"


@pytest.fixture(scope="module")
def v4(plane: Plane) -> Iterator[Plane]:
    plane.cluster.restart_apiserver(ONLY_V4)
    yield plane
    plane.cluster.restart_apiserver()


def test_the_clients_session_runs_every_command_and_ends(v4: Plane, bootstrapped: Keystone, tmp_path: Path) -> None:
    bootstrapped.start()
    with Services() as services:
        made = bootstrapped.register(services.catalogue(("nova", "placement")))
        v4.serve(programs(bootstrapped, services, tmp_path / "pids"))
        try:
            gathered = v4.gather("v4-status", "openstack_status", ITEM_TIMEOUT="120s")
        finally:
            bootstrapped.remove(made)
    found = outcomes(gathered, "openstack_status")
    assert found["driver"] == ("collected", "")
    assert {found[f"placement/{file}"][0] for file in ("trait_list", "resource_class_list")} == {"collected"}
    assert processes_with(f"OS_AUTH_URL={bootstrapped.environment['OS_AUTH_URL']}") == []


@pytest.mark.skipif(bool(MISSING), reason=f"needs mariadb-server: {', '.join(MISSING)}")
def test_a_password_reaches_the_server_and_the_dump_is_whole(v4: Plane, tmp_path: Path) -> None:
    with MariaDB(tmp_path) as server:
        server.run(f"CREATE DATABASE nova; SET PASSWORD FOR root@localhost = PASSWORD('{ROOT_PASSWORD}');")
        clients = {"mysql": server.client("mariadb"), "mysqldump": server.client("mariadb-dump")}
        v4.serve({**clients, "sh": 'exec /bin/sh "$@"\n'})
        gathered = v4.gather("v4-dump", "databases", OPENSTACK_DATABASES="nova", FILTER_DB_CELLS="1")
    assert gathered.code == 0, gathered.explain()
    assert is_whole((gathered.root / "dbs/openstack/openstack-galera-0-nova.sql").read_bytes()[-200:])
