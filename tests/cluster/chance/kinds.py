"""Definitions of kinds with columns of every type, and their objects."""

from typing import Any

from tests.cluster.chance.draws import Draw, Object

TYPES = ("string", "integer", "number", "boolean", "date")


def definition(seed: int) -> Object:
    """A kind in one of the groups that omg collects, in the category `all`; columns, versions and scope by chance."""
    draw = Draw(f"kind {seed}")
    group = draw.choice(("chance.openstack.org", "other.rabbitmq.com", "x.metallb.io"))
    plural = f"things{seed}"
    names: Object = {
        "plural": plural,
        "singular": f"thing{seed}",
        "kind": f"Thing{seed}",
        "listKind": f"Thing{seed}List",
    }
    versions = draw.sample(("v1", "v1beta1", "v2alpha1", "v2"), draw.randint(1, 3))
    stored = draw.choice(versions)
    columns = [_column(draw, at) for at in range(draw.randint(0, 6))]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced" if draw.flag(0.8) else "Cluster",
            "names": {**names, "categories": ["all", "more"]},
            "versions": [
                {
                    "name": one,
                    "served": one == stored or draw.flag(0.7),
                    "storage": one == stored,
                    "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
                    **({"additionalPrinterColumns": columns} if columns else {}),
                    **draw.fields(0.5, subresources=lambda: {"status": {}}),
                }
                for one in versions
            ],
        },
    }


def _column(draw: Draw, at: int) -> Object:
    path = draw.choice(
        (
            f".spec.f{at}",
            f".spec.f{at}",
            ".metadata.name",
            ".spec.list[*].name",
            ".spec['a.b']",
            ".metadata.creationTimestamp",
        )
    )
    kind = "date" if "Timestamp" in path else draw.choice(TYPES)
    name = draw.choice((f"Field {at}", f"f{at}", "\u00dcber-stra\u00dfe", "tab\tin it", "%s", "Age"))
    return {
        "name": name,
        "type": kind,
        "jsonPath": path,
        **draw.fields(0.3, priority=lambda: draw.randint(0, 2), description=draw.text),
    }


def objects(seed: int, made: Object, namespaces: list[str]) -> list[Object]:
    """Objects of a kind, in these namespaces."""
    draw = Draw(f"objects {seed}")
    spec = made["spec"]
    version = next(one["name"] for one in spec["versions"] if one["storage"])
    found = []
    for at in range(draw.choice((0, 1, 3, 20))):
        place = {"namespace": draw.choice(namespaces)} if spec["scope"] == "Namespaced" else {}
        fields: Object = {f"f{number}": _value(draw) for number in range(6) if draw.flag(0.8)}
        fields |= draw.fields(0.5, list=lambda: [{"name": draw.text()} for _ in range(3)], **{"a.b": draw.text})
        head = {"apiVersion": f"{spec['group']}/{version}", "kind": spec["names"]["kind"]}
        found.append({**head, "metadata": {"name": f"{draw.choice('abc')}{at}", **place}, "spec": fields})
    return found


def _value(draw: Draw) -> Any:
    return draw.choice(
        (
            draw.text(),
            draw.text(),
            draw.choice((0, -1, 1_000_000, 2**53, 2**63 - 1, 123456789)),
            draw.choice((0.5, 1e-5, 1e6, 123456.789, 1e21, 1e100, -0.0, 0.1, 1.0)),
            draw.flag(),
            draw.time(),
            "2026-01-15T09:00:00+05:30",
            None,
            {"b": [1, "x", None, True], "a": {"c": 1.5}},
            [1, "two", {"three": 3}],
            [],
            {},
        )
    )
