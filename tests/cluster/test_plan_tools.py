"""The plan's formats, read by the tools that they are made for: mermaid's own parser and Graphviz."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from omg.gather.plan import Plan

READER = Path(__file__).parent / "readers" / "mermaid"

SETTINGS = {
    "defaults": {},
    "read only": {"READ_ONLY": "1"},
    "no reports of nodes": {"SOS_SERVICES": "", "CONCURRENCY": "1"},
    "everything that is off by itself": {"SOS_EDPM": "all", "OPENSTACK_DATABASES": "ALL", "SOS_DECOMPRESS": "1"},
    "other names": {"OSP_NS": "control", "ADDITIONAL_NAMESPACES": "a,b", "DEADLINE": "5m"},
}


@pytest.fixture(scope="module")
def diagram_of() -> Callable[[str], str]:
    """What mermaid's parser says a text is."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "omg-testbed" / "mermaid"
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "parse.mjs"):
        shutil.copy(READER / name, cache)
    install = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"]
    subprocess.run(install, cwd=cache, check=True, capture_output=True, timeout=300)

    def parse(text: str) -> str:
        done = subprocess.run(
            ["node", "parse.mjs"], cwd=cache, input=text, capture_output=True, text=True, timeout=60, check=False
        )
        return done.stdout.strip() or done.stderr

    return parse


def _plan(form: str, settings: dict[str, str], *arguments: str) -> str:
    """What the command prints."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "omg", "plan", "--format", form, *arguments],
        env=kept | settings,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_the_plan_is_a_tree_a_picture_and_data(settings: dict[str, str], diagram_of: Callable[[str], str]) -> None:
    plan = msgspec.json.decode(_plan("json", settings), type=Plan)
    names = {task.name for task in plan.tasks}
    edges = {(before, task.name) for task in plan.tasks for before in task.waits_for}
    assert len(names) > 20

    assert diagram_of(_plan("mermaid", settings)).startswith("flowchart")

    drawn = subprocess.run(
        ["dot", "-Tplain"], input=_plan("dot", settings), check=True, capture_output=True, text=True, timeout=60
    )
    words = [line.split() for line in drawn.stdout.splitlines()]
    assert {line[1] for line in words if line[0] == "node"} == names
    assert {(line[1], line[2]) for line in words if line[0] == "edge"} == edges

    tree = _plan("tree", settings)
    assert all(f" {name}" in tree for name in names)
    assert max(map(len, tree.splitlines())) <= 120


def test_mermaid_refuses_what_is_no_diagram(diagram_of: Callable[[str], str]) -> None:
    assert "flowchart" not in diagram_of("flowchart LR\n  a --> end\n").splitlines()[0]
