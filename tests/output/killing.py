"""Runs one small collection again and again, each in a process of its own that kills itself at a given step.

    python -m tests.output.killing FOLDER

prints the names of all steps, one a line. Then, for each line `NAME STEP` of its input, it runs the collection in
FOLDER/NAME, killed with SIGKILL before step number STEP (0: never), and answers with how the process ended.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable
from itertools import count
from pathlib import Path

from omg.errors import OmgError
from tests.output.desk import CONFIG_MAPS, SECRET, SECRETS, Desk, Kind, ReplacingMasker, chunks, config_map, desk, pages

LATE = b"swordfish-swordfish"
LINE = b"a line with " + SECRET + b" and " + LATE + b" in it\n"
LOG = LINE * 22_000
NADS = Kind("k8s.cni.cncf.io", "network-attachment-definitions", "NetworkAttachmentDefinition")


async def collect(here: Desk, *, mend: bool = True) -> None:
    """Every way of writing, one after the other, and the end of a run."""
    told = {"k": f"{SECRET.decode()}\n{LATE.decode()}\n"}
    secret = config_map("nova", **{"nova.conf": "aHVudGVyMg=="}) | {"kind": "Secret"}

    async def items() -> None:
        await item("version", here.output("version").text("version", data=b"omg\n" + SECRET))
        await item(
            "config_maps", here.output().objects(CONFIG_MAPS, pages([config_map("a/b", **told), b"{", config_map("c")]))
        )
        await item("secrets", here.output("secrets").objects(SECRETS, pages([secret]), under=lambda _: ["nova", "ovn"]))
        await item("nads", here.output("overviews").objects(NADS, pages([config_map("x", **told)]), namespace="n"))
        await item("log", here.output().log("n", "p", "c", chunks(LOG, LINE)))
        await item("newest", here.output().log("n", "p", "newest", chunks(LOG, LOG[: 1 << 16], LINE), newest=10_000))
        await item("dump", here.output("databases").stream("d.sql", chunks=chunks(LINE), complete=lambda _: False))

    async def item(key: str, work: Awaitable[object]) -> None:
        here.journal.started("t", key)
        try:
            await work
        except OmgError as error:
            here.journal.ended({"task": "t", "key": key, "outcome": "truncated", "reason": f"{error} {LATE.decode()}"})
        else:
            here.journal.ended({"task": "t", "key": key, "outcome": "collected"})

    await items()
    here.masker.learn(LATE)
    if mend:
        await here.sink.remask()
        here.journal.end({"exit_code": 1})


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def collect_until(folder: Path, last: int, *, aloud: bool = False) -> None:
    """Collect in this process, which ends before step `last`."""
    numbers = count(1)

    def step(name: str) -> None:
        if aloud:
            say(name)
        if next(numbers) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    with desk(folder, masker=ReplacingMasker(SECRET), step=step) as here:
        asyncio.run(collect(here))


def in_a_process(folder: Path, last: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            collect_until(folder, last)
        finally:
            sys.stderr.flush()
            os._exit(0 if sys.exc_info()[0] is None else 3)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    root = Path(sys.argv[1])
    child = os.fork()
    if child == 0:
        collect_until(root / "steps", 0, aloud=True)
        os._exit(0)
    os.waitpid(child, 0)
    say("")
    for line in sys.stdin:
        name, _, last = line.rpartition(" ")
        say(str(in_a_process(root / name, int(last))))


if __name__ == "__main__":
    main()
