"""The exercise in docs/collectors.md, taken from the page and run as it stands."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from omg.engine import Graph, Task
from omg.tasks.secret_values import secret_values
from tests.gathering import Gathering

PAGE = Path(__file__).parent.parent / "docs" / "collectors.md"


@pytest.fixture
def exercise() -> ModuleType:
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert code is not None
    assert len(code[1].splitlines()) <= 30
    module = ModuleType("omg.tasks.persistent_volumes")
    sys.modules[module.__name__] = module
    exec(compile(code[1], str(PAGE), "exec"), module.__dict__)
    return module


async def test_the_exercise_collects_masks_and_is_recorded(exercise: ModuleType, gathering: Gathering) -> None:
    gathering.cluster.store.put(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": "pv-1"},
            "spec": {"csi": {"driver": "d", "volumeAttributes": {"password": "kn8RwqYp2LzX"}}},
        }
    )
    mine = exercise.persistent_volumes
    assert isinstance(mine, Task)
    result = await gathering.run(graph=Graph([mine], before_writing=secret_values))
    assert result.exit_code == 0
    written = (gathering.root / "persistentvolumes" / "pv-1.yaml").read_text()
    assert "driver: d" in written
    assert "kn8RwqYp2LzX" not in written
