from collections.abc import AsyncIterator

import pytest

from tests.cluster_door.serving import Api


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with Api() as running:
        yield running
