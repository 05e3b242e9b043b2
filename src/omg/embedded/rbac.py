"""Who asks, and what is refused: bearer tokens and deny rules, both changeable while the cluster runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from omg.embedded.asked import Asked
from omg.embedded.statuses import Refused, about, status, unauthorized

ANONYMOUS = "system:anonymous"
ADMINISTRATOR = "embedded-admin"
# What everybody may read, as the real server's system:public-info-viewer and system:discovery.
PUBLIC = ("/healthz", "/livez", "/readyz", "/version")
DISCOVERY = ("/api", "/apis")


@dataclass(frozen=True, slots=True)
class Denial:
    """What is refused. Patterns are globs.

    Attributes:
        namespace: None: everywhere; "": only what is asked of the whole cluster; else the namespaces that match.
    """

    verb: str
    group: str
    resource: str
    namespace: str | None
    name: str
    user: str

    def covers(self, asked: Asked, user: str) -> bool:
        """Whether this refuses the request of this user."""
        pairs = [
            (asked.verb, self.verb),
            (asked.group, self.group),
            (asked.resource, self.resource),
            (asked.name, self.name),
            (user, self.user),
        ]
        if self.namespace is not None:
            pairs.append((asked.namespace, self.namespace))
        return all(fnmatchcase(value, pattern) for value, pattern in pairs)


class Rbac:
    """Allows everything that isn't denied.

    Args:
        tokens: token → user. None: any token, or none, is the administrator's.
    """

    def __init__(self, tokens: Mapping[str, str] | None = None) -> None:
        self.tokens = None if tokens is None else dict(tokens)
        self.denials: list[Denial] = []

    def deny(
        self,
        verb: str = "*",
        group: str = "*",
        resource: str = "*",
        namespace: str | None = None,
        *,
        name: str = "*",
        user: str = "*",
    ) -> Denial:
        """Refuse from now on what matches all patterns (globs); returns the rule, which allow() takes back.

        A resource is "pods" or "pods/log"; "*" is both. A namespace of None is everywhere, of "" only what is asked of
        the whole cluster.
        """
        rule = Denial(verb, group, resource, namespace, name, user)
        self.denials.append(rule)
        return rule

    def allow(self, rule: Denial) -> None:
        """Take a rule back."""
        self.denials.remove(rule)

    def user(self, headers: Mapping[str, str]) -> str:
        """Who asks: the owner of the token, or whom it impersonates.

        Raises:
            Refused: 401, the token isn't known.
        """
        scheme, _, token = headers.get("Authorization", "").partition(" ")
        told = token.strip() if scheme.lower() == "bearer" else ""
        if self.tokens is None:
            owner = ADMINISTRATOR
        elif not told:
            owner = ANONYMOUS
        elif told in self.tokens:
            owner = self.tokens[told]
        else:
            raise unauthorized()
        return headers.get("Impersonate-User", owner)

    def check(self, asked: Asked, user: str) -> None:
        """Let the request pass.

        Raises:
            Refused: 403, in the real server's words.
        """
        if asked.path in PUBLIC or (not asked.plural and user != ANONYMOUS and asked.path.startswith(DISCOVERY)):
            return
        if user == ANONYMOUS or any(rule.covers(asked, user) for rule in self.denials):
            raise forbidden(asked, user)


def forbidden(asked: Asked, user: str) -> Refused:
    """403 for this request."""
    if not asked.plural:
        return Refused(status(403, "Forbidden", f'forbidden: User "{user}" cannot get path "{asked.path}"', {}))
    resource = f"{asked.plural}.{asked.group}" if asked.group else asked.plural
    what = f'{resource} "{asked.name}"' if asked.name else resource
    where = f'in the namespace "{asked.namespace}"' if asked.namespace else "at the cluster scope"
    doing = f'cannot {asked.verb} resource "{asked.resource}" in API group "{asked.group}" {where}'
    details = about(None, asked.name, group=asked.group, plural=asked.plural)
    return Refused(status(403, "Forbidden", f'{what} is forbidden: User "{user}" {doing}', details))
