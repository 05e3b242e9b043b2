"""Everything omg raises. An error's text is one sentence that a person can act on.

The text may quote a server's answer, so whoever prints or records it masks it first.
"""


class OmgError(Exception):
    """The root of everything omg raises itself."""


class ConfigError(OmgError):
    """The run can't start as it was asked for; nothing has been touched (exit 2)."""


class DeclarationError(OmgError):
    """A task does what it did not declare, or the graph can't be built from the declarations (exit 2)."""


class Absent(OmgError):
    """The cluster has no such thing, which is normal."""


class Denied(OmgError):
    """The cluster refused by its access rules (HTTP 403)."""


class Unreachable(OmgError):
    """No usable answer came: connection refused or reset, or a server error that outlived the retries."""


class Blocked(OmgError):
    """What this stands on could not be had, for a reason that is recorded elsewhere."""


class RequestFailed(OmgError):
    """The server answered that the request is wrong, or answered something that can't be understood."""


class CommandFailed(OmgError):
    """A command in a pod or on a node ended with another exit status than 0.

    Args:
        exit_code: the command's exit status; None when it could not be started.
        stderr: what it wrote there, at most 64 KiB, unmasked.
    """

    def __init__(self, message: str, *, exit_code: int | None = None, stderr: bytes = b"") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.stderr = stderr


class TimedOut(OmgError):
    """A request took longer than its limit, or a stream brought nothing for longer than its stall limit."""


class Truncated(OmgError):
    """A stream ended before its end; what came until then was kept."""


class LimitReached(OmgError):
    """The tree may not grow: a limit of bytes or of the disk is reached, and collecting stops."""
