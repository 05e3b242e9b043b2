"""What became of a run's audit; apart from the audit itself, which is loaded when a run comes to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from omg.audit import Report

PLACES = 1000
"""Findings that the journal's footer names."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What became of the audit.

    Args:
        line: of the summary; empty: there was no audit.
        warnings: what a person must not miss.
        report: None where it did not come to an end.
    """

    line: str = ""
    warnings: Sequence[str] = ()
    report: "Report | None" = None

    def member(self) -> dict[str, Any]:
        """For the journal's footer: what was searched, and findings by file and kind."""
        if self.report is None:
            return {}
        found = self.report.findings
        searched: Mapping[str, Any] = msgspec.to_builtins(self.report.searched)
        places = [{"file": one.file, "line": one.line, "kind": one.kind} for one in found[:PLACES]]
        left_out = self.report.left_out + max(len(found) - PLACES, 0)
        return {"audit": {**searched, "findings": places, "left_out": left_out}}
