"""Where buildah can't work: the Containerfile's steps in a directory, and chroot in place of a container.

It knows of a Containerfile what omg's uses: FROM, ARG, ENV, COPY, RUN; labels and the like are passed over.
"""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.image.storage import CERTIFICATES, ROOT, base

PATHS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def steps(containerfile: str) -> Iterator[tuple[str, str]]:
    """Instruction and what follows it, lines that are continued put together."""
    text = re.sub(r"^\s*#.*\n", "", containerfile, flags=re.MULTILINE)
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.strip():
            name, _, rest = line.strip().partition(" ")
            yield name, rest.strip()


@dataclass
class Tree:
    """The files of an image, and what it sets in the environment."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    def command(
        self, words: Sequence[str], *, user: str = "0", volumes: Mapping[Path, str], env: Mapping[str, str]
    ) -> list[str]:
        """The words that run a command inside; see Container.command."""
        lines = ["set -e"]
        for outside, inside in {Path("/proc"): "/proc", Path("/dev"): "/dev", **volumes}.items():
            target = shlex.quote(f"{self.root}{inside}")
            lines += [f"mkdir -p {target}", f"mount --rbind {shlex.quote(str(outside))} {target}"]
        given = [f"{name}={value}" for name, value in {"PATH": PATHS, "HOME": "/", **self.env, **env}.items()]
        inner = ["chroot", f"--userspec={user if ':' in user else f'{user}:0'}", str(self.root)]
        lines.append(f'exec {shlex.join([*inner, "env", "-i", *given])} "$@"')
        return ["unshare", "--mount", "--propagation=private", "bash", "-c", "\n".join(lines), "chroot", *words]


@dataclass
class Chroot:
    """Trees by the names of their images; the same to the tests as Storage is."""

    directory: Path
    images: dict[str, Tree] = field(default_factory=dict)

    def import_base(self, name: str) -> str:
        tree = self.directory / "base"
        tree.mkdir()
        subprocess.run(["tar", "--numeric-owner", "-xf", str(base()), "-C", str(tree)], timeout=300, check=True)
        self.images[name] = Tree(tree)
        return name

    def build(self, name: str, *, base: str, arguments: Mapping[str, str]) -> str:
        stages: dict[str, Tree] = {}
        given: dict[str, str] = {}
        tree = Tree(self.directory)
        for step, rest in steps((ROOT / "containers" / "Containerfile").read_text()):
            match step:
                case "ARG":
                    key, _, default = rest.partition("=")
                    given[key] = {"BASE": base, **arguments}.get(key, default)
                case "FROM":
                    source, _, stage = _filled(rest, given).partition(" AS ")
                    tree = Tree(self.directory / f"stage-{len(stages)}")
                    subprocess.run(["cp", "-a", str(self.images[source].root), str(tree.root)], timeout=300, check=True)
                    stages[stage or name] = tree
                case "ENV":
                    key, _, value = rest.partition("=")
                    tree.env[key] = _filled(value, given)
                case "COPY":
                    _copy(rest, tree, stages)
                case "RUN":
                    words = tree.command(
                        ["/bin/sh", "-c", rest], volumes={CERTIFICATES: str(CERTIFICATES)}, env={"LANG": "C.UTF-8"}
                    )
                    shutil.copy("/etc/resolv.conf", tree.root / "etc" / "resolv.conf")
                    subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=600, check=True)
        self.images[name] = tree
        return name

    def size(self, image: str) -> int:
        told = subprocess.run(
            ["du", "-sxb", str(self.images[image].root)], capture_output=True, text=True, timeout=60, check=True
        )
        return int(told.stdout.split()[0])

    def container(self, image: str) -> Tree:
        return self.images[image]

    def remove(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)


def _filled(text: str, given: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: given[found[1]], text)


def _copy(rest: str, tree: Tree, stages: Mapping[str, Tree]) -> None:
    *sources, target = (word for word in rest.split() if not word.startswith("--"))
    stage = re.search(r"--from=(\w+)", rest)
    outside = stages[stage[1]].root if stage else ROOT
    inside = tree.root / target.lstrip("/")
    if target.endswith("/"):
        inside.mkdir(parents=True, exist_ok=True)
    for source in sources:
        found = outside / source.lstrip("/")
        if found.is_dir():
            shutil.copytree(found, inside, symlinks=True, dirs_exist_ok=True)
        else:
            inside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, inside)
