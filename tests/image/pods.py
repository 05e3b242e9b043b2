"""A must-gather pod: two containers of the image with one volume, and what `oc adm must-gather` does with them.

The steps are those of oc's sources (openshift/oc, pkg/cli/admin/mustgather), which differ from version to version: the
disk check beside the command, the command in a session of its own, a SIGKILL as its only end, rsync or tar afterwards.
"""

import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tests.cluster.accounts import ServiceAccount
from tests.image.chroot import Tree
from tests.image.storage import Container

SECRET = "/run/secrets/kubernetes.io/serviceaccount"
"""/var/run leads there; buildah follows no link when it mounts."""
VOLUME = "/must-gather"
ANYBODY = "1000650000:0"
"""As OpenShift's restricted policy runs a container: a user that no file knows, in the root group."""

PATIENCE = 240.0

NOTHING: Mapping[Path, str] = MappingProxyType({})

LIMIT = 70
"""Per cent of the volume at which oc's disk check kills."""

CHECKED = r"""
check() {{
    while sleep 0.2; do
        used=$(df -P {volume} | awk 'NR==2 {{print $5}}' | sed 's/%//')
        [ "$used" -gt {limit} ] || continue
        echo "disk check: $used % is more than {limit}"
        pkill --signal SIGKILL --session "$(cat {session})"
        return
    done
}}
check & checker=$!
setsid -w bash <<END_OF_COMMAND
echo \$\$ >{session}
{command}
END_OF_COMMAND
ended=$?
kill $checker
sync -f {volume}
exit $ended
"""
"""The container `gather`: a disk check beside a command in a session of its own, then a sync."""


@dataclass(frozen=True)
class Ended:
    code: int
    stdout: str
    stderr: str

    def explain(self) -> str:
        return f"exit {self.code}\n{self.stdout[-3000:]}\n{self.stderr[-3000:]}"


@dataclass
class Pod:
    """A pod of the image.

    Args:
        directory: where its volumes are.
        env: what the kubelet would set beside the cluster's address.
    """

    container: Container | Tree
    account: ServiceAccount
    directory: Path
    user: str = "0"
    env: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.volume = self.directory / "volume"
        self.volume.mkdir(exist_ok=True)
        self.volume.chmod(0o777)  # as the kubelet makes an emptyDir
        self.secret = self.directory / "secret"
        self.secret.mkdir(exist_ok=True)
        self.mount_token()

    def mount_token(self) -> None:
        """Write what the kubelet mounts for the account."""
        cluster = self.account.cluster
        (self.secret / "token").write_text(self.account.token())
        (self.secret / "ca.crt").write_text((cluster.directory / "pki" / "ca.crt").read_text())
        (self.secret / "namespace").write_text(self.account.namespace)
        for path in (self.secret, *self.secret.iterdir()):
            path.chmod(0o755)

    def words(self, script: str, more_volumes: Mapping[Path, str] = NOTHING) -> list[str]:
        """The words that run a script of bash in the pod."""
        host, port = self.account.cluster.url.removeprefix("https://").split(":")
        return self.container.command(
            ["/bin/bash", "-c", script],
            user=self.user,
            volumes={self.volume: VOLUME, self.secret: SECRET, **more_volumes},
            env={"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": port, **self.env},
        )

    def run(self, script: str) -> Ended:
        ended = subprocess.run(
            self.words(script),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def gather(self, command: str = "/usr/bin/gather") -> Ended:
        """The container `gather`, to its end."""
        session = f"/tmp/session-of-{self.directory.name}-{self.user.partition(':')[0]}"
        return self.run(CHECKED.format(volume=VOLUME, limit=LIMIT, session=session, command=command))

    def gather_killed(
        self, after: float, command: str = "/usr/bin/gather", *, when: str = f"[ -e {VOLUME}/version ]"
    ) -> Ended:
        """The same, ended as oc's disk check ends it: every process of the session gets a SIGKILL.

        Args:
            after: seconds after that moment.
            when: a condition of the shell; unless given, that the first file is there.
        """
        return self.run(
            f"setsid bash -c {shlex.quote(command)} & session=$!\n"
            f"for try in $(seq 5000); do {when} && break; sleep 0.02; done\n"
            f"sleep {after:.2f}\n"
            'pkill --signal SIGKILL --session "$session"; wait "$session" 2>/dev/null\n'
            'for try in $(seq 100); do ps -o stat= --sid "$session" | grep -qv Z || exit 0; sleep 0.05; done; exit 7'
        )

    def rsync(self, destination: Path) -> None:
        """Copy the volume out, as oc does where the machine has rsync: its remote end runs in the container."""
        remote = self.directory / "rsh"
        words = [shlex.quote(word) for word in self.words("SCRIPT")][:-3]
        remote.write_text(f'#!/bin/bash\nshift\nexec {" ".join(words)} "$@"\n')
        remote.chmod(0o755)
        copied = ["rsync", "-a", "--no-owner", "--no-group", f"--rsh={remote}", f"pod:{VOLUME}/", str(destination)]
        subprocess.run(copied, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=True)

    def tar(self, destination: Path) -> None:
        """Copy the volume out, as oc does elsewhere: packed inside, unpacked outside.

        The archive goes through a volume: what goes through buildah's own pipes may lose its end.
        """
        packed = self.directory / "packed"
        packed.mkdir(exist_ok=True)
        packed.chmod(0o777)
        words = self.words(f"tar -C {VOLUME} -cf /packed/tree.tar .", {packed: "/packed"})
        subprocess.run(words, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=True)
        destination.mkdir(exist_ok=True)
        unpack = ["tar", "-xf", str(packed / "tree.tar"), "-C", str(destination)]
        subprocess.run(unpack, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=True)
