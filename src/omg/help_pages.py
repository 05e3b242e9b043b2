"""Help pages that read like documentation: flags by what they are about, and the nearest name for a slip."""

from difflib import get_close_matches

import click

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


class Page(click.Command):
    """A command whose help shows its flags by what they are about."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the groups; click would write one list of forty flags."""
        left = {param.name: param for param in self.get_params(ctx) if isinstance(param, click.Option)}
        for title, names in (*GROUPS.items(), ("Other", tuple(left))):
            shown = [left.pop(name) for name in names if name in left]
            rows = [row for param in shown if (row := param.get_help_record(ctx)) is not None]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows, col_max=34)


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
