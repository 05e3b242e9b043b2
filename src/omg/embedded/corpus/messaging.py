"""What RabbitMQ's and OVN's own tools print."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from omg.embedded.corpus.model import ExecAnswer
from omg.embedded.corpus.objects import OPENSTACK
from omg.embedded.corpus.world import World

QUEUES = ("conductor", "scheduler", "cinder-volume", "cinder-scheduler", "q-plugin", "engine", "notifications.info")
SIDES = {"nb": "OVN_Northbound", "sb": "OVN_Southbound"}


def messaging_answers(world: World) -> Iterator[ExecAnswer]:
    """The answers of rabbitmqctl, of ovn-appctl, and the databases of OVN."""
    for name, stdout in _rabbitmq(world).items():
        yield ExecAnswer(OPENSTACK, "rabbitmq*-server-*", "rabbitmq", ("rabbitmqctl", name), stdout.encode())
    stderr = b"Error:\n{:badrpc, :timeout}\n"
    slow = ("rabbitmqctl", "list_unresponsive_queues")
    yield ExecAnswer(OPENSTACK, "rabbitmq-cell1-server-0", "rabbitmq", (*slow, "--timeout"), b"", stderr, 69)
    for side, database in SIDES.items():
        # The newer images keep their sockets under /tmp.
        folder = "/etc/ovn" if side == "nb" else "/tmp"  # noqa: S108
        socket, pods = f"{folder}/ovn{side}_db.ctl", f"ovsdbserver-{side}-*"
        other = f"{'/tmp' if side == 'nb' else '/etc/ovn'}/ovn{side}_db.ctl"  # noqa: S108
        missing = f'ovn-appctl: cannot connect to "{other}" (No such file or directory)\n'.encode()
        yield ExecAnswer(OPENSTACK, pods, "*", ("ovn-appctl", "-t", other), b"", missing, 1)
        yield ExecAnswer(OPENSTACK, pods, "*", ("test", "-e", other), exit_code=1)
        yield ExecAnswer(OPENSTACK, pods, "*", ("test", "-e", socket))
        yield ExecAnswer(OPENSTACK, pods, "*", ("ls", other), b"", f"ls: cannot access '{other}'\n".encode(), 2)
        yield ExecAnswer(OPENSTACK, pods, "*", ("ls", socket), f"{socket}\n".encode())
        status = _cluster_status(world, side, database)
        yield ExecAnswer(OPENSTACK, pods, "*", ("ovn-appctl", "-t", socket, "cluster/status", database), status)
        yield ExecAnswer(OPENSTACK, pods, "*", ("cat", f"/etc/ovn/ovn{side}_db.db"), _database(world, database))


def _rabbitmq(world: World) -> dict[str, str]:
    queues = "".join(f"{name}\t{at * 3}\n{name}.hostgroup\t0\n" for at, name in enumerate(QUEUES))
    peers = "".join(f"default_user_cWfkq\t10.128.{at % 4}.{at + 20}\t{43000 + at}\trunning\n" for at in range(30))
    where = "exec rabbitmqctl list_policies"
    key = world.plants.plant(world.draw(where).word(20), "shape", where)
    policy = f'/\tfederate\t.*\tall\t{{"uri":"amqps://federation:{key}@rabbit.site-b.example.com:5671"}}\t0\n'
    nodes = "\n".join(f"rabbit@rabbitmq-server-{at}.rabbitmq-nodes.openstack" for at in range(3))
    node = "node rabbit@rabbitmq-server-0 ..."
    columns = "vhost\tname\tpattern\tapply-to\tdefinition\tpriority"
    return {
        "status": f"Status of {node}\nRuntime\n\nOS PID: 21\nRabbitMQ version: 3.12.14\n{nodes}\n",
        "cluster_status": f"Cluster status of {node}\nBasics\n\nRunning Nodes\n\n{nodes}\n",
        "list_queues": f"Timeout: 60.0 seconds ...\nListing queues for vhost / ...\nname\tmessages\n{queues}",
        "list_connections": f"Listing connections ...\nuser\tpeer_host\tpeer_port\tstate\n{peers}",
        "list_policies": f'Listing policies for vhost "/" ...\n{columns}\n{policy}',
        "list_unresponsive_queues": "Timeout: 60.0 seconds ...\nListing unresponsive queues for vhost / ...\n",
    }


def _cluster_status(world: World, side: str, database: str) -> bytes:
    draw = world.draw("raft", side)
    domain = "openstack.svc.cluster.local:6643"
    servers = "".join(
        f"    {draw.hexadecimal(4)} ({draw.hexadecimal(4)} at ssl:ovsdbserver-{side}-{at}.{domain})\n"
        for at in range(3)
    )
    return (
        f"{draw.hexadecimal(4)}\nName: {database}\nCluster ID: {draw.hexadecimal(4)} ({draw.identity()})\n"
        f"Server ID: {draw.hexadecimal(4)} ({draw.identity()})\nStatus: cluster member\nRole: leader\nTerm: 4\n"
        f"Leader: self\nVote: self\n\nElection timer: 10000\nLog: [2, 5214]\nServers:\n{servers}"
    ).encode()


def _database(world: World, name: str) -> bytes:
    """A file of ovsdb-server's: records of JSON, each with its length and checksum before it."""
    where = f"exec cat of {name}"
    columns = {
        "name": {"type": "string"},
        "external_ids": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
    }
    schema = {"name": name, "version": "7.3.0", "tables": {"Logical_Switch": {"columns": columns, "isRoot": True}}}
    draw = world.draw(where)
    known = world.plants.plant(world.password("MetadataSecret"), "value", where)
    records: list[object] = [schema]
    for at in range(60):
        ids = [["neutron:mtu", "1442"], ["neutron:revision_number", str(at)]]
        ids += [["neutron:metadata_proxy_shared_secret", known]] if at == 30 else []
        row = {"name": f"neutron-{draw.identity()}", "external_ids": ["map", ids]}
        records.append({"_date": 1768471200000 + at, "Logical_Switch": {draw.identity(): row}})
    found = b""
    for record in records:
        text = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        found += f"OVSDB JSON {len(text)} {hashlib.sha1(text).hexdigest()}\n".encode() + text  # noqa: S324
    return found
