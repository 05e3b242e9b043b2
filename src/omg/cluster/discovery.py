"""What the cluster serves: asked for at once where the server can tell it so, else group by group.

https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery (stable since Kubernetes 1.30, on by
default since 1.27).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from omg.cluster.answers import sentence
from omg.cluster.asks import JSON, NOT_JSON, Ask
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import OmgError, RequestFailed, TimedOut

AGGREGATED = ",".join(
    [f"{JSON};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList" for version in ("v2", "v2beta1")] + [JSON]
)


LEAST_SHARE = 1.0
"""Seconds that any group has to answer, however many have not."""


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
    silence = _Silence(session.limits.request)
    for path in ("/api", "/apis"):
        found = await _object(session, ticket, path, AGGREGATED)
        if found.get("kind") == "APIGroupDiscoveryList":
            versions += _aggregated(found)
        else:
            versions += [await _one(session, ticket, silence, *one) for one in _named(found)]
    return _preferred(versions)


@dataclass(slots=True)
class _Silence:
    """Seconds that groups which don't answer may cost together, each half of what is left: they come by dozens."""

    left: float

    @property
    def share(self) -> float:
        """What the next one may cost."""
        return max(self.left / 2, LEAST_SHARE)


async def _object(
    session: Session, ticket: Ticket, path: str, accept: str = JSON, *, within: float | None = None
) -> dict[str, Any]:
    ask = Ask(f"discover {path}", path, accept=accept)
    try:
        return msgspec.json.decode(await session.read(ask, ticket, within=within), type=dict[str, Any])
    except NOT_JSON as error:
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


class _Kind(msgspec.Struct):
    kind: str = ""


class _AggregatedResource(msgspec.Struct, rename="camel"):
    resource: str
    response_kind: _Kind | None = None
    scope: str = ""
    verbs: tuple[str, ...] | None = None
    short_names: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    singular_resource: str = ""


class _AggregatedVersion(msgspec.Struct):
    version: str
    freshness: str = ""
    resources: tuple[_AggregatedResource, ...] | None = None


class _ListedResource(msgspec.Struct, rename="camel"):
    name: str
    kind: str
    namespaced: bool = False
    verbs: tuple[str, ...] | None = None
    short_names: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    singular_name: str = ""


class _ResourceList(msgspec.Struct):
    resources: tuple[_ListedResource, ...] | None = None


class _ListedVersion(msgspec.Struct):
    version: str


class _ListedGroup(msgspec.Struct, rename="camel"):
    name: str
    versions: tuple[_ListedVersion, ...] | None = None
    preferred_version: _ListedVersion | None = None


def _aggregated(found: dict[str, Any]) -> Iterator[_Version]:
    """An APIGroupDiscoveryList; what is stale is what the server remembers of a group that doesn't answer."""
    for group in _elements(found, "items"):
        metadata = _member(group, "metadata")
        name = str(_member(metadata, "name") or "")
        for one in _elements(group, "versions"):
            try:
                version = msgspec.convert(one, _AggregatedVersion)
            except msgspec.ValidationError:
                yield _Version(name, str(_member(one, "version") or "?"), None)
                continue
            is_stale = version.freshness == "Stale"
            served = tuple(_from_aggregated(name, version.version, version.resources or ()))
            yield _Version(name, version.version, None if is_stale else served)


def _from_aggregated(group: str, version: str, resources: Iterable[_AggregatedResource]) -> Iterator[Resource]:
    for one in resources:
        if one.response_kind is not None and one.response_kind.kind:
            yield Resource(
                group=group,
                version=version,
                plural=one.resource,
                kind=one.response_kind.kind,
                namespaced=one.scope == "Namespaced",
                verbs=frozenset(one.verbs or ()),
                short_names=one.short_names or (),
                categories=one.categories or (),
                singular=one.singular_resource,
            )


def _named(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Group and version of an APIVersions (the core group's) or an APIGroupList, the preferred version first.

    A group that says no version in words is given with the version `?`, which no server has.
    """
    for version in _elements(found, "versions"):
        yield "", str(version)
    for one in _elements(found, "groups"):
        try:
            group = msgspec.convert(one, _ListedGroup)
        except msgspec.ValidationError:
            yield str(_member(one, "name") or "?"), "?"
            continue
        names = [version.version for version in group.versions or ()]
        preferred = group.preferred_version.version if group.preferred_version else None
        first = [name for name in names if name == preferred]
        for name in dict.fromkeys(first + names):
            yield group.name, name


async def _one(session: Session, ticket: Ticket, silence: _Silence, group: str, version: str) -> _Version:
    path = f"/apis/{quote(group, safe='')}/{quote(version, safe='')}" if group else f"/api/{quote(version, safe='')}"
    within = silence.share
    try:
        found = msgspec.convert(await _object(session, ticket, path, within=within), _ResourceList)
    except TimedOut:
        silence.left -= within
        return _Version(group, version, None)
    except (OmgError, msgspec.ValidationError):
        return _Version(group, version, None)
    return _Version(group, version, tuple(_from_list(group, version, found.resources or ())))


def _from_list(group: str, version: str, resources: Iterable[_ListedResource]) -> Iterator[Resource]:
    """An APIResourceList without its subresources, whose names hold a slash."""
    for one in resources:
        if "/" not in one.name:
            yield Resource(
                group=group,
                version=version,
                plural=one.name,
                kind=one.kind,
                namespaced=one.namespaced,
                verbs=frozenset(one.verbs or ()),
                short_names=one.short_names or (),
                categories=one.categories or (),
                singular=one.singular_name,
            )


def _elements(found: Any, key: str) -> list[Any]:
    value = _member(found, key)
    return value if isinstance(value, list) else []


def _member(found: Any, key: str) -> Any:
    return found.get(key) if isinstance(found, dict) else None
