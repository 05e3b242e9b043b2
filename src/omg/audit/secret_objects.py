"""The `data` of a Secret, in YAML and in JSON: drawn values in base64, whatever their keys. Pure."""

import re

from omg.audit.assignments import decoded
from omg.audit.drawn import HIDDEN, is_name, is_phrase, is_real, looks_drawn
from omg.audit.keys import Strength

_YAML = re.compile(rb"data:[ \t]*\r?\n")
_YAML_ENTRY = re.compile(
    rb"( {1,40})(?:[\w.\-]+|\"[^\"\n]+\"): \"?([A-Za-z0-9+/]{10,400}={0,2})\"?\r?\n|( {1,40})[^\n]*\n"
)
_JSON = re.compile(rb"data(\\*\")\s{0,4}:\s{0,4}\{\s{0,80}")
_JSON_ENTRY = re.compile(
    rb"\\{0,15}\"[\w.\-]{1,253}\\{0,15}\"\s{0,4}:\s{0,4}\\{0,15}\"([A-Za-z0-9+/]{0,400}={0,2})[^\"\\]{0,65536}\\{0,15}\""
    rb"\s{0,4}(?:,\s{0,80}|\})"
)
_STRINGS = re.compile(
    rb"stringData\\*\"\s{0,4}:\s{0,4}\{((?:\s{0,80}\"(?:[^\"\\]|\\.){1,253}\"\s{0,4}:\s{0,4}\"(?:[^\"\\]|\\.){0,4096}\"\s{0,4},?){1,200})"
)
_QUOTED = re.compile(rb":\s{0,4}\"((?:[^\"\\]|\\.){8,400})\"")
_OPEN_STRINGS = re.compile(rb"stringData\\*\"\s{0,4}:\s{0,4}\{([^{}]{0,3000})")
_LINES = re.compile(rb"stringData:[ \t]*\r?\n(( {1,40})[^\s][^\n]{0,400}\n(?:\2[^\n]{0,400}\n){0,40})")
_STRING = re.compile(rb"[\w.\-]{1,253}(?:\\*\")?\s{0,4}:\s{0,4}(?:\\*[\"'])?([^\s\"'\\]{8,400})")
ENTRIES = 200
"""Entries of one object that are looked at."""


def secret_data(data: bytes, at: int) -> str | None:
    """Drawn values in base64 under `data` of an object: a Secret that was not masked.

    Config maps have `data` too; their values are texts, which are no base64.
    """
    if block := _YAML.match(data, at):
        return _in_yaml(data, block.end(), at - data.rfind(b"\n", max(at - 80, 0), at) - 1)
    if block := _JSON.match(data, at):
        return _in_json(data, block.end())
    return None


def secret_strings(data: bytes, at: int) -> str | None:
    """Drawn values under `stringData`, which only Secrets have."""
    if found := _LINES.match(data, at):
        indent = at - data.rfind(b"\n", max(at - 80, 0), at) - 1
        entries = _STRING.findall(found[1]) if len(found[2]) > indent else []
    elif found := _STRINGS.match(data, at):
        entries = _QUOTED.findall(found[1])
    else:
        found = _OPEN_STRINGS.match(data, at)
        entries = _STRING.findall(found[1]) if found else []
    return "data of a Secret" if any(is_real(value, Strength.WEAK) for value in entries[:ENTRIES]) else None


def _in_yaml(data: bytes, place: int, indent: int) -> str | None:
    for _ in range(ENTRIES):
        entry = _YAML_ENTRY.match(data, place)
        if entry is None or len(entry[1] or entry[3]) <= indent:
            return None
        if entry[2] and _is_drawn(entry[2]):
            return "data of a Secret"
        place = entry.end()
    return None


def _in_json(data: bytes, place: int) -> str | None:
    for _ in range(ENTRIES):
        entry = _JSON_ENTRY.match(data, place)
        if entry is None:
            return None
        if _is_drawn(entry[1]):
            return "data of a Secret"
        place = entry.end()
    return None


def _is_drawn(value: bytes) -> bool:
    plain = decoded(value) if len(value) % 4 == 0 else b""
    if not plain.isascii() or not plain.decode().isprintable() or HIDDEN.search(plain):
        return False
    return is_phrase(plain) or (looks_drawn(plain) and not is_name(plain) and b"://" not in plain)
