"""A real Keystone over SQLite and the real client, from PyPI: what the driver in the client's pod has to do with."""

import fcntl
import hashlib
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.cluster.testbed.process import Program, free_port, listens

PACKAGES = (
    "python-openstackclient==10.5.0",
    "keystone==30.0.0",
    "waitress==3.0.2",
    "aodhclient==3.12.0",
    "osc-placement==4.9.1",
    "python-cloudkittyclient==6.2.0",
    "python-designateclient==7.0.0",
    "python-heatclient==5.3.0",
    "python-ironicclient==6.3.0",
    "python-manilaclient==6.3.0",
    "python-observabilityclient==1.4.0",
    "python-octaviaclient==3.15.0",
    "python-watcherclient==4.11.0",
)
"""The client with its plugins, and what it talks to; the versions are those that the tests were written with."""

PASSWORD = "correct-horse-battery"

_SERVE = """
import sys
sys.argv = ["keystone", "--config-file", sys.argv[1], sys.argv[2]]
port = sys.argv.pop()
import os
os.environ["OS_KEYSTONE_CONFIG_FILES"] = sys.argv[2]
import keystone.wsgi.api as api
from waitress import serve
serve(api.application, listen=f"127.0.0.1:{port}", threads=8)
"""


OLD_CLIENT = ("python-openstackclient==6.2.0", "openstacksdk==1.1.0", "setuptools<81")
"""The client of RHOSO 18, and what it was released with."""


def programs_of_openstack(packages: tuple[str, ...] = PACKAGES) -> Path:
    """The folder with `openstack`, `keystone-manage` and their Python; installed once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "omg-testbed"
    wanted = hashlib.sha256(" ".join((*packages, sys.version)).encode()).hexdigest()[:16]
    done = cache / f"openstack-{wanted}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "openstack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (done / "installed").exists():
            shutil.rmtree(done, ignore_errors=True)
            venv.create(done, with_pip=True)
            command = [str(done / "bin" / "python"), "-m", "pip", "install", "--quiet", *packages]
            subprocess.run(command, check=True, timeout=900)
            (done / "installed").touch()
    return done / "bin"


class Keystone:
    """Keystone on a port of this machine; a context manager.

    Args:
        directory: for its database and keys.
    """

    def __init__(self, directory: Path) -> None:
        self.bin = programs_of_openstack()
        self.port = free_port()
        self._directory = directory
        self._configuration = directory / "keystone.conf"
        self._program: Program | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """What the client's pod has in its environment."""
        return {
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "HOME": str(self._directory),
            "OS_AUTH_URL": f"http://127.0.0.1:{self.port}/v3",
            "OS_USERNAME": "admin",
            "OS_PASSWORD": PASSWORD,
            "OS_PROJECT_NAME": "admin",
            "OS_USER_DOMAIN_ID": "default",
            "OS_PROJECT_DOMAIN_ID": "default",
            "OS_IDENTITY_API_VERSION": "3",
            "OS_REGION_NAME": "regionOne",
        }

    def __enter__(self) -> Self:
        keys = {name: self._directory / name for name in ("fernet_tokens", "fernet_receipts", "credential")}
        sections = "".join(f"[{name}]\nkey_repository = {folder}\n" for name, folder in keys.items())
        self._configuration.write_text(
            f"[database]\nconnection = sqlite:///{self._directory}/keystone.db\n"
            f"[cache]\nenabled = true\nbackend = dogpile.cache.memory\n{sections}"
        )
        user = str(os.getuid())
        owner = ("--keystone-user", user, "--keystone-group", str(os.getgid()))
        for folder in keys.values():
            folder.mkdir(mode=0o700)
        for setup in ("fernet_setup", "credential_setup"):
            self._manage(setup, *owner)
        self._manage("db_sync")
        urls = [f"--bootstrap-{kind}-url=http://127.0.0.1:{self.port}/v3" for kind in ("admin", "internal", "public")]
        self._manage("bootstrap", f"--bootstrap-password={PASSWORD}", "--bootstrap-region-id=regionOne", *urls)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start it where it doesn't run, and wait until it listens."""
        if self._program is not None and self._program.is_running:
            return
        command = [str(self.bin / "python"), "-c", _SERVE, str(self._configuration), str(self.port)]
        self._program = Program(self._directory / "keystone.log", command, dict(os.environ))
        self._program.wait_until(lambda: listens(self.port))
        self._get("roles", self._token())  # it loads its policies with the first request; two at once get in the way

    def kill(self) -> None:
        """End it by force."""
        assert self._program is not None
        self._program.signal(signal.SIGKILL)
        self._program.stop()

    def stop(self) -> None:
        """End it."""
        if self._program is not None:
            self._program.stop()
            self._program = None

    def register(self, services: Mapping[str, tuple[str, str]]) -> list[str]:
        """Put services into the catalogue: name → type and URL; their ids."""
        token, found = self._token(), []
        for name, (kind, url) in services.items():
            made = self._post("services", {"service": {"name": name, "type": kind}}, token)["service"]["id"]
            found.append(made)
            for interface in ("public", "internal"):
                endpoint = {"service_id": made, "interface": interface, "region_id": "regionOne", "url": url}
                self._post("endpoints", {"endpoint": endpoint}, token)
        return found

    def remove(self, services: Iterable[str]) -> None:
        """Take services out of the catalogue again, by their ids."""
        token = self._token()
        for identity in services:
            self._send("DELETE", f"services/{identity}", token)

    def _token(self) -> str:
        user = {"name": "admin", "domain": {"id": "default"}, "password": PASSWORD}
        scope = {"project": {"name": "admin", "domain": {"id": "default"}}}
        identity = {"methods": ["password"], "password": {"user": user}}
        return str(self._post("auth/tokens", {"auth": {"identity": identity, "scope": scope}}, "")["token"])

    def _get(self, path: str, token: str) -> dict[str, Any]:
        return self._send("GET", path, token)

    def _post(self, path: str, body: dict[str, Any], token: str) -> dict[str, Any]:
        return self._send("POST", path, token, json.dumps(body))

    def _send(self, method: str, path: str, token: str, body: str = "") -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "X-Auth-Token": token}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, f"/v3/{path}", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status in (200, 201, 204), text
            if path == "auth/tokens":
                return {"token": answer.getheader("X-Subject-Token")}
            told: dict[str, Any] = json.loads(text or "{}")
            return told
        finally:
            connection.close()

    def client(self, *arguments: str, program: Path | None = None) -> bytes:
        """What the client prints, run by hand; another one where a program is given."""
        command = [str(program or self.bin / "openstack"), *arguments]
        done = subprocess.run(command, env=dict(self.environment), capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def _manage(self, *arguments: str) -> None:
        command = [str(self.bin / "keystone-manage"), "--config-file", str(self._configuration), *arguments]
        done = subprocess.run(command, capture_output=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
