"""Every log of every container that has run: current, and previous where the container has restarted."""

from omg.engine import Access, Run, Work, task
from omg.tasks.container_logs import how_telling, logs_of, save_log
from omg.tasks.pods import pods
from omg.tasks.reported_pod_logs import reported_pod_logs
from omg.tasks.trigger_gmr import will_report


@task(needs=(pods,), reads=(Access("", "pods/log", "get"),))
async def pod_logs(run: Run) -> None:
    """Save container logs, failing pods first; pods that were asked for a report are read by reported_pod_logs."""
    found = run.result_of(pods)
    if run.plans(reported_pod_logs):
        found = tuple(pod for pod in found if not will_report(pod, run.settings.osp_ns))
    await run.each(logs_of(found), save_log, priority=how_telling, via=lambda log: log.node, work=Work.STREAM)
