"""Deployments, StatefulSets and DaemonSets with their ReplicaSets, claims and pods."""

from __future__ import annotations

from omg.embedded.corpus.draws import name_end
from omg.embedded.corpus.nodes import WORKERS
from omg.embedded.corpus.objects import Object, made
from omg.embedded.corpus.pod_specs import pod_spec
from omg.embedded.corpus.story import health_of
from omg.embedded.corpus.times import DEPLOYED, before
from omg.embedded.corpus.workload_pods import claim_templates, claimed, labels_of, replicas_of, workload_pod
from omg.embedded.corpus.workload_table import Workload, workloads
from omg.embedded.corpus.world import World

UPDATED = "deployment.kubernetes.io/revision"


def add_workloads(world: World) -> None:
    """Add everything that the table names."""
    for workload in workloads():
        spec = pod_spec(world, workload)
        labels = labels_of(workload)
        if workload.kind == "P":
            world.add(workload_pod(world, workload, spec, workload.name, labels, None, 0))
        elif workload.kind == "D":
            _add_deployment(world, workload, spec, labels)
        else:
            _add_set(world, workload, spec, labels)


def _ready(workload: Workload, count: int) -> int:
    last = health_of(f"{workload.name}-0").state
    return count if last in ("running", "restarted") else count - 1


def _template(spec: Object, labels: dict[str, str]) -> Object:
    return {"metadata": {"labels": labels}, "spec": spec}


def _add_deployment(world: World, workload: Workload, spec: Object, labels: dict[str, str]) -> None:
    count = replicas_of(world, workload)
    available = {"availableReplicas": count, "readyReplicas": count, "replicas": count}
    deployment = made(
        "Deployment",
        workload.name,
        workload.namespace,
        labels=labels,
        annotations={UPDATED: "2"},
        spec={
            "progressDeadlineSeconds": 600,
            "replicas": count,
            "revisionHistoryLimit": 10,
            "selector": {"matchLabels": labels},
            "strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}, "type": "RollingUpdate"},
            "template": _template(spec, labels),
        },
        status={
            "conditions": [
                _deployed("Available", "MinimumReplicasAvailable", "Deployment has minimum availability."),
                _deployed("Progressing", "NewReplicaSetAvailable", "ReplicaSet has successfully progressed."),
            ],
            "observedGeneration": 1,
            "updatedReplicas": count,
            **available,
        },
    )
    world.add(deployment)
    for revision in ("1", "2"):
        end = name_end(10, workload.name, revision)
        hashed = labels | {"pod-template-hash": end}
        wanted = count if revision == "2" else 0
        status = available | {"fullyLabeledReplicas": count} if wanted else {"replicas": 0}
        replica_set = made(
            "ReplicaSet",
            f"{workload.name}-{end}",
            workload.namespace,
            labels=hashed,
            annotations={UPDATED: revision},
            owner=deployment,
            spec={"replicas": wanted, "selector": {"matchLabels": hashed}, "template": _template(spec, hashed)},
            status={"observedGeneration": 1, **status},
        )
        world.add(replica_set)
        for at in range(wanted):
            name = f"{workload.name}-{end}-{name_end(5, workload.name, at)}"
            world.add(workload_pod(world, workload, spec, name, hashed, replica_set, at))


def _deployed(kind: str, reason: str, message: str) -> Object:
    return {
        "type": kind,
        "status": "True",
        "lastUpdateTime": before(DEPLOYED - 40),
        "lastTransitionTime": before(DEPLOYED - 40),
        "reason": reason,
        "message": message,
    }


def _add_set(world: World, workload: Workload, spec: Object, labels: dict[str, str]) -> None:
    count, kind = replicas_of(world, workload), "StatefulSet" if workload.kind == "S" else "DaemonSet"
    revision = f"{workload.name}-{name_end(10, workload.name)}"
    parent = made(
        kind,
        workload.name,
        workload.namespace,
        labels=labels,
        annotations=None if kind == "StatefulSet" else {"deprecated.daemonset.template.generation": "1"},
        spec={
            "revisionHistoryLimit": 10,
            "selector": {"matchLabels": labels},
            "template": _template(spec, labels),
        },
    )
    claims = claim_templates(workload)
    if kind == "StatefulSet":
        ready = _ready(workload, count)
        parent["spec"] |= {
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
            "podManagementPolicy": "Parallel",
            "replicas": count,
            "serviceName": workload.name,
            "updateStrategy": {"rollingUpdate": {"partition": 0}, "type": "RollingUpdate"},
        } | ({"volumeClaimTemplates": claims} if claims else {})
        parent["status"] = {
            "availableReplicas": ready,
            "collisionCount": 0,
            "currentReplicas": count,
            "currentRevision": revision,
            "observedGeneration": 1,
            "replicas": count,
            "updateRevision": revision,
            "updatedReplicas": count,
        } | ({"readyReplicas": ready} if ready else {})
    else:
        parent["spec"]["updateStrategy"] = {
            "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1},
            "type": "RollingUpdate",
        }
        ready = count - 1 if count == len(WORKERS) else count
        parent["status"] = {
            "currentNumberScheduled": count,
            "desiredNumberScheduled": count,
            "numberAvailable": ready,
            "numberMisscheduled": 0,
            "numberReady": ready,
            "observedGeneration": 1,
            "updatedNumberScheduled": count,
        } | ({"numberUnavailable": count - ready} if count > ready else {})
    world.add(parent)
    for at in range(count):
        name = f"{workload.name}-{at}" if kind == "StatefulSet" else f"{workload.name}-{name_end(5, workload.name, at)}"
        own = labels | {"controller-revision-hash": revision}
        if kind == "StatefulSet":
            own |= {"apps.kubernetes.io/pod-index": str(at), "statefulset.kubernetes.io/pod-name": name}
        else:
            own["pod-template-generation"] = "1"
        mounted = spec
        if claims:
            kept = [
                {"name": one["metadata"]["name"], "persistentVolumeClaim": {"claimName": claimed(one, name)}}
                for one in claims
            ]
            mounted = spec | {"volumes": [*kept, *spec["volumes"]]}
        world.add(workload_pod(world, workload, mounted, name, own, parent, at))
