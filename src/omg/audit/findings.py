"""What an audit says: where something stands and what kind of thing it is, never the thing itself."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct


class Category(StrEnum):
    """What a finding means for whoever wants to share the tree."""

    LEAK = "leak"
    """A secret, as far as its shape, its key or a learned value tells."""

    NAME = "name"
    """A file name that holds a secret, a control byte or a leading dot."""

    MANIFEST = "manifest"
    """The manifest and the tree don't tell the same."""

    UNREAD = "unread"
    """A file that could not be searched, or not to its end."""

    CUT = "cut"
    """What a run left that was killed: a `.partial` file, masked but not whole, and a journal without an end."""

    SOS = "sos"
    """Something in a packed SOS report, which is as sos left it."""


FAILING = frozenset({Category.LEAK, Category.NAME, Category.MANIFEST, Category.UNREAD})
"""Findings that make an audit fail; the others are told."""


class Finding(Struct, frozen=True, order=True):
    """One place that a person should look at."""

    file: Annotated[str, Meta(description="Path in the tree; in an archive after `!/`. Secrets in it are left out.")]
    line: Annotated[int, Meta(description="From 1 on; 0: the file as a whole.", ge=0)]
    kind: Annotated[str, Meta(description="What it is, never its value.")]
    category: Category


class Searched(Struct, frozen=True):
    """What was looked at."""

    files: Annotated[int, Meta(description="Files searched to their end.")] = 0
    bytes: Annotated[int, Meta(description="Bytes searched, after unpacking.")] = 0
    files_in_tree: Annotated[int, Meta(description="Files that are there, members of nested archives left out.")] = 0
    share: Annotated[float, Meta(description="Of the tree's bytes that were searched, 0 to 1.")] = 1.0
    learned_values: Annotated[int | None, Meta(description="Values looked for; null: only shapes and keys.")] = None


class Report(Struct, frozen=True):
    """An audit's result."""

    path: str
    searched: Searched
    findings: list[Finding]
    left_out: Annotated[int, Meta(description="Findings above the number that is listed.")] = 0
    notes: Annotated[list[str], Meta(description="What an audit without findings does not prove.")] = []

    def failing(self, *, strict: bool = False) -> list[Finding]:
        """The findings that matter.

        Args:
            strict: those in packed SOS reports matter too.
        """
        return [one for one in self.findings if one.category in FAILING or (strict and one.category is Category.SOS)]


def as_json(report: Report) -> str:
    """For tools."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode()


def json_schema() -> str:
    """What describes `as_json`."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Report)), indent=2).decode()
