"""Help pages that read like documentation: flags by what they are about, and the nearest name for a slip."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

import click

from omg.settings import SWITCHES, WORDS_OF_SWITCHES

ALIASES: Mapping[str, Sequence[str]] = {
    "osp_ns": ("-n", "--namespace"),
    "must_gather_since": ("--since",),
    "must_gather_since_time": ("--since-time",),
    "deadline": ("--timeout",),
}
"""What users of kubectl and of `oc adm must-gather` call a setting."""

SHAPES: Mapping[str, str] = {
    **dict.fromkeys(("osp_ns", "osp_operators_ns", "metallb_namespace", "oadp_ns", "run_namespace"), "NAMESPACE"),
    **dict.fromkeys(("deadline", "item_timeout", "stall_timeout", "must_gather_since"), "DURATION"),
    **dict.fromkeys(("concurrency", "sos_concurrency", "sos_edpm_journal_size"), "NUMBER"),
    **dict.fromkeys(("max_bytes", "log_max_bytes"), "SIZE"),
    **dict.fromkeys(("base_collection_path", "compressed_path"), "DIR"),
    **dict.fromkeys(
        (
            "additional_namespaces",
            "sos_services",
            "sos_only_plugins",
            "sos_edpm",
            "sos_edpm_profiles",
            "sos_edpm_plugins",
            "openstack_databases",
        ),
        "NAMES",
    ),
    **dict.fromkeys(SWITCHES, "[0|1]"),
    "archive": "gz|xz|zst|none",
    "disk_limit": "SHARE|SIZE",
    "must_gather_since_time": "TIME",
    "kubeconfig": "FILE",
    "support_tools": "IMAGE",
}
"""What the value of a setting looks like."""

GROUPS = {
    "Rights": ("service_account", "live"),
    "Cluster": ("context", "impersonate", "groups", "kubeconfig"),
    "What is collected": (
        "only",
        "skip",
        "osp_ns",
        "osp_operators_ns",
        "metallb_namespace",
        "oadp_ns",
        "additional_namespaces",
        "openstack_databases",
        "filter_db_cells",
        "must_gather_since",
        "must_gather_since_time",
        "read_only",
    ),
    "SOS reports": (
        "sos_services",
        "sos_only_plugins",
        "sos_edpm",
        "sos_edpm_profiles",
        "sos_edpm_plugins",
        "sos_edpm_journal_size",
        "sos_decompress",
        "sos_concurrency",
        "support_tools",
        "run_namespace",
    ),
    "Limits": (
        "concurrency",
        "deadline",
        "item_timeout",
        "stall_timeout",
        "max_bytes",
        "log_max_bytes",
        "disk_limit",
    ),
    "Output": (
        "dest_dir",
        "quiet",
        "log_format",
        "form",
        "base_collection_path",
        "archive",
        "compressed_path",
        "delete_after_compression",
        "audit",
        "do_not_mask",
    ),
}
"""Flags by what they are about; what is in none of them is shown last."""


def flags_of(setting: str) -> tuple[str, ...]:
    """The flags of a setting: its own, and what others call it."""
    return (*ALIASES.get(setting, ()), f"--{setting.replace('_', '-')}")


class Page(click.Command):
    """A command whose help shows its flags by what they are about, and whose switches need no value."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, a switch without a value being switched on."""
        return super().parse_args(ctx, list(_switched_on(args)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the groups; click would write one list of forty flags."""
        left = {param.name: param for param in self.get_params(ctx) if isinstance(param, click.Option)}
        for title, names in (*GROUPS.items(), ("Other", tuple(left))):
            shown = [left.pop(name) for name in names if name in left]
            rows = [row for param in shown if (row := param.get_help_record(ctx)) is not None]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows, col_max=34)


def _switched_on(args: Sequence[str]) -> Iterator[str]:
    """The arguments, with a 1 for each switch that isn't followed by a word that switches."""
    switches = {flag for setting in SWITCHES for flag in flags_of(setting)}
    for place, arg in enumerate(args):
        following = args[place + 1] if place + 1 < len(args) else "-"
        alone = arg in switches and following.lower() not in WORDS_OF_SWITCHES
        yield f"{arg}=1" if alone and "--" not in args[:place] else arg


class Commands(click.Group):
    """The commands; a name that isn't one is answered with the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command.

        Raises:
            UsageError: there is none of this name; it says which is near.
        """
        near = get_close_matches(args[0], self.list_commands(ctx), n=1)
        if near and self.get_command(ctx, args[0]) is None:
            ctx.fail(f"There is no command {args[0]}: did you mean {near[0]}?")
        return super().resolve_command(ctx, args)
