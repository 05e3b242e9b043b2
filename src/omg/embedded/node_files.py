"""What a node answers to the scripts that make a SOS report in its debug pod: small reports, made while they are asked.

The scripts are known by the line that says what they are for, and each answers as the real one would: sizes and digests
are those of the bytes that come when they are asked for.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from omg.embedded.corpus.model import Corpus, ExecAnswer, LogSource
from omg.embedded.exec import Command

ON_THE_NODE = ("chroot", "/host", "sh", "-c")

_PURPOSE = re.compile(r"# omg-sos (\w+)$", re.MULTILINE)
_FOLDER = re.compile(r"/var/tmp/omg-sos\.[0-9a-f]+")  # noqa: S108 - a name in a script
_SENDING = re.compile(r"exec (?:cat|tail -c \+(\d+)) (\S+)")

_ABOUT = """omg-sos about --help
usage: sos report [options]
  --all-logs  --batch  --only-plugins ONLYPLUGINS  --profiles PROFILES  --tmp-dir TMP_DIR
omg-sos about --list-plugins
The following plugins are currently enabled:

{plugins}
omg-sos about --list-profiles
The following profiles are available:

 system          host, process
"""
_PLUGINS = (
    "block cifs crio devicemapper devices firewall_tables firewalld host iscsi lvm2 memory multipath nfs nis nvme "
    "podman process processor selinux scsi udev logs crypto"
)
# Of each log so much is in its rotated file.
_ROTATED = 6000
# Containers whose logs have been rotated, on each node.
_CONTAINERS = 4


def node_answer(command: Command, pod: Mapping[str, Any], corpus: Corpus) -> ExecAnswer | None:
    """The answer of the pod's node; None: that isn't a script for a node."""
    purpose = _PURPOSE.search(command.argv[-1]) if command.argv[: len(ON_THE_NODE)] == ON_THE_NODE else None
    if purpose is None:
        return None
    script, node = command.argv[-1], pod["spec"]["nodeName"]
    folder = _FOLDER.search(script)
    place = folder[0] if folder else "/var/tmp/omg-sos.0"  # noqa: S108 - a name in an answer
    if purpose[1] == "ask":
        plugins = "\n".join(f" {name:<16} of the demo" for name in _PLUGINS.split())
        return ExecAnswer(stdout=_ABOUT.format(plugins=plugins).encode())
    if purpose[1] == "make":
        return _made(f"{place}/report/sosreport-{node}.tar.xz", report_of(node))
    if purpose[1] == "pack":
        return _made(f"{place}/logs/podlogs.tar.gz", _rotated(node, corpus))
    if purpose[1] == "send" and (sending := _SENDING.search(script)):
        whole = _rotated(node, corpus) if sending[2].endswith("podlogs.tar.gz") else report_of(node)
        return ExecAnswer(stdout=b"omg-sos sends\n" + whole[int(sending[1] or 1) - 1 :])
    return ExecAnswer()


def _made(path: str, content: bytes) -> ExecAnswer:
    digest = hashlib.sha256(content).hexdigest()
    return ExecAnswer(stdout=f"omg-sos alive\nomg-sos made {len(content)} {digest} {path}\n".encode())


@lru_cache(maxsize=16)
def report_of(node: str) -> bytes:
    """A report as sos packs it: one directory, with the files that readers look for first."""
    files = {
        "version.txt": b"sos report (version 4.8.2)\n",
        "etc/hostname": f"{node}\n".encode(),
        "proc/meminfo": b"MemTotal:       65842332 kB\nMemFree:        12004120 kB\n",
        "proc/cmdline": b"BOOT_IMAGE=(hd0,gpt3)/boot/ostree/rhcos/vmlinuz ignition.platform.id=metal\n",
        "sos_commands/host/uptime": b" 04:12:44 up 31 days,  6:02,  0 users,  load average: 3.10, 2.96, 2.71\n",
        "sos_commands/logs/journalctl_--no-pager": f"Jan 01 04:10:12 {node} kubenswrapper[2711]: ok\n".encode() * 200,
        "sos_commands/crio/crictl_pods": b"POD ID   CREATED   STATE   NAME   NAMESPACE   ATTEMPT\n",
    }
    root = f"sosreport-{node}-2026-01-01-demo"
    return lzma.compress(_tar((f"{root}/{name}", content) for name, content in files.items()), preset=1)


def _rotated(node: str, corpus: Corpus) -> bytes:
    """The rotated logs of a node's pods."""
    logs = corpus.logs
    named = enumerate(_names(node, corpus))
    whole = _tar(
        (f"pods/{ns}_{pod}_{uid}/{container}/0.log.20260101-0{at}0000", _as_runtime(logs[ns, pod, container, False]))
        for at, (ns, pod, container, uid) in named
    )
    return gzip.compress(whole, mtime=0)


_Name = tuple[str, str, str, str]


def _names(node: str, corpus: Corpus) -> Iterator[_Name]:
    pods = (one for one in corpus.objects if one["kind"] == "Pod" and one["spec"].get("nodeName") == node)
    found = (
        (one["metadata"]["namespace"], one["metadata"]["name"], container["name"], one["metadata"].get("uid", "0"))
        for one in pods
        for container in one["spec"]["containers"]
    )
    return islice((one for one in found if (*one[:3], False) in corpus.logs), _CONTAINERS)


def _as_runtime(log: LogSource) -> bytes:
    """The beginning of a log as container runtimes write it."""
    lines: list[bytes] = []
    size = 0
    for chunk in log.chunks():
        for line in chunk.splitlines():
            lines.append(b"2026-01-01T00:00:00.000000000Z stdout F " + line + b"\n")
            size += len(lines[-1])
        if size > _ROTATED:
            break
    return b"".join(lines)


def _tar(files: Iterable[tuple[str, bytes]]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return held.getvalue()
