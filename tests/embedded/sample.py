"""A small hand-made corpus that meets every branch of the Tables, selectors, logs and execs.

The same objects are loaded into a real API server by record_answers.py. Nodes and pods are left alone there by kwok:
the nodes lack its annotation on purpose, and the pods name nodes that it doesn't play.
"""

from typing import Any

Object = dict[str, Any]
NODE = "worker-0"


def named(kind: str, name: str, namespace: str | None = None, api: str = "v1", **rest: Any) -> Object:
    """An object whose metadata may be extended by the keyword ``metadata``."""
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {}) | rest.pop("metadata", {})
    return {"apiVersion": api, "kind": kind, "metadata": metadata, **rest}


def container(name: str, **rest: Any) -> Object:
    return {"name": name, "image": f"quay.io/demo/{name}:1", **rest}


def status(name: str, *, ready: bool = False, restarts: int = 0, last: Object | None = None, **state: Any) -> Object:
    found: Object = {"name": name, "image": f"quay.io/demo/{name}:1", "imageID": "", "ready": ready}
    found |= {"restartCount": restarts, "started": ready, "state": state, "containerID": "cri-o://" + name * 3}
    return found | ({"lastState": {"terminated": last}} if last else {})


def ended(code: int, reason: str, **rest: Any) -> Object:
    times = {"startedAt": "2026-11-20T10:00:00Z", "finishedAt": "2026-11-20T10:05:00Z", "containerID": "cri-o://old"}
    return {"exitCode": code, "reason": reason, **times, **rest}


RUNNING = {"startedAt": "2026-11-20T09:00:00Z"}


def pod(
    name: str, statuses: list[Object], *, phase: str = "Running", namespace: str = "openstack", **rest: Any
) -> Object:
    spec: Object = {"nodeName": NODE, "containers": [container(one["name"]) for one in statuses] or [container("main")]}
    spec |= rest.pop("spec", {})
    metadata = {"labels": {"app": name.partition("-")[0]}} | rest.pop("metadata", {})
    conditions = [{"type": "Ready", "status": "True" if phase == "Running" else "False"}]
    told: Object = {"phase": phase, "containerStatuses": statuses, "conditions": conditions}
    return named("Pod", name, namespace, metadata=metadata, spec=spec, status=told | rest.pop("status", {}))


def pods() -> list[Object]:
    backing_off = {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}
    addresses = {"podIP": "10.0.0.7", "podIPs": [{"ip": "10.0.0.7"}], "hostIP": "192.168.1.1"}
    sidecar = container("proxy", restartPolicy="Always")
    return [
        pod(
            "nova-api-0",
            [status("api", ready=True, running=RUNNING), status("log", ready=True, running=RUNNING)],
            status=addresses,
        ),
        pod("nova-api-1", [status("api", restarts=7, last=ended(1, "Error"), waiting=backing_off)]),
        pod("nova-old-0", [status("api", ready=True, restarts=2, running=RUNNING, last=ended(137, "OOMKilled"))]),
        pod(
            "glance-pending-0",
            [],
            phase="Pending",
            spec={"nodeName": ""},
            status={
                "conditions": [
                    {
                        "type": "PodScheduled",
                        "status": "False",
                        "reason": "Unschedulable",
                        "message": "0/3 nodes are available",
                    }
                ]
            },
        ),
        pod(
            "glance-gated-0",
            [],
            phase="Pending",
            spec={"nodeName": "", "schedulingGates": [{"name": "x.io/gate"}]},
            status={"conditions": [{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]},
        ),
        pod("glance-creating-0", [status("main", waiting={"reason": "ContainerCreating"})], phase="Pending"),
        pod("glance-image-0", [status("main", waiting={"reason": "ImagePullBackOff"})], phase="Pending"),
        pod("glance-image-1", [status("main", waiting={"reason": "ErrImagePull"})], phase="Pending"),
        pod("keystone-bootstrap-x1", [status("main", terminated=ended(0, "Completed"))], phase="Succeeded"),
        pod("keystone-failed-x1", [status("main", terminated=ended(2, "Error"))], phase="Failed"),
        pod("keystone-signal-x1", [status("main", terminated=ended(137, "", signal=9))], phase="Failed"),
        pod("keystone-exit-x1", [status("main", terminated=ended(3, ""))], phase="Failed"),
        pod("keystone-evicted-x1", [], phase="Failed", status={"reason": "Evicted", "message": "low on memory"}),
        pod("keystone-lost-x1", [status("main", ready=True, running=RUNNING)], status={"reason": "NodeLost"}),
        pod("mixed-done-0", [status("a", terminated=ended(0, "Completed")), status("b", ready=True, running=RUNNING)]),
        pod(
            "init-running-0",
            [status("main", waiting={"reason": "PodInitializing"})],
            phase="Pending",
            spec={"initContainers": [container("one"), container("two")]},
            status={
                "initContainerStatuses": [
                    status("one", terminated=ended(0, "Completed")),
                    status("two", running=RUNNING),
                ]
            },
        ),
        pod(
            "init-failed-0",
            [status("main", waiting={"reason": "PodInitializing"})],
            phase="Pending",
            spec={"initContainers": [container("one")]},
            status={
                "initContainerStatuses": [
                    status("one", restarts=3, terminated=ended(1, "Error"), last=ended(1, "Error"))
                ]
            },
        ),
        pod(
            "init-signal-0",
            [status("main", waiting={"reason": "PodInitializing"})],
            phase="Pending",
            spec={"initContainers": [container("one")]},
            status={"initContainerStatuses": [status("one", terminated=ended(137, "", signal=9))]},
        ),
        pod(
            "init-exit-0",
            [status("main", waiting={"reason": "PodInitializing"})],
            phase="Pending",
            spec={"initContainers": [container("one")]},
            status={"initContainerStatuses": [status("one", terminated=ended(5, ""))]},
        ),
        pod(
            "init-waiting-0",
            [status("main", waiting={"reason": "PodInitializing"})],
            phase="Pending",
            spec={"initContainers": [container("one")]},
            status={"initContainerStatuses": [status("one", waiting={"reason": "ImagePullBackOff"})]},
        ),
        pod(
            "sidecar-0",
            [status("main", ready=True, running=RUNNING)],
            spec={"initContainers": [sidecar]},
            status={
                "initContainerStatuses": [
                    status("proxy", ready=True, restarts=4, running=RUNNING, last=ended(1, "Error"))
                ]
            },
        ),
        pod(
            "gates-0",
            [status("main", ready=True, running=RUNNING)],
            spec={"readinessGates": [{"conditionType": "a.io/one"}, {"conditionType": "a.io/two"}]},
            status={"conditions": [{"type": "a.io/one", "status": "True"}]},
        ),
        pod("nominated-0", [], phase="Pending", spec={"nodeName": ""}, status={"nominatedNodeName": "worker-9"}),
        pod(
            "mixed-done-1",
            [status("a", terminated=ended(0, "Completed")), status("b", ready=True, running=RUNNING)],
            status={"conditions": [{"type": "Ready", "status": "False"}]},
        ),
        pod(
            "unready-0",
            [status("a", running=RUNNING), status("b", restarts=1, running=RUNNING, last=ended(1, "Error"))],
            status={"conditions": [{"type": "Initialized", "status": "True"}]},
        ),
        pod("gates-1", [status("main", ready=True, running=RUNNING)], namespace="openstack-operators"),
        pod("deleted-0", [status("main", ready=True, running=RUNNING)], metadata={"finalizers": ["x.io/hold"]}),
    ]


def template(*names: str) -> Object:
    return {
        "metadata": {"labels": {"app": "demo"}},
        "spec": {"containers": [container(name) for name in names], "restartPolicy": "Always"},
    }


def workloads() -> list[Object]:
    ns, select = "openstack", {"selector": {"matchLabels": {"app": "demo"}}}
    several = {
        "selector": {
            "matchLabels": {"app": "demo"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["b", "a"]},
                {"key": "x", "operator": "Exists"},
                {"key": "y", "operator": "DoesNotExist"},
                {"key": "z", "operator": "NotIn", "values": ["q"]},
            ],
        }
    }
    labelled = template("api", "log") | {"metadata": {"labels": {"app": "demo", "tier": "a", "x": "1"}}}
    once = template("main")
    once["spec"] = once["spec"] | {"restartPolicy": "Never"}
    done = {"startTime": "2026-11-20T10:00:00Z", "completionTime": "2026-11-20T10:04:30Z", "succeeded": 1}
    complete = {
        "conditions": [{"type": "SuccessCriteriaMet", "status": "True"}, {"type": "Complete", "status": "True"}]
    }
    failed = {
        "startTime": "2026-11-20T10:00:00Z",
        "failed": 1,
        "conditions": [{"type": "FailureTarget", "status": "True"}, {"type": "Failed", "status": "True"}],
    }
    cron = {"jobTemplate": {"spec": {"template": once}}}
    return [
        named(
            "Deployment",
            "nova-api",
            ns,
            "apps/v1",
            spec={"replicas": 3, **several, "template": labelled},
            status={"replicas": 3, "readyReplicas": 2, "updatedReplicas": 3, "availableReplicas": 2},
        ),
        named("Deployment", "empty", ns, "apps/v1", spec={"replicas": 0, **select, "template": template("main")}),
        named(
            "ReplicaSet",
            "nova-api-6d5f",
            ns,
            "apps/v1",
            spec={"replicas": 3, **select, "template": template("api")},
            status={"replicas": 3, "readyReplicas": 2},
        ),
        named(
            "DaemonSet",
            "ovn-node",
            ns,
            "apps/v1",
            spec={
                **select,
                "template": template("ovn")
                | {"spec": template("ovn")["spec"] | {"nodeSelector": {"b": "2", "a": "1"}}},
            },
            status={
                "desiredNumberScheduled": 3,
                "currentNumberScheduled": 3,
                "numberReady": 2,
                "updatedNumberScheduled": 3,
                "numberAvailable": 2,
                "numberMisscheduled": 0,
            },
        ),
        named("DaemonSet", "plain", ns, "apps/v1", spec={**select, "template": template("main")}),
        named(
            "StatefulSet",
            "galera",
            ns,
            "apps/v1",
            spec={"replicas": 3, "serviceName": "galera", **select, "template": template("galera")},
            status={"replicas": 3, "readyReplicas": 1},
        ),
        named(
            "ReplicationController",
            "legacy",
            ns,
            spec={"replicas": 1, "selector": {"app": "demo"}, "template": template("main")},
            status={"replicas": 1},
        ),
        named("Job", "done", ns, "batch/v1", spec={"template": once, "completions": 1}, status=done | complete),
        named(
            "Job",
            "running",
            ns,
            "batch/v1",
            spec={"template": once},
            status={"active": 1, "startTime": "2026-11-20T10:00:00Z"},
        ),
        named("Job", "queue", ns, "batch/v1", spec={"template": once, "parallelism": 4}, status={"succeeded": 2}),
        named("Job", "broken", ns, "batch/v1", spec={"template": once, "completions": 5}, status=failed),
        named(
            "Job",
            "paused",
            ns,
            "batch/v1",
            spec={"template": once, "completions": 2, "suspend": True},
            status={"conditions": [{"type": "Suspended", "status": "True"}]},
        ),
        named(
            "CronJob",
            "nightly",
            ns,
            "batch/v1",
            spec={"schedule": "0 3 * * *", "timeZone": "Etc/UTC", **cron},
            status={"lastScheduleTime": "2026-11-22T03:00:00Z", "active": [{"kind": "Job", "name": "nightly-1"}]},
        ),
        named("CronJob", "never", ns, "batch/v1", spec={"schedule": "@daily", "suspend": True, **cron}),
        named(
            "PodDisruptionBudget",
            "galera",
            ns,
            "policy/v1",
            spec={"minAvailable": 2, **select},
            status={"disruptionsAllowed": 1, "currentHealthy": 3, "desiredHealthy": 2, "expectedPods": 3},
        ),
        named(
            "PodDisruptionBudget",
            "ovn",
            ns,
            "policy/v1",
            spec={"maxUnavailable": "25%", **select},
            status={"disruptionsAllowed": 0, "currentHealthy": 3, "desiredHealthy": 2, "expectedPods": 3},
        ),
    ]


def network() -> list[Object]:
    ns, web = (
        "openstack",
        [
            {"name": "http", "port": 80, "protocol": "TCP"},
            {"name": "dns", "port": 53, "protocol": "UDP", "nodePort": 30053},
        ],
    )
    ready = {"loadBalancer": {"ingress": [{"ip": "192.168.1.9"}, {"hostname": "lb.example.org"}]}}
    return [
        named(
            "Service",
            "keystone",
            ns,
            spec={"type": "ClusterIP", "clusterIP": "10.96.1.1", "ports": web[:1], "selector": {"app": "k", "z": "1"}},
        ),
        named("Service", "headless", ns, spec={"clusterIP": "None", "selector": {"app": "galera"}, "ports": web[:1]}),
        named("Service", "external", ns, spec={"type": "ExternalName", "externalName": "db.example.org"}),
        named(
            "Service",
            "node",
            ns,
            spec={
                "type": "NodePort",
                "clusterIP": "10.96.1.2",
                "ports": web,
                "externalIPs": ["192.0.2.1", "192.0.2.2"],
            },
        ),
        named(
            "Service",
            "balanced",
            ns,
            spec={
                "type": "LoadBalancer",
                "clusterIP": "10.96.1.3",
                "ports": web[:1],
                "allocateLoadBalancerNodePorts": False,
            },
            status=ready,
        ),
        named(
            "Service",
            "waiting",
            ns,
            spec={
                "type": "LoadBalancer",
                "clusterIP": "10.96.1.4",
                "ports": web[:1],
                "externalIPs": ["192.0.2.3"],
                "allocateLoadBalancerNodePorts": False,
            },
        ),
        named(
            "Service",
            "pending",
            ns,
            spec={
                "type": "LoadBalancer",
                "clusterIP": "10.96.1.5",
                "ports": web[:1],
                "allocateLoadBalancerNodePorts": False,
            },
        ),
    ]


def storage() -> list[Object]:
    claim = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "5Gi"}},
        "storageClassName": "local",
    }
    bound = {"phase": "Bound", "accessModes": ["ReadWriteOnce", "ReadOnlyMany"], "capacity": {"storage": "5Gi"}}
    return [
        named(
            "PersistentVolumeClaim", "mysql-db-galera-0", "openstack", spec=claim | {"volumeName": "pv-1"}, status=bound
        ),
        named("PersistentVolumeClaim", "glance", "openstack", spec=claim, status={"phase": "Pending"}),
    ]


def plain() -> list[Object]:
    return [
        named("ConfigMap", "empty", "openstack"),
        named(
            "ConfigMap",
            "nova-config",
            "openstack",
            data={"a": "1", "b": "2"},
            binaryData={"c": "AAE="},
            metadata={"labels": {"service": "nova", "tier": "a"}},
        ),
        named(
            "ConfigMap", "nova-config", "openstack-operators", data={"a": "1"}, metadata={"labels": {"service": "nova"}}
        ),
        named(
            "ConfigMap", "nova", "openstack", data={"a": "1"}, metadata={"labels": {"service": "glance", "tier": "b"}}
        ),
        named("Secret", "osp-secret", "openstack", type="Opaque", data={"AdminPassword": "MTIzNDU2Nzg="}),
        named("Secret", "tls", "openstack", type="kubernetes.io/tls", data={"tls.crt": "", "tls.key": ""}),
        named("ServiceAccount", "nova", "openstack", secrets=[{"name": "nova-dockercfg"}]),
    ]


def events() -> list[Object]:
    ns = "openstack"
    about = {
        "kind": "Pod",
        "namespace": ns,
        "name": "nova-api-1",
        "uid": "7c5f",
        "apiVersion": "v1",
        "fieldPath": "spec.containers{api}",
    }
    times = {"firstTimestamp": "2026-11-22T10:00:00Z", "lastTimestamp": "2026-11-22T11:30:00Z"}
    series = {"count": 12, "lastObservedTime": "2026-11-22T12:00:00.000000Z"}
    return [
        named(
            "Event",
            "nova-api-1.17",
            ns,
            involvedObject=about,
            reason="BackOff",
            type="Warning",
            count=42,
            **times,
            message="Back-off restarting failed container\n",
            source={"component": "kubelet", "host": NODE},
        ),
        named(
            "Event",
            "nova-api-1.18",
            ns,
            involvedObject=about | {"fieldPath": ""},
            reason="Scheduled",
            type="Normal",
            message="Successfully assigned",
            eventTime="2026-11-22T09:00:00.123456Z",
            action="Binding",
            reportingComponent="default-scheduler",
            reportingInstance="default-scheduler-0",
        ),
        named(
            "Event",
            "nova-api-1.19",
            ns,
            involvedObject=about,
            reason="Pulled",
            type="Normal",
            message="Pulled",
            eventTime="2026-11-22T09:00:00.123456Z",
            action="Pull",
            series=series,
            reportingComponent="kubelet",
            reportingInstance="kubelet-0",
        ),
        named(
            "Event",
            "no-times",
            ns,
            involvedObject=about,
            reason="Odd",
            type="Normal",
            message="odd",
            source={"component": "x"},
        ),
    ]


def nodes() -> list[Object]:
    info = {
        "kubeletVersion": "v1.36.3",
        "osImage": "RHCOS 9.6",
        "kernelVersion": "5.14.0",
        "containerRuntimeVersion": "cri-o://1.36.0",
        "machineID": "",
        "systemUUID": "",
        "bootID": "",
        "kubeProxyVersion": "",
        "operatingSystem": "linux",
        "architecture": "amd64",
    }
    addresses = [
        {"type": "InternalIP", "address": "192.168.1.1"},
        {"type": "Hostname", "address": NODE},
        {"type": "ExternalIP", "address": "203.0.113.4"},
    ]
    role = "node-role.kubernetes.io/"
    return [
        named(
            "Node",
            "master-0",
            metadata={"labels": {role + "master": "", role + "control-plane": ""}},
            status={"conditions": [{"type": "Ready", "status": "True"}], "nodeInfo": info, "addresses": addresses},
        ),
        named(
            "Node",
            "worker-0",
            metadata={"labels": {"kubernetes.io/role": "worker"}},
            spec={"unschedulable": True},
            status={"conditions": [{"type": "Ready", "status": "False"}], "nodeInfo": info},
        ),
        named(
            "Node",
            "worker-1",
            status={
                "nodeInfo": info
                | {"containerRuntimeVersion": "", "osImage": "", "kernelVersion": "", "kubeletVersion": ""}
            },
        ),
    ]


def custom() -> list[Object]:
    loose = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    columns = [
        {
            "name": "Status",
            "type": "string",
            "jsonPath": '.status.conditions[?(@.type=="Ready")].status',
            "description": "Status",
        },
        {"name": "Message", "type": "string", "jsonPath": ".status.conditions[0].message"},
        {"name": "Replicas", "type": "integer", "jsonPath": ".spec.replicas", "priority": 1},
        {"name": "Enabled", "type": "boolean", "jsonPath": ".spec.enabled"},
        {"name": "Ratio", "type": "number", "jsonPath": ".spec.ratio"},
        {"name": "Since", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        {"name": "Names", "type": "string", "jsonPath": ".spec.names[*]"},
        {"name": "Label", "type": "string", "jsonPath": r".metadata.labels.app\.io/part"},
        {"name": "Whole", "type": "string", "jsonPath": ".spec.template"},
    ]

    def crd(
        kind: str, plural: str, group: str, scope: str = "Namespaced", short: tuple[str, ...] = (), **rest: Any
    ) -> Object:
        names = {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": kind + "List"} | (
            {"shortNames": list(short), "categories": ["all"]} if short else {}
        )
        version = {"name": "v1beta1", "served": True, "storage": True, "schema": {"openAPIV3Schema": loose}, **rest}
        old = {"name": "v1alpha1", "served": kind == "Galera", "storage": False, "schema": {"openAPIV3Schema": loose}}
        return named(
            "CustomResourceDefinition",
            f"{plural}.{group}",
            None,
            "apiextensions.k8s.io/v1",
            spec={"group": group, "scope": scope, "names": names, "versions": [version, old]},
        )

    ready = {"conditions": [{"type": "Ready", "status": "True", "message": "Setup complete"}]}
    return [
        crd(
            "Galera",
            "galeras",
            "mariadb.openstack.org",
            short=("gal",),
            additionalPrinterColumns=columns,
            subresources={"status": {}},
        ),
        crd("NodeNetworkState", "nodenetworkstates", "nmstate.io", "Cluster"),
        named(
            "Galera",
            "openstack",
            "openstack",
            "mariadb.openstack.org/v1beta1",
            status=ready,
            spec={"replicas": 3, "enabled": True, "ratio": 0.5, "names": ["a", "b"], "template": {"x": 1}},
            metadata={"labels": {"app.io/part": "db"}},
        ),
        named("Galera", "cell1", "openstack", "mariadb.openstack.org/v1beta1", spec={"replicas": "many"}),
        named("NodeNetworkState", "worker-0", None, "nmstate.io/v1beta1", data="x"),
    ]


def objects() -> list[Object]:
    """Every object, in an order in which a real server takes them: namespaces, CRDs, the rest."""
    spaces = [named("Namespace", "openstack"), named("Namespace", "openstack-operators")]
    crds = custom()
    return spaces + crds[:2] + nodes() + crds[2:] + plain() + storage() + network() + workloads() + events() + pods()
