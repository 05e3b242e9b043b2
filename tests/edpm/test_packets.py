"""Where packets end: nothing is kept back or changed, and no piece holds parts of two."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from omg.edpm.data_packets import TAG
from omg.edpm.packets import LONGEST, NEWKEYS, Packets

GREETING = b"Be careful.\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"


def plain(kind: int, body: bytes) -> bytes:
    payload = bytes([4, kind]) + body
    return len(payload).to_bytes(4, "big") + payload


def sealed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body + bytes(TAG)


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    """As the network brings it."""
    places = [0, *sorted({min(size, len(data)) for size in sizes}), len(data)]
    return [data[start:end] for start, end in pairwise(places) if start < end]


def pieces_of(packets: Packets, data: bytes) -> list[bytes]:
    """The same bytes, cut at the ends of packets."""
    pieces, at = [], 0
    while at < len(data):
        size = packets.length(data, at)
        assert size
        pieces.append(data[at : at + size])
        at += size
    return pieces


def ends(pieces: list[bytes]) -> set[int]:
    found, at = set(), 0
    for piece in pieces:
        at += len(piece)
        found.add(at)
    return found


@given(
    before=st.lists(st.tuples(st.integers(1, 20), st.binary(max_size=40)), max_size=3),
    after=st.lists(st.binary(max_size=60), max_size=6),
    sizes=st.lists(st.integers(1, 600), max_size=8),
)
def test_every_packet_ends_a_piece_and_all_bytes_come_as_they_were(
    before: list[tuple[int, bytes]], after: list[bytes], sizes: list[int]
) -> None:
    parts = [GREETING, *(plain(*one) for one in before), plain(NEWKEYS, b""), *map(sealed, after)]
    data = b"".join(parts)
    packets = Packets()
    pieces = []
    for chunk in cut(data, sizes):
        given_on = pieces_of(packets, chunk)
        assert b"".join(given_on) == chunk
        pieces += given_on
    assert ends(parts) <= ends(pieces)


@given(data=st.binary(max_size=400), sizes=st.lists(st.integers(1, 400), max_size=6))
def test_what_is_no_ssh_passes_as_it_is(data: bytes, sizes: list[int]) -> None:
    packets = Packets()
    assert b"".join(piece for chunk in cut(data, sizes) for piece in pieces_of(packets, chunk)) == data


def test_lengths_that_can_not_be_read_end_the_cutting() -> None:
    packets, unreadable = Packets(), (LONGEST * 2).to_bytes(4, "big") * 9
    pieces_of(packets, GREETING + plain(NEWKEYS, b""))
    assert pieces_of(packets, unreadable)[-1] == unreadable
    assert pieces_of(packets, sealed(b"a") * 3) == [sealed(b"a") * 3]
