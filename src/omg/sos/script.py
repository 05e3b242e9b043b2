"""The scripts that run on a node, in POSIX sh: ask sos what it knows, make a report, send it, remove it. Pure.

A report lives in a directory of its own below /var/tmp, which only root can read, and whose name omg has chosen: so
two runs on one node don't meet, and omg can remove it whatever it has heard of it. The script says every two seconds
that it is alive. It ends, with all it has made, as soon as its stdin does, which is how it hears that the other side is
gone. A finished report waits for an hour to be fetched, and removes itself then.
"""

import re
import secrets
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from omg.errors import CommandFailed, RequestFailed

FOLDER = "/var/tmp/omg-sos."  # noqa: S108 - followed by a token that nobody can guess, for root alone

KEPT_FOR = 3600
"""Seconds for which a report that nobody fetches stays on the node."""

NO_SOS, NO_FOLDER, FAILED, NO_REPORT, FULL, NO_PODMAN, NO_IMAGE, NOT_PACKED = range(81, 89)
"""Exit statuses of the scripts; below those that a shell uses itself."""

_NO_PROGRAM = frozenset({126, 127})
"""Exit statuses of `env` and of shells for a program that can't be run, or isn't there."""

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

_WITH_WORDS = frozenset({NO_FOLDER, FAILED, NO_REPORT, NO_IMAGE, NOT_PACKED})
"""Of these the sentence ends with what the program said."""

_OF_SUDO = {
    "password is required": "sudo asks for a password there: allow the user NOPASSWD: ALL",
    "terminal is required": "sudo asks for a password there: allow the user NOPASSWD: ALL",
    "must have a tty": "sudo wants a terminal there: switch requiretty off for the user",
    "not in the sudoers file": "the user may not use sudo there",
    "may not run sudo": "the user may not use sudo there",
    "is not allowed to execute": "sudo does not let the user run sh as root there",
}
"""What sudo says, in English, and what that means."""

NO_ANSWER = "What came back is not what omg's script prints: is the login shell noisy, or no shell?"

_MARK = "omg-sos"
_MADE = re.compile(
    rf"{_MARK} made (\d+) ([0-9a-f]{{64}}) ({re.escape(FOLDER)}(?:[A-Za-z0-9]+/){{1,2}}[A-Za-z0-9._+~-]+)"
)
_ENDING = re.compile(r"\.tar(?:\.[a-z0-9]+)*$")

BEATING = f"""
(
	while kill -0 $$ 2>/dev/null && echo "{_MARK} alive"; do
		sleep 2 >/dev/null 2>&1 </dev/null 3<&-
	done
) 2>/dev/null 3<&- &
beat_pid=$!
"""
"""Says that the script is alive, for as long as it is and somebody hears it: sos itself may be silent for minutes.

It looks itself whether the script is there: a signal that reaches a shell in the moment of a fork, before the child has
put away its parent's traps, is lost, and what prints keeps the command from ending.
"""

WATCHING = """
exec 3<&0
(while read -r _; do :; done <&3; kill -TERM $$) >/dev/null 2>&1 &
watch_pid=$!
"""
"""Ends the script when its stdin ends; one process, so that nothing of it reads on when it is told to end."""


@dataclass(frozen=True, slots=True)
class Sos:
    """How sos is called on a machine.

    Args:
        words: the command, in shell.
        folder: where its report will lie: a directory that isn't there yet.
        stop: what ends it, beside a signal to the command.
        kept_for: seconds for which a report that nobody fetches stays; 0: something else removes it.
    """

    folder: str
    words: str = "sos"
    stop: str = ":"
    kept_for: int = KEPT_FOR


def sos_of_the_machine() -> Sos:
    """The machine's own, for one report."""
    return Sos(FOLDER + secrets.token_hex(5))


_FULL_NOW = "df -P /var/tmp | grep -q ' 100% '"

BEGINNING = """
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
umask 077
"""
"""Of every script: English, programs for root, and files for root alone."""


def asking(sos: Sos) -> str:
    """The script that prints what this sos knows, in three parts."""
    return f"""
# omg-sos ask
{BEGINNING}
command -v {sos.words.split()[0]} >/dev/null 2>&1 || exit {NO_SOS}
{BEATING}
for what in --help --list-plugins --list-profiles; do
	echo "{_MARK} about $what"
	timeout 60 {sos.words} report --batch "$what" </dev/null 2>&1
	echo
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
        found = _ENDING.search(self.path)
        return found[0] if found else ".tar"

    @property
    def folder(self) -> str:
        """The directory that it has for itself."""
        return self.path.rpartition("/")[0]


def making(options: Sequence[str], sos: Sos) -> str:
    """The script that makes a report and prints where it is, its size and its digest.

    Its stdin must stay open: when it ends before the report is there, sos is stopped and nothing is left.
    """
    return f"""
# omg-sos make
{BEGINNING}
command -v {sos.words.split()[0]} >/dev/null 2>&1 || exit {NO_SOS}
{in_the_folder(sos.folder)}
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
	[ -n "$sos_pid" ] && {{ wait "$sos_pid"; rm -rf "$dir"; }} 2>/dev/null
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
	{_FULL_NOW} && leave {FULL}
	grep -q -e 'No space left' -e 'Disk quota exceeded' "$dir/said" && leave {FULL}
	leave {FAILED}
fi
report=
for one in "$dir"/*.tar "$dir"/*.tar.xz "$dir"/*.tar.gz "$dir"/*.tar.bz2 "$dir"/*.tar.zst "$dir"/*.tar*.gpg; do
	[ -f "$one" ] && report=$one
done
if [ -z "$report" ]; then
	tail -n 5 "$dir/said" >&2
	leave {NO_REPORT}
fi
mv "$report" "$dir/report.tar${{report##*.tar}}"
report="$dir/report.tar${{report##*.tar}}"
{_kept(sos.kept_for)}
{told("$report")}
trap - HUP INT TERM PIPE
kill "$watch_pid" 2>/dev/null
exit 0
"""


def in_the_folder(folder: str) -> str:
    """Makes a directory, `$dir` from then on."""
    return f'dir={folder}\nmkdir -m 700 "$dir" || {{ {_FULL_NOW} && exit {FULL}; exit {NO_FOLDER}; }}'


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


SENDS = b"omg-sos sends\n"
"""Printed before the bytes of a file: a login shell may print something of its own before that."""


def sending(made: Made, offset: int) -> str:
    """The script that prints `SENDS`, and a report's bytes from an offset on."""
    path = shlex.quote(made.path)
    program = f"tail -c +{offset + 1} {path}" if offset else f"cat {path}"
    return f"echo '{SENDS.decode().strip()}'\nexec {program}\n# omg-sos send"


def removing(folder: str) -> str:
    """The script that removes a directory with a report, and what would have removed it later."""
    return f"""
# omg-sos remove
dir={shlex.quote(folder)}
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
        raise RequestFailed(NO_ANSWER)
    return Made(found[3], int(found[1]), found[2])


def failure(where: str, error: CommandFailed, printed: bytes = b"") -> CommandFailed:
    """The same error as a sentence that a person can act on; some say on stdout why they don't run."""
    whole = " ".join(error.stderr.decode("utf-8", "replace").split())
    said = whole[-300:] or " ".join(_without_marks(printed).split())[-300:]
    of_sudo = next((meant for words, meant in _OF_SUDO.items() if words in whole), "")
    if error.exit_code in _SENTENCES:
        reason = _SENTENCES[error.exit_code]
        reason += f": {said}" if said and error.exit_code in _WITH_WORDS else ""
    elif of_sudo:
        reason = of_sudo
    elif error.exit_code in _NO_PROGRAM and "sudo" in whole:
        reason = "sudo is not installed there"
    elif error.exit_code is None:
        reason = str(error).rstrip(".")
    else:
        reason = f"the command ended with {error.exit_code}" + (f": {said}" if said else "")
    return CommandFailed(f"{where}: {reason}.", exit_code=error.exit_code, stderr=error.stderr)


def _without_marks(printed: bytes) -> str:
    lines = printed.decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if not line.startswith(_MARK))
