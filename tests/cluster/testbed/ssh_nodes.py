"""EDPM nodes: a real sshd each, in a mount namespace where /var/tmp is its own, and accounts that use sudo. Needs root.

Accounts are this machine's, made for the test and removed again; what a node has instead of a program of this machine
is mounted over it for that node alone.
"""

import os
import pwd
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/bin")
PREFIX = "omg-test-"

CAN_RUN = os.geteuid() == 0 and SSHD is not None and all(map(shutil.which, ("sos", "sudo", "unshare")))


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)


@dataclass(frozen=True)
class Account:
    """One account.

    Args:
        shell: its login shell.
        sudo: lines of sudoers, in which USER stands for its name.
        files: what its shell reads, by path in its home.
    """

    name: str
    shell: str = "/bin/sh"
    sudo: str = "USER ALL=(ALL) NOPASSWD: ALL"
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def user(self) -> str:
        return PREFIX + self.name

    @contextmanager
    def there(self, public_key: Path) -> Iterator["Account"]:
        """The account, for as long as the block lasts."""
        rule = Path("/etc/sudoers.d", self.user)
        run("useradd", "--create-home", "--shell", self.shell, "--password", "*", self.user)
        try:
            home = Path(pwd.getpwnam(self.user).pw_dir)
            (home / ".ssh").mkdir(mode=0o700)
            shutil.copy(public_key, home / ".ssh/authorized_keys")
            for name, text in self.files.items():
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                (home / name).write_text(text)
            run("chown", "-R", self.user, str(home))
            rule.write_text(self.sudo.replace("USER", self.user) + "\n")
            rule.chmod(0o440)
            run("visudo", "--check", "--quiet", f"--file={rule}")
            yield self
        finally:
            rule.unlink(missing_ok=True)
            run("userdel", "--remove", "--force", self.user)


@dataclass
class SshNode:
    """One node.

    Args:
        room: bytes of /var/tmp, as mount takes them.
        instead: programs of its own: path → script; an empty one isn't there.
    """

    name: str
    folder: Path
    port: int
    address: str = "127.0.0.1"
    room: str = "200m"
    instead: Mapping[str, str] = field(default_factory=dict)
    pid: int = 0

    @contextmanager
    def serving(self) -> Iterator["SshNode"]:
        """A running sshd with a host key of its own."""
        assert SSHD is not None
        Path("/run/sshd").mkdir(exist_ok=True)
        self.folder.mkdir()
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / "host"))
        options = (f"ListenAddress={self.address}", f"HostKey={self.folder / 'host'}", "PidFile=none", "UsePAM=no")
        words = [SSHD, "-D", "-e", "-f", "/dev/null", "-p", str(self.port), *(f"-o{one}" for one in options)]
        mounts = [f"mount -t tmpfs -o size={self.room},mode=1777 none /var/tmp"]
        for at, (path, script) in enumerate(self.instead.items()):
            own = self.folder / f"program-{at}"
            own.write_text(script)
            own.chmod(0o755 if script else 0o644)
            mounts.append(f"mount --bind {own} {path}")
        command = " && ".join([*mounts, f"exec {shlex.join(words)}"])
        with subprocess.Popen(
            ["unshare", "--mount", "--propagation=private", "sh", "-c", command], stderr=subprocess.PIPE
        ) as server:
            try:
                assert server.stderr is not None
                assert b"listening" in (line := server.stderr.readline()), line
                self.pid = server.pid
                yield self
            finally:
                server.terminate()

    @property
    def var_tmp(self) -> Path:
        """As the node sees it."""
        return Path(f"/proc/{self.pid}/root/var/tmp")

    def left(self) -> list[str]:
        """What of omg's is in /var/tmp."""
        return [path.name for path in self.var_tmp.iterdir() if path.name.startswith("omg-sos")]


@contextmanager
def accounts(folder: Path, *wanted: Account) -> Iterator[Path]:
    """The accounts, with one key for all; its path."""
    key = folder / "user"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
    with ExitStack() as stack:
        for one in wanted:
            stack.enter_context(one.there(key.with_suffix(".pub")))
        yield key
