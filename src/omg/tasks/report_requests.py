"""Requests that let the pods of nova's API look whether they were asked for a report. No task: one uses them."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from omg.engine import Run, Work
from omg.errors import Blocked
from omg.tasks.openstack_client import CLIENT, Client, client_in, client_pod
from omg.tasks.pods import Pod, pods
from omg.tasks.trigger_gmr import Touched

SOME_REQUEST = ("compute", "service", "list")
"""Arguments of the client. It needs the database, and that wakes the thread that looks; what the kubelet's probes ask
does not."""


async def requested(run: Run, asked: Iterable[Pod]) -> Touched:
    """Make a request for each of these pods: any of them may be the one that serves it. When each was answered."""
    waiting = list(asked)
    if not waiting:
        return {}
    pod = client_pod(run.result_of(pods), run.settings.osp_ns)
    if pod is None:
        await run.each(waiting, say_there_is_no_client, key=request_key)
        return {}
    async with client_in(run, pod) as client:
        ends = await run.each(
            waiting, requesting(client), key=request_key, priority=first, work=Work.COMMAND, pool=client.pool
        )
    return dict(ends)


def requesting(client: Client) -> Callable[[Run, Pod], Awaitable[tuple[tuple[str, str], datetime]]]:
    """Makes a request by this client."""

    async def request(run: Run, pod: Pod) -> tuple[tuple[str, str], datetime]:
        (await client.printed(run, SOME_REQUEST)).whole()
        return (pod.namespace, pod.name), run.now

    return request


async def say_there_is_no_client(_run: Run, _pod: Pod) -> None:
    """Record that nothing can make a request."""
    raise Blocked(f"There is no pod {CLIENT} to make a request with.")


def first(_pod: Pod) -> float:
    """Before the logs: they wait for it."""
    return -30.0


def request_key(pod: Pod) -> str:
    """The key of the request for a pod."""
    return f"{pod.namespace}/{pod.name}/request"
