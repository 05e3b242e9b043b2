"""The Makefile's targets, as must-gather's builders call them; `make -n` prints what would be run."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def make(*arguments: str) -> str:
    command = ["make", "--no-print-directory", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return ended.stdout + ended.stderr


def test_help_names_every_target_that_a_person_calls() -> None:
    declared = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    targets = {name for line in declared for name in line.split()}
    assert {"check-image", "build", "check", "pytest", "podman-build", "podman-push"} <= targets
    assert targets <= set(make("help").split())


def test_the_image_is_named_by_the_variables_that_users_know() -> None:
    names = ("MUST_GATHER_IMAGE=omg", "IMAGE_REGISTRY=registry.example.com/team", "IMAGE_TAG=1.2.3")
    built = make("-n", "podman-build", *names, "OS_GIT_VERSION=7")
    assert "podman build --file containers/Containerfile --build-arg OS_GIT_VERSION=7" in built
    assert "--tag registry.example.com/team/omg:1.2.3 ." in built
    assert "podman push registry.example.com/team/omg:1.2.3" in make("-n", "podman-push", *names)


def test_an_image_without_a_name_is_not_built() -> None:
    told = make("check-image", "IMAGE_TAG=")
    assert "Give the image a name" in told
    assert "Error 1" in told
    assert make("check-image") == ""
