"""A packed report that is unpacked beside itself."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from omg.errors import LimitReached, Truncated
from omg.output import unpacking
from omg.output.layouts import RotatedLog
from omg.output.unpacking import Unpacked, folder_of, target_of

from .desk import HIDDEN, SECRET, Desk, chunks, desk, tree

TOP = "sosreport-host-2026-01-01-abc"
PACKED = "sos-reports/_all_nodes/sosreport-n1.tar.xz"
FOLDER = PACKED.removesuffix(".tar.xz")


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname, entry.mode = kind, link, mode
    return entry


def tar(*files: tuple[str, bytes], others: tuple[tarfile.TarInfo, ...] = (), form: int = tarfile.PAX_FORMAT) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=form) as archive:
        archive.addfile(member(TOP, tarfile.DIRTYPE))
        for name, content in files:
            entry = member(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for one in others:
            archive.addfile(one)
    return held.getvalue()


async def unpacked(at: Desk, data: bytes) -> Unpacked:
    output = at.output("edpm_sos")
    path = await output.report("sosreport-n1.tar.xz", chunks=chunks(data))
    assert path == PACKED
    return await output.unpack(path)


def texts(root: Path) -> dict[str, bytes]:
    found = tree(root / FOLDER)
    assert not any(SECRET in data for data in found.values())
    return found


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress])
async def test_each_text_is_masked_whatever_the_report_is_packed_with(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    long = "/".join(["a" * 90, "b" * 90, "c" * 90])
    line = b"password " + SECRET + b"\n"
    data = tar((f"{TOP}/etc/a.conf", line * 90_000), (f"{TOP}/{long}", b"long\n"), (f"{TOP}/empty", b""))
    with desk(tmp_path / "out") as at:
        found = await unpacked(at, pack(data))
        hidden = line.replace(SECRET, HIDDEN) * 90_000
        assert texts(at.root) == {"etc/a.conf": hidden, long: b"long\n", "empty": b""}
        assert found.refused == []
        assert at.meter.files[f"{FOLDER}/etc/a.conf"] == len(hidden)
        assert f"{FOLDER}/etc/a.conf" in at.listed()
        assert (at.root / PACKED).read_bytes() == pack(data) or pack is gzip.compress


async def test_packed_streams_that_follow_each_other_are_one_report(tmp_path: Path) -> None:
    data = tar((f"{TOP}/a", b"one\n"), (f"{TOP}/b", b"two\n"))
    with desk(tmp_path / "out") as at:
        await unpacked(at, lzma.compress(data[:700]) + lzma.compress(data[700:]))
        assert texts(at.root) == {"a": b"one\n", "b": b"two\n"}


async def test_what_leads_out_or_is_no_text_is_left_out_one_by_one_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = (
        ("/etc/absolute", b"x"),
        (f"{TOP}/../../../above", b"x"),
        ("beside", b"x"),
        (f"{TOP}/core", b"\0" + SECRET),
        (f"{TOP}/old.gz", gzip.compress(SECRET)),
        (f"{TOP}/twice", b"first\n"),
        (f"{TOP}/twice", b"second\n"),
        (f"{TOP}/twice/below", b"x"),
        (f"{TOP}/.hidden/name\n", b"kept\n"),
    )
    others = (
        member(f"{TOP}/device", tarfile.CHRTYPE),
        member(f"{TOP}/pipe", tarfile.FIFOTYPE),
        member(f"{TOP}/hard", tarfile.LNKTYPE, f"{TOP}/twice"),
        member(f"{TOP}/out", tarfile.SYMTYPE, "/etc/passwd"),
        member(f"{TOP}/up", tarfile.SYMTYPE, "../../twice"),
        member(f"{TOP}/nowhere", tarfile.SYMTYPE, "nothing"),
        member(f"{TOP}/a/good", tarfile.SYMTYPE, "../twice"),
        member(f"{TOP}/good/through", tarfile.REGTYPE),
        member(f"{TOP}/setuid", mode=0o4755),
    )
    with desk(tmp_path / "out") as at:
        found = await unpacked(at, lzma.compress(tar(*files, others=others)))
        assert texts(at.root) == {
            "%2Ehidden/name%0A": b"kept\n",
            "a/good": b"first\n",
            "good/through": b"",
            "setuid": b"",
            "twice": b"first\n",
        }
        assert (at.root / FOLDER / "a/good").readlink() == Path("../twice")
        assert not (at.root / FOLDER / "setuid").stat().st_mode & 0o7111
    said = "\n".join(found.refused)
    assert len(found.refused) == 13, said
    assert said.count("leads out of the report") == 4
    assert said.count("is no text") == 2
    assert said.count("no ordinary file") == 3
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


async def test_many_refusals_are_counted_and_not_all_told(tmp_path: Path) -> None:
    with desk(tmp_path / "out") as at:
        found = await unpacked(at, tar(*((f"{TOP}/../{number}", b"") for number in range(50))))
    assert len(found.refused) == unpacking.SHOWN + 1
    assert found.refused[-1] == "30 more were left out."


async def test_a_report_that_stands_for_far_too_much_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "FREE_BYTES", 1 << 20)
    data = lzma.compress(tar((f"{TOP}/a", b"fine\n"), (f"{TOP}/bomb", b"a" * (9 << 20))))
    with desk(tmp_path / "out") as at:
        with pytest.raises(Truncated, match="far more than it has"):
            await unpacked(at, data)
        assert texts(at.root)["a"] == b"fine\n"
        assert at.sink.written < 2 << 20
        assert (at.root / FOLDER / "bomb.partial").exists()


async def test_too_many_members_and_too_long_headers_are_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "MOST_MEMBERS", 3)
    with desk(tmp_path / "many") as at, pytest.raises(Truncated, match="more than 3 members"):
        await unpacked(at, tar(*((f"{TOP}/{number}", b"") for number in range(9))))
    entry = member(f"{TOP}/a")
    entry.pax_headers = {"comment": "x" * (2 << 20)}
    with desk(tmp_path / "long") as at, pytest.raises(Truncated, match="header in it is too long"):
        await unpacked(at, tar(others=(entry,)))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lzma.compress, bz2.compress])
async def test_a_report_that_is_cut_says_so_and_keeps_what_came(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    data = pack(tar((f"{TOP}/a", b"fine\n"), (f"{TOP}/b", bytes(range(32, 127)) * 9000)))
    with desk(tmp_path / "out") as at:
        with pytest.raises(Truncated, match="could not be unpacked to its end"):
            await unpacked(at, data[: len(data) * 9 // 10] if pack is bytes else data[:-12])
        assert not any(path.endswith("/b") and pack is bytes for path in tree(at.root))


async def test_the_limit_of_bytes_ends_unpacking(tmp_path: Path) -> None:
    data = lzma.compress(tar((f"{TOP}/a", b"line\n" * 100_000)))
    with desk(tmp_path / "out", max_bytes=50_000) as at, pytest.raises(LimitReached):
        await unpacked(at, data)


def test_a_link_leads_where_its_beginning_says_and_nowhere_behind_a_name() -> None:
    assert target_of(("a", "b", "l"), "../c") == ("a", "c")
    assert target_of(("l",), "sos_commands/date/date") == ("sos_commands", "date", "date")
    assert target_of(("l",), "a/../b") is None
    assert target_of(("a", "l"), "../../b") is None
    assert target_of(("l",), "/etc") is None
    assert target_of(("a", "l"), "..") is None


LOGS = "sos-reports/_all_nodes/podlogs-n1.tar.gz"
OF_POD = "openstack_nova-0_6f1b-u"
LINE = b"2026-01-01T00:00:00.0Z stdout F admin uses " + SECRET + b"\n"


def log(names: Sequence[str]) -> RotatedLog | None:
    of_pod, container, name = names
    namespace, pod, _ = of_pod.split("_")
    return RotatedLog(namespace, pod, container, name.removesuffix(".gz")) if namespace == "openstack" else None


async def unpacked_logs(at: Desk, **files: bytes) -> Unpacked:
    """Rotated logs by their paths below /var/log/pods."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo("pods/" + name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    output = at.output("cluster_sos")
    path, refused = await output.packed_logs("podlogs-n1.tar.gz", chunks=chunks(held.getvalue()))
    assert (path, refused) == (LOGS, [])
    return await output.unpack_logs(path, report=PACKED, place="var/log/pods", of=log)


async def test_rotated_logs_become_readable_texts_beside_the_report_with_links_beside_their_pods_logs(
    tmp_path: Path,
) -> None:
    with desk(tmp_path / "out") as at:
        files = {
            f"{OF_POD}/nova/0.log.20260101-000000": LINE,
            f"{OF_POD}/nova/0.log.20251231-000000.gz": gzip.compress(LINE * 40_000),
            "openstack_nova-0_other-u/nova/0.log.20260101-000000": LINE * 2,
            "elsewhere_pod_u/c/0.log.1": LINE,
        }
        found = await unpacked_logs(at, **files)
        assert found.refused == []
        hidden = LINE.replace(SECRET, HIDDEN)
        folder = at.root / FOLDER / "var/log/pods"
        assert (folder / OF_POD / "nova/0.log.20251231-000000").read_bytes() == hidden * 40_000
        assert (folder / "elsewhere_pod_u/c/0.log.1").read_bytes() == hidden
        logs = at.root / "namespaces/openstack/pods/nova-0/logs"
        assert {one.name: one.read_bytes() for one in logs.iterdir()} == {
            "nova.0.log.20260101-000000": hidden,
            "nova.0.log.20260101-000000~2": hidden * 2,
            "nova.0.log.20251231-000000": hidden * 40_000,
        }
        assert not any(one.readlink().is_absolute() for one in logs.iterdir())
        assert not (at.root / "namespaces/elsewhere").exists()
        listed = at.listed()
        assert "link" in listed["namespaces/openstack/pods/nova-0/logs/nova.0.log.20260101-000000"]
        assert at.meter.files[f"{FOLDER}/var/log/pods/{OF_POD}/nova/0.log.20251231-000000"] == len(hidden) * 40_000


async def test_what_is_learned_late_is_hidden_in_unpacked_logs_too(tmp_path: Path) -> None:
    with desk(tmp_path / "out") as at:
        late = b"Drogo-Baggins"
        await unpacked_logs(at, **{f"{OF_POD}/nova/0.log.1.gz": gzip.compress(b"by " + late + b"\n")})
        at.masker.learn(late)
        assert await at.sink.remask() == 2  # packed and unpacked
        link = at.root / "namespaces/openstack/pods/nova-0/logs/nova.0.log.1"
        assert link.is_symlink()
        assert link.read_bytes() == b"by " + HIDDEN + b"\n"


async def test_a_rotated_log_that_stands_for_far_too_much_is_left_out_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "LONGEST", 1 << 20)
    with desk(tmp_path / "out") as at:
        bomb = gzip.compress(b"a\n" * (1 << 20))
        found = await unpacked_logs(
            at, **{f"{OF_POD}/nova/0.log.1.gz": bomb, f"{OF_POD}/nova/0.log.2": LINE, f"{OF_POD}/nova/0.log.3": b"\0"}
        )
        assert [one.partition(": ")[2] for one in found.refused] == [
            "It is longer than 1 MiB when it is unpacked.",
            "it is no text, and is only in the packed report.",
        ]
        whole = {path.name for path in (at.root / FOLDER).rglob("*") if path.is_file()}
        assert whole == {"0.log.2"}


async def test_one_large_file_gives_signs_of_life_before_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "SIGN_EVERY", 1 << 20)
    with desk(tmp_path / "out") as at:
        signs: list[int] = []
        monkeypatch.setattr(at.meter, "objects", signs.append)
        await unpacked(at, gzip.compress(tar((f"{TOP}/journal", b"line\n" * 1_000_000))))
        assert len(signs) >= 4
        assert set(signs) == {0}


def test_a_report_whose_name_was_taken_is_unpacked_to_a_folder_of_its_own() -> None:
    assert folder_of("a/sosreport-n1.tar.xz") == "a/sosreport-n1"
    assert folder_of("a/sosreport-n1.tar~2.xz") == "a/sosreport-n1~2"
    assert folder_of("a/sosreport-n1.tar.xz.gpg") == "a/sosreport-n1"
    assert folder_of("a/report") == "a/report.d"
