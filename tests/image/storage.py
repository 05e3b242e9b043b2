"""Where the image is built and run: buildah with a storage of its own, chroot isolation, nothing of the machine's.

A container without a runtime: its processes are the machine's, its files are the image's, its network is the machine's.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "omg-testbed"

SUITE = "bookworm"
"""Debian 12: its Python is 3.11, the oldest that omg runs with."""

CERTIFICATES = Path("/etc/ssl/certs")
"""Of the machine, for the build: registries may be reached through a proxy that only the machine trusts."""


def base() -> Path:
    """A root file system with little more than a package manager, made once for the machine."""
    packed = CACHE / f"image-base-{SUITE}.tar"
    if not packed.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        tree = CACHE / f"image-base-{SUITE}.new"
        shutil.rmtree(tree, ignore_errors=True)
        made = ["debootstrap", "--variant=minbase", "--include=ca-certificates", SUITE, str(tree)]
        subprocess.run(made, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=600, check=True)
        part = packed.with_suffix(".part")
        subprocess.run(["tar", "--numeric-owner", "-cf", str(part), "-C", str(tree), "."], timeout=300, check=True)
        part.rename(packed)
        shutil.rmtree(tree)
    return packed


@dataclass(frozen=True)
class Storage:
    """A place for images; `remove` takes everything away again."""

    directory: Path

    def buildah(self, *arguments: str, timeout: float = 600) -> str:
        """What buildah prints on stdout; it fails with what it printed on stderr."""
        ended = subprocess.run(
            self.command(*arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert ended.returncode == 0, f"buildah {arguments[0]}: {ended.stderr[-3000:]}"
        return ended.stdout.strip()

    def command(self, *arguments: str) -> list[str]:
        """The words of a call."""
        return [
            "buildah",
            f"--root={self.directory / 'storage'}",
            f"--runroot={self.directory / 'run'}",
            "--storage-driver=vfs",
            *arguments,
        ]

    def import_base(self, name: str) -> str:
        """Make an image of the base's files."""
        container = self.buildah("from", "scratch")
        self.buildah("add", "--quiet", container, str(base()), "/")
        self.buildah("commit", "--quiet", "--rm", container, name)
        return name

    def build(self, name: str, *, base: str, arguments: Mapping[str, str]) -> str:
        """Build the Containerfile."""
        given = [f"--build-arg={key}={value}" for key, value in {"BASE": base, **arguments}.items()]
        self.buildah(
            "build-using-dockerfile",
            "--isolation=chroot",
            f"--volume={CERTIFICATES}:{CERTIFICATES}:ro",
            *given,
            f"--file={ROOT / 'containers' / 'Containerfile'}",
            f"--tag={name}",
            str(ROOT),
        )
        return name

    def size(self, image: str) -> int:
        """Bytes of an image's files."""
        listed = json.loads(self.buildah("images", "--json", image))
        units = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}
        number, unit = listed[0]["size"].split()
        return int(float(number) * units[unit.upper()])

    def labels(self, image: str) -> dict[str, str]:
        """What an image says of itself."""
        found: dict[str, str] = json.loads(self.buildah("inspect", "--type=image", image))["OCIv1"]["config"]["Labels"]
        return found

    def container(self, image: str) -> "Container":
        """A container with the files of an image."""
        return Container(self, self.buildah("from", image))

    def remove(self) -> None:
        """Take containers, images and files away."""
        self.buildah("rm", "--all")
        self.buildah("rmi", "--all", "--force")
        shutil.rmtree(self.directory, ignore_errors=True)


@dataclass(frozen=True)
class Container:
    """Files of an image, in which commands are run."""

    storage: Storage
    name: str

    def command(
        self, words: Sequence[str], *, user: str = "0", volumes: Mapping[Path, str], env: Mapping[str, str]
    ) -> list[str]:
        """The words that run a command inside.

        Args:
            words: the command.
            user: UID or UID:GID.
            volumes: directory of the machine → where it is inside.
            env: beside what the image sets.
        """
        return self.storage.command(
            "run",
            "--isolation=chroot",
            f"--user={user}",
            *(f"--volume={outside}:{inside}" for outside, inside in volumes.items()),
            *(f"--env={name}={value}" for name, value in env.items()),
            self.name,
            "--",
            *words,
        )
