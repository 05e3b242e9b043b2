"""A text that is a structure, in JSON or YAML, as its leaves with their keys. Pure; bounded in what it reads."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

LARGEST = 256 * 1024
"""Characters of a text that is read as YAML: its reader has a few MB/s."""

MOST = 20_000
"""Leaves; aliases of YAML can stand for very many."""

_BEGINS_YAML = re.compile(r"(?:---\s|%YAML|(?:#[^\n]*\n|\s*\n)*(?:- |[\"']?[\w./\-]+[\"']?:(?:\s|$)))")
_READER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Leaf = tuple[str, str]


def leaves_of(text: str) -> Iterator[Leaf]:
    """Key and text of each leaf, the key of a list being that of its elements; none where it is no structure.

    Of a pair of `name` or `key` and `value`, the name is the key.
    """
    for count, leaf in enumerate(_leaves(text)):
        if count >= MOST:
            return
        yield leaf


def _leaves(text: str) -> Iterator[Leaf]:
    begin = text.lstrip()[:1]
    if begin in ("{", "["):
        documents = _of_json(text)
        if documents is not None:
            for one in documents:
                yield from _walk("", one)
            return
    if len(text) > LARGEST or not _BEGINS_YAML.match(text):
        return
    try:
        for one in yaml.load_all(text, _READER):
            if isinstance(one, (dict, list)):
                yield from _walk("", one)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return


def _of_json(text: str) -> list[Any] | None:
    """The document, or one a line."""
    for parts in ([text], text.splitlines()):
        try:
            return [json.loads(part) for part in parts if part.strip()]
        except (ValueError, RecursionError):
            continue
    return None


def _walk(key: str, value: Any) -> Iterator[Leaf]:
    if isinstance(value, dict):
        named = value.get("name") or value.get("key")
        for inner_key, inner in value.items():
            is_named = inner_key == "value" and isinstance(named, str)
            yield from _walk(str(named if is_named else inner_key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(key, inner)
    elif isinstance(value, str):
        yield key, value
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield key, str(value)
