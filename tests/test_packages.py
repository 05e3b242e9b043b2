"""The image's package script on bases that can't be built here: a directory of commands and a manager that knows a few
packages stand for a distribution. What the real ones have is from their repositories and others' Containerfiles.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "containers" / "packages"

NEW, OLD = "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 1\n"
"""Answers to whether an interpreter is new enough, and whether it can make a venv."""
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\n'

MANAGER = """#!/bin/sh
echo "$*" >>{state}/asked
case "$1" in install) shift ;; *) exit 0 ;; esac
for word in "$@"; do
    case "$word" in -*) continue ;; esac
    [ -d {state}/"$word" ] || {{ echo "nothing provides $word, or it conflicts" >&2; exit 1; }}
done
for word in "$@"; do
    case "$word" in -*) ;; *) cp {state}/"$word"/* {bin}/ ;; esac
done
"""

COREUTILS = ("sleep", "df", "du", "sync", "timeout")
NEEDED = (*COREUTILS, "bash", "sed", "tar", "gzip", "rsync", "setsid", "ps", "pkill", "awk")


@dataclass(frozen=True)
class Base:
    """A base image: its manager, what it has, and what its repositories have."""

    manager: str
    commands: tuple[str, ...]
    packages: Mapping[str, tuple[str, ...]]
    pythons: Mapping[str, str] = field(default_factory=dict)
    """Package of Python → the interpreter that comes with it; its command has the package's name."""
    own_python: str = ""


STREAM_9 = Base(
    manager="dnf",
    commands=(*COREUTILS, "bash", "sed", "tar", "gzip", "awk", "update-ca-trust"),
    packages={"rsync": ("rsync",), "procps-ng": ("ps", "pkill"), "util-linux": ("setsid",)},
    pythons={"python3.12": NEW, "python3.11": NEW, "python3": OLD},
    own_python=OLD,
)
UBI_MINIMAL = Base(
    manager="microdnf",
    commands=(*COREUTILS, "bash", "sed", "awk", "update-ca-trust"),
    packages={**STREAM_9.packages, "tar": ("tar",), "gzip": ("gzip",)},
    pythons={"python3.11": NEW},
)
STREAM_10 = Base("dnf", STREAM_9.commands, STREAM_9.packages, pythons={"python3": NEW})
DEBIAN = Base(
    manager="apt-get",
    commands=(*COREUTILS, "bash", "sed", "tar", "gzip", "setsid", "awk"),
    packages={
        "procps": ("ps", "pkill"),
        "rsync": ("rsync",),
        "ca-certificates": ("update-ca-certificates",),
        "python3-venv": ("python3-venv-is-there",),
    },
    pythons={"python3": NEW},
)
BASES = {"CentOS Stream 9": STREAM_9, "UBI 9 minimal": UBI_MINIMAL, "CentOS Stream 10": STREAM_10, "Debian": DEBIAN}


class Root:
    """A root file system as far as the script looks."""

    def __init__(self, directory: Path, base: Base) -> None:
        self.bin, self.state = directory / "bin", directory / "state"
        self.bin.mkdir()
        self.state.mkdir()
        for name in ("sh", "rm", "cp"):
            found = shutil.which(name)
            assert found
            (self.bin / name).symlink_to(found)
        for name in base.commands:
            self.put(self.bin / name, NEW)
        if base.own_python:
            self.put(self.bin / "python3", base.own_python)
        for package, commands in base.packages.items():
            for name in commands:
                self.put(self.state / package / name, NEW)
        for package, interpreter in base.pythons.items():
            self.put(self.state / package / package, interpreter)
        self.put(self.bin / base.manager, MANAGER.format(state=self.state, bin=self.bin))

    @staticmethod
    def put(path: Path, text: str) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.bin / "sh"), str(SCRIPT), *arguments]
        env = {"PATH": str(self.bin)}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)

    def asked(self) -> list[str]:
        return (self.state / "asked").read_text().splitlines()


@pytest.mark.parametrize("base", BASES.values(), ids=BASES.keys())
def test_whatever_the_base_everything_that_oc_calls_is_there_afterwards(base: Base, tmp_path: Path) -> None:
    root = Root(tmp_path, base)
    ended = root.run("run")
    assert ended.returncode == 0, ended.stderr
    assert [name for name in NEEDED if not (root.bin / name).exists()] == []
    python = root.run("python").stdout.strip()
    assert Path(python).read_text() == NEW
    assert Path(python).parent == root.bin


@pytest.mark.parametrize("base", BASES.values(), ids=BASES.keys())
def test_both_stages_find_the_same_interpreter(base: Base, tmp_path: Path) -> None:
    found = set()
    for stage in ("run", "build"):
        (tmp_path / stage).mkdir()
        root = Root(tmp_path / stage, base)
        assert root.run(stage).returncode == 0
        found.add(Path(root.run("python").stdout.strip()).name)
    assert len(found) == 1


def test_a_package_that_conflicts_with_what_the_base_has_instead_of_it_is_not_asked_for(tmp_path: Path) -> None:
    root = Root(tmp_path, STREAM_9)
    root.run("run")
    words = {word for line in root.asked() for word in line.split()}
    assert "coreutils" not in words
    assert {"rsync", "procps-ng", "util-linux"} <= words


def test_an_interpreter_that_is_there_is_taken_unless_it_cannot_make_a_venv(tmp_path: Path) -> None:
    has_python = Base("apt-get", DEBIAN.commands, DEBIAN.packages, DEBIAN.pythons, own_python=WITHOUT_VENV)
    for stage, is_asked in (("run", False), ("build", True)):
        (tmp_path / stage).mkdir()
        root = Root(tmp_path / stage, has_python)
        assert root.run(stage).returncode == 0
        assert any("python3-venv" in line for line in root.asked()) is is_asked


def test_a_base_without_a_python_that_is_new_enough_says_what_was_tried(tmp_path: Path) -> None:
    old = Base("dnf", STREAM_9.commands, STREAM_9.packages, pythons={"python3": OLD})
    ended = Root(tmp_path, old).run("run")
    assert ended.returncode == 1
    assert "no Python 3.11 or later (tried: python3.12" in ended.stderr


def test_a_base_without_a_manager_and_a_wrong_word_are_refused(tmp_path: Path) -> None:
    root = Root(tmp_path, Base("yast", STREAM_9.commands, {}))
    ended = root.run("run")
    assert (ended.returncode, "neither dnf nor microdnf nor apt-get" in ended.stderr) == (1, True)
    (tmp_path / "other").mkdir()
    assert Root(tmp_path / "other", DEBIAN).run("everything").returncode == 2
