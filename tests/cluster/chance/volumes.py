"""Volumes from every source."""

from collections.abc import Callable
from typing import Any

from tests.cluster.chance.draws import Draw, Object

_SIGNER = "example.com/signer"


def volumes(draw: Draw) -> list[Object]:
    """Some of every source, each with its own name."""
    chosen = draw.some(sorted(SOURCES), draw.choice((0, 2, 5, 12)))
    return [{"name": f"v{at}-{kind.lower()}", kind: SOURCES[kind](draw)} for at, kind in enumerate(chosen)]


def _ref(draw: Draw) -> Object:
    return {"name": draw.label()}


def _items(draw: Draw) -> list[Object]:
    return [{"key": f"k{at}", "path": f"p{at}/{draw.word()}"} for at in range(draw.randint(1, 3))]


def _downward_items(draw: Draw) -> list[Object]:
    found = []
    for at in range(draw.randint(1, 4)):
        if draw.flag():
            field = draw.choice(
                (
                    "metadata.labels",
                    "metadata.name",
                    "metadata.uid",
                    "metadata.annotations['a/b']",
                    "metadata.annotations",
                )
            )
            found.append({"path": f"d{at}", "fieldRef": {"fieldPath": field}})
        else:
            of = {
                "containerName": "c0",
                "resource": draw.choice(("limits.cpu", "requests.memory", "limits.hugepages-2Mi")),
            }
            found.append({"path": f"d{at}", "resourceFieldRef": {**of, **draw.fields(0.3, divisor=lambda: "1")}})
    return found


def _projection(draw: Draw, at: int) -> Object:
    path = f"f{at}"
    match draw.randrange(6):
        case 0:
            return {"secret": {**_ref(draw), **draw.fields(0.5, optional=draw.flag)}}
        case 1:
            return {"configMap": {**_ref(draw), **draw.fields(0.5, optional=draw.flag)}}
        case 2:
            return {"downwardAPI": {"items": [{"path": path, "fieldRef": {"fieldPath": "metadata.namespace"}}]}}
        case 3:
            return {
                "serviceAccountToken": {
                    "path": path,
                    **draw.fields(0.5, expirationSeconds=lambda: draw.randint(600, 10**6), audience=draw.label),
                }
            }
        case 4:
            of = draw.choice(
                ({"name": "bundle"}, {"signerName": _SIGNER, "labelSelector": {"matchLabels": {"a": "b"}}})
            )
            return {"clusterTrustBundle": {**of, "path": path, **draw.fields(0.5, optional=draw.flag)}}
    return {
        "podCertificate": {
            "signerName": _SIGNER,
            "keyType": "ED25519",
            "credentialBundlePath": path,
            **draw.fields(0.5, maxExpirationSeconds=lambda: 86400),
        }
    }


def _claim(draw: Draw) -> Object:
    modes = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany")
    spec = {
        "accessModes": draw.some(modes) or ["ReadWriteOncePod"],
        "resources": {"requests": {"storage": draw.choice(("1Gi", "1500M", "0.5Ti"))}},
        **draw.fields(
            0.4,
            storageClassName=draw.label,
            volumeMode=lambda: draw.choice(("Block", "Filesystem")),
            dataSource=lambda: draw.choice(
                (
                    {"kind": "PersistentVolumeClaim", "name": "before"},
                    {"apiGroup": "snapshot.storage.k8s.io", "kind": "VolumeSnapshot", "name": "before"},
                )
            ),
        ),
    }
    metadata = draw.fields(0.5, labels=draw.labels, annotations=draw.annotations)
    if draw.flag(0.2):
        metadata.setdefault("annotations", {})["volume.beta.kubernetes.io/storage-class"] = draw.choice(("", "beta"))
        spec.pop("storageClassName", None)
    return {"volumeClaimTemplate": {"spec": spec, **({"metadata": metadata} if metadata else {})}}


def _empty(draw: Draw) -> Object:
    medium = draw.choice(("", "Memory", "HugePages", "HugePages-2Mi"))
    return {**({"medium": medium} if medium else {}), **draw.fields(0.5, sizeLimit=draw.quantity)}


def _iscsi(draw: Draw) -> Object:
    return {
        "targetPortal": "10.0.0.1:3260",
        "iqn": "iqn.2001-04.com.example:storage.disk1",
        "lun": draw.randrange(256),
        **_more(
            draw,
            portals=lambda: draw.some(("10.0.0.2:3260", "10.0.0.3:3260", "a b")),
            iscsiInterface=draw.word,
            initiatorName=lambda: "iqn.2001-04.com.example:initiator",
        ),
        **draw.choice(({}, {"chapAuthSession": True, "chapAuthDiscovery": draw.flag(), "secretRef": _ref(draw)})),
    }


def _fc(draw: Draw) -> Object:
    if draw.flag():
        return {"wwids": ["3600508b400105e210000900000490000"], **_more(draw)}
    names = ["500a0982991b8dc5", "500a0982891b8dc5"]
    return {"targetWWNs": names[: draw.randint(1, 2)], "lun": draw.randrange(9), **_more(draw)}


def _more(draw: Draw, **found: Callable[[], Any]) -> Object:
    """What most disks may have, and what this one may have beside."""
    return draw.fields(0.5, fsType=draw.word, readOnly=draw.flag, **found)


def _only(draw: Draw, **found: Callable[[], Any]) -> Object:
    return draw.fields(0.5, readOnly=draw.flag, **found)


def _host(draw: Draw) -> Object:
    kinds = ("", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket", "CharDevice", "BlockDevice")
    return {"path": f"/var/lib/{draw.line()}", **draw.fields(0.5, type=lambda: draw.choice(kinds))}


def _azure_disk(draw: Draw) -> Object:
    managed = {"kind": "Managed", "diskURI": "/subscriptions/a/b"}
    other = {"kind": draw.choice(("Shared", "Dedicated")), "diskURI": "https://blob.example.com/d.vhd"}
    caching = draw.fields(0.5, cachingMode=lambda: draw.choice(("None", "ReadOnly", "ReadWrite")))
    return {"diskName": "d", **draw.choice((managed, other, {"diskURI": "https://x/y"})), **caching, **_more(draw)}


def _flex(draw: Draw) -> Object:
    options = {draw.word(): draw.line() for _ in range(draw.randint(0, 3))}
    named = _more(draw, secretRef=lambda: _ref(draw))
    return {"driver": "example.com/flex", **({"options": options} if options else {}), **named}


def _csi(draw: Draw) -> Object:
    attributes = {draw.text(): draw.text() for _ in range(draw.randint(0, 4))}
    named = _more(draw, nodePublishSecretRef=lambda: _ref(draw))
    return {"driver": "csi.example.com", **({"volumeAttributes": attributes} if attributes else {}), **named}


def _scale_io(draw: Draw) -> Object:
    whole = {"gateway": "https://gw/x", "system": draw.line(), "volumeName": "v", "secretRef": _ref(draw)}
    names = ("protectionDomain", "storagePool", "storageMode")
    return {**whole, **_more(draw, **dict.fromkeys(names, draw.word))}


def _image(draw: Draw) -> Object:
    policies = ("Always", "Never", "IfNotPresent")
    return {"reference": f"quay.io/{draw.word()}:v1", **draw.fields(0.5, pullPolicy=lambda: draw.choice(policies))}


SOURCES: dict[str, Callable[[Draw], Object]] = {
    "hostPath": _host,
    "emptyDir": _empty,
    "gcePersistentDisk": lambda draw: {"pdName": draw.label(), **_more(draw, partition=lambda: draw.randint(0, 9))},
    "awsElasticBlockStore": lambda draw: {"volumeID": "vol-1", **_more(draw, partition=lambda: draw.randint(0, 9))},
    "gitRepo": lambda draw: {
        "repository": draw.text() or "r",
        **draw.fields(0.5, revision=draw.text, directory=draw.word),
    },
    "secret": lambda draw: {
        "secretName": draw.label(),
        **draw.fields(0.5, optional=draw.flag, items=lambda: _items(draw), defaultMode=lambda: 256),
    },
    "configMap": lambda draw: {
        "name": draw.label(),
        **draw.fields(0.5, optional=draw.flag, items=lambda: _items(draw)),
    },
    "nfs": lambda draw: {"server": draw.line(), "path": f"/{draw.line()}", **_only(draw)},
    "iscsi": _iscsi,
    "glusterfs": lambda draw: {"endpoints": draw.line(), "path": draw.line(), **_only(draw)},
    "persistentVolumeClaim": lambda draw: {"claimName": draw.label(), **_only(draw)},
    "ephemeral": _claim,
    "rbd": lambda draw: {
        "monitors": ["10.0.0.1:6789", "b c"][: draw.randint(1, 2)],
        "image": draw.line(),
        **_more(draw, pool=draw.word, user=draw.word, keyring=draw.line, secretRef=lambda: _ref(draw)),
    },
    "quobyte": lambda draw: {
        "registry": "registry:7861,other:7861",
        "volume": draw.line(),
        **_only(draw, user=draw.word, group=draw.word, tenant=draw.word),
    },
    "downwardAPI": lambda draw: {"items": _downward_items(draw)},
    "azureDisk": _azure_disk,
    "vsphereVolume": lambda draw: {
        "volumePath": draw.line(),
        **draw.fields(0.5, fsType=draw.word, storagePolicyName=draw.line, storagePolicyID=draw.word),
    },
    "cinder": lambda draw: {"volumeID": draw.label(), **_more(draw, secretRef=lambda: _ref(draw))},
    "photonPersistentDisk": lambda draw: {"pdID": draw.label(), **draw.fields(0.5, fsType=draw.word)},
    "portworxVolume": lambda draw: {"volumeID": draw.label(), **_more(draw)},
    "scaleIO": _scale_io,
    "cephfs": lambda draw: {
        "monitors": ["10.0.0.1:6789", "b:1", "c"][: draw.randint(1, 3)],
        **_only(
            draw, path=lambda: f"/{draw.word()}", user=draw.word, secretFile=draw.line, secretRef=lambda: _ref(draw)
        ),
    },
    "storageos": lambda draw: {
        "volumeName": draw.label(),
        **_more(draw, volumeNamespace=draw.label, secretRef=lambda: _ref(draw)),
    },
    "fc": _fc,
    "azureFile": lambda draw: {"secretName": draw.label(), "shareName": draw.line(), **_only(draw)},
    "flexVolume": _flex,
    "flocker": lambda draw: draw.choice(({"datasetName": draw.label()}, {"datasetUUID": draw.label()})),
    "projected": lambda draw: {"sources": [_projection(draw, at) for at in range(draw.randint(0, 6))]},
    "csi": _csi,
    "image": _image,
}
