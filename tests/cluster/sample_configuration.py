"""The sample configuration of OpenStack's services, as their own generator writes it, made once and kept.

The packages come from PyPI in the versions below; after the generator has run they are removed, and the texts stay in
``$XDG_CACHE_HOME/omg-testbed``.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

PACKAGES = {
    "keystone": "keystone==30.0.0",
    "nova": "nova==34.0.0",
    "glance": "glance==33.0.0",
    "neutron": "neutron==29.0.0",
    "barbican": "barbican==23.0.0",
    "octavia": "octavia==19.0.0",
    "manila": "manila==23.0.1",
}
"""Service → requirement. Each service's options are generated in a process of its own: their names collide."""

SHARED = ("oslo", "keystonemiddleware")
"""Options that every service has, by the beginning of their namespace."""

LONGEST = 900
"""Seconds for the installation, and for one generator."""

_GENERATE = """
import sys
from importlib.metadata import entry_points
from oslo_config import cfg, generator
wanted = set()
for one in entry_points(group="oslo.config.opts"):
    if one.name.partition(".")[0] in sys.argv[2:] and "tests" not in one.name:
        try:
            one.load()
        except ModuleNotFoundError:  # of a driver that this service can do without
            continue
        wanted.add(one.name)
conf = cfg.ConfigOpts()
generator.register_cli_opts(conf)
conf([word for name in sorted(wanted) for word in ("--namespace", name)])
with open(sys.argv[1], "w") as out:
    generator.generate(conf, out)
"""

_KEYSTONE = """
[DEFAULT]
debug = true
[database]
connection = sqlite:///{folder}/keystone.db
[fernet_tokens]
key_repository = {folder}/keys
[fernet_receipts]
key_repository = {folder}/keys
[credential]
key_repository = {folder}/keys
"""

_START = """
import sys
from keystone.server.flask import core
core.initialize_application("public", config_files=[sys.argv.pop()])
"""
"""Keystone, up to where it would serve: at that point it has logged each of its options."""


def sample_files() -> list[Path]:
    """The sample of each service, of what they share, the other files of their packages' etc folders, and a log.

    Raises:
        RuntimeError: a package could not be installed, or its generator failed; its output is in the message.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "omg-testbed"
    digest = hashlib.sha256(repr((PACKAGES, SHARED, _GENERATE, _KEYSTONE, _START)).encode()).hexdigest()[:16]
    done = cache / f"samples-{digest}"
    if not done.is_dir():
        unfinished = cache / f"samples-{digest}.building-{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _build(unfinished)
        unfinished.rename(done)
    return sorted(path for path in done.rglob("*") if path.is_file())


def _build(folder: Path) -> None:
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = str(environment / "bin" / "python")
    uv = shutil.which("uv")
    install = [uv, "pip", "install", "--quiet", "--python", python] if uv else [python, "-m", "pip", "install", "-q"]
    _run([*install, *PACKAGES.values()])
    for name in PACKAGES:
        _run([python, "-W", "ignore", "-c", _GENERATE, str(folder / f"{name}.conf"), name])
    _run([python, "-W", "ignore", "-c", _GENERATE, str(folder / "shared.conf"), *SHARED])
    settings = folder / "settings"
    settings.write_text(_KEYSTONE.format(folder=folder))
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    for number in range(2):
        (keys / str(number)).write_bytes(base64.urlsafe_b64encode(os.urandom(32)))
    (folder / "keystone.log").write_text(_run([python, "-W", "ignore", "-c", _START, str(settings)]))
    settings.unlink()
    shutil.rmtree(keys)
    shutil.copytree(environment / "etc", folder / "etc")
    shutil.rmtree(environment)


def _run(command: list[str]) -> str:
    """What a program prints."""
    ended = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} failed:\n{ended.stdout[-3000:]}")
    return ended.stdout


if __name__ == "__main__":
    sys.stdout.write("".join(f"{path}\n" for path in sample_files()))
