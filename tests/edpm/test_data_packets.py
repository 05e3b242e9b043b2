"""The short way for data: the same bytes arrive, and whatever it doesn't know is left for asyncssh."""

from pathlib import Path
from typing import Any

import pytest

from omg.edpm import data_packets, packets
from omg.edpm.data_packets import SMALLEST, DataPackets
from omg.errors import Truncated
from tests.edpm.serving import Host, Proxy
from tests.edpm.test_door import node_at, printed
from tests.sos.machines import Programs

PRINTS = "head -c 6000000 /dev/zero | tr '\\0' x; echo end"
PRINTED = b"x" * 6_000_000 + b"end\n"

GCM = {"encryption_algs": ["aes256-gcm@openssh.com"]}


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[DataPackets]:
    """One for each connection."""
    made: list[DataPackets] = []

    class Watched(DataPackets):
        def __init__(self, connection: Any) -> None:
            super().__init__(connection)
            made.append(self)

    monkeypatch.setattr(packets, "DataPackets", Watched)
    return made


def taken(used: list[DataPackets]) -> int:
    return sum(one.taken for one in used)


async def came(tmp_path: Path, **options: Any) -> bytes:
    async with Host(Programs(tmp_path / "bin"), options=options).serving() as host, node_at(host.port) as node:
        return await printed(node, PRINTS)


async def test_what_a_command_prints_goes_the_short_way_wherever_the_network_cuts_it(
    tmp_path: Path, used: list[DataPackets]
) -> None:
    assert await came(tmp_path, **GCM) == PRINTED
    assert len(used) == 1
    assert taken(used) >= len(PRINTED) // 32768


async def test_new_keys_in_the_middle_change_nothing(tmp_path: Path, used: list[DataPackets]) -> None:
    assert await came(tmp_path, **GCM, rekey_bytes=500_000) == PRINTED
    assert taken(used) > 0.5 * len(PRINTED) / 32768


async def test_another_cipher_is_left_for_asyncssh(tmp_path: Path, used: list[DataPackets]) -> None:
    assert await came(tmp_path, encryption_algs=["chacha20-poly1305@openssh.com"]) == PRINTED
    assert taken(used) == 0


@pytest.mark.parametrize("where", ["OF_A_CONNECTION", "OF_A_CIPHER", "OF_A_CHANNEL"])
async def test_an_asyncssh_that_looks_different_inside_does_it_alone(
    tmp_path: Path, used: list[DataPackets], monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(data_packets, where, ("__class__", "_of_tomorrow"))
    assert await came(tmp_path, **GCM) == PRINTED
    assert taken(used) == 0


async def test_a_packet_that_was_changed_on_its_way_is_no_data(tmp_path: Path, used: list[DataPackets]) -> None:
    async with Host(Programs(tmp_path / "bin"), options=GCM).serving() as host:
        proxy = Proxy(host.port, after=2_000_000, cuts=1, falsifies=True)
        async with proxy.serving(), node_at(proxy.port) as node:
            with pytest.raises(Truncated, match="the connection broke"):
                await printed(node, PRINTS)
    assert 0 < taken(used) < len(PRINTED) / 32768


def test_what_is_no_connection_is_left_alone() -> None:
    assert DataPackets(object()).take(memoryview(bytes(2 * SMALLEST)), 5) == 5
