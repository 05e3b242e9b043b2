"""Pods and nodes that show everything a description can show: every volume, probe, variable, state and taint."""

from typing import Any

Object = dict[str, Any]

SPACE = "exhibits"
"""The namespace of the pods."""

TIME = "2026-01-15T09:00:00Z"
LATER = "2026-01-15T09:30:00Z"

_SECRET_REF = {"name": "some-credentials"}

VOLUMES: list[Object] = [
    {"name": "host", "hostPath": {"path": "/var/lib/x", "type": "DirectoryOrCreate"}},
    {"name": "host-untyped", "hostPath": {"path": "/dev"}},
    {"name": "empty", "emptyDir": {}},
    {"name": "empty-memory", "emptyDir": {"medium": "Memory", "sizeLimit": "2048Mi"}},
    {"name": "gce", "gcePersistentDisk": {"pdName": "disk-1", "fsType": "ext4", "partition": 2, "readOnly": True}},
    {"name": "aws", "awsElasticBlockStore": {"volumeID": "vol-1", "fsType": "xfs", "partition": 1}},
    {"name": "git", "gitRepo": {"repository": "https://git.example.com/x.git", "revision": "main", "directory": "x"}},
    {"name": "secret", "secret": {"secretName": "cinder-config-data", "optional": True, "defaultMode": 256}},
    {"name": "map", "configMap": {"name": "cinder-scripts", "items": [{"key": "a", "path": "b"}]}},
    {"name": "nfs", "nfs": {"server": "nfs.example.com", "path": "/exports/a", "readOnly": True}},
    {
        "name": "iscsi",
        "iscsi": {
            "targetPortal": "10.0.0.1:3260",
            "portals": ["10.0.0.2:3260", "10.0.0.3:3260"],
            "iqn": "iqn.2001-04.com.example:storage.disk1",
            "lun": 3,
            "fsType": "ext4",
            "chapAuthDiscovery": True,
            "chapAuthSession": True,
            "secretRef": _SECRET_REF,
            "initiatorName": "iqn.2001-04.com.example:initiator",
        },
    },
    {
        "name": "iscsi-plain",
        "iscsi": {"targetPortal": "10.0.0.1:3260", "iqn": "iqn.2001-04.com.example:storage.disk2", "lun": 0},
    },
    {"name": "gluster", "glusterfs": {"endpoints": "gluster", "path": "vol", "readOnly": True}},
    {"name": "claim", "persistentVolumeClaim": {"claimName": "glance-glance-0", "readOnly": True}},
    {
        "name": "rbd",
        "rbd": {
            "monitors": ["10.0.0.1:6789", "10.0.0.2:6789"],
            "image": "image",
            "pool": "volumes",
            "user": "openstack",
            "keyring": "/etc/ceph/keyring",
            "secretRef": _SECRET_REF,
            "fsType": "ext4",
        },
    },
    {"name": "quobyte", "quobyte": {"registry": "registry:7861", "volume": "v", "readOnly": True, "user": "u"}},
    {"name": "azure-disk", "azureDisk": {"diskName": "d", "diskURI": "https://blob.example.com/d.vhd"}},
    {"name": "vsphere", "vsphereVolume": {"volumePath": "[ds] v.vmdk", "fsType": "ext4", "storagePolicyName": "gold"}},
    {"name": "cinder", "cinder": {"volumeID": "a-b-c", "fsType": "ext4", "secretRef": _SECRET_REF}},
    {"name": "photon", "photonPersistentDisk": {"pdID": "p", "fsType": "ext4"}},
    {"name": "portworx", "portworxVolume": {"volumeID": "pwx", "fsType": "ext4"}},
    {
        "name": "scaleio",
        "scaleIO": {
            "gateway": "https://gw.example.com",
            "system": "sys",
            "protectionDomain": "pd",
            "storagePool": "sp",
            "volumeName": "v",
            "secretRef": _SECRET_REF,
            "readOnly": True,
        },
    },
    {
        "name": "ceph",
        "cephfs": {"monitors": ["10.0.0.1:6789"], "path": "/x", "user": "admin", "secretRef": _SECRET_REF},
    },
    {"name": "ceph-plain", "cephfs": {"monitors": ["a:1", "b:2"], "readOnly": True}},
    {"name": "storageos", "storageos": {"volumeName": "v", "volumeNamespace": "n", "fsType": "ext4"}},
    {"name": "fc", "fc": {"targetWWNs": ["500a0982991b8dc5", "500a0982891b8dc5"], "lun": 0, "fsType": "ext4"}},
    {"name": "azure-file", "azureFile": {"secretName": "azure-credentials", "shareName": "share", "readOnly": True}},
    {
        "name": "flex",
        "flexVolume": {
            "driver": "example.com/flex",
            "fsType": "ext4",
            "secretRef": _SECRET_REF,
            "options": {"size": "10", "a": "b c"},
        },
    },
    {"name": "flex-plain", "flexVolume": {"driver": "example.com/flex"}},
    {"name": "flocker", "flocker": {"datasetName": "data"}},
    {
        "name": "downward",
        "downwardAPI": {
            "items": [
                {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
                {"path": "cpu", "resourceFieldRef": {"containerName": "main", "resource": "limits.cpu"}},
            ]
        },
    },
    {
        "name": "projected",
        "projected": {
            "sources": [
                {"serviceAccountToken": {"path": "token", "expirationSeconds": 3607}},
                {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
                {"downwardAPI": {"items": [{"path": "n", "fieldRef": {"fieldPath": "metadata.namespace"}}]}},
                {"secret": {"name": "nova-config", "optional": True}},
            ]
        },
    },
    {"name": "csi-plain", "csi": {"driver": "plain.example.com"}},
    {
        "name": "csi",
        "csi": {
            "driver": "csi.example.com",
            "fsType": "ext4",
            "readOnly": True,
            "volumeAttributes": {"b": "2", "a": "1", "long": "x" * 300},
        },
    },
    {"name": "image", "image": {"reference": "quay.io/example/data:v1", "pullPolicy": "IfNotPresent"}},
    {
        "name": "ephemeral",
        "ephemeral": {
            "volumeClaimTemplate": {
                "metadata": {"labels": {"a": "b", "c": "d"}, "annotations": {"e": "f", "g": "h"}},
                "spec": {
                    "accessModes": ["ReadWriteOnce"],
                    "storageClassName": "fast",
                    "resources": {"requests": {"storage": "1Gi"}},
                    "dataSource": {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "before"},
                },
            }
        },
    },
    {
        "name": "ephemeral-plain",
        "ephemeral": {
            "volumeClaimTemplate": {
                "spec": {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}}
            }
        },
    },
]


def _env(name: str, **source: Any) -> Object:
    return {"name": name, "valueFrom": source}


def _resource(name: str, resource: str, **more: Any) -> Object:
    return _env(name, resourceFieldRef={"containerName": "main", "resource": resource, **more})


ENVIRONMENT: list[Object] = [
    {"name": "EMPTY"},
    {"name": "PLAIN", "value": "value"},
    {"name": "LINES", "value": "one\ntwo\n\nfour\n"},
    {"name": "TABS", "value": "a\tb"},
    {"name": "ESCAPES", "value": "\x1b[31mred\rover"},
    _env("NAME", fieldRef={"fieldPath": "metadata.name"}),
    _env("NAMESPACE", fieldRef={"apiVersion": "v1", "fieldPath": "metadata.namespace"}),
    _env("ADDRESS", fieldRef={"fieldPath": "status.podIP"}),
    _env("IDENTITY", fieldRef={"fieldPath": "metadata.uid"}),
    _env("LABEL", fieldRef={"fieldPath": "metadata.labels['app']"}),
    _env("ACCOUNT", fieldRef={"fieldPath": "spec.serviceAccountName"}),
    _resource("CPU", "limits.cpu"),
    _resource("CPU_MILLI", "limits.cpu", divisor="1m"),
    _resource("MEMORY", "limits.memory"),
    _resource("MEMORY_MI", "limits.memory", divisor="1Mi"),
    _resource("ASKED", "requests.cpu"),
    _resource("DISK", "requests.ephemeral-storage", divisor="1Gi"),
    _resource("PAGES", "limits.hugepages-2Mi", divisor="1Mi"),
    _env("SECRET", secretKeyRef={"name": "osp-secret", "key": "a-key"}),
    _env("SECRET_OPTIONAL", secretKeyRef={"name": "osp-secret", "key": "a-key", "optional": True}),
    _env("MAP", configMapKeyRef={"name": "cinder-scripts", "key": "a-key", "optional": False}),
]

SOURCES: list[Object] = [
    {"configMapRef": {"name": "settings"}},
    {"configMapRef": {"name": "settings", "optional": True}, "prefix": "MAP_"},
    {"secretRef": {"name": "hidden"}},
    {"secretRef": {"name": "hidden", "optional": True}, "prefix": "SECRET_"},
]

TOLERATIONS: list[Object] = [
    {"operator": "Exists"},
    {"key": "a", "operator": "Exists"},
    {"key": "b", "operator": "Equal", "value": "c", "effect": "NoSchedule"},
    {"key": "d", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
    {"operator": "Exists", "effect": "PreferNoSchedule"},
    {"key": "e", "value": "f"},
]

_BIG = {
    "cpu": "1500m",
    "memory": "1536Mi",
    "hugepages-2Mi": "64Mi",
    "ephemeral-storage": "10Gi",
    "example.com/gpu": "2",
}


def _main(**more: Any) -> Object:
    return {"name": "main", "image": "quay.io/example/main:1", **more}


def _pod(name: str, *, status: Object | None = None, metadata: Object | None = None, **spec: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": SPACE, **(metadata or {})},
        "spec": {"containers": [_main()], **spec},
        "status": status or {"phase": "Pending"},
    }


def _status(name: str, *, ready: bool = False, restarts: int = 0, **state: Any) -> Object:
    last = state.pop("last", {})
    return {
        "name": name,
        "image": f"quay.io/example/{name}:1",
        "imageID": f"quay.io/example/{name}@sha256:{'0' * 64}" if state else "",
        "containerID": f"cri-o://{'1' * 64}" if state else "",
        "ready": ready,
        "restartCount": restarts,
        "state": state,
        "lastState": last,
    }


def _ended(code: int, **more: Any) -> Object:
    return {"terminated": {"exitCode": code, "startedAt": TIME, "finishedAt": LATER, **more}}


_RUNNING: dict[str, Any] = {"running": {"startedAt": TIME}}


def _running(name: str, *statuses: Object, **more: Any) -> Object:
    """The status of a pod that runs."""
    return {
        "phase": "Running",
        "startTime": TIME,
        "hostIP": "192.168.1.1",
        "podIP": "10.0.0.9",
        "podIPs": [{"ip": "10.0.0.9"}, {"ip": "fd00::9"}],
        "conditions": [{"type": "Ready", "status": "True"}, {"type": "example.com/gate", "status": "False"}],
        "containerStatuses": list(statuses) or [_status(name, ready=True, **_RUNNING)],
        **more,
    }


def pods() -> list[Object]:
    """The pods, in states that a cluster knows."""
    return [
        _pod("bare"),
        _pod("nominated", status={"phase": "Pending", "nominatedNodeName": "other"}),
        _pod(
            "everything",
            metadata={
                "labels": {"app": "everything", "a.example.com/b": ""},
                "annotations": {
                    "short": "a",
                    "long": "word " * 60,
                    "lines": "first\nsecond\n" + "x" * 200 + "\n",
                    "ends": "with a line feed\n",
                    "wide": "\u00e9" * 69 + "\u00e9\u00e9\u00e9",
                    "kubectl.kubernetes.io/last-applied-configuration": "{}",
                },
                "ownerReferences": [
                    {"apiVersion": "v1", "kind": "ConfigMap", "name": "other", "uid": "1", "controller": False},
                    {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "set", "uid": "2", "controller": True},
                ],
            },
            nodeName="exhibit-busy",
            serviceAccountName="default",
            nodeSelector={"disk": "ssd", "zone": "a"},
            tolerations=TOLERATIONS,
            readinessGates=[{"conditionType": "example.com/gate"}, {"conditionType": "example.com/unset"}],
            securityContext={"seccompProfile": {"type": "Localhost", "localhostProfile": "profiles/a.json"}},
            topologySpreadConstraints=[
                {
                    "maxSkew": 2,
                    "topologyKey": "zone",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {
                        "matchLabels": {"z": "1", "a": "2"},
                        "matchExpressions": [
                            {"key": "k", "operator": "In", "values": ["y", "x"]},
                            {"key": "l", "operator": "NotIn", "values": ["z"]},
                            {"key": "m", "operator": "Exists"},
                            {"key": "n", "operator": "DoesNotExist"},
                        ],
                    },
                },
                {
                    "maxSkew": 1,
                    "topologyKey": "host",
                    "whenUnsatisfiable": "DoNotSchedule",
                    "labelSelector": {"matchLabels": {"app": "x"}},
                },
            ],
            volumes=VOLUMES,
            initContainers=[
                {"name": "first", "image": "i", "command": ["sh", "-c", "echo a\necho b"], "args": ["x", "y\nz"]},
                {"name": "sidecar", "image": "s", "restartPolicy": "Always", "resources": {"requests": {"cpu": "50m"}}},
            ],
            containers=[
                _main(
                    ports=[
                        {"containerPort": 80, "name": "http"},
                        {"containerPort": 53, "protocol": "UDP", "hostPort": 53},
                    ],
                    env=ENVIRONMENT,
                    envFrom=SOURCES,
                    resources={"limits": _BIG, "requests": {**_BIG, "cpu": "250m"}},
                    securityContext={"seccompProfile": {"type": "RuntimeDefault"}},
                    livenessProbe={
                        "httpGet": {"path": "/health?x=y z", "port": "http", "scheme": "HTTPS", "host": "::1"},
                        "initialDelaySeconds": 3,
                        "timeoutSeconds": 4,
                        "periodSeconds": 5,
                        "failureThreshold": 7,
                    },
                    readinessProbe={"tcpSocket": {"port": 80}, "successThreshold": 2},
                    startupProbe={"exec": {"command": ["cat", "/tmp/a b"]}},
                    volumeMounts=[
                        {"name": "empty", "mountPath": "/z", "readOnly": True},
                        {"name": "map", "mountPath": "/a", "subPath": 'sub"path'},
                    ],
                    volumeDevices=[{"name": "claim", "devicePath": "/dev/xvdb"}],
                ),
                {
                    "name": "one-port",
                    "image": "quay.io/example/one:1",
                    "ports": [{"containerPort": 9000, "hostPort": 9000}],
                    "securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "b.json"}},
                    "livenessProbe": {"grpc": {"port": 9000, "service": "svc"}},
                    "readinessProbe": {"grpc": {"port": 9000}},
                    "startupProbe": {"httpGet": {"port": 9000}},
                },
            ],
            status=_running(
                "main",
                _status("main", ready=True, restarts=3, **_RUNNING, last=_ended(137, reason="OOMKilled", signal=9)),
                _status("one-port", waiting={"reason": "CrashLoopBackOff", "message": "back-off"}),
                initContainerStatuses=[
                    _status("first", ready=True, **_ended(0, reason="Completed", message="done\nwell")),
                    _status("sidecar", **_RUNNING),
                ],
                reason="Reason",
                message="A message.",
                qosClass="Burstable",
            ),
        ),
        _pod("completed", nodeName="exhibit-busy", status={"phase": "Succeeded", "containerStatuses": [
            _status("main", **_ended(0, reason="Completed"))]}),
        _pod("failed", nodeName="exhibit-busy", status={"phase": "Failed", "reason": "Evicted", "message": "The node "
             "was low on resource: memory.", "startTime": TIME}),
        _pod(
            "init-failing",
            nodeName="exhibit-busy",
            initContainers=[{"name": "init", "image": "i"}],
            status={
                "phase": "Pending",
                "podIP": "10.0.0.10",
                "initContainerStatuses": [
                    _status("init", restarts=9, waiting={"reason": "CrashLoopBackOff"}, last=_ended(1, reason="Error"))
                ],
                "containerStatuses": [_status("main", waiting={"reason": "PodInitializing"})],
            },
        ),
        _pod(
            "guaranteed",
            nodeName="exhibit-busy",
            containers=[_main(resources={"limits": {"cpu": "2", "memory": "4Gi"}})],
            status=_running("main"),
        ),
        _pod(
            "whole-pod",
            nodeName="exhibit-busy",
            resources={"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}},
            status=_running("main"),
        ),
        _pod(
            "resized",
            nodeName="exhibit-busy",
            containers=[_main(resources={"requests": {"cpu": "100m", "memory": "64Mi"}})],
            status=_running(
                "main",
                {
                    **_status("main", ready=True, **_RUNNING),
                    "allocatedResources": {"cpu": "300m", "memory": "64Mi"},
                    "resources": {"requests": {"cpu": "200m", "memory": "128Mi"}, "limits": {"cpu": "1"}},
                },
            ),
        ),
        _pod("leaving", nodeName="exhibit-plain", metadata={"finalizers": ["example.com/stay"]},
             terminationGracePeriodSeconds=45, status=_running("main")),
        _pod("debugged", nodeName="exhibit-plain", status=_running("main")),
        _pod(
            "mirror",
            nodeName="exhibit-plain",
            metadata={"annotations": {"kubernetes.io/config.mirror": "0123456789abcdef"}},
            hostNetwork=True,
            priorityClassName="system-node-critical",
            status=_running("main"),
        ),
    ]  # fmt: skip


def nodes() -> list[Object]:
    """The nodes: busy, plain, and one of which nothing is known."""
    conditions = [
        {
            "type": "Ready",
            "status": status,
            "lastHeartbeatTime": TIME,
            "lastTransitionTime": TIME,
            "reason": "Kubelet",
            "message": "a message",
        }
        for status in ("True",)
    ]
    info = {
        "machineID": "m", "systemUUID": "s", "bootID": "b", "kernelVersion": "5.14", "osImage": "RHCOS",
        "containerRuntimeVersion": "cri-o://1.31", "kubeletVersion": "v1.31.5", "kubeProxyVersion": "",
        "operatingSystem": "linux", "architecture": "amd64",
    }  # fmt: skip
    capacity = {
        "cpu": "8", "memory": "32Gi", "ephemeral-storage": "100Gi", "hugepages-1Gi": "0", "hugepages-2Mi": "1Gi",
        "pods": "250", "example.com/gpu": "4", "attachable-volumes-csi-x": "39",
    }  # fmt: skip
    return [
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": "exhibit-busy",
                "labels": {"node-role.kubernetes.io/worker": "", "kubernetes.io/role": "gpu", "kubernetes.io/os": "l"},
            },
            "spec": {
                "taints": [
                    {"key": "z", "effect": "NoSchedule"},
                    {"key": "a", "value": "b", "effect": "NoSchedule"},
                    {"key": "m", "effect": "NoExecute", "timeAdded": TIME},
                ],
                "unschedulable": True,
                "podCIDR": "10.1.0.0/24",
                "podCIDRs": ["10.1.0.0/24", "fd01::/64"],
                "providerID": "openstack:///a",
            },
            "status": {
                "conditions": conditions,
                "capacity": capacity,
                "allocatable": {**capacity, "cpu": "7500m", "memory": "31.5Gi"},
                "nodeInfo": info,
            },
        },
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": "exhibit-plain"},
            "spec": {},
            "status": {
                "conditions": [{**conditions[0], "status": "Unknown", "reason": "NodeStatusUnknown"}],
                "capacity": {"cpu": "4", "memory": "16Gi", "pods": "110"},
                "nodeInfo": info,
            },
        },
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "exhibit-unknown"}, "spec": {}, "status": {}},
    ]


def leases() -> list[Object]:
    """The lease of one node, and one that nobody holds."""
    head = {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease"}
    return [
        {
            **head,
            "metadata": {"name": "exhibit-busy", "namespace": "kube-node-lease"},
            "spec": {
                "holderIdentity": "exhibit-busy",
                "leaseDurationSeconds": 40,
                "acquireTime": "2026-01-15T08:00:00.000001Z",
                "renewTime": "2026-01-15T09:00:00.123456Z",
            },
        },
        {**head, "metadata": {"name": "exhibit-plain", "namespace": "kube-node-lease"}, "spec": {}},
    ]


def slices() -> list[Object]:
    """Devices of a node: more pools than are shown."""
    return [
        {
            "apiVersion": "resource.k8s.io/v1",
            "kind": "ResourceSlice",
            "metadata": {"name": f"exhibit-{number}"},
            "spec": {
                "driver": f"driver-{number % 2}.example.com",
                "pool": {"name": f"pool-{number:02}", "generation": 1, "resourceSliceCount": 1},
                "nodeName": "exhibit-busy",
                "devices": [{"name": f"device-{at}"} for at in range(number % 3 + 1)],
            },
        }
        for number in range(12)
    ]


def events() -> list[Object]:
    """Events of the old and the new form, of pods, of a static pod, of nodes by uid and by name, and of others."""
    return [
        _event("one", "everything", message=" spaces around \n", fieldPath="spec.containers{main}"),
        _event("many", "everything", count=17, first=TIME, reason="BackOff", type="Warning"),
        _event("series", "everything", series={"count": 5, "lastObservedTime": "2026-01-15T09:20:00.000000Z"}),
        _event("new", "everything", new=True),
        _event("mirror", "mirror", uid="0123456789abcdef"),
        _event("other-uid", "bare", uid="not-this-one"),
        _event("node-by-uid", "exhibit-busy", kind="Node", message="by uid"),
        _event("node-by-name", "exhibit-busy", kind="Node", uid="exhibit-busy", message="by name"),
        _event("node-stranger", "exhibit-busy", kind="Node", uid="someone-else", message="not shown"),
    ]


def _event(name: str, about: str, **more: Any) -> Object:
    kind = more.get("kind", "Pod")
    namespace = {} if kind == "Node" else {"namespace": SPACE}
    involved = {"kind": kind, "name": about, "apiVersion": "v1", **namespace}
    if "fieldPath" in more:
        involved["fieldPath"] = more["fieldPath"]
    if "uid" in more:
        involved["uid"] = more["uid"]
    is_new = more.get("new") or "series" in more
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": name, "namespace": "default" if kind == "Node" else SPACE},
        "involvedObject": involved,
        "reason": more.get("reason", "Because"),
        "message": more.get("message", "a message"),
        "type": more.get("type", "Normal"),
        **({"series": more["series"]} if "series" in more else {}),
        **(
            {
                "eventTime": "2026-01-15T09:10:00.000000Z",
                "reportingComponent": "example.com/controller",
                "reportingInstance": "controller-0",
                "action": "Act",
            }
            if is_new
            else {
                "source": {"component": "kubelet", "host": "h"},
                "firstTimestamp": more.get("first", LATER),
                "lastTimestamp": LATER,
                "count": more.get("count", 1),
            }
        ),
    }
