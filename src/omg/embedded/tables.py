"""Server-side Tables: ``Accept: application/json;as=Table``.

``data/columns.json`` holds the columns of the built-in kinds, recorded from kube-apiserver 1.36
(tests/embedded/record_kinds.py). Of kinds whose cells aren't computed here, Name and Age are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from omg.embedded import cells_plain, cells_workloads, printer_columns
from omg.embedded.answers import Answer
from omg.embedded.cells_pods import pod_cells, pod_conditions
from omg.embedded.kinds import Kind
from omg.embedded.lists import Page, partial_object, whole_object
from omg.embedded.negotiation import Form
from omg.embedded.statuses import bad_request
from omg.embedded.store import Entry

Object = Mapping[str, Any]
Cells = Callable[[Object, datetime], list[Any]]

CELLS: Mapping[tuple[str, str], Cells] = {
    ("", "pods"): pod_cells,
    ("", "services"): cells_plain.service_cells,
    ("", "persistentvolumeclaims"): cells_plain.claim_cells,
    ("", "nodes"): cells_plain.node_cells,
    ("", "namespaces"): cells_plain.namespace_cells,
    ("", "configmaps"): cells_plain.config_map_cells,
    ("", "secrets"): cells_plain.secret_cells,
    ("", "serviceaccounts"): cells_plain.name_and_age,
    ("", "events"): cells_plain.event_cells,
    ("events.k8s.io", "events"): cells_plain.event_cells,
    ("", "replicationcontrollers"): cells_workloads.replication_controller_cells,
    ("apps", "deployments"): cells_workloads.deployment_cells,
    ("apps", "replicasets"): cells_workloads.replica_set_cells,
    ("apps", "daemonsets"): cells_workloads.daemon_set_cells,
    ("apps", "statefulsets"): cells_workloads.stateful_set_cells,
    ("batch", "jobs"): cells_workloads.job_cells,
    ("batch", "cronjobs"): cells_workloads.cron_job_cells,
    ("policy", "poddisruptionbudgets"): cells_workloads.disruption_budget_cells,
    ("apiextensions.k8s.io", "customresourcedefinitions"): cells_plain.name_and_birth,
}
INCLUDED = ("", "None", "Metadata", "Object")


@cache
def recorded_columns() -> dict[str, list[dict[str, Any]]]:
    """Path of a list → its columns."""
    found: dict[str, list[dict[str, Any]]] = msgspec.json.decode(
        resources.files(__package__).joinpath("data/columns.json").read_bytes()
    )
    return found


def list_table(kind: Kind, page: Page, form: Form, included: str, now: datetime) -> Answer:
    """A LIST as a Table.

    Raises:
        Refused: 400, an includeObject that isn't one.
    """
    return _table(kind, page.entries, page.metadata(), form, included, now)


def object_table(kind: Kind, entry: Entry, form: Form, included: str, now: datetime) -> Answer:
    """One object as a Table of one row.

    Raises:
        Refused: 400, an includeObject that isn't one.
    """
    return _table(kind, [entry], {"resourceVersion": str(entry.revision)}, form, included, now)


def _table(kind: Kind, entries: Sequence[Entry], metadata: Object, form: Form, included: str, now: datetime) -> Answer:
    if included not in INCLUDED:
        sentence = f"Invalid value: \"{included}\": must be 'Metadata', 'Object', 'None', or empty"
        raise bad_request(f"Unable to convert to Table as requested: includeObject: {sentence}")
    columns, cells = columns_of(kind)
    head = {
        "kind": "Table",
        "apiVersion": f"meta.k8s.io/{form.version}",
        "metadata": metadata,
        "columnDefinitions": columns,
    }
    rows = b",".join(_row(kind, one, cells, form, included, now) for one in entries)
    return Answer(200, [msgspec.json.encode(head)[:-1], b',"rows":[', rows, b"]}\n"])


def columns_of(kind: Kind) -> tuple[Sequence[Object], Cells]:
    """The columns of a kind, and what computes their cells."""
    name = recorded_columns()["/api/v1/pods"][0]
    if not kind.custom and (kind.group, kind.plural) in CELLS:
        return recorded_columns()[f"{kind.root}/{kind.plural}"], CELLS[kind.group, kind.plural]
    columns = kind.columns or (_age_column(),)
    return printer_columns.definitions(columns, name), lambda obj, now: printer_columns.cells(columns, obj, now)


def _age_column() -> Object:
    """The column of kinds that name none; its description is the one that config maps have."""
    described = recorded_columns()["/api/v1/configmaps"][-1]["description"]
    return {"name": "Age", "jsonPath": ".metadata.creationTimestamp", "type": "date", "description": described}


def _row(kind: Kind, entry: Entry, cells: Cells, form: Form, included: str, now: datetime) -> bytes:
    obj = entry.object()
    told: dict[str, Any] = {"cells": cells(obj, now)}
    if kind.plural == "pods" and not kind.custom and (conditions := pod_conditions(obj)):
        told["conditions"] = conditions
    match included:
        case "None":
            shown = b"null"
        case "Object":
            shown = whole_object(kind, entry)
        case _:
            shown = partial_object(entry, form)
    return msgspec.json.encode(told)[:-1] + b',"object":' + shown + b"}"
