"""Builds the programs of a real cluster from Go modules, once for each set of versions, and keeps them.

The versions are those of the go.mod and go.sum files beside this module: nothing is resolved at build time. The first
build takes about 12 minutes on two cores; later ones find the programs in ``$XDG_CACHE_HOME/omg-testbed``.
``python -m tests.cluster.testbed.build`` builds and prints the folders.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MODULES = Path(__file__).parent / "modules"
READERS = Path(__file__).parents[1] / "readers"

KUBERNETES = "1.36.3"
"""As in modules/kubernetes/go.mod; the API server tells it to its clients."""

LONGEST_BUILD = 40 * 60
"""Seconds: three times what two idle cores need."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One Go module and the packages of it that become programs."""

    module: Path
    package: str
    linker: str = ""


RECIPES = {
    "etcd": Recipe(MODULES / "etcd", "."),
    "kwok": Recipe(MODULES / "kwok", "tool"),
    "kubernetes": Recipe(
        MODULES / "kubernetes",
        "tool",
        " ".join(
            f"-X k8s.io/component-base/version.{name}={value}"
            for name, value in {
                "gitVersion": f"v{KUBERNETES}",
                "gitMajor": "1",
                "gitMinor": KUBERNETES.split(".")[1],
            }.items()
        ),
    ),
    "yaml2json": Recipe(READERS / "yaml2json", "."),
}


def programs(name: str) -> Path:
    """The folder with the programs of one recipe, built now unless they are there.

    Raises:
        RuntimeError: Go is missing, or the build failed; its output is in the message.
    """
    recipe = RECIPES[name]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "omg-testbed"
    done = cache / f"{name}-{_digest(recipe)}"
    if done.is_dir():
        return done
    cache.mkdir(parents=True, exist_ok=True)
    with _alone(cache / f"{name}.lock"):
        if not done.is_dir():
            unfinished = cache / f"{name}.building"
            shutil.rmtree(unfinished, ignore_errors=True)
            _build(recipe, unfinished)
            unfinished.rename(done)
    return done


def _digest(recipe: Recipe) -> str:
    state = hashlib.sha256(f"{recipe.package}\n{recipe.linker}\n".encode())
    for path in sorted(recipe.module.iterdir()):
        state.update(f"{path.name}\n".encode() + path.read_bytes())
    return state.hexdigest()[:16]


def _build(recipe: Recipe, target: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise RuntimeError("The real cluster is built with Go 1.26 or later, and there is no go on the PATH.")
    target.mkdir()
    command = [go, "build", "-mod=readonly", "-trimpath", "-buildvcs=false", f"-ldflags=-s -w {recipe.linker}"]
    ended = subprocess.run(
        [*command, "-o", f"{target}/", recipe.package],
        cwd=recipe.module,
        env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LONGEST_BUILD,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(f"go build failed in {recipe.module}:\n{ended.stdout[-4000:]}")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Build everything, with a line for each."""
    for name in RECIPES:
        began = time.monotonic()
        folder = programs(name)
        sys.stdout.write(f"{name}: {folder} ({time.monotonic() - began:.0f} s)\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
