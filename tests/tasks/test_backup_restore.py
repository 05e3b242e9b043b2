from omg.tasks.backup_restore import CATEGORY, LABEL, ORDER, STAGE, claim_row, labelled_row, override_rows, stage_row


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


def test_a_claim_that_is_not_bound_yet_has_neither_volume_nor_capacity() -> None:
    waiting = {"metadata": {"name": "data", "labels": {"b": "2", "a": "1"}}, "spec": {}, "status": {"phase": "Pending"}}
    assert claim_row(waiting) == ("data", "Pending", "<none>", "<none>", "a=1,b=2")


def test_only_annotations_of_the_backup_are_overrides_in_the_order_of_their_names() -> None:
    annotations = {f"{LABEL}-order": "30", "example.com/x": "1", CATEGORY: "dataplane"}
    one = {"kind": "Issuer", "metadata": {"name": "ca", "annotations": annotations}}
    assert [row[2:] for row in override_rows(one)] == [(CATEGORY, "dataplane"), (f"{LABEL}-order", "30")]
    assert list(override_rows({"kind": "Issuer", "metadata": {"name": "ca"}})) == []


def test_a_stage_shows_the_two_conditions_and_no_other() -> None:
    conditions = [{"type": "Ready", "status": "False"}, {"type": "OpenStackControlPlaneNovaReady", "status": "True"}]
    plane = {"metadata": {"name": "cp", "annotations": {STAGE: "infrastructure"}}, "status": {"conditions": conditions}}
    assert stage_row(plane) == ("cp", "infrastructure", "<none>", "False")
    assert stage_row({"metadata": {"name": "new"}}) == ("new", "<none>", "<none>", "<none>")
