"""An audit's report for people: what to do first, then where, grouped by file. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from omg.audit.findings import Category, Finding, Report

_LINES = 20
"""Places that are named of one file; the others are counted."""

_TITLES = {
    Category.LEAK: "Not hidden",
    Category.NAME: "File names",
    Category.MANIFEST: "The manifest and the tree differ",
    Category.UNREAD: "Could not be searched",
    Category.CUT: "Cut, masked all the same",
    Category.SOS: "In packed SOS reports, as sos left them",
}


def as_text(report: Report, *, strict: bool = False) -> list[str]:
    """The lines of the report."""
    lines = []
    for category, title in _TITLES.items():
        found = [one for one in report.findings if one.category is category]
        if found:
            lines += [f"{title}: {len(found):,}", *_by_file(found), ""]
    return [*lines, *_ending(report, strict=strict)]


def _by_file(found: Sequence[Finding]) -> list[str]:
    files: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        files[one.file].append(one)
    lines = []
    for file, inside in files.items():
        lines += [
            f"  {file}:{one.line}: {one.kind}" if one.line else f"  {file}: {one.kind}" for one in inside[:_LINES]
        ]
        if len(inside) > _LINES:
            lines.append(f"  {file}: and {len(inside) - _LINES:,} more")
    return lines


def _ending(report: Report, *, strict: bool) -> list[str]:
    searched = report.searched
    with_values = "" if searched.learned_values is None else f" for {searched.learned_values:,} learned values"
    lines = [f"Searched {searched.files:,} files, {searched.bytes / 1e6:,.1f} MB{with_values}."]
    kinds = Counter(one.kind for one in report.findings if one.category is Category.LEAK)
    if kinds:
        lines.append("By kind: " + ", ".join(f"{count:,} × {kind}" for kind, count in kinds.most_common()) + ".")
    if report.left_out:
        lines.append(f"{report.left_out:,} more findings are not listed.")
    failing = report.failing(strict=strict)
    if failing:
        lines.append(
            f"{len(failing):,} findings: look at them before you share this, and report what omg should have hidden."
        )
    else:
        lines.append("Nothing was found that should have been hidden.")
    return [*lines, *(f"Note: {note}" for note in report.notes)]
