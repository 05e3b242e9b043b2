"""Secrets that appeared or changed while the run went on: learned at its end, and hidden in what was written."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from omg.cluster.door import Cluster
from omg.cluster.ticket import Unlimited
from omg.engine import Outcome, Record
from omg.engine.records import outcome_of, reason_of
from omg.errors import OmgError
from omg.masking import AnyMasker
from omg.output import Sink
from omg.tasks.kinds import SECRETS

TASK = "late_secrets"


@dataclass(slots=True)
class LateSecrets:
    """The last look at the Secrets in scope.

    Args:
        open_door: opens the door for requests of a run's own.
        masker: what learned the Secrets before.
        sink: whose files are mended.
        record: called with the end of each part.
    """

    open_door: Callable[[Unlimited], Cluster]
    masker: AnyMasker
    sink: Sink
    record: Callable[[Record], None]

    async def hide(self, namespaces: Iterable[str], limit: AbstractAsyncContextManager[None]) -> None:
        """Learn what is new and mend the files that hold it.

        Args:
            namespaces: where to look.
            limit: raises TimeoutError when there is no time left.
        """
        try:
            async with limit:
                for namespace in namespaces:
                    await self._learn(namespace)
                if self.masker.generation != self.sink.masked_since:
                    await self._mend()
        except TimeoutError:
            reason = "No time was left to hide values that appeared during the run."
            self.record(Record(TASK, "files", Outcome.TIMED_OUT, reason))

    async def _mend(self) -> None:
        try:
            mended = await self.sink.remask()
        except OmgError as error:
            reason = f"Some files may hold values that appeared during the run: {reason_of(error)}"
            self.record(Record(TASK, "files", Outcome.FAILED, reason))
            return
        reason = f"{mended} files were mended: they held values of Secrets that appeared during the run."
        self.record(Record(TASK, "files", Outcome.COLLECTED, reason if mended else ""))

    async def _learn(self, namespace: str) -> None:
        key = f"secrets/{namespace}"
        ticket = Unlimited()
        cluster = self.open_door(ticket)
        try:
            changed = [
                one["metadata"]["name"]
                async for page in cluster.list(SECRETS, namespace=namespace, metadata_only=True)
                for one in page.objects()
                if not self.masker.knows(one)
            ]
            for name in changed:
                await self._learn_one(cluster, namespace, name)
        except OmgError as error:
            self.record(Record(TASK, key, outcome_of(error), reason_of(error)))
        else:
            for lost in ticket.losses:
                self.record(Record(TASK, key, outcome_of(lost), reason_of(lost)))
            self.record(Record(TASK, key, Outcome.COLLECTED if changed else Outcome.EMPTY, objects=len(changed)))

    async def _learn_one(self, cluster: Cluster, namespace: str, name: str) -> None:
        """Learn one; where it is gone by now, nothing of it was written after the list.

        It is listed by its name: the right to list Secrets is there already, the right to get them need not be.
        """
        async for page in cluster.list(SECRETS, namespace=namespace, fields=f"metadata.name={name}"):
            self.masker.learn(page.objects())
