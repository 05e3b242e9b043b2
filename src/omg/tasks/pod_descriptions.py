"""Each pod in scope, as it is and in words."""

from functools import partial
from typing import Any

from omg.describe import describe_pod
from omg.engine import Run, task
from omg.tasks.kinds import PODS
from omg.tasks.listed_events import Told, listed_events, told_in
from omg.tasks.listed_pods import PodList, listed_pods

MIRROR = "kubernetes.io/config.mirror"
"""The annotation of a static pod; its value is the uid in the kubelet's events."""


@task(needs=(listed_pods, listed_events))
async def pod_descriptions(run: Run) -> None:
    """Save every pod in scope, as it is and as `oc describe` shows it."""
    await run.each(run.result_of(listed_pods), save, key=lambda listed: f"pods/{listed.namespace}")


async def save(run: Run, listed: PodList) -> None:
    """Write the pods of one namespace."""
    told = await told_in(run.result_of(listed_events), listed.namespace)
    describe = partial(described, run, told)
    await run.output.objects(PODS, listed.kept.pages(), namespace=listed.namespace, beside=describe)


def described(run: Run, told: Told | None, pod: dict[str, Any]) -> str:
    """A pod in words."""
    metadata = pod["metadata"]
    uid = (metadata.get("annotations") or {}).get(MIRROR, metadata.get("uid", ""))
    events = None if told is None else told.of(metadata["name"], uid)
    return describe_pod(pod, events, run.now)
