"""Which form of an answer the client's Accept header prefers, judged as the real server does."""

from __future__ import annotations

from dataclasses import dataclass

from omg.embedded.statuses import not_acceptable

TABLE, PARTIAL, PARTIAL_LIST = "Table", "PartialObjectMetadata", "PartialObjectMetadataList"
META_GROUP, META_VERSIONS = "meta.k8s.io", ("v1", "v1beta1")
TYPES = "application/json, application/yaml, application/vnd.kubernetes.protobuf"


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is wanted: as nothing special ("") or as one of meta.k8s.io's kinds, in a version of it."""

    target: str = ""
    version: str = "v1"


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of an Accept header."""

    media_type: str
    parameters: tuple[tuple[str, str], ...]
    quality: float

    def get(self, name: str) -> str:
        """The value of a parameter; "" for none."""
        return dict(self.parameters).get(name, "")


def clauses(accept: str) -> list[Clause]:
    """The parts of an Accept header, the most wanted first."""
    found = []
    for part in accept.split(","):
        media_type, *parameters = (one.strip() for one in part.split(";"))
        pairs = tuple((key, value.strip('"')) for key, _, value in (one.partition("=") for one in parameters))
        found.append(Clause(media_type, pairs, _quality(dict(pairs).get("q", "1"))))
    return sorted(found, key=lambda one: -one.quality)


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0


def wanted_form(accept: str) -> Form:
    """The first form of the client's choice that can be made. YAML and protobuf aren't spoken here, but passed over.

    Raises:
        Refused: 406, nothing of it can be made.
    """
    understood = False
    for clause in clauses(accept or "*/*"):
        if clause.media_type not in ("*/*", "application/json"):
            continue
        understood = True
        target, version = clause.get("as"), clause.get("v")
        if not target:
            return Form()
        if target in (TABLE, PARTIAL, PARTIAL_LIST) and clause.get("g") == META_GROUP and version in META_VERSIONS:
            return Form(target, version)
    if understood:
        raise not_acceptable("only the following media types are accepted: " + TYPES)
    stream = ", application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch"
    raise not_acceptable("406: Not Acceptable\n\nAvailable representations: " + TYPES + stream, {})


def wants_aggregated(accept: str) -> bool:
    """Whether the client prefers aggregated discovery (v2) to the documents of old."""
    for clause in clauses(accept):
        aggregated = clause.get("as") == "APIGroupDiscoveryList" and clause.get("g") == "apidiscovery.k8s.io"
        if aggregated and clause.get("v") == "v2":
            return True
        if not clause.get("as"):
            return False
    return False
