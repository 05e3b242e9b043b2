"""What a request's path and method ask for, read as the real server's RequestInfo does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

WRITING = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: a resource (plural isn't empty) or another path.

    Attributes:
        verb: as RBAC names it: get, list, watch, create …; of another path the method in small letters.
        namespace: "" for the cluster scope.
    """

    verb: str
    path: str
    group: str = ""
    version: str = ""
    plural: str = ""
    namespace: str = ""
    name: str = ""
    subresource: str = ""

    @property
    def resource(self) -> str:
        """``pods`` or ``pods/log``, as RBAC names it."""
        return f"{self.plural}/{self.subresource}" if self.subresource else self.plural


def read_request(method: str, raw_path: str, query: Mapping[str, str]) -> Asked:
    """Take a path apart: /api/v1 or /apis/GROUP/VERSION, then [namespaces/NS/]RESOURCE[/NAME[/SUBRESOURCE]]."""
    parts = [unquote(one) for one in raw_path.strip("/").split("/")]
    path = unquote(raw_path)
    prefix = {"api": 2, "apis": 3}.get(parts[0], 0)
    rest = parts[prefix:]
    group, version = ["", *parts[1:2], ""][:2] if prefix == 2 else [*parts[1:3], "", ""][:2]
    if not prefix or not rest:
        return Asked(verb=method.lower(), path=path, group=group, version=version)
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 1:
        namespace = rest[1]
        # namespaces/NS/status is the namespace's own part; anything longer is a resource in it.
        if len(rest) > 2 and rest[2] not in ("status", "finalize"):
            rest = rest[2:]
    name = rest[1] if len(rest) > 1 else ""
    verb = WRITING.get(method, "get" if name else "list")
    if verb == "list" and query.get("watch", "").lower() in ("1", "true"):
        verb = "watch"
    return Asked(
        verb=verb,
        path=path,
        group=group,
        version=version,
        plural=rest[0],
        namespace=namespace,
        name=name,
        subresource="/".join(rest[2:]),
    )
