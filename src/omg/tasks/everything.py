"""What `oc get all` shows of a namespace, put together from what several tasks have listed. Pure."""

from collections.abc import Iterable

from omg.cluster.resource import Resource
from omg.printing.tables import Printed
from omg.tasks.api_resources import ApiResources
from omg.tasks.custom_resources import is_wanted
from omg.tasks.listed_pods import PodList
from omg.tasks.printed_lists import ALL, PrintedList
from omg.tasks.workloads import KINDS

PODS = ("", "pods")
ONLY_SHOWN = (
    ("", "replicationcontrollers"),
    ("autoscaling", "horizontalpodautoscalers"),
    ("apps.openshift.io", "deploymentconfigs"),
    ("build.openshift.io", "builds"),
)
"""Kinds that are shown here and collected nowhere else."""


class Everything:
    """The kinds to show, and the tables of those that have been listed already.

    Kinds of groups that omg collects nothing of are left out: a right to list any kind there may be, Secrets among
    them, would be too much to ask for.
    """

    def __init__(self, served: ApiResources, pods: Iterable[PodList], others: Iterable[PrintedList]) -> None:
        self.kinds = [one for one in served if ALL in one.categories and _is_shown(one)]
        self._known = {
            **{("pods", one.namespace): one.printed for one in pods},
            **{(one.resource, one.namespace): one.printed for one in others},
        }

    def table(self, kind: Resource, namespace: str) -> Printed | None:
        """What is known of a kind, which is shown everywhere if it is in no namespace; None: it hasn't been listed."""
        return self._known.get((kind.name, namespace if kind.namespaced else ""))


def is_only_shown(kind: Resource) -> bool:
    """Whether nobody else lists the kind."""
    return (kind.group, kind.plural) in ONLY_SHOWN


def _is_shown(kind: Resource) -> bool:
    identity = (kind.group, kind.plural)
    return identity in {PODS, *ONLY_SHOWN, *KINDS} or is_wanted(*identity)
