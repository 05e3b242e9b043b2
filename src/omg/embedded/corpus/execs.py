"""What commands in the control plane's containers answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from omg.embedded.corpus.data_plane import NODESETS, hosts_of
from omg.embedded.corpus.databases import dump_answers
from omg.embedded.corpus.draws import Draw
from omg.embedded.corpus.messaging import messaging_answers
from omg.embedded.corpus.model import ExecAnswer
from omg.embedded.corpus.objects import OPENSTACK
from omg.embedded.corpus.openstack_tables import GENERATED, VOLUME_SERVICES
from omg.embedded.corpus.services import SERVICES
from omg.embedded.corpus.world import World

CLIENT = "openstackclient"


def add_execs(world: World) -> None:
    """Add an answer for every command that a collector of OpenStack's state runs."""
    world.execs += _client_answers(world)
    world.execs += _nova_answers(world)
    world.execs += dump_answers(world)
    world.execs += messaging_answers(world)
    world.execs.append(ExecAnswer(OPENSTACK, command=("touch",)))


def table(columns: str, rows: Iterable[str]) -> bytes:
    """A table as cliff prints it; cells are separated by `` | ``."""
    cells = [[one.strip() for one in line.split(" | ")] for line in (columns, *rows)]
    cells = [row + [""] * (len(cells[0]) - len(row)) for row in cells]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    lines = [
        "|" + "|".join(f" {cell:<{width}} " for cell, width in zip(row, widths, strict=True)) + "|" for row in cells
    ]
    return "\n".join((rule, lines[0], rule, *lines[1:], rule, "")).encode()


def _client_answers(world: World) -> Iterator[ExecAnswer]:
    def answer(arguments: str, stdout: bytes = b"", stderr: str = "", code: int = 0) -> ExecAnswer:
        command = ("openstack", *arguments.split())
        return ExecAnswer(OPENSTACK, CLIENT, "*", command, stdout, stderr.encode(), code)

    usage = "openstack: '{}' is not an openstack command. See 'openstack --help'.\n"
    yield ExecAnswer(OPENSTACK, CLIENT, "*", ("openstack",), stderr=usage.format("…").encode(), exit_code=2)
    listed = [service for service in SERVICES if service.catalogue[0]]
    names = [service.catalogue[0] for service in listed]
    yield answer("service list -c Name -f value", "".join(f"{name}\n" for name in names).encode())
    draw = world.draw("openstack")
    rows = [f"{draw.hexadecimal(32)} | {service.catalogue[0]} | {service.catalogue[1]}" for service in listed]
    yield answer("service list", table("ID | Name | Type", rows))
    yield answer("endpoint list", table(_ENDPOINT, _endpoints(draw)))
    for arguments, (count, columns, row) in GENERATED.items():
        rows = [_filled(row, Draw(world.seed, arguments, at), at) for at in range(count)]
        yield answer(arguments, table(columns, rows))
    zones = "".join(f"{draw.identity()}\n" for _ in range(2))
    yield answer("zone list -c id -f value", zones.encode())
    yield answer("zone list -f value -c id", zones.encode())
    yield answer("volume service list", table("Binary | Host | Zone | Status | State | Updated At", VOLUME_SERVICES))
    summary = ("total_count | 41", "total_size | 1210", "metadata | {}")
    arguments = "--os-volume-api-version 3.12 volume summary --all-projects"
    yield answer(arguments, table("Field | Value", summary))
    # The arguments with blanks of their own.
    command = ("openstack", "allocation", "candidate", "list", "--resource", "MEMORY_MB=1")
    count, columns, row = GENERATED["allocation candidate list"]
    rows = [_filled(row, Draw(world.seed, "candidates", at), at) for at in range(count)]
    yield ExecAnswer(OPENSTACK, CLIENT, "*", command, table(columns, rows))


_ENDPOINT = "ID | Region | Service Name | Service Type | Enabled | Interface | URL"


def _endpoints(draw: Draw) -> Iterator[str]:
    for service in SERVICES:
        name, kind, path = service.catalogue
        if service.port and name:
            for side in ("internal", "public"):
                inside = f"https://{service.name}-internal.openstack.svc:{service.port}{path}"
                outside = f"https://{service.name}-public-openstack.apps.ocp.example.com{path}"
                url = inside if side == "internal" else outside
                yield f"{draw.hexadecimal(32)} | regionOne | {name} | {kind} | True | {side} | {url}"


def _filled(row: str, draw: Draw, at: int) -> str:
    hosts = [host for nodeset in NODESETS for host in hosts_of(nodeset)]
    row = row.replace("{at}", str(at)).replace("{host}", hosts[at % len(hosts)])
    row = row.replace("{ip}", f"192.168.130.{at + 10}")
    while "{id}" in row:
        row = row.replace("{id}", draw.identity(), 1)
    while "{hex}" in row:
        row = row.replace("{hex}", draw.hexadecimal(32), 1)
    return row


def _nova_answers(world: World) -> Iterator[ExecAnswer]:
    conductor = "nova-cell0-conductor-0"
    draw = world.draw("cells")
    # nova-manage hides the passwords itself, but for those in a query.
    hidden = world.plants.plant(draw.word(20), "key", "exec nova-manage cell_v2 list_cells")
    main = "mysql+pymysql://nova_cell0:****@openstack/nova_cell0"
    cell = "mysql+pymysql://nova_cell1:****@openstack-cell1/nova_cell1"
    url = f"rabbit://default_user:****@rabbitmq-cell1:5671/?ssl=1&password={hidden}"
    number = draw.identity()
    rows = [f"cell0 | {'0' * 8}-0000-0000-0000-{'0' * 12} | none:/// | {main}", f"cell1 | {number} | {url} | {cell}"]
    cells = table("Name | UUID | Transport URL | Database Connection", rows)
    hosts = [f"cell1 | {number} | {host}" for nodeset in NODESETS for host in hosts_of(nodeset)]
    for command, stdout in (("list_cells", cells), ("list_hosts", table("Cell Name | Cell UUID | Hostname", hosts))):
        yield ExecAnswer(OPENSTACK, conductor, "*", ("nova-manage", "cell_v2", command), stdout)
    servers = b"  ns_records:\n  - hostname: ns1.example.com.\n    priority: 1\n"
    pool = b"- name: default\n  description: Pool of BIND9 servers\n" + servers
    key = world.plants.plant(draw.base64(32), "key", "exec designate-manage pool show_config")
    pool += f"  targets:\n  - type: bind9\n    options:\n      rndc_key_secret: {key}\n".encode()
    yield ExecAnswer(OPENSTACK, "designate-worker-*", "*", ("designate-manage", "pool", "show_config"), pool)
