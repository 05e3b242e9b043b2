"""The client's pod: what its programs are, and what its commands print by hand."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.cluster.testbed.keystone import Keystone
from tests.cluster.testbed.services import Services

_BY_HAND = """
import json, os, sys
from openstackclient.shell import main
for words in json.load(open(sys.argv[1])):
    sys.stdout.flush()
    read, write = os.pipe()
    if os.fork() == 0:
        os.dup2(write, 1)
        os.close(read)
        sys.argv = ["openstack", *words]
        code = main(words)
        sys.stdout.flush()
        os._exit(code or 0)
    os.close(write)
    text = b""
    while data := os.read(read, 65536):
        text += data
    _, status = os.wait()
    print(json.dumps([status, text.decode()]), flush=True)
"""
"""Runs the entry point of `openstack` in a child for each command, each with a login of its own; no driver."""


def environment(keystone: Keystone, services: Services) -> dict[str, str]:
    """What the pod has in its environment: its credentials, and where Prometheus is."""
    place = {"HOST": "127.0.0.1", "PORT": str(services.port), "ROOT_PATH": "prometheus"}
    return {**keystone.environment, **{f"PROMETHEUS_{name}": value for name, value in place.items()}}


def programs(keystone: Keystone, services: Services, driver: Path) -> Mapping[str, str]:
    """The programs of the pod; the process that was asked for as `python3` writes its number into a file."""
    words = " ".join(f"{name}='{value}'" for name, value in environment(keystone, services).items())
    run = f"exec /usr/bin/env -i {words} {keystone.bin}"
    return {
        "openstack": f'{run}/openstack "$@"\n',
        "python3": f'echo $$ >>{driver}\n{run}/python3 "$@"\n',
    }


def by_hand(keystone: Keystone, services: Services, commands: Sequence[Sequence[str]], directory: Path) -> list[str]:
    """What each command prints."""
    asked = directory / "asked.json"
    asked.write_text(json.dumps([list(words) for words in commands]))
    done = subprocess.run(
        [str(keystone.bin / "python"), "-c", _BY_HAND, str(asked)],
        env=environment(keystone, services),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [status for status, _ in told] == [0] * len(commands), done.stderr.decode()[-3000:]
    return [text for _, text in told]


def processes_with(variable: str) -> list[int]:
    """The processes of this machine that have a variable in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # it has ended meanwhile, or is another account's
            if variable.encode() in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return found
