"""Relative symbolic links within the tree: journalled first, as everything in it is. Blocking; called in threads."""

from collections.abc import Sequence

from omg.errors import OmgError
from omg.output.batches import Writer
from omg.output.draft import COLLISIONS
from omg.output.names import with_number


def link(writer: Writer, task: str, parts: Sequence[str], target: Sequence[str]) -> str:
    """Make a link under the first free name for `parts`; its path.

    Args:
        writer: what all items share.
        task: that makes it.
        parts: of its path, safe.
        target: the parts of the path that it leads to, safe.

    Raises:
        LimitReached, OmgError: it could not be made.
    """
    *above, wanted = parts
    for number in range(1, COLLISIONS):
        place = (*above, wanted if number == 1 else with_number(wanted, number))
        if writer.tree.has(place):
            continue
        held = {"/".join(place): {"link": "/".join(target)}}
        writer.journal.writing(task, held, generation=writer.masker.generation, binary=True)
        if writer.tree.link(place, target):
            return "/".join(place)
    raise OmgError(f"{'/'.join(parts)} could not be written: {COLLISIONS:,} things want this name.")
