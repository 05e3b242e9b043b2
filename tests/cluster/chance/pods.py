"""Pods: their specs, and what a cluster says of them."""

from tests.cluster.chance.containers import container, resources, seccomp
from tests.cluster.chance.draws import Draw, Object
from tests.cluster.chance.volumes import volumes

SPACE = "by-chance"


def pod(seed: int, nodes: list[str]) -> Object:
    """The pod of a seed, with its status.

    Args:
        seed: of chance.
        nodes: names that it may be bound to.
    """
    draw = Draw(f"pod {seed}")
    found = volumes(draw)
    whole = draw.flag(0.2)
    mains = [container(draw, f"c{at}", found, kind="main") for at in range(draw.choice((1, 1, 2, 3)))]
    inits = [container(draw, f"i{at}", found, kind="init") for at in range(draw.choice((0, 0, 1, 3)))]
    spec: Object = {
        "serviceAccountName": draw.choice(("default", draw.label())),
        "containers": mains,
        "volumes": found,
        **({"initContainers": inits} if inits else {}),
        **draw.fields(
            0.3,
            restartPolicy=lambda: draw.choice(("Always", "OnFailure", "Never")),
            nodeSelector=draw.labels,
            tolerations=lambda: [_toleration(draw) for _ in range(draw.randint(1, 16))],
            readinessGates=lambda: [{"conditionType": one} for one in draw.some(("example.com/gate", "Ready", "b/c"))],
            topologySpreadConstraints=lambda: _spread(draw),
            runtimeClassName=lambda: "plain",
            hostname=draw.label,
            hostAliases=lambda: [{"ip": "10.1.1.1", "hostnames": ["a.example", "b.example"]}],
            terminationGracePeriodSeconds=lambda: draw.randint(0, 90),
            securityContext=lambda: {"seccompProfile": seccomp(draw)},
            dnsConfig=lambda: {"nameservers": ["10.0.0.53"], "options": [{"name": "ndots", "value": "2"}]},
            priorityClassName=lambda: draw.choice(("system-node-critical", "system-cluster-critical")),
            schedulingGroup=lambda: {"podGroupName": "group-a"},
            resourceClaims=lambda: [{"name": "gpu", "resourceClaimName": "some-claim"}],
            imagePullSecrets=lambda: [{"name": "pull"}],
        ),
        **draw.fields(0.2, os=lambda: {"name": "linux"}, setHostnameAsFQDN=draw.flag, shareProcessNamespace=draw.flag),
    }
    if draw.flag(0.2):
        spec["runtimeClassName"] = "heavy"
    if spec.get("resourceClaims"):
        mains[0].setdefault("resources", {})["claims"] = [{"name": "gpu"}]
    if whole:
        spec["resources"] = resources(draw, whole_pod=True)
        if spec["resources"]:  # as the sums of limits must be, too
            for one in (*mains, *inits):
                one.pop("resources", None)
    if draw.flag(0.7):
        spec["nodeName"] = draw.choice(nodes)
    elif draw.flag(0.2):
        spec["schedulingGates"] = [{"name": "example.com/wait"}]
    metadata = {
        "name": f"p-{seed}",
        "namespace": SPACE,
        **draw.fields(0.7, labels=draw.labels, annotations=draw.annotations),
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def status(seed: int, made: Object) -> Object:
    """What a cluster says of the pod that it has made."""
    draw = Draw(f"status {seed}")
    spec = made["spec"]
    found: Object = {
        "phase": draw.choice(("Pending", "Running", "Running", "Running", "Succeeded", "Failed", "Unknown")),
        **draw.fields(
            0.6,
            startTime=draw.time,
            conditions=lambda: [_condition(draw, kind) for kind in draw.some(_CONDITIONS)],
        ),
        **draw.fields(0.2, reason=draw.text, message=draw.text),
        **{key: made["status"][key] for key in ("qosClass",) if key in made["status"]},
    }
    if spec.get("nodeName") and draw.flag(0.7):
        found["hostIP"] = draw.address(six=False)
        found["hostIPs"] = [{"ip": found["hostIP"]}]
        addresses = [draw.address(six=False), draw.address(six=True)][: draw.randint(1, 2)]
        if draw.flag():
            addresses.reverse()
        found["podIP"], found["podIPs"] = addresses[0], [{"ip": one} for one in addresses]
    elif not spec.get("nodeName") and draw.flag(0.3):
        found["nominatedNodeName"] = "other-node"
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        field = "containerStatuses" if kind == "containers" else f"{kind[:-1]}Statuses"
        if spec.get(kind) and draw.flag(0.8):
            known = draw.sample(spec[kind], len(spec[kind]) if draw.flag(0.8) else 1)
            found[field] = [container_status(draw, one) for one in known]
    return found


_CONDITIONS = (
    "PodScheduled", "Ready", "Initialized", "ContainersReady", "PodReadyToStartContainers", "DisruptionTarget",
    "PodResizePending", "PodResizeInProgress", "example.com/gate", "b/c",
)  # fmt: skip


def _condition(draw: Draw, kind: str) -> Object:
    state = draw.choice(("True", "False", "Unknown"))
    reason = draw.choice(("Infeasible", "Deferred", "Because"))
    return {
        "type": kind,
        "status": state,
        "reason": reason,
        **draw.fields(0.5, message=draw.text, lastTransitionTime=draw.time),
    }


def container_status(draw: Draw, one: Object) -> Object:
    """One container as its kubelet sees it."""
    asked = one.get("resources") or {}
    return {
        "name": one["name"],
        "image": one["image"],
        "imageID": draw.choice(("", f"quay.io/a@sha256:{'0' * 64}")),
        "ready": draw.flag(),
        "restartCount": draw.choice((0, 1, 17, 123456)),
        "state": _state(draw),
        **draw.fields(
            0.6,
            containerID=lambda: draw.choice(("", f"cri-o://{'1' * 64}")),
            lastState=lambda: _state(draw),
            started=draw.flag,
            stopSignal=lambda: "SIGTERM",
        ),
        **draw.fields(
            0.3,
            allocatedResources=lambda: {**(asked.get("requests") or {}), "cpu": draw.quantity()},
            resources=lambda: {
                "requests": {"cpu": draw.quantity(), "memory": draw.quantity()},
                **draw.fields(0.5, limits=lambda: {"cpu": draw.quantity(), "memory": draw.quantity()}),
            },
        ),
    }


def _state(draw: Draw) -> Object:
    reasons = (
        "CrashLoopBackOff",
        "ImagePullBackOff",
        "ContainerCreating",
        "PodInitializing",
        "CreateContainerConfigError",
    )
    match draw.randrange(4):
        case 0:
            return {"running": draw.fields(0.8, startedAt=draw.time)}
        case 1:
            return {"waiting": draw.fields(0.7, reason=lambda: draw.choice(reasons), message=draw.text)}
        case 2:
            return {}
    ended = draw.fields(
        0.6,
        signal=lambda: draw.choice((0, 9, 15)),
        reason=lambda: draw.choice(("Completed", "Error", "OOMKilled", "ContainerCannotRun", "", "a b")),
        message=draw.text,
        startedAt=draw.time,
        finishedAt=draw.time,
    )
    return {"terminated": {"exitCode": draw.choice((0, 1, 137, 255, -1)), **ended}}


def _toleration(draw: Draw) -> Object:
    key = draw.choice(("", "node.kubernetes.io/not-ready", "a", "a", "b/C"))
    if not key:
        return {
            "operator": "Exists",
            **draw.fields(0.5, effect=lambda: draw.choice(("NoSchedule", "PreferNoSchedule"))),
        }
    how = draw.choice(
        (
            {"operator": "Exists"},
            {"operator": "Equal", "value": draw.value()},
            {"value": "v"},
            {},
            {"operator": "Lt", "value": "950"},
            {"operator": "Gt", "value": "-5"},
        )
    )
    if draw.flag(0.3):
        return {
            "key": key,
            **how,
            "effect": "NoExecute",
            **draw.fields(0.7, tolerationSeconds=lambda: draw.choice((-5, 0, 300))),
        }
    return {"key": key, **how, **draw.fields(0.5, effect=lambda: draw.choice(("NoSchedule", "PreferNoSchedule")))}


def _spread(draw: Draw) -> list[Object]:
    found = []
    for key in draw.some(("zone", "kubernetes.io/hostname", "a/b", "region")):
        for when in draw.some(("DoNotSchedule", "ScheduleAnyway")):
            one = {"maxSkew": draw.randint(1, 9), "topologyKey": key, "whenUnsatisfiable": when}
            found.append({**one, **draw.fields(0.7, labelSelector=lambda: _selector(draw))})
    return found


def _selector(draw: Draw) -> Object:
    rules = [
        {"key": key, "operator": how, **({"values": draw.some(("y", "x", "10", "9")) or ["z"]} if "In" in how else {})}
        for key in draw.some(("app", "k", "example.com/l", "B"))
        for how in draw.some(("In", "NotIn", "Exists", "DoesNotExist"), 2)
    ]
    return {**draw.fields(0.6, matchLabels=draw.labels), **({"matchExpressions": rules} if rules else {})}
