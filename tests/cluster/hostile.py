"""Objects that are hard to write down: strings that look like something else in YAML, keys and names at the limits."""

from typing import Any

STRINGS = {
    "yes": "y", "no": "N", "on": "On", "true": "true", "null": "null", "tilde": "~", "empty": "", "blank": " ",
    "exponent": "1e3", "octal": "0o17", "old-octal": "08", "hexadecimal": "0x1F", "binary": "0b11",
    "underscored": "1_000", "sexagesimal": "12:30:45", "infinity": ".inf", "nan": ".NaN", "float": "1.",
    "sign": "+1", "version": "1.10", "date": "2026-01-01", "time": "2026-01-01T00:00:00Z", "merge": "<<",
    "equals": "=", "dash": "-", "question": "?", "document": "---", "end": "...", "comment": "a #b", "hash": "# a",
    "colon": "a: b", "anchor": "&a", "alias": "*a", "tag": "!!int 1", "percent": "%a", "at": "@a", "backtick": "`a",
    "quote": "'", "double-quote": '"', "both": "\"'\\", "flow": "[a, {b: c}]", "next-line": "a\u0085b",
    "separators": "a\u2028b\u2029c", "bom": "\ufeffa", "tab": "\ta\tb\t", "leading-blank": "  a\nb",
    "trailing-blanks": "a  \nb \n", "newlines": "\n\na\n\n\n", "one-newline": "\n", "cr": "a\rb",
    "crlf": "a\r\nb\r\n", "no-end": "a\nb", "control": "a\x07b\x1bc\x7f", "emoji": "\U0001f600",
    "private": "\ue000", "wide": "x" * 3000, "words": "lorem ipsum " * 300, "not-a-character": "\ufffe",
}  # fmt: skip

DEEP: dict[str, Any] = {
    "keys": dict.fromkeys(("y", "no", "1", "1e3", "", "null", "a b", "a: b", "- a", "#", "é", "?", "x" * 200), 1),
    "numbers": [0, -1, 2**53, 2**63 - 1, -(2**63), 1.5, -0.25, 1e21, 1e-7, 123456789.125],
    "nothing": {"null": None, "list": [], "map": {}, "text": ""},
    "nested": [[[], [1, ["a"]], {}], [{"a": [{"b": None}]}, "y"], [[["deep"]]]],
    "strings": list(STRINGS.values()),
}  # fmt: skip

LONGEST_NAME = ".".join(["n" * 63, "a" * 63, "m" * 63, "e" * 61])
"""253 characters: as long as Kubernetes lets a name be."""


def objects() -> list[dict[str, Any]]:
    """A definition with two objects, and a config map of a service's name."""
    kind = {"plural": "hostiles", "kind": "Hostile", "singular": "hostile", "listKind": "HostileList"}
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    version = {"name": "v1beta1", "served": True, "storage": True, "schema": schema}
    custom = {"apiVersion": "test.openstack.org/v1beta1", "kind": "Hostile"}
    return [
        {
            "apiVersion": "apiextensions.k8s.io/v1",
            "kind": "CustomResourceDefinition",
            "metadata": {"name": "hostiles.test.openstack.org"},
            "spec": {
                "group": "test.openstack.org",
                "scope": "Namespaced",
                "names": kind,
                "versions": [version],
                "conversion": {"strategy": "None"},
            },
            "status": {},
        },
        {
            "apiVersion": "apiregistration.k8s.io/v1",
            "kind": "APIService",
            "metadata": {
                "name": "v1beta1.test.openstack.org",
                "labels": {"kube-aggregator.kubernetes.io/automanaged": "true"},
            },
            "spec": {
                "group": "test.openstack.org",
                "version": "v1beta1",
                "groupPriorityMinimum": 1000,
                "versionPriority": 100,
            },
            "status": {},
        },
        {**custom, "metadata": {"name": "deep", "namespace": "openstack"}, "spec": DEEP},
        {**custom, "metadata": {"name": LONGEST_NAME, "namespace": "openstack"}, "spec": {"name": "y"}},
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "nova-hostile-strings", "namespace": "openstack"},
            "data": STRINGS,
        },
    ]
