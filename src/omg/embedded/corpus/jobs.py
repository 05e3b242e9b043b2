"""Jobs that have run once, and those that a clock starts."""

from __future__ import annotations

from omg.embedded.corpus.draws import name_end
from omg.embedded.corpus.nodes import ADDRESSES, WORKERS
from omg.embedded.corpus.objects import OPENSTACK, Object, made
from omg.embedded.corpus.pod_specs import REGISTRY, plain_container, tolerations
from omg.embedded.corpus.pod_statuses import Health, pod_status
from omg.embedded.corpus.services import SERVICES
from omg.embedded.corpus.times import DEPLOYED, HOUR, before
from omg.embedded.corpus.world import World

# name, service, its arguments' options with passwords
BOOTSTRAP = {
    "keystone-bootstrap": "keystone-manage bootstrap --bootstrap-password",
    "openstack-mariadb-root-account-update": "mysql -u root --password",
    "ironic-inspector-init": "ironic-init --os-password",
}
CLOCKS = {
    "keystone-cron": ("1 * * * *", "keystone-manage trust_flush"),
    "nova-cell0-db-purge": ("0 0 * * *", "nova-manage db purge --all"),
    "cinder-db-purge": ("1 0 * * *", "cinder-manage db purge 30"),
    "heat-db-purge": ("2 0 * * *", "heat-manage purge_deleted -g days 30"),
    "glance-db-purge": ("3 0 * * *", "glance-manage db purge --age_in_days 30"),
    "manila-db-purge": ("4 0 * * *", "manila-manage db purge 30"),
}
FAILED = "octavia-db-sync"


def add_jobs(world: World) -> None:
    """Add the jobs of every service's set-up, the clocks, and the pods that are still there."""
    for service in SERVICES:
        if service.databases:
            _add_job(world, f"{service.name}-db-sync", service.name, f"{service.name}-manage db sync", pod=True)
    for name, command in BOOTSTRAP.items():
        where = f"Job {OPENSTACK}/{name}"
        value = world.plants.plant(world.draw(where).password(), "key", where)
        _add_job(world, name, name.partition("-")[0], f"{command}={value}", pod=False)
    for name, (schedule, command) in CLOCKS.items():
        _add_clock(world, name, schedule, command)


def _spec(name: str, command: str, service: str) -> Object:
    container = plain_container(
        name,
        f"{REGISTRY}/openstack-{service}-rhel9:18.0",
        command=["/bin/bash"],
        args=["-c", command],
    )
    return {
        "containers": [container],
        "dnsPolicy": "ClusterFirst",
        "enableServiceLinks": True,
        "preemptionPolicy": "PreemptLowerPriority",
        "priority": 0,
        "restartPolicy": "OnFailure",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "serviceAccount": service,
        "serviceAccountName": service,
        "terminationGracePeriodSeconds": 30,
        "tolerations": tolerations(),
    }


def _template(spec: Object, labels: dict[str, str]) -> Object:
    """A template as the server keeps it: what admission gives to pods isn't in it."""
    kept = {
        key: value for key, value in spec.items() if key not in ("enableServiceLinks", "priority", "preemptionPolicy")
    }
    return {"metadata": {"labels": labels}, "spec": {key: one for key, one in kept.items() if key != "tolerations"}}


def _job_spec(spec: Object, labels: dict[str, str]) -> Object:
    return {
        "backoffLimit": 6,
        "completionMode": "NonIndexed",
        "completions": 1,
        "manualSelector": True,
        "parallelism": 1,
        "podReplacementPolicy": "TerminatingOrFailed",
        "selector": {"matchLabels": labels},
        "suspend": False,
        "template": _template(spec, labels),
    }


def _add_job(world: World, name: str, service: str, command: str, *, pod: bool) -> None:
    labels = {"service": service, "job-name": name}
    spec = _spec(name, command, service)
    failed = name == FAILED
    ended = before(DEPLOYED - 25)
    kinds = ("FailureTarget", "Failed") if failed else ("SuccessCriteriaMet", "Complete")
    told = {
        "reason": "BackoffLimitExceeded" if failed else "CompletionsReached",
        "message": "Job has reached the specified backoff limit"
        if failed
        else "Reached expected number of succeeded pods",
    }
    job = made(
        "Job",
        name,
        OPENSTACK,
        labels=labels,
        spec=_job_spec(spec, labels),
        status={
            "conditions": [
                {"type": kind, "status": "True", "lastProbeTime": ended, "lastTransitionTime": ended, **told}
                for kind in kinds
            ],
            "ready": 0,
            "startTime": before(DEPLOYED - 22),
            "terminating": 0,
            "uncountedTerminatedPods": {},
        },
    )
    job["status"] |= {"failed": 7} if failed else {"completionTime": ended, "succeeded": 1}
    job["status"]["startTime"] = before(DEPLOYED - 20)
    world.add(job)
    if pod:
        health = Health("failed", "", 1, "Error") if failed else Health("completed")
        one = made(
            "Pod",
            f"{name}-{name_end(5, name)}",
            OPENSTACK,
            labels=labels,
            owner=job,
            spec=spec | {"nodeName": WORKERS[0]},
        )
        one["status"] = pod_status(one, health, host=ADDRESSES[WORKERS[0]])
        world.add(one)


def _add_clock(world: World, name: str, schedule: str, command: str) -> None:
    service = name.partition("-")[0]
    labels = {"service": service, "cronjob": name}
    spec = _spec(name, command, service)
    job = _job_spec(spec, labels)
    del job["manualSelector"], job["selector"]
    for given in ("completionMode", "podReplacementPolicy", "suspend", "backoffLimit"):
        job.pop(given)
    world.add(
        made(
            "CronJob",
            name,
            OPENSTACK,
            labels=labels,
            spec={
                "concurrencyPolicy": "Forbid",
                "failedJobsHistoryLimit": 1,
                "jobTemplate": {"metadata": {}, "spec": job},
                "schedule": schedule,
                "successfulJobsHistoryLimit": 3,
                "suspend": False,
            },
            status={"lastScheduleTime": before(HOUR), "lastSuccessfulTime": before(HOUR - 1)},
        )
    )
