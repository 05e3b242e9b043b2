"""Each pod in scope, as it is and in words."""

from omg.engine import Run, task
from omg.tasks.kinds import PODS
from omg.tasks.listed_pods import PodList, listed_pods


@task(needs=(listed_pods,))
async def pod_descriptions(run: Run) -> None:
    """Save every pod in scope."""
    await run.each(run.result_of(listed_pods), save, key=lambda listed: f"pods/{listed.namespace}")


async def save(run: Run, listed: PodList) -> None:
    """Write the pods of one namespace."""
    await run.output.objects(PODS, listed.kept.pages(), namespace=listed.namespace)
