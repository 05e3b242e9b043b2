"""What a person can do about a thing that was not collected: a command to try, a setting to change, a right to ask for.

The first line of the table that fits decides: by the outcome, the task, and what the reason says. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from omg.engine import Outcome, Record


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Args:
        advice: what to do; `{task}` and the named groups of the patterns stand for what the record says.
        outcomes: it is about; none: about every one.
        tasks: likewise.
        key: pattern that the item's key has to begin with.
        reason: pattern that the reason has to contain.
    """

    advice: str
    outcomes: tuple[Outcome, ...] = ()
    tasks: tuple[str, ...] = ()
    key: str = ""
    reason: str = ""

    def given(self, record: Record) -> str | None:
        """The advice for a record; None: the line is about others."""
        if (self.outcomes and record.outcome not in self.outcomes) or (self.tasks and record.task not in self.tasks):
            return None
        key, reason = re.match(self.key, record.key), re.search(self.reason, record.reason)
        if key is None or reason is None:
            return None
        found: Mapping[str, str] = {**key.groupdict(""), **reason.groupdict("")}
        return self.advice.format(task=record.task, **found)


DENIED, FAILED, TIMED_OUT, TRUNCATED, BLOCKED, CANCELLED = (
    (Outcome.DENIED,),
    (Outcome.FAILED,),
    (Outcome.TIMED_OUT,),
    (Outcome.TRUNCATED,),
    (Outcome.BLOCKED,),
    (Outcome.CANCELLED,),
)

LOGS = ("pod_logs", "reported_pod_logs")
IN_THE_CLIENT = ("openstack_status",)
IN_PODS = ("databases", "rabbitmq", "ovn", "trigger_gmr", *IN_THE_CLIENT)
ON_NODES = ("cluster_sos", "edpm_sos")

AGAIN = "run again with --only {task}"

TABLE = (
    Line("report it, with omg-manifest.jsonl", reason=r"an error it does not know"),
    # limits of the run itself
    Line("raise MAX_BYTES, or leave tasks out with --skip", reason=r"\bMAX_BYTES\b"),
    Line("make room, write elsewhere (omg gather DIR), or set DISK_LIMIT", reason=r"\bDISK_LIMIT\b"),
    Line(
        "make room, or write elsewhere: omg gather DIR", reason=r"(No space left|quota exceeded).*could not be written"
    ),
    Line("write elsewhere: omg gather DIR", reason=r"could not be written"),
    Line("raise DEADLINE, or ask for less with --only and --skip", (*CANCELLED, *TRUNCATED), reason=r"deadline"),
    Line("run it again", CANCELLED, reason=r"Ended by "),
    Line("what came is there; run it again for the rest", TRUNCATED, reason=r"Ended by "),
    # rights
    Line("compare the node's authorized_keys with that Secret", DENIED, ("edpm_sos",)),
    Line("let `omg rbac --service-account NAMESPACE:NAME` print the roles, or be a cluster administrator", DENIED),
    # SOS reports
    Line("check SOS_EDPM against `oc get openstackdataplanenodeset -A`", tasks=("edpm_sos",), reason=r"SOS_EDPM names"),
    Line("look at `oc get openstackdataplanenodeset -A` and its Secret", tasks=("edpm_sos",), reason=r"Secret|nodeset"),
    Line("try `ssh` to the node, as the nodeset does", (*FAILED, *TIMED_OUT), ("edpm_sos",)),
    Line("look at `oc describe node {node}`", FAILED, ("cluster_sos",), r"(?P<node>[^/]+)", r"not ready"),
    Line(
        "see that SUPPORT_TOOLS can be pulled there, or name another image",
        (*FAILED, *TIMED_OUT),
        ("cluster_sos",),
        reason=r"(?i)\bimage|pull",
    ),
    Line(
        "try `oc debug node/{node}`; SOS_SERVICES= does without reports",
        (*FAILED, *TIMED_OUT),
        ("cluster_sos",),
        r"(?P<node>[^/]+)",
    ),
    Line("what came is there; " + AGAIN, TRUNCATED, ON_NODES),
    # logs
    Line("its newest lines are there; LOG_MAX_BYTES cuts it", TRUNCATED, LOGS, reason=r"LOG_MAX_BYTES"),
    Line(
        "try `oc logs -n {namespace} {pod}`; if that fails, see its node's kubelet",
        (*FAILED, *TIMED_OUT),
        LOGS,
        r"(?P<namespace>[^/]+)/(?P<pod>[^/]+)",
    ),
    # commands in pods
    Line(
        "name databases as `mysql -e 'SHOW DATABASES'` shows them",
        FAILED,
        ("databases",),
        reason=r"OPENSTACK_DATABASES",
    ),
    Line("what came is there; " + AGAIN, TRUNCATED, IN_PODS),
    Line("try `oc rsh openstackclient openstack service list` in its namespace", (*FAILED, *BLOCKED), IN_THE_CLIENT),
    Line("give commands more time with ITEM_TIMEOUT, then " + AGAIN, TIMED_OUT, IN_PODS),
    Line("see `oc logs` and `oc describe` of the pod that it ran in", FAILED, IN_PODS),
    # the API
    Line("see `oc get apiservices` for what is not Available", FAILED, reason=r"not answer"),
    Line("mend the conversion webhook of that kind", reason=r"conversion webhook"),
    Line("`oc get {kind}` says the same until its server is mended", FAILED, reason=r"list (?P<kind>[a-z0-9.-]+)"),
    Line("a source was silent: raise STALL_TIMEOUT, then " + AGAIN, TIMED_OUT, reason=r"no (byte|output) for"),
    Line("raise ITEM_TIMEOUT, or lower CONCURRENCY if the server is busy, then " + AGAIN, TIMED_OUT),
    # everything else
    Line("see its node: `oc describe {node}`", BLOCKED, reason=r"\b(?P<node>node [a-z0-9.-]+)"),
    Line("mend what it names, then " + AGAIN, BLOCKED),
    Line("the part that came is there; " + AGAIN + " for the rest", TRUNCATED),
    Line(AGAIN, CANCELLED),
    Line("its line in omg-manifest.jsonl has the whole reason; mend that, then " + AGAIN),
)


def advice(record: Record) -> str:
    """What to do about a record that isn't fine."""
    return next(given for line in TABLE if (given := line.given(record)) is not None)
