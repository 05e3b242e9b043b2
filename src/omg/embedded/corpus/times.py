"""When things happened in the demo's story: always the same, so that two corpora are equal."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta

# The moment at which somebody would have collected this cluster, and how long it had been there then.
NOW = datetime(2026, 1, 15, 10, 0, 0, tzinfo=UTC)
MINUTE = 1
HOUR = 60
DAY = 24 * HOUR
DEPLOYED = 3 * DAY
INSTALLED = 40 * DAY


def before(minutes: float) -> str:
    """The time so many minutes before the collection, as Kubernetes writes it."""
    return (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def born(*key: str, age: float = DEPLOYED) -> str:
    """A creation time: things of one age are made within the same two hours."""
    return before(age - zlib.crc32("/".join(key).encode()) % 7200 / 60)
