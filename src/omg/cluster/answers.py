"""What an answer means: status and body → the error that it stands for. Pure.

The bodies are v1 Status objects: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

import json
from collections.abc import Mapping
from typing import Any

from omg.cluster.retries import MayPass, wait_asked
from omg.errors import Absent, Denied, OmgError, RequestFailed, Unreachable

MESSAGE_LIMIT = 300
"""Characters of a server's message that go into a sentence; admission webhooks write pages."""

BODY_LIMIT = 64 * 1024
"""Bytes that are read of an answer that is an error."""

MAY_PASS = frozenset({429, 500, 502, 503, 504})
"""Statuses after which the same request may succeed a little later."""

UNAUTHORIZED, FORBIDDEN, GONE = 401, 403, 410

NOTHING_THERE = (
    "is waiting to start",
    "previous terminated container",
    "is terminated",
    "not found",
    "is not valid for pod",
    "does not have a host assigned",
    "in a completed pod",
)
"""What the API server and the kubelet say with status 400 where a pod has no such log, or nothing to run a command in:
pkg/registry/core/pod/strategy.go, pkg/registry/core/pod/rest/subresources.go and pkg/kubelet/kubelet_pods.go."""


def status_of(body: bytes) -> dict[str, Any]:
    """The Status object in a body, or an empty one when it holds none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("kind") == "Status" else {}


def message_of(status: int, body: bytes) -> str:
    """What the server says, on one line, cut to a readable length."""
    message = status_of(body).get("message")
    if not isinstance(message, str) or not message.strip():
        text = body.decode("utf-8", "replace")
        message = "" if "<html" in text.lower() else text
    return shortened(message) or f"status {status} without a reason"


def shortened(message: str) -> str:
    """A message on one line, cut to a readable length."""
    line = " ".join(message.split())
    return line if len(line) <= MESSAGE_LIMIT else line[: MESSAGE_LIMIT - 1].rstrip() + "…"


def sentence(what: str, reason: str) -> str:
    """`what` completes "Could not …"; the reason ends without a period of its own or with one."""
    return f"Could not {what}: {reason.rstrip('.')}."


def refusal(what: str, status: int, body: bytes, headers: Mapping[str, str], *, of_pod: bool = False) -> Exception:
    """The error that an answer stands for.

    Args:
        what: completes "Could not …", such as "list pods in openstack".
        status: of the answer.
        body: its beginning.
        headers: where Retry-After is looked for.
        of_pod: a log or a command was asked for, where 400 has a meaning of its own.

    Returns:
        MayPass around an error when the request should be sent again; the error otherwise.
    """
    message = message_of(status, body)
    error: OmgError
    if status in MAY_PASS:
        error = Unreachable(sentence(what, f"the server answers {status}: {message}"))
        return MayPass(error, wait_asked(headers.get("Retry-After")))
    if status == UNAUTHORIZED:
        return Denied(sentence(what, f"the credentials were refused: {message}"))
    if status == FORBIDDEN:
        return Denied(f"Not allowed to {what}: {message.rstrip('.')}.")
    if status in {404, 405} or (of_pod and status == 400 and any(text in message for text in NOTHING_THERE)):
        return Absent(sentence(what, message))
    return RequestFailed(sentence(what, f"the server answers {status}: {message}"))


def continue_token(body: bytes) -> str:
    """The token with which a 410 offers to go on, from where it was but in a newer state; empty when it offers none."""
    metadata = status_of(body).get("metadata")
    token = metadata.get("continue") if isinstance(metadata, dict) else None
    return token if isinstance(token, str) else ""
