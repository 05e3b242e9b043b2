"""The logs of the pods that were asked for a report, read when the report is in them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from omg.engine import Access, Run, task
from omg.tasks.container_logs import Log, how_telling, logs_of, save_log
from omg.tasks.pods import pods
from omg.tasks.trigger_gmr import Touched, trigger_gmr, why_not, will_report

REPORTED_AFTER = timedelta(seconds=12)
"""From the touch until the report is written: ten seconds until the process looks, and two for the report."""


@task(needs=(pods, trigger_gmr), reads=(Access("", "pods/log", "get", where="$OSP_NS"),), off=why_not)
async def reported_pod_logs(run: Run) -> None:
    """Save the logs of pods that were asked for a report, twelve seconds after each was asked."""
    asked = [pod for pod in run.result_of(pods) if will_report(pod, run.settings.osp_ns)]
    ready = reported(run.result_of(trigger_gmr))
    await run.each(logs_of(asked), save_log, priority=how_telling, via=lambda log: log.node, ready=ready, stream=True)


def reported(touched: Touched) -> Callable[[Run, Log], Awaitable[None]]:
    """Wait until a pod's report is written; one that could not be asked has none."""

    async def wait(run: Run, log: Log) -> None:
        at = touched.get((log.pod.namespace, log.pod.name))
        if at is not None:
            await asyncio.sleep(max((at + REPORTED_AFTER - run.now).total_seconds(), 0.0))

    return wait
