"""Runs a program by the interpreter that `openstack` itself names: the pod's `python3` may be one without the client.

omg never imports this file either: `python3 -B -c THIS PROGRAM` in the pod is how the driver's reader is started. It
keeps to Python 3.6, because whatever `python3` is there has to get this far.
"""

import os
import re
import shutil
import sys

# How pip writes a first line that would be too long for the kernel, or has a space in it.
BY_SHELL = re.compile(r"""'''exec' "?(?P<path>[^"]+?)"? "\$0" "\$@"$""")


def named_in(script):
    """The interpreter that a script's first line names, with its options; nothing where that is no Python."""
    with open(script, "rb") as file:
        first, *others = file.read(4096).decode("utf-8", "surrogateescape").split("\n")
    if not first.startswith("#!"):
        return []
    words = first[2:].split()
    if words and os.path.basename(words[0]) == "env":
        words = [word for word in words[1:] if word != "-S"]
        words[:1] = [shutil.which(words[0]) or words[0]] if words else []
    by_shell = BY_SHELL.match(others[0]) if others else None
    if by_shell is not None:
        words = [by_shell.group("path")]
    return words if words and "py" in os.path.basename(words[0]) else []


def main(program):
    """Become the client's interpreter where that is another one, and run the program in any case."""
    client = shutil.which("openstack")
    try:
        words = named_in(client) if client else []
        if words and words != [sys.executable]:
            os.execv(words[0], words + ["-B", "-c", program])
    except OSError:
        pass  # the script can't be read or names what isn't there: this interpreter is the other chance
    exec(compile(program, "omg", "exec"), {"__name__": "__main__"})


if __name__ == "__main__":
    main(sys.argv[1])
