from omg.tasks.databases import dumps
from omg.tasks.pods import Pod


def server(name: str, *, app: str = "galera", index: str = "0") -> Pod:
    labels = {"app": app, "apps.kubernetes.io/pod-index": index}
    return Pod("openstack", name, "worker-1", True, labels, False, ())


SERVERS = (
    server("openstack-galera-0"),
    server("openstack-galera-1", index="1"),
    server("openstack-cell1-galera-0"),
    server("memcached-0", app="memcached"),
)


def test_each_database_is_dumped_from_the_first_pod_of_each_galera_cluster() -> None:
    assert [one.file for one in dumps(SERVERS, ["nova", "glance"], leave_cells_out=False)] == [
        "openstack-galera-0-nova.sql",
        "openstack-galera-0-glance.sql",
        "openstack-cell1-galera-0-nova.sql",
        "openstack-cell1-galera-0-glance.sql",
    ]


def test_the_cells_are_left_out_where_that_is_wanted() -> None:
    assert [str(one) for one in dumps(SERVERS, ["nova"], leave_cells_out=True)] == ["openstack/openstack-galera-0/nova"]


def test_all_stands_for_every_other_name() -> None:
    assert [one.file for one in dumps(SERVERS, ["nova", "All"], leave_cells_out=True)] == [
        "openstack-galera-0-openstack_databases.sql"
    ]


def test_no_name_is_no_dump() -> None:
    assert list(dumps(SERVERS, [], leave_cells_out=False)) == []
