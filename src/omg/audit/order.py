"""Which files are searched first when there isn't time for all: those that tell most of masking. Pure."""

from collections.abc import Iterable

from omg.audit.reading import Entry

_RANKS = (
    ("/secrets/", 0),
    ("/configmaps/", 0),
    (".conf", 0),
    ("run.log", 0),
    ("omg-manifest.jsonl", 0),
    ("/crs/", 1),
    ("backup-restore/", 1),
    ("ctlplane/", 1),
    ("/logs/", 3),
    (".sql", 3),
    ("sos-reports/", 4),
)


def most_telling_first(entries: Iterable[Entry]) -> list[Entry]:
    """Configuration and Secrets, custom resources, other objects, logs from the newest on, SOS reports."""
    return sorted(entries, key=lambda one: (rank_of(one.path), -one.changed, one.path))


def rank_of(path: str) -> int:
    """The place of a file's kind in the order."""
    return next((rank for part, rank in _RANKS if part in path), 2)
