"""How many files and connections the process may have open at a time, and for how many items that is enough."""

import resource

OWN = 20
"""Open files of a run that does nothing: the terminal, the event loop, the tree, the journal, run.log."""

PER_ITEM = 4
"""Of an item that writes: its connection, its file, the folder of that, and the one that replaces the file."""


def items_that_fit(wanted: int) -> int:
    """How many of the wanted items may run at a time; one in any case.

    The limit is raised to what the process may raise it to.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = OWN + PER_ITEM * wanted
    if soft != resource.RLIM_INFINITY and soft < needed:
        limit = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        except (OSError, ValueError):
            limit = soft
        return max(1, min(wanted, (limit - OWN) // PER_ITEM))
    return wanted
