"""The scripts that run on a node, in POSIX sh: ask sos what it knows, make a report, send it, remove it. Pure.

A report lives in a directory of its own below /var/tmp, which only root can read, so two runs on one node don't meet.
The script says every two seconds that it is alive. It ends, with all it has made, as soon as its stdin does, which is
how it hears that the other side is gone. A finished report waits for an hour to be fetched, and removes itself then.
"""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from omg.errors import CommandFailed, RequestFailed

FOLDER = "/var/tmp/omg-sos."  # noqa: S108 - made by mktemp, for root alone; what sos itself uses

KEPT_FOR = 3600
"""Seconds for which a report that nobody fetches stays on the node."""

NO_SOS, NO_FOLDER, FAILED, NO_REPORT, FULL, NO_PODMAN, NO_IMAGE, NOT_PACKED = range(81, 89)
"""Exit statuses of the scripts; below those that a shell uses itself."""

_SENTENCES = {
    NO_SOS: "sos is not installed there: install the package sos",
    NO_FOLDER: "no directory could be made in /var/tmp there",
    FAILED: "sos failed",
    NO_REPORT: "sos ended well, but left no report",
    FULL: "/var/tmp is full there: free some space",  # noqa: S108
    NO_PODMAN: "podman is not installed there",
    NO_IMAGE: "the image SUPPORT_TOOLS could not be pulled there",
    NOT_PACKED: "the rotated logs of its pods could not be packed",
}

_WITH_WORDS = frozenset({FAILED, NO_REPORT, NO_IMAGE, NOT_PACKED})
"""Of these the sentence ends with what the program said."""

_MARK = "omg-sos"
_MADE = re.compile(
    rf"{_MARK} made (\d+) ([0-9a-f]{{64}}) ({re.escape(FOLDER)}(?:[A-Za-z0-9]+/){{1,2}}[A-Za-z0-9._+~-]+)"
)
_ENDINGS = (".tar.xz", ".tar.gz", ".tar.bz2", ".tar")

BEATING = f"""
(while echo "{_MARK} alive"; do sleep 2 >/dev/null 2>&1 </dev/null 3<&-; done) 2>/dev/null 3<&- &
beat_pid=$!
"""
"""Says that the script is alive, for as long as somebody hears it: sos itself may be silent for minutes."""

WATCHING = """
exec 3<&0
(cat <&3; kill -TERM $$) >/dev/null 2>&1 &
watch_pid=$!
"""
"""Ends the script when its stdin ends."""


@dataclass(frozen=True, slots=True)
class Sos:
    """How sos is called on a machine.

    Args:
        words: the command, in shell.
        folder: where its reports lie; each is in a directory of its own whose name begins so.
        stop: what ends it, beside a signal to the command.
        kept_for: seconds for which a report that nobody fetches stays; 0: something else removes it.
    """

    words: str = "sos"
    folder: str = FOLDER
    stop: str = ":"
    kept_for: int = KEPT_FOR


ON_THE_MACHINE = Sos()
"""The machine's own."""


def asking(sos: Sos = ON_THE_MACHINE) -> str:
    """The script that prints what this sos knows, in three parts."""
    return f"""
# omg-sos ask
command -v {sos.words.split()[0]} >/dev/null 2>&1 || exit {NO_SOS}
export LC_ALL=C
{BEATING}
for what in --help --list-plugins --list-profiles; do
	echo "{_MARK} about $what"
	timeout 60 {sos.words} report --batch "$what" </dev/null 2>&1
done
kill "$beat_pid" 2>/dev/null
exit 0
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A report that waits on a node.

    Args:
        path: on the node.
        size: in bytes.
        sha256: of the file, in hexadecimal.
    """

    path: str
    size: int
    sha256: str

    @property
    def ending(self) -> str:
        """How it is packed, as the end of a file's name."""
        return next((ending for ending in _ENDINGS if self.path.endswith(ending)), ".tar")


def making(options: Sequence[str], sos: Sos = ON_THE_MACHINE) -> str:
    """The script that makes a report and prints where it is, its size and its digest.

    Its stdin must stay open: when it ends before the report is there, sos is stopped and nothing is left.
    """
    return f"""
# omg-sos make
export LC_ALL=C
umask 077
command -v {sos.words.split()[0]} >/dev/null 2>&1 || exit {NO_SOS}
{in_a_folder_of(sos.folder)}
sos_pid=
watch_pid=
beat_pid=
leave() {{ # STATUS: stop everything, and leave nothing; dash takes a group only after -s
	trap '' HUP INT TERM PIPE
	[ -n "$sos_pid" ] && kill -s TERM -- "-$sos_pid" 2>/dev/null
	[ -n "$sos_pid" ] && {{ {sos.stop}; }} >/dev/null 2>&1
	[ -n "$sos_pid" ] && sleep 1 && kill -s KILL -- "-$sos_pid" 2>/dev/null
	kill "$watch_pid" "$beat_pid" 2>/dev/null
	rm -rf "$dir"
	[ -n "$sos_pid" ] && wait "$sos_pid" 2>/dev/null
	exit "$1"
}}
trap 'leave 1' HUP INT TERM PIPE
{WATCHING}
{BEATING}
setsid {sos.words} report {shlex.join((*options, "--tmp-dir"))} "$dir" >"$dir/said" 2>&1 </dev/null 3<&- &
sos_pid=$!
wait "$sos_pid"
status=$?
sos_pid=
if [ "$status" -ne 0 ]; then
	tail -n 5 "$dir/said" >&2
	grep -q 'No space left' "$dir/said" && leave {FULL}
	leave {FAILED}
fi
report=
for one in "$dir"/sosreport-*.tar "$dir"/sosreport-*.tar.xz "$dir"/sosreport-*.tar.gz "$dir"/sosreport-*.tar.bz2; do
	[ -f "$one" ] && report=$one
done
[ -n "$report" ] || leave {NO_REPORT}
{_kept(sos.kept_for)}
{told("$report")}
trap - HUP INT TERM PIPE
kill "$watch_pid" 2>/dev/null
exit 0
"""


def in_a_folder_of(folder: str) -> str:
    """Makes a directory in `$dir` whose name begins so."""
    full = f"df -P /var/tmp | grep -q ' 100% ' && exit {FULL}"
    return f"dir=$(mktemp -d {folder}XXXXXXXX) || {{ {full}; exit {NO_FOLDER}; }}"


def told(path: str) -> str:
    """Prints what `made_by` reads of a file."""
    return f"""
size=$(wc -c <"{path}")
sum=$(sha256sum <"{path}")
kill "$beat_pid" 2>/dev/null
echo "{_MARK} made $((size)) ${{sum%% *}} {path}"
"""


def _kept(seconds: int) -> str:
    """Removes the report after some time."""
    if not seconds:
        return ""
    return f"""
setsid sh -c 'sleep "$1"; rm -rf "$2"' - {seconds} "$dir" >/dev/null 2>&1 </dev/null 3<&- &
echo $! >"$dir/keeper"
"""


def sending(made: Made, offset: int) -> str:
    """The script that prints a report's bytes from an offset on."""
    return f"exec tail -c +{offset + 1} {shlex.quote(made.path)} # omg-sos send"


def removing(made: Made) -> str:
    """The script that removes a report, and what would have removed it later."""
    folder = shlex.quote(made.path.rpartition("/")[0])
    return f"""
# omg-sos remove
dir={folder}
[ -f "$dir/keeper" ] && kill -s TERM -- "-$(cat "$dir/keeper")"
rm -rf "$dir"
"""


def made_by(output: bytes) -> Made:
    """What `making` printed.

    Raises:
        RequestFailed: it printed something else.
    """
    found = _MADE.search(output.decode("utf-8", "replace"))
    if found is None:
        raise RequestFailed("What came back is not what omg's script prints: is the login shell noisy, or no shell?")
    return Made(found[3], int(found[1]), found[2])


def failure(where: str, error: CommandFailed) -> CommandFailed:
    """The same error as a sentence that a person can act on."""
    said = " ".join(error.stderr.decode("utf-8", "replace").split())[-300:]
    if "password is required" in said or "terminal is required" in said:
        reason = "sudo asks for a password there: allow the user NOPASSWD"
    elif "sudo: not found" in said or "sudo: command not found" in said:
        reason = "sudo is not installed there"
    elif error.exit_code in _SENTENCES:
        reason = _SENTENCES[error.exit_code]
        reason += f": {said}" if said and error.exit_code in _WITH_WORDS else ""
    elif error.exit_code is None:
        reason = str(error).rstrip(".")
    else:
        reason = f"the command ended with {error.exit_code}" + (f": {said}" if said else "")
    return CommandFailed(f"{where}: {reason}.", exit_code=error.exit_code, stderr=error.stderr)
