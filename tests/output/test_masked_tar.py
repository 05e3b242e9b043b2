"""A packed tar of logs, masked on its way."""

import base64
import gzip
import io
import tarfile
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omg.masking import Masker
from omg.output import masked_tar
from omg.output.masked_tar import MaskedTar

SECRET = "Bilbo-Baggins-4711"
LINE = f"2026-01-01T00:00:00Z stdout F admin uses {SECRET} again\n".encode()
LONG = "pods/openstack_" + "nova-cell1-conductor-0_" * 6 + "u-1/nova/0.log.20260101-000000"


def knowing() -> Masker:
    found = Masker()
    found.learn([{"metadata": {"name": "a"}, "data": {"AdminPassword": base64.b64encode(SECRET.encode()).decode()}}])
    return found


@pytest.fixture
def masker() -> Masker:
    return knowing()


def packed(files: Mapping[str, bytes], others: Iterable[tarfile.TarInfo] = ()) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for one in others:
            archive.addfile(one)
    return held.getvalue()


def masked(masker: Masker, data: bytes, size: int = 1 << 20) -> tuple[dict[str, bytes], MaskedTar]:
    """What the masked archive holds; it was fed in pieces of a size."""
    stream = MaskedTar(masker.stream)
    pieces = [stream.feed(data[at : at + size]) for at in range(0, len(data), size)]
    pieces.append(stream.finish())
    whole = b"".join(pieces)
    assert SECRET.encode() not in gzip.decompress(whole)
    with tarfile.open(fileobj=io.BytesIO(whole), mode="r:gz") as archive:
        held = ((one.name, archive.extractfile(one)) for one in archive.getmembers())
        return {name: file.read() for name, file in held if file is not None}, stream


def test_logs_plain_and_packed_keep_their_names_and_lose_their_secrets(masker: Masker) -> None:
    data = packed({LONG: LINE * 1000, f"{LONG}.gz": gzip.compress(LINE * 1000), "pods/a/0.log.1": b""})
    files, stream = masked(masker, data)
    assert list(files) == [LONG, f"{LONG}.gz", "pods/a/0.log.1"]
    expected = masker.text(LINE * 1000)
    assert SECRET.encode() not in expected
    assert files[LONG] == gzip.decompress(files[f"{LONG}.gz"]) == expected
    assert (stream.logs, stream.refused) == (3, [])


@settings(max_examples=25, deadline=None)
@given(size=st.integers(1, 3000), lines=st.lists(st.integers(0, 300), max_size=4))
def test_the_result_does_not_depend_on_where_it_was_cut(size: int, lines: list[int]) -> None:
    masker = knowing()
    data = packed({f"pods/a/{at}.log.1": LINE * count for at, count in enumerate(lines)})
    assert masked(masker, data, size)[0] == masked(masker, data)[0]


def link(name: str, kind: bytes) -> tarfile.TarInfo:
    one = tarfile.TarInfo(name)
    one.type, one.linkname = kind, "/etc/shadow"
    return one


def test_links_devices_and_names_that_lead_out_are_left_out_and_said(masker: Masker) -> None:
    odd = [link("pods/l", tarfile.SYMTYPE), link("pods/h", tarfile.LNKTYPE), link("pods/d", tarfile.CHRTYPE)]
    files, stream = masked(masker, packed({"/etc/x": LINE, "pods/../../y": LINE, "pods/ok.log.1": LINE}, odd))
    assert list(files) == ["pods/ok.log.1"]
    assert [one.partition(":")[0] for one in stream.refused] == ["/etc/x", "pods/../../y", "pods/l", "pods/h", "pods/d"]


def test_what_claims_to_be_packed_and_is_not_is_left_out(masker: Masker) -> None:
    files, stream = masked(masker, packed({"pods/a.log.1.gz": LINE, "pods/b.log.1": LINE}))
    assert list(files) == ["pods/b.log.1"]
    assert "can't be unpacked" in stream.refused[0]


def test_a_bomb_is_left_out_and_what_follows_it_is_kept(masker: Masker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masked_tar, "LONGEST", 1 << 20)
    bomb = gzip.compress(bytes(30 << 20))
    files, stream = masked(masker, packed({"pods/a.log.1.gz": bomb, "pods/b.log.1": LINE}))
    assert list(files) == ["pods/b.log.1"]
    assert "longer than" in stream.refused[0]
