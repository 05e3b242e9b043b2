"""Arguments → settings → run → exit code; the only place that prints."""

import asyncio
import gc
import json
import os
import shutil
import sys
import textwrap
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem, get_completion_class

from omg import __version__
from omg.allocator import return_large_buffers
from omg.engine import Outcome
from omg.engine.records import reason_of
from omg.errors import ConfigError, DeclarationError
from omg.gather import Request, Result, gather
from omg.gather.catalog import all_tasks, graph_of
from omg.gather.live_rights import served_by_the_cluster
from omg.gather.plan import plan_of
from omg.gather.plan_formats import FORMATS
from omg.gather.rbac import Account, grants_of, manifests
from omg.help_pages import SHAPES, Commands, Page, flags_of
from omg.masking import Masker
from omg.progress import LOG_FORMATS, PlainView, fall_silent, open_what_is_closed, view_for
from omg.settings import NOT_FLAGS, Settings, environment, load_settings, slips

CANNOT_START = 2
BROKEN = 1


def _settings_flags(command: Any) -> Any:
    """Give a command one flag for each setting, with the environment variable in its help."""
    for name, info in reversed(Settings.model_fields.items()):
        if name in NOT_FLAGS:
            continue
        option = click.option(
            *flags_of(name),
            name,
            metavar=SHAPES.get(name, "VALUE"),
            help=f"{info.description} [{name.upper()}]",
        )
        command = option(command)
    return command


def _task_flags(command: Any) -> Any:
    names = {
        "--only": "Run only these tasks, with what they need (comma-separated; see omg plan).",
        "--skip": "Leave these tasks out, with what needs them.",
    }
    for flag, text in names.items():
        option = click.option(flag, metavar="TASKS", multiple=True, help=text, shell_complete=_complete_tasks)
        command = option(command)
    return command


def _complete_tasks(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of tasks, after those that stand there already."""
    before, comma, word = incomplete.rpartition(",")
    names = (task.name for task in all_tasks())
    return [CompletionItem(f"{before}{comma}{name}") for name in names if name.startswith(word)]


def _split(values: tuple[str, ...]) -> list[str]:
    return [name.strip() for value in values for name in value.split(",") if name.strip()]


def _given(flags: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in flags.items() if value is not None}


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="omg")
def cli() -> None:
    """Collect what a support engineer needs to diagnose OpenStack on OpenShift.

    \b
    Examples:
      omg gather                      everything, with the current kubeconfig
      omg gather out --only pod_logs  the logs only, into ./out
      omg plan                        what a run would do, in which order
      omg rbac                        the rights that a run needs
      omg audit out                   what masking may have missed
      omg completion bash             completion for a shell
    """  # noqa: D301 - \b is click's mark for a paragraph that is kept as it is


@cli.command("gather", cls=Page)
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--dest-dir", metavar="DIR", type=click.Path(path_type=Path), help="The same as DIRECTORY.")
@click.option("--context", metavar="NAME", help="Context of the kubeconfig; its current one unless given.")
@click.option("--as", "impersonate", metavar="USER", help="User to act as.")
@click.option("--as-group", "groups", metavar="GROUP", multiple=True, help="Group to act as; may be repeated.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but the summary.")
@click.option(
    "--log-format",
    type=click.Choice(LOG_FORMATS),
    default="auto",
    show_default=True,
    help="auto: live on a terminal, plain lines elsewhere; json: one object a line, the summary too.",
)
@_task_flags
@_settings_flags
def gather_command(
    directory: Path | None,
    dest_dir: Path | None,
    context: str | None,
    impersonate: str | None,
    groups: tuple[str, ...],
    quiet: bool,
    log_format: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    **flags: str | None,
) -> None:
    """Collect into DIRECTORY, masked. What could not be had is named in its manifest, with the reason.

    \b
    Examples:
      omg gather
      omg gather out --context prod --deadline 10m
      omg gather out --since 2h --only pod_logs,pod_descriptions
      SOS_SERVICES= omg gather out
    \b
    Exit status:
      0    everything was collected, empty, absent or skipped
      1    something failed, was denied, timed out, was cut or blocked
      2    the run could not start; nothing was touched
      130  ended by Ctrl-C
    """  # noqa: D301
    if None not in (directory, dest_dir):
        raise click.UsageError("DIRECTORY and --dest-dir are the same thing: give one of them.")
    settings = load_settings(_given(flags))
    request = Request(
        settings=settings,
        graph=graph_of(_split(only), _split(skip)),
        directory=directory or dest_dir,
        context=context,
        impersonate=impersonate,
        impersonate_groups=groups,
        terminal=_terminal(),
        log_view=PlainView,
    )
    view = view_for(sys.stderr, environment(), quiet=quiet, log_format=log_format)
    result = asyncio.run(gather(request, view))
    if log_format == "json":
        _print_lines([as_json(result)])
    else:
        _print_summary(result.lines)
    _leave(result)


@cli.command("plan", cls=Page)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    default="tree",
    show_default=True,
    help="tree for people; the others for tools.",
)
@_task_flags
@_settings_flags
def plan_command(form: str, only: tuple[str, ...], skip: tuple[str, ...], **flags: str | None) -> None:
    """Show what a run with these settings would do, and in which order; needs no cluster.

    \b
    Examples:
      omg plan                                  stage by stage, for people
      READ_ONLY=1 omg plan                      what is left when nothing may be changed
      omg plan --only pod_logs                  what one task needs
      omg plan --format dot | dot -Tsvg >p.svg  a picture, by Graphviz
      omg plan --format json                    for tools; --format json-schema describes it
    """  # noqa: D301
    settings = load_settings(_given(flags))
    _warn_of_slips()
    _print_lines(FORMATS[form](plan_of(graph_of(_split(only), _split(skip)), settings)))


@cli.command("rbac", cls=Page)
@click.option("--service-account", metavar="NAMESPACE:NAME", required=True, help="Who gets the rights.")
@click.option("--live", is_flag=True, help="Ask the cluster which kinds and namespaces it has, and name only those.")
@click.option("--context", metavar="NAME", help="Context of the kubeconfig for --live; its current one unless given.")
@_task_flags
@_settings_flags
def rbac_command(
    service_account: str,
    live: bool,
    context: str | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    **flags: str | None,
) -> None:
    """Print the least roles, with their bindings, that a run with these settings needs.

    \b
    Examples:
      omg rbac --service-account support:default | oc apply -f -
      omg rbac --service-account support:default --live   exactly what this cluster has
      omg rbac --service-account support:default --only pod_logs
    """  # noqa: D301
    account = Account.parse(service_account)
    settings = load_settings(_given(flags))
    graph = graph_of(_split(only), _split(skip))
    _warn_of_slips()
    served = asyncio.run(served_by_the_cluster(settings, context=context)) if live else None
    _print_lines(manifests(grants_of(graph, settings, served), account))


@cli.command("audit")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "json-schema"]),
    default="text",
    show_default=True,
    help="text for people; the others for tools.",
)
@click.option("--strict", is_flag=True, help="Findings in packed SOS reports, which sos itself has cleaned, fail too.")
def audit_command(path: Path, form: str, strict: bool) -> None:
    """Search PATH, a directory or an archive, for secrets that masking missed; needs no cluster.

    Files, lines and kinds are named, values never.

    \b
    Examples:
      omg audit out                          a tree that omg wrote, with its manifest
      omg audit out/must-gather.tar.gz       an archive; archives in it are opened too
      omg audit must-gather.local.123        what another collector wrote
      omg audit out --format json | jq .findings
    \b
    Exit status:
      0    nothing was found
      1    something was found
      2    PATH is neither a directory nor an archive, or can't be read
    """  # noqa: D301
    from omg.audit import as_json, as_text, audit, json_schema  # noqa: PLC0415 - only this command needs it at once

    if form == "json-schema":
        _print_lines([json_schema()])
        return
    report = audit(path)
    _print_lines([as_json(report)] if form == "json" else as_text(report, strict=strict))
    sys.exit(1 if report.failing(strict=strict) else 0)


@cli.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print a script that completes commands, flags and task names in SHELL.

    \b
    Examples:
      source <(omg completion bash)      in ~/.bashrc
      source <(omg completion zsh)       in ~/.zshrc, after compinit
      omg completion fish > ~/.config/fish/completions/omg.fish
    """  # noqa: D301
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    _print_lines([found(cli, {}, "omg", "_OMG_COMPLETE").source()])


def as_json(result: Result) -> str:
    """The summary for a program."""
    ending = result.ending
    outcomes = {outcome.value: count for outcome, count in ending.tally.total().items() if count}
    return json.dumps(
        {
            "event": "summary",
            "directory": str(ending.directory),
            "exit_code": result.exit_code,
            "seconds": round(ending.seconds, 3),
            "objects": ending.tally.objects,
            "bytes": ending.tally.size,
            "requests": ending.tally.requests,
            "outcomes": outcomes,
            "warnings": list(ending.warnings),
            "lines": list(result.lines),
        }
    )


def _warn_of_slips() -> None:
    """Say what in the environment is almost a setting; a gather says so in its summary."""
    for sentence in slips():
        click.echo(f"omg: {sentence}", err=True)


def _terminal() -> int | None:
    return next((number for number in (2, 1, 0) if os.isatty(number)), None)


def _print_lines(lines: Sequence[str]) -> None:
    """Print for a person; a terminal or pipe that has gone away changes nothing of the run."""
    try:
        for line in lines:
            click.echo(line)
        sys.stdout.flush()
    except OSError:
        fall_silent(sys.stdout)


def _print_summary(lines: Sequence[str]) -> None:
    """Print the summary: on a terminal in its width, with what matters most marked; as it is elsewhere."""
    if not sys.stdout.isatty():
        _print_lines(lines)
        return
    width = shutil.get_terminal_size().columns
    styled = "NO_COLOR" not in environment() and environment().get("TERM") != "dumb"
    _print_lines([shown for line in lines for shown in on_terminal(line, width, styled=styled)])


def on_terminal(line: str, width: int, *, styled: bool) -> list[str]:
    """A line of the summary as a terminal shows it: broken between words, the first words of some lines marked."""
    broken = textwrap.wrap(line, max(width, 20), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    mark = next((mark for beginning, mark in _MARKS.items() if line.startswith(beginning)), None)
    if not (styled and broken and mark):
        return broken
    return [click.style(part, **mark) for part in broken]


_MARKS: Mapping[str, Mapping[str, Any]] = {
    "! ": {"fg": "red", "bold": True},
    "Collected ": {"bold": True},
    "Ended early": {"fg": "yellow"},
    "Look first": {"fg": "cyan"},
    **{f"{outcome.value}: ": {"fg": "red"} for outcome in Outcome if not outcome.is_fine},
}


def _leave(result: Result) -> None:
    """End the process with the run's exit code; at once, where a stuck thread would keep it."""
    if not result.clean:
        os._exit(result.exit_code)
    gc.freeze()  # the interpreter's end would look through a hundred megabytes for cycles
    sys.exit(result.exit_code)


def main() -> None:
    """The command `omg`."""
    open_what_is_closed()
    return_large_buffers()
    try:
        cli(standalone_mode=False, prog_name="omg")
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(CANNOT_START)
    except click.Abort:
        sys.exit(130)
    except (ConfigError, DeclarationError) as error:
        sentence = Masker().text(str(error).encode()).decode()  # it may quote a server or a plugin
        click.echo(f"omg: {sentence}", err=True)
        sys.exit(CANNOT_START)
    except Exception as error:  # noqa: BLE001 - a traceback is nothing for a person, and may quote a secret
        click.echo(f"omg: {Masker().text(_unforeseen(error).encode('utf-8', 'replace')).decode()}", err=True)
        sys.exit(BROKEN)


def _unforeseen(error: Exception) -> str:
    """A mistake of omg's own, with the place of it."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if f"{os.sep}omg{os.sep}" in one.filename]
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return reason_of(error).replace("): please", f"){where}: please")
