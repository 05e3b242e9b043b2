"""The Makefile's targets, as must-gather's builders call them; `make -n` prints what would be run."""

import re
import subprocess
from pathlib import Path

import pytest

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


NAMES = ("MUST_GATHER_IMAGE=omg", "IMAGE_REGISTRY=registry.example.com/team", "IMAGE_TAG=1.2.3")


def test_the_image_is_named_by_the_variables_that_users_know() -> None:
    built = make("-n", "podman-build", *NAMES, "OS_GIT_VERSION=7")
    assert "podman build --file containers/Containerfile --build-arg OS_GIT_VERSION=7" in built
    assert "--tag registry.example.com/team/omg:1.2.3 ." in built
    assert "podman push registry.example.com/team/omg:1.2.3" in make("-n", "podman-push", *NAMES)


def test_the_base_is_a_build_argument_and_the_program_can_be_another() -> None:
    built = make("-n", "podman-build", *NAMES, "BUILD_ARGS=BASE=registry.example.com/base A=b", "PODMAN=buildah")
    assert "buildah build " in built
    assert " --build-arg BASE=registry.example.com/base --build-arg A=b --tag " in built


@pytest.mark.parametrize("name", ["MUST_GATHER_IMAGE", "IMAGE_REGISTRY", "IMAGE_TAG"])
def test_an_image_without_a_name_is_neither_built_nor_pushed(name: str) -> None:
    for target in ("check-image", "podman-build", "podman-push"):
        told = make(target, *NAMES, f"{name}=", "PODMAN=false")
        assert f"{name} is not set. Give the image a name" in told
        assert "Error 1" in told
    assert make("check-image", *NAMES) == ""


def test_an_image_that_nobody_named_is_not_pushed_to_where_others_push() -> None:
    assert "MUST_GATHER_IMAGE is not set" in make("build", "PODMAN=false", "NOX=false")
