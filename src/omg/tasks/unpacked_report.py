"""SOS_DECOMPRESS: a report that has been fetched, unpacked beside itself; the packed one stays as it is."""

from omg.engine import Run
from omg.errors import LimitReached, OmgError


async def unpacked(run: Run, path: str) -> str:
    """Unpack a report if it is asked for; the name that links to it lead to, which is the packed one's otherwise.

    Args:
        run: of the item that fetched it.
        path: of the packed report in the tree.

    Raises:
        LimitReached: nothing more may be written.
    """
    name = path.rpartition("/")[2]
    if not run.settings.sos_decompress:
        return name
    try:
        found = await run.output.unpack(path)
    except LimitReached:
        raise
    except OmgError as error:  # the packed report is there, and is worth its own outcome
        run.lost("unpacked", error)
        return name
    for refused in found.refused:
        run.note(f"Not unpacked: {refused}")
    return found.folder.rpartition("/")[2]
