"""What the documentation says that the code knows."""

import re
from pathlib import Path

import pytest

from omg.settings import NOT_FLAGS, Settings
from tests.docs_settings import PAGE, page

ROOT = Path(__file__).parents[1]


def test_every_setting_is_in_the_page_of_settings_with_its_default_and_its_meaning() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs_settings"
    named = set(re.findall(r"^\| ([A-Z_]+) \|", page(), re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields if name not in NOT_FLAGS}


@pytest.mark.parametrize("name", ["must-gather.md", "openstack.md", "operations.md", "settings.md"])
def test_links_between_pages_lead_somewhere(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [one for one in links if not (ROOT / "docs" / one).exists()] == []
