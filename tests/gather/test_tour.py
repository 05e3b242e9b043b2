"""The README's tour can be followed: each command prints what is shown, in the tree of the demo."""

import re
import subprocess
from pathlib import Path

from click.testing import CliRunner

from omg.cli import cli
from tests.gathering import Gathering

README = Path(__file__).parents[2] / "README.md"


def blocks(heading: str, language: str) -> list[str]:
    """The blocks of a language under a heading of the README."""
    text = README.read_text()
    part = text[text.index(f"## {heading}") :]
    part = part[: part.find("\n## ", 4)]
    return re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)


def steps() -> list[tuple[str, list[str]]]:
    """Each command of the tour with the lines that it is shown to print."""
    found: list[tuple[str, list[str]]] = []
    for line in "".join(blocks("Two minutes with a failing service", "console")).splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


async def test_the_tour_can_be_followed(gathering: Gathering) -> None:
    result = await gathering.run()
    assert result.exit_code == 0
    shown = steps()
    start = shown.pop(0)[0]
    where = gathering.root / start.removeprefix("cd demo-output/")
    assert len(shown) > 6
    for command, lines in shown:
        printed = subprocess.run(["bash", "-c", command], cwd=where, capture_output=True, text=True, check=True)
        actual = printed.stdout.splitlines()
        assert len(lines) == len(actual), (command, actual)
        for line, one in zip(lines, actual, strict=True):
            beginning, cut, _ = line.partition("…")
            assert one.startswith(beginning) if cut else one == line, (command, line, one)


def test_the_diagram_is_the_one_that_the_plan_makes() -> None:
    shown = CliRunner().invoke(cli, ["plan", "--format", "mermaid"]).output
    assert blocks("What waits for what", "mermaid") == [shown]
