"""The logs of the pods that were asked for a report, read when the report is in them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta

from omg.engine import Access, Run, Work, task
from omg.tasks.container_logs import Log, how_telling, logs_of, save_log
from omg.tasks.pods import Pod, pods
from omg.tasks.report_requests import requested
from omg.tasks.trigger_gmr import Touched, needs_request, trigger_gmr, why_not, will_report

REPORTED_AFTER = timedelta(seconds=12)
"""From the touch until the report is written: ten seconds until the process looks, and two for the report."""


@task(
    needs=(pods, trigger_gmr),
    reads=(Access("", "pods/log", "get", where="$OSP_NS"), Access("", "pods/exec", "create", where="$OSP_NS")),
    off=why_not,
)
async def reported_pod_logs(run: Run) -> None:
    """Save the logs of pods that were asked for a report, twelve seconds after each was asked."""
    asked = [pod for pod in run.result_of(pods) if will_report(pod, run.settings.osp_ns)]
    touched = run.result_of(trigger_gmr)
    at_once = [pod for pod in asked if not needs_request(pod)]
    by_request = [pod for pod in asked if needs_request(pod)]
    async with asyncio.TaskGroup() as both:
        both.create_task(save_logs(run, at_once, touched))
        answered = await requested(run, [pod for pod in by_request if _name(pod) in touched])
        both.create_task(save_logs(run, by_request, {**touched, **answered}))


async def save_logs(run: Run, asked: Iterable[Pod], touched: Touched) -> None:
    """Save the logs of some pods."""
    await run.each(
        logs_of(asked),
        save_log,
        priority=how_telling,
        via=lambda log: log.node,
        ready=reported(touched),
        waits_for="their services' reports",
        work=Work.STREAM,
    )


def reported(touched: Touched) -> Callable[[Run, Log], Awaitable[None]]:
    """Wait until a pod's report is written; one that could not be asked has none."""

    async def wait(run: Run, log: Log) -> None:
        at = touched.get(_name(log.pod))
        if at is not None:
            await asyncio.sleep(max((at + REPORTED_AFTER - run.now).total_seconds(), 0.0))

    return wait


def _name(pod: Pod) -> tuple[str, str]:
    return (pod.namespace, pod.name)
