from typing import Any

from omg.tasks.backup_restore import CATEGORY, LABEL, ORDER, STAGE, labelled_row, override_line, stage_row


def test_a_labelled_object_shows_its_order_and_category_or_that_it_has_none() -> None:
    labels = {LABEL: "true", ORDER: "20", CATEGORY: "controlplane"}
    assert labelled_row({"kind": "Secret", "metadata": {"name": "a", "labels": labels}}) == (
        "Secret",
        "a",
        "20",
        "controlplane",
    )
    bare = {"kind": "Secret", "metadata": {"name": "b", "labels": {LABEL: "true"}}}
    assert labelled_row(bare) == ("Secret", "b", "<none>", "<none>")


def test_the_annotations_that_override_a_label_are_told_and_no_others() -> None:
    notes = {LABEL: "false", CATEGORY: "dataplane", "example.com/x": "1"}
    assert override_line(annotated("ca", notes)) == "Issuer/ca restore=false order=unset\n"
    assert override_line(annotated("ca", {ORDER: "30"})) == "Issuer/ca restore=unset order=30\n"
    assert override_line(annotated("ca", {CATEGORY: "dataplane"})) == ""
    assert override_line({"kind": "Issuer", "metadata": {"name": "ca"}}) == ""


def annotated(name: str, notes: dict[str, str]) -> dict[str, Any]:
    return {"kind": "Issuer", "metadata": {"name": name, "annotations": notes}}


def test_a_stage_shows_the_two_conditions_and_no_other() -> None:
    conditions = [{"type": "Ready", "status": "False"}, {"type": "OpenStackControlPlaneNovaReady", "status": "True"}]
    plane = {"metadata": {"name": "cp", "annotations": {STAGE: "infrastructure"}}, "status": {"conditions": conditions}}
    assert stage_row(plane) == ("cp", "infrastructure", "<none>", "False")
    assert stage_row({"metadata": {"name": "new"}}) == ("new", "<none>", "<none>", "<none>")
