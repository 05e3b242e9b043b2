"""Guru Meditation Reports: what a service's process is doing right now, which it writes into its log when it is asked.

A service looks every ten seconds at most whether the file that it watches was touched (oslo.reports,
file_event_handler_interval); the API of nova looks only while it serves a request: see `report_requests`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from omg.engine import Access, Run, Work, task
from omg.settings import Settings
from omg.tasks.command_output import printed_in
from omg.tasks.pods import Pod, pods

BY_COMPONENT = ("cinder", "manila")
"""Services of whose pods those with a component are asked, in the container of the component's name."""

NOVA = ("nova-scheduler", "nova-conductor", "nova-novncproxy")
NOVA_API, NOVA_API_CONTAINER = "nova-api", "nova-api-api"

LEAST_DEADLINE = 60.0
"""Seconds; with less, the wait for the reports would cost the logs."""

Touched = Mapping[tuple[str, str], datetime]
"""When each pod was asked, by namespace and name."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """A container that writes reports.

    Args:
        container: None: the pod's first.
        watched: what it watches.
    """

    pod: Pod
    container: str | None
    watched: str

    def __str__(self) -> str:
        return f"{self.pod.namespace}/{self.pod.name}"


def why_not(settings: Settings) -> str | None:
    """The setting that switches reports off."""
    if settings.read_only:
        return "READ_ONLY"
    return "DEADLINE" if settings.deadline is not None and settings.deadline < LEAST_DEADLINE else None


@task(needs=(pods,), changes=(Access("", "pods/exec", "create", where="$OSP_NS"),), writes=False, off=why_not)
async def trigger_gmr(run: Run) -> Touched:
    """Ask the processes of cinder, manila and nova for a report, by touching the file that each watches."""
    reporters = reporters_among(run.result_of(pods), run.settings.osp_ns)
    # First of all: the reports take twelve seconds, in which the rest is collected.
    asked = await run.each(
        reporters, ask, priority=lambda _: -1.0, via=lambda one: f"node {one.pod.node}", work=Work.COMMAND
    )
    return dict(asked)


async def ask(run: Run, reporter: Reporter) -> tuple[tuple[str, str], datetime]:
    """Touch the file."""
    (await printed_in(run, reporter.pod, reporter.container, ("touch", reporter.watched))).whole()
    return (reporter.pod.namespace, reporter.pod.name), run.now


def reporters_among(found: Iterable[Pod], namespace: str) -> Iterator[Reporter]:
    """The containers that are asked; a pod that has ended has no process to ask."""
    for pod in found:
        reporter = reporter_in(pod) if pod.namespace == namespace and not pod.has_ended else None
        if reporter is not None and any(one.has_run for one in pod.containers):
            yield reporter


def reporter_in(pod: Pod) -> Reporter | None:
    """The container of a pod that is asked; None where there is none."""
    service, component = pod.labels.get("service", ""), pod.labels.get("component", "")
    if service in BY_COMPONENT and component:
        return Reporter(pod, component, f"/var/lib/{service}")
    if service in NOVA:
        return Reporter(pod, None, "/var/lib/nova")
    return Reporter(pod, NOVA_API_CONTAINER, "/var/lib/nova") if service == NOVA_API else None


def needs_request(pod: Pod) -> bool:
    """Whether it looks only while it serves one."""
    return pod.labels.get("service") == NOVA_API


def will_report(pod: Pod, namespace: str) -> bool:
    """Whether a pod is asked for a report."""
    return any(True for _ in reporters_among([pod], namespace))
