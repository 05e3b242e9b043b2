"""What a person, or a program, sees while a run goes on: a live view on a terminal, plain or JSON lines elsewhere."""

from collections.abc import Mapping
from typing import TextIO

from omg.gather.views import View
from omg.progress.jsonlines import JsonView
from omg.progress.plain import PlainView
from omg.progress.unfailing import Unfailing, fall_silent, open_what_is_closed

__all__ = [
    "LOG_FORMATS",
    "JsonView",
    "PlainView",
    "Unfailing",
    "fall_silent",
    "open_what_is_closed",
    "view_for",
]

LOG_FORMATS = ("auto", "plain", "json")


def view_for(stream: TextIO, environment: Mapping[str, str], *, quiet: bool = False, log_format: str = "auto") -> View:
    """The view that fits where the person is.

    Args:
        stream: where it is shown.
        environment: of the process; TERM and NO_COLOR count.
        quiet: show nothing.
        log_format: of LOG_FORMATS; auto is live on a terminal and plain elsewhere.
    """
    if log_format == "json":
        return JsonView(stream, quiet=quiet)
    if quiet or log_format == "plain" or not stream.isatty() or environment.get("TERM") == "dumb":
        return PlainView(stream, quiet=quiet)
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    from omg.progress.live import LiveView  # noqa: PLC0415

    shown = Unfailing(stream)
    return LiveView(Console(file=shown, no_color="NO_COLOR" in environment))  # type: ignore[arg-type]
