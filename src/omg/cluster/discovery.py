"""What the cluster serves: asked for at once where the server can tell it so, else group by group.

https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery (stable since Kubernetes 1.30, on by
default since 1.27).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from omg.cluster.answers import sentence
from omg.cluster.asks import JSON, Ask
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import OmgError, RequestFailed

AGGREGATED = ",".join(
    [f"{JSON};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" for version in ("v2", "v2beta1")] + [JSON]
)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The kinds that the cluster serves, each in the version that its group prefers.

    Args:
        gaps: `group/version` of what should be there and doesn't answer, such as an APIService whose server is down.
    """

    resources: tuple[Resource, ...]
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Version:
    """A version of a group, with what it serves; None: it doesn't answer."""

    group: str
    version: str
    resources: tuple[Resource, ...] | None

    def __str__(self) -> str:
        return f"{self.group}/{self.version}".lstrip("/")


async def discover(session: Session, ticket: Ticket) -> Discovery:
    """Ask what the cluster serves.

    Raises:
        OmgError: the server doesn't even name its groups; see Session.use.
    """
    versions: list[_Version] = []
    for path in ("/api", "/apis"):
        found = await _object(session, ticket, path, AGGREGATED)
        if found.get("kind") == "APIGroupDiscoveryList":
            versions += _aggregated(found)
        else:
            versions += [await _one(session, ticket, *one) for one in _named(found)]
    return _preferred(versions)


async def _object(session: Session, ticket: Ticket, path: str, accept: str = JSON) -> dict[str, Any]:
    ask = Ask(f"discover {path}", path, accept=accept)
    try:
        return msgspec.json.decode(await session.read(ask, ticket), type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RequestFailed(sentence(ask.what, "the answer is not JSON")) from error


def _preferred(versions: Iterable[_Version]) -> Discovery:
    """Of each kind the first version, for they come in the order of preference."""
    resources: dict[tuple[str, str], Resource] = {}
    gaps = []
    for version in versions:
        if version.resources is None:
            gaps.append(str(version))
        for resource in version.resources or ():
            resources.setdefault((resource.group, resource.plural), resource)
    return Discovery(tuple(resources.values()), tuple(gaps))


def _aggregated(found: dict[str, Any]) -> Iterator[_Version]:
    """An APIGroupDiscoveryList; what is stale is what the server remembers of a group that doesn't answer."""
    for group in found.get("items") or ():
        name = (group.get("metadata") or {}).get("name") or ""
        for version in group.get("versions") or ():
            is_stale = version.get("freshness") == "Stale"
            served = tuple(_from_aggregated(name, version["version"], version.get("resources") or ()))
            yield _Version(name, version["version"], None if is_stale else served)


def _from_aggregated(group: str, version: str, resources: Iterable[dict[str, Any]]) -> Iterator[Resource]:
    for one in resources:
        kind = (one.get("responseKind") or {}).get("kind")
        if kind:
            yield Resource(
                group=group,
                version=version,
                plural=one["resource"],
                kind=kind,
                namespaced=one.get("scope") == "Namespaced",
                verbs=frozenset(one.get("verbs") or ()),
                short_names=tuple(one.get("shortNames") or ()),
                categories=tuple(one.get("categories") or ()),
                singular=one.get("singularResource") or "",
            )


def _named(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Group and version of an APIVersions (the core group's) or an APIGroupList, the preferred version first."""
    for version in found.get("versions") or ():
        yield "", version
    for group in found.get("groups") or ():
        preferred = (group.get("preferredVersion") or {}).get("version")
        names = [version["version"] for version in group.get("versions") or ()]
        first = [name for name in names if name == preferred]
        for version in dict.fromkeys(first + names):
            yield group["name"], version


async def _one(session: Session, ticket: Ticket, group: str, version: str) -> _Version:
    path = f"/apis/{group}/{version}" if group else f"/api/{version}"
    try:
        found = await _object(session, ticket, path)
    except OmgError:
        return _Version(group, version, None)
    return _Version(group, version, tuple(_from_list(group, version, found.get("resources") or ())))


def _from_list(group: str, version: str, resources: Iterable[dict[str, Any]]) -> Iterator[Resource]:
    """An APIResourceList without its subresources, whose names hold a slash."""
    for one in resources:
        if "/" not in one["name"]:
            yield Resource(
                group=group,
                version=version,
                plural=one["name"],
                kind=one["kind"],
                namespaced=bool(one.get("namespaced")),
                verbs=frozenset(one.get("verbs") or ()),
                short_names=tuple(one.get("shortNames") or ()),
                categories=tuple(one.get("categories") or ()),
                singular=one.get("singularName") or "",
            )
