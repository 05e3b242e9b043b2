"""What a person is told to do about each thing that was not collected; the reasons are those that omg gives."""

import pytest

from omg.engine import Outcome, Record
from omg.gather.advice import advice
from omg.gather.catalog import all_tasks

DENIED, FAILED, TIMED_OUT, TRUNCATED, BLOCKED, CANCELLED = (
    Outcome.DENIED,
    Outcome.FAILED,
    Outcome.TIMED_OUT,
    Outcome.TRUNCATED,
    Outcome.BLOCKED,
    Outcome.CANCELLED,
)

CASES = [
    (FAILED, "nodes", "nodes", "omg met an error it does not know (KeyError: 'x'): please report it.", "report it"),
    (TRUNCATED, "pod_logs", "a/b/c", "The tree holds 9 bytes and MAX_BYTES is 9: collecting stops here.", "MAX_BYTES"),
    (TRUNCATED, "secrets", "a", "The disk is 61% full and DISK_LIMIT is 60%: collecting stops here.", "DISK_LIMIT"),
    (
        TRUNCATED,
        "secrets",
        "a",
        "No space left on device: x.yaml could not be written, and collecting stops.",
        "make room",
    ),
    (FAILED, "secrets", "a", "Permission denied: x.yaml could not be written.", "write elsewhere"),
    (CANCELLED, "pod_logs", "a/b/c", "The deadline of 60 s is over.", "raise DEADLINE"),
    (TRUNCATED, "pod_logs", "a/b/c", "Cut after 5 bytes: The deadline of 60 s is over.", "raise DEADLINE"),
    (CANCELLED, "pod_logs", "a/b/c", "Ended by Ctrl-C.", "run it again"),
    (TRUNCATED, "pod_logs", "a/b/c", "Cut after 5 bytes: Ended by SIGTERM.", "for the rest"),
    (DENIED, "edpm_sos", "compute-0", "compute-0: the key of the Secret k is not accepted.", "authorized_keys"),
    (DENIED, "secrets", "secrets/openstack", "Could not list secrets in openstack: secrets is forbidden.", "omg rbac"),
    (FAILED, "edpm_sos", "x", "SOS_EDPM names x, which no nodeset has; there are: a.", "SOS_EDPM"),
    (FAILED, "edpm_sos", "a", "a: it can't be reached (Connection refused).", "`ssh`"),
    (
        FAILED,
        "cluster_sos",
        "worker-2",
        "No debug pod can start on the node worker-2, which is not ready: Kubelet stopped posting.",
        "oc describe node worker-2",
    ),
    (
        TIMED_OUT,
        "cluster_sos",
        "worker-2",
        "The debug pod did not start within 60 s: ErrImagePull: unauthorized.",
        "SUPPORT_TOOLS",
    ),
    (FAILED, "cluster_sos", "worker-2/podlogs", "worker-2: the command ended with 1.", "oc debug node/worker-2"),
    (TRUNCATED, "cluster_sos", "worker-2", "worker-2: 5 bytes came.", "what came is there"),
    (
        FAILED,
        "pod_logs",
        "openstack/nova-api-0/nova-api",
        "Could not read the log: the server answers 502.",
        "oc logs -n openstack nova-api-0",
    ),
    (TRUNCATED, "pod_logs", "a/b/c", "LOG_MAX_BYTES is 5.", "LOG_MAX_BYTES"),
    (FAILED, "openstack_status", "catalogue", "openstack service list ended with 1.", "oc rsh openstackclient"),
    (BLOCKED, "openstack_status", "", "The client's first command failed: x.", "oc rsh openstackclient"),
    (TIMED_OUT, "rabbitmq", "p/status", "rabbitmqctl status: it had not ended after 60 s.", "ITEM_TIMEOUT"),
    (FAILED, "ovn", "ovnnb_db.db", "It is no OVSDB file.", "oc logs"),
    (
        FAILED,
        "api_resources",
        "discovery/x/v1",
        "The API group x/v1 does not answer discovery.",
        "oc get apiservices",
    ),
    (
        FAILED,
        "custom_resources",
        "novas.nova.openstack.org",
        "Could not list novas.nova.openstack.org: the server answers 500: conversion webhook for x failed.",
        "conversion webhook",
    ),
    (
        FAILED,
        "workloads",
        "deployments.apps/a",
        "Could not list deployments.apps in a: the server answers 500: x.",
        "oc get deployments.apps",
    ),
    (TIMED_OUT, "workloads", "a", "Could not list pods: no byte for 30 s.", "STALL_TIMEOUT"),
    (TIMED_OUT, "workloads", "a", "Could not list pods: no answer within 60 s.", "lower CONCURRENCY"),
    (BLOCKED, "pod_logs", "a/b/c", "The node worker-1 does not answer.", "oc describe node worker-1"),
    (BLOCKED, "overviews", "a", "The events of a could not be listed.", "mend what it names"),
    (TRUNCATED, "config_maps", "a", "Cut.", "--only config_maps for the rest"),
    (FAILED, "webhooks", "a", "Something else.", "omg-manifest.jsonl"),
]


@pytest.mark.parametrize(("outcome", "task", "key", "reason", "told"), CASES)
def test_what_to_do_fits_the_reason(outcome: Outcome, task: str, key: str, reason: str, told: str) -> None:
    assert told in advice(Record(task, key, outcome, reason))


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if not outcome.is_fine])
def test_every_task_and_outcome_has_something_to_do(outcome: Outcome) -> None:
    for task in all_tasks():
        told = advice(Record(task.name, "a/{b}/c", outcome, "Why {not}."))
        assert 10 < len(told) < 120
        assert "{" not in told.replace("{b}", "")
