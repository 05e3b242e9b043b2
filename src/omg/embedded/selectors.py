"""Label and field selectors: parsed once, then asked of each object."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from omg.embedded.kinds import Kind
from omg.embedded.statuses import bad_request
from omg.embedded.store import Entry

Test = Callable[[Entry], bool]

LABEL_TOKEN = re.compile(r"\s*(==|!=|=|!|<|>|\(|\)|,|[^\s=!<>(),]+)")
LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
OPERATORS = ("in", "notin", "=", "==", "!=", ">", "<")
LABEL_KEY = re.compile(r"([a-z0-9][-a-z0-9.]*/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
BAD_KEY = (
    'unable to parse requirement: <nil>: Invalid value: "{key}": a valid label key must consist of alphanumeric '
    "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or "
    "'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an "
    "optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
)
BAD_VALUE = (
    'unable to parse requirement: values[0][{key}]: Invalid value: "{value}": a valid label must be an empty string '
    "or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)

# The fields that the real server (1.36) knows of each kind beside metadata.name and metadata.namespace, and where they
# are; recorded by asking it. A kind that isn't here knows only the two.
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "pods": {
        one: tuple(one.split("."))
        for one in (
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName",
        )
    },
    "events": {
        one: tuple(one.split("."))
        for one in (
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "type",
        )
    }
    | {"source": ("source", "component")},  # or, of newer events, reportingComponent
    "secrets": {"type": ("type",)},
    "nodes": {"spec.unschedulable": ("spec", "unschedulable")},
    "namespaces": {"status.phase": ("status", "phase")},
    "jobs": {"status.successful": ("status", "succeeded")},
    "services": {"spec.clusterIP": ("spec", "clusterIP"), "spec.type": ("spec", "type")},
}
BOOLEAN_FIELDS = ("spec.unschedulable", "spec.hostNetwork")
# Kinds with fields of their own, and all custom ones, refuse an unknown field in other words than the rest.
KNOWN_ONLY = '"{field}" is not a known field selector: only "metadata.name", "metadata.namespace"'


def label_tests(selector: str) -> list[Test]:
    """The requirements of a label selector.

    Raises:
        Refused: 400, in the real server's words.
    """
    tokens = LABEL_TOKEN.findall(selector)
    tests = []
    while tokens:
        tests.append(_label_test(tokens))
        if tokens and tokens.pop(0) != ",":
            raise bad_request("found unexpected token after a requirement")
    return tests


def _label_test(tokens: list[str]) -> Test:
    if tokens[0] == "!":
        key = tokens[1] if len(tokens) > 1 else ""
        del tokens[:2]
        return lambda entry: key not in entry.labels
    key = tokens.pop(0)
    if key in ("=", "==", "!=", "<", ">", "(", ")", ","):
        raise bad_request(f"found '{key}', expected: !, identifier, or 'end of string'")
    if not LABEL_KEY.fullmatch(key):
        raise bad_request(BAD_KEY.format(key=key))
    if not tokens or tokens[0] == ",":
        return lambda entry: key in entry.labels
    operator = tokens.pop(0)
    if operator not in OPERATORS:
        raise bad_request(f"unable to parse requirement: found '{operator}', expected: in, notin, =, ==, !=, gt, lt")
    values = _values(tokens) if operator in ("in", "notin") else [_value(tokens)]
    for one in values:
        if not LABEL_VALUE.fullmatch(one):
            raise bad_request(BAD_VALUE.format(key=key, value=one))
    if operator in (">", "<"):
        return lambda entry: _compares(entry.labels.get(key, ""), operator, values[0])
    if operator in ("notin", "!="):
        return lambda entry: entry.labels.get(key) not in values
    return lambda entry: entry.labels.get(key) in values


def _values(tokens: list[str]) -> list[str]:
    if not tokens or tokens[0] != "(":
        raise bad_request(f"unable to parse requirement: found '{tokens[0] if tokens else ''}' expected: '('")
    if ")" not in tokens:
        raise bad_request("unable to parse requirement: found '', expected: ',' or ')'")
    end = tokens.index(")")
    values = [one for one in tokens[1:end] if one != ","]
    del tokens[: end + 1]
    return values


def _value(tokens: list[str]) -> str:
    return tokens.pop(0) if tokens and tokens[0] != "," else ""


def _compares(value: str, operator: str, bound: str) -> bool:
    if not (value.isdigit() and bound.isdigit()):
        return False
    return int(value) > int(bound) if operator == ">" else int(value) < int(bound)


def field_tests(selector: str, kind: Kind) -> list[Test]:
    """The requirements of a field selector.

    Raises:
        Refused: 400, in the real server's words.
    """
    return [_field_test(one, kind) for one in selector.split(",") if one]


def _field_test(requirement: str, kind: Kind) -> Test:
    found = re.fullmatch(r"([^=!]*)(==|!=|=)(.*)", requirement, re.DOTALL)
    if found is None:
        raise bad_request(f"invalid selector: '{requirement}'; can't understand '{requirement}'")
    field, operator, value = found.groups()
    equal = operator != "!="
    if field == "metadata.name":
        return lambda entry: (entry.name == value) is equal
    if field == "metadata.namespace" and (kind.namespaced or not kind.custom):
        return lambda entry: (entry.namespace == value) is equal
    known = FIELDS.get(kind.plural, {}) if not kind.custom else {}
    if field not in known:
        peculiar = kind.custom or kind.plural in FIELDS
        raise bad_request(f"field label not supported: {field}" if peculiar else KNOWN_ONLY.format(field=field))
    empty = "false" if field in BOOLEAN_FIELDS else "0" if field == "status.successful" else ""
    where = [known[field]] + ([("reportingComponent",)] if field == "source" else [])
    return lambda entry: (_text(_first(entry.object(), where), empty) == value) is equal


def _first(obj: Any, paths: Sequence[Sequence[str]]) -> Any:
    return next((found for path in paths if (found := _reached(obj, path)) not in (None, "")), None)


def _reached(value: Any, path: Sequence[str]) -> Any:
    for step in path:
        value = (value or {}).get(step)
    return value


def _text(value: Any, empty: str) -> str:
    return empty if value is None else str(value).lower() if isinstance(value, bool) else str(value)
