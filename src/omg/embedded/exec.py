"""Commands in containers: what is asked for, and what the script answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import msgspec

from omg.embedded.corpus.model import ExecAnswer
from omg.embedded.logs import container_named, is_true
from omg.embedded.statuses import bad_request

SUCCESS = b'{"metadata":{},"status":"Success"}'
# The exit status of a command whose program isn't there, as CRI-O gives it.
NO_PROGRAM = 255


@dataclass(frozen=True, slots=True)
class Command:
    """What is to run where, and which streams the client wants."""

    namespace: str
    pod: str
    container: str
    argv: tuple[str, ...]
    stdin: bool
    stdout: bool
    stderr: bool


def read_command(pod: Mapping[str, Any], query: Any) -> Command:
    """The command of an exec request; query is a multidict.

    Raises:
        Refused: 400, in the real server's words.
    """
    metadata = pod["metadata"]
    container = container_named(pod, query.get("container", ""))
    if not pod["spec"].get("nodeName"):
        raise bad_request(f"pod {metadata['name']} does not have a host assigned")
    return Command(
        namespace=metadata["namespace"],
        pod=metadata["name"],
        container=container,
        argv=tuple(query.getall("command", [])),
        stdin=is_true(query, "stdin"),
        stdout=is_true(query, "stdout"),
        stderr=is_true(query, "stderr"),
    )


def answer_for(command: Command, execs: Iterable[ExecAnswer]) -> ExecAnswer | None:
    """The scripted answer whose command is the longest prefix; of equals the first."""
    fitting = (one for one in execs if _fits(command, one))
    return max(fitting, key=lambda one: len(one.command), default=None)


def _fits(command: Command, one: ExecAnswer) -> bool:
    places = ((command.namespace, one.namespace), (command.pod, one.pod), (command.container, one.container))
    prefix = command.argv[: len(one.command)] == tuple(one.command)
    return prefix and all(fnmatchcase(value, pattern) for value, pattern in places)


def no_program(command: Command) -> ExecAnswer:
    """What CRI-O answers when there is no such program in the container."""
    name = command.argv[0] if command.argv else ""
    sentence = f'exec failed: unable to start container process: exec: "{name}": executable file not found in $PATH\n'
    return ExecAnswer(stderr=sentence.encode(), exit_code=NO_PROGRAM)


def exit_status(code: int) -> bytes:
    """The v1 Status of a command's end, as it comes on the error channel."""
    if code == 0:
        return SUCCESS
    return msgspec.json.encode(
        {
            "metadata": {},
            "status": "Failure",
            "message": f"command terminated with non-zero exit code: exit status {code}",
            "reason": "NonZeroExitCode",
            "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
        }
    )


def internal_error(sentence: str) -> bytes:
    """The v1 Status of a command that could not be started, as it comes on the error channel."""
    return msgspec.json.encode(
        {
            "metadata": {},
            "status": "Failure",
            "message": f"Internal error occurred: {sentence}",
            "reason": "InternalError",
            "details": {"causes": [{"message": sentence}]},
            "code": 500,
        }
    )
