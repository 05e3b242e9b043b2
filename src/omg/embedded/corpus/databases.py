"""Dumps of the databases, as mysqldump writes them."""

from __future__ import annotations

from collections.abc import Iterator

from omg.embedded.corpus.model import ExecAnswer
from omg.embedded.corpus.objects import OPENSTACK
from omg.embedded.corpus.services import SERVICES
from omg.embedded.corpus.world import World

DUMP = ("mysqldump", "-uroot", "--single-transaction", "--complete-insert", "--skip-lock-tables", "--lock-tables=0")
# Rows of each table of a dump.
ROWS = 40
CELL = ("openstack-cell1-galera-*", ("nova_cell1",))
MAIN = "openstack-galera-*"


def dump_answers(world: World) -> Iterator[ExecAnswer]:
    """Whether a database is there, and its dump; one database is only in the cell's server."""
    unknown = "ERROR 1049 (42000) at line 1: Unknown database\n"
    yield ExecAnswer(OPENSTACK, "*galera*", "galera", ("mysql",), stderr=unknown.encode(), exit_code=1)
    places: dict[str, list[str]] = {MAIN: [], CELL[0]: list(CELL[1])}
    places[MAIN] = [one for service in SERVICES for one in service.databases if one not in CELL[1]]
    for pod, databases in places.items():
        dumps = {name: _tables(world, name) for name in databases}
        for name, tables in dumps.items():
            yield ExecAnswer(OPENSTACK, pod, "galera", ("mysql", "-u", "root", "-e", f"USE {name};"))
            yield ExecAnswer(OPENSTACK, pod, "galera", (*DUMP, name), _dump(name, tables))
        everything = "".join(f"CREATE DATABASE `{name}`;\nUSE `{name}`;\n{tables}" for name, tables in dumps.items())
        everything += _users(world, databases)
        yield ExecAnswer(OPENSTACK, pod, "galera", (*DUMP, "--all-databases"), _dump("", everything))


def _dump(name: str, tables: str) -> bytes:
    head = "-- MariaDB dump 10.19  Distrib 10.5.27-MariaDB, for Linux (x86_64)\n--\n-- Host: localhost    Database: "
    rule = "-- ------------------------------------------------------"
    return f"{head}{name}\n{rule}\n{tables}-- Dump completed on 2026-01-15 10:00:00\n".encode()


def _tables(world: World, name: str) -> str:
    where = f"exec {' '.join(DUMP)} {name}"
    draw, plant = world.draw(where), world.plants.plant
    rows = ",\n".join(f"({at},'{draw.identity()}','server-{at}',{draw.between(1, 900)})" for at in range(ROWS))
    secret = plant(draw.word(24), "key", where)
    url = f"https://svc:{plant(draw.word(18), 'shape', where)}@172.18.0.77/{name}"
    known = plant(world.password("NovaPassword"), "value", where)
    return (
        f"--\n-- Table structure for table `items`\n--\n\nDROP TABLE IF EXISTS `items`;\n"
        "CREATE TABLE `items` (\n  `id` int(11) NOT NULL AUTO_INCREMENT,\n  `uuid` varchar(36) NOT NULL,\n"
        "  `name` varchar(255) DEFAULT NULL,\n  `size` int(11) DEFAULT NULL,\n"
        "  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n\n"
        f"INSERT INTO `items` (`id`, `uuid`, `name`, `size`) VALUES\n{rows};\n"
        "INSERT INTO `settings` (`name`, `value`) VALUES "
        f"""('backend','{{"host": "172.18.0.77", "password": "{secret}"}}'),('url','{url}'),('note','{known}');\n"""
    )


def _users(world: World, databases: list[str]) -> str:
    where = f"exec {' '.join(DUMP)} --all-databases"
    found = "USE `mysql`;\n"
    for name in databases:
        draw = world.draw(where, name)
        hashed = world.plants.plant(draw.hexadecimal(40).upper(), "shape", where)
        found += f"GRANT USAGE ON *.* TO `{name}`@`%` IDENTIFIED BY PASSWORD '*{hashed}';\n"
    return found
