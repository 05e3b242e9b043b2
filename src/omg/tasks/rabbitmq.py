"""What each RabbitMQ server says of itself, its cluster, its queues, connections and policies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from omg.engine import Access, Run, Work, task
from omg.tasks.command_output import needing, printed_in, save_printed
from omg.tasks.pods import Pod, pods

COMMANDS = ("status", "cluster_status", "list_queues", "list_connections", "list_policies", "list_unresponsive_queues")

CONTAINER = "rabbitmq"


@dataclass(frozen=True, slots=True)
class Question:
    """One command in one server's pod."""

    pod: Pod
    command: str

    def __str__(self) -> str:
        return f"{self.pod.name}/{self.command}"


@task(needs=(pods,), reads=(Access("", "pods/exec", "create", where="$OSP_NS"),))
async def rabbitmq(run: Run) -> None:
    """Ask each RabbitMQ server for its status, cluster, queues, connections and policies."""
    asked = questions(run.result_of(pods), run.settings.osp_ns)
    await run.each(asked, save, via=lambda one: f"node {one.pod.node}", work=Work.COMMAND)


async def save(run: Run, question: Question) -> None:
    """Save what one command prints."""
    pod = question.pod
    container = CONTAINER if any(one.name == CONTAINER for one in pod.containers) else None
    with needing(pod):
        printed = await printed_in(run, pod, container, ("rabbitmqctl", question.command))
    await save_printed(run, pod.name, question.command, printed=printed)


def questions(found: Iterable[Pod], namespace: str) -> Iterator[Question]:
    """Every command for every server."""
    for pod in found:
        if pod.namespace == namespace and pod.labels.get("app.kubernetes.io/component") == "rabbitmq":
            yield from (Question(pod, command) for command in COMMANDS)
