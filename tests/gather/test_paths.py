"""docs/output.md says what the tables say, and every task that writes has its lines there."""

from pathlib import Path

from omg.gather.catalog import all_tasks
from omg.gather.paths import page, path_rows
from omg.output.layouts.classic import BESIDE, LISTS, OBJECTS

PAGE = Path(__file__).parents[2] / "docs" / "output.md"


def test_the_page_is_the_one_that_the_tables_make() -> None:
    assert PAGE.read_text() == page(), "run: python -m omg.gather.paths > docs/output.md"


def test_every_task_that_writes_has_a_line() -> None:
    described = {task for row in path_rows() for task in row.tasks}
    assert {task.name for task in all_tasks() if task.writes} - described == set()


def test_every_line_of_the_layouts_tables_is_on_the_page() -> None:
    tasks = {task.name for task in all_tasks()}
    described = {task for row in path_rows() for task in row.tasks}
    used = {task for task, _plural in (*OBJECTS, *BESIDE, *LISTS)}
    assert used & tasks <= described


def test_no_path_belongs_to_two_lines_of_different_tasks() -> None:
    rows = list(path_rows())
    for row in rows:
        example = row.path.replace("PLURAL.GROUP", "cinders.cinder.openstack.org")
        assert {task for one in rows if one.matches(example) for task in one.tasks} <= row.tasks | {"custom_resources"}
