"""A container's log: the bytes as the kubelet sends them."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from omg.cluster.answers import sentence
from omg.cluster.asks import Ask
from omg.cluster.bodies import Interrupted
from omg.cluster.resource import Resource
from omg.cluster.session import Session
from omg.cluster.ticket import Ticket
from omg.errors import Absent, Truncated

PODS = Resource(group="", version="v1", plural="pods", kind="Pod", namespaced=True)


NO_CONTENT = 204
"""What the API server answers for a pod that isn't scheduled."""


async def log_chunks(
    session: Session,
    ticket: Ticket,
    *,
    namespace: str,
    pod: str,
    container: str,
    previous: bool = False,
    since: datetime | None = None,
    limit_bytes: int | None = None,
    tail_lines: int | None = None,
) -> AsyncGenerator[bytes, None]:
    """The log in the chunks of the network; nothing for an empty one. What broke isn't begun again.

    `previous` is the log of the instance before this one. `limit_bytes` keeps its beginning, `tail_lines` its end,
    `since` what was logged from then on.

    Raises:
        Absent: there is no such pod or container, or it has no such log.
        TimedOut: nothing came for the stall limit.
        Truncated: it stopped coming after it had begun.
        OmgError: see Session.use.
    """
    ask = log_ask(namespace, pod, container).asking(
        ("previous", "true" if previous else ""),
        ("sinceTime", rfc3339(since) if since else ""),
        ("limitBytes", "" if limit_bytes is None else str(limit_bytes)),
        ("tailLines", "" if tail_lines is None else str(tail_lines)),
    )
    ticket.permit("", "pods/log", "get", namespace)
    chunk, answer = await session.open(ask, ticket)
    size = 0
    try:
        if answer.status == NO_CONTENT:
            raise Absent(sentence(ask.what, "the pod is on no node yet"))
        while chunk:
            size += len(chunk)
            yield chunk
            chunk = await answer.chunk()
    except Interrupted as error:
        raise Truncated(sentence(ask.what, f"it broke after {size:,} bytes: {error.reason}")) from error
    finally:
        answer.close()


def log_ask(namespace: str, pod: str, container: str) -> Ask:
    """The request for a log, without options."""
    # A log isn't asked for compressed: chunks should come when the kubelet sends them.
    from_pod = Ask(
        f"read the log of {namespace}/{pod}/{container}",
        pod_path(namespace, pod, "log"),
        of_pod=True,
        compresses=False,
        handed=frozenset({NO_CONTENT}),
        accept="*/*",
    )
    return from_pod.asking(("container", container))


def pod_path(namespace: str, pod: str, subresource: str) -> str:
    """Where something of a pod is; every Kubernetes API serves pods as v1."""
    return PODS.path(namespace=namespace, name=pod, subresource=subresource)


def rfc3339(time: datetime) -> str:
    """A time as the API server parses it; in whole seconds, as metav1.Time has them."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
