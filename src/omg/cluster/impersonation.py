"""Whom to act as, in headers."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from omg.cluster.kubeconfig import Section
from omg.errors import ConfigError

Header = tuple[str, str]

NOBODY = Section("", Path(), {})
"""A user of whom nothing is said."""


def impersonation_headers(user: Section, impersonate: str | None, groups: Sequence[str]) -> list[Header]:
    """The headers that name whom to act as: as the command line says, and else as the kubeconfig's user section does.

    https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation

    Raises:
        ConfigError: groups without a user, which the server would refuse, or what can't be sent in a header.
    """
    name = impersonate or user.text("as")
    wanted = tuple(groups) or user.texts("as-groups")
    uid, extra = user.text("as-uid"), user.lists("as-user-extra")
    if not name:
        if wanted or uid or extra:
            raise ConfigError("Acting as a group needs a user to act as, too.")
        return []
    headers = [("Impersonate-User", name), *(("Impersonate-Group", group) for group in wanted)]
    if uid:
        headers.append(("Impersonate-Uid", uid))
    for key, values in extra.items():
        # client-go escapes what a header's name can't hold: transport.headerKeyEscape.
        headers += [(f"Impersonate-Extra-{quote(key.lower(), safe='')}", value) for value in values]
    if not all(value.isprintable() for _, value in headers):
        raise ConfigError("Whom to act as is malformed: it holds characters that no name has.")
    return headers
