"""The Status bodies of refusals, sentence by sentence as kube-apiserver 1.36 writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from omg.embedded.answers import Answer
from omg.embedded.kinds import Kind

Details = Mapping[str, Any]


class Refused(Exception):
    """Ends a request with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def status(
    code: int, reason: str, message: str, details: Details | None = None, *, metadata: Details | None = None
) -> Answer:
    """A v1 Status as an answer; details None leaves the field out, as the server does for some errors."""
    body: dict[str, Any] = {"kind": "Status", "apiVersion": "v1", "metadata": metadata or {}, "status": "Failure"}
    body |= {"message": message} | ({"reason": reason} if reason else {})
    body |= ({} if details is None else {"details": details}) | {"code": code}
    return Answer(code, [msgspec.json.encode(body) + b"\n"])


def about(kind: Kind | None, name: str = "", *, group: str = "", plural: str = "") -> dict[str, str]:
    """What a Status says of its object: name, group and (plural) kind, each only when there is one."""
    told = {"name": name, "group": kind.group if kind else group, "kind": kind.plural if kind else plural}
    return {key: value for key, value in told.items() if value}


def bad_request(message: str) -> Refused:
    """400, without details."""
    return Refused(status(400, "BadRequest", message))


def no_such_object(kind: Kind, name: str) -> Refused:
    """404 for one object."""
    return Refused(status(404, "NotFound", f'{kind.qualified} "{name}" not found', about(kind, name)))


def exists(kind: Kind, name: str) -> Refused:
    """409 for an object that is there already."""
    return Refused(status(409, "AlreadyExists", f'{kind.qualified} "{name}" already exists', about(kind, name)))


def no_such_resource() -> Refused:
    """404 within a group that is served."""
    return Refused(status(404, "NotFound", "the server could not find the requested resource", {}))


def no_such_page() -> Refused:
    """404 for a path outside of what is served: a line of text, not a Status."""
    return Refused(Answer(404, [b"404 page not found\n"], "text/plain; charset=utf-8"))


def method_not_allowed() -> Refused:
    """405: most of the embedded cluster can only be read."""
    message = "the server does not allow this method on the requested resource"
    return Refused(status(405, "MethodNotAllowed", message, {}))


def unauthorized() -> Refused:
    """401: the token is not known."""
    return Refused(status(401, "Unauthorized", "Unauthorized"))


def not_acceptable(message: str, details: Details | None = None) -> Refused:
    """406: no form that the client accepts."""
    return Refused(status(406, "NotAcceptable", message, details))


def invalid(kind: str, name: str, field: str, reason: str, sentence: str) -> Refused:
    """422: an option that can't be."""
    causes = [{"reason": reason, "message": sentence, "field": field}]
    details = {"name": name, "kind": kind, "causes": causes}
    return Refused(status(422, "Invalid", f'{kind} "{name}" is invalid: {field}: {sentence}', details))


def expired(token: str) -> Refused:
    """410 in the middle of a paged list; token continues from there with what the server has now."""
    message = (
        "The provided continue parameter is too old to display a consistent list result. You can start a new list "
        "without the continue parameter, or use the continue token in this response to retrieve the remainder of the "
        "results. Continuing with the provided token results in an inconsistent list - objects that were created, "
        "modified, or deleted between the time the first chunk was returned and now may show up in the list."
    )
    return Refused(status(410, "Expired", message, metadata={"continue": token}))
