"""SOS_DECOMPRESS: the rotated logs of a node's pods, unpacked as they were there, and linked beside the pods' logs."""

from collections.abc import Collection, Sequence
from functools import partial

from omg.engine import Run
from omg.errors import LimitReached, OmgError
from omg.output.layouts import RotatedLog

PLACE = "var/log/pods"
"""In the folder of the node's report, which has the same place for what sos takes from there."""


async def unpacked_logs(run: Run, path: str, report: str, namespaces: Collection[str]) -> None:
    """Unpack them.

    Args:
        run: of the item that fetched them.
        path: of the packed logs in the tree.
        report: the path of the node's packed report, beside which they belong.
        namespaces: whose logs get a link; others have no place in the tree.

    Raises:
        LimitReached: nothing more may be written.
    """
    try:
        of = partial(rotated_log, namespaces=namespaces)
        found = await run.output.unpack_logs(path, report=report, place=PLACE, of=of)
    except LimitReached:
        raise
    except OmgError as error:  # the packed logs are there
        run.lost("podlogs unpacked", error)
        return
    for refused in found.refused:
        run.note(f"Not unpacked: {refused}")


def rotated_log(names: Sequence[str], namespaces: Collection[str]) -> RotatedLog | None:
    """Which log has this path below /var/log/pods: the kubelet's NAMESPACE_POD_UID/CONTAINER/N.log.TIME[.gz].

    None: it is of another namespace, or something else. No name of the cluster has an underscore in it.
    """
    if len(names) != 3:
        return None
    of_pod, container, name = names
    parts = of_pod.split("_")
    if len(parts) != 3 or parts[0] not in namespaces:
        return None
    return RotatedLog(parts[0], parts[1], container, name.removesuffix(".gz"))
