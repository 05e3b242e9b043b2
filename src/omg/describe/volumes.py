"""The volumes of a pod: what each kind of source is, and its fields.

A line of the table is a kind of source; a source that isn't in the table is unknown, as kubectl shows it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from omg.describe.quantities import quantity
from omg.describe.sheet import LAST_APPLIED, LONGEST, NONE, Sheet, reference, table, words, yes

Source = Mapping[str, Any]
Field = tuple[str, Callable[[Source], object]]


def _text(key: str, default: object = "") -> Callable[[Source], object]:
    def shown(source: Source) -> object:
        value = source.get(key)
        return default if value is None else value

    return shown


def _flag(key: str) -> Callable[[Source], object]:
    return lambda source: yes(source.get(key))


def _list(key: str) -> Callable[[Source], object]:
    return lambda source: words(source.get(key))


def _size(source: Source) -> str:
    limit = quantity(source.get("sizeLimit") or "0")
    return str(limit) if limit.amount > 0 else "<unset>"


_FS: Field = ("FSType:", _text("fsType"))
_READ_ONLY: Field = ("ReadOnly:", _flag("readOnly"))
_SECRET: Field = ("SecretRef:", lambda source: reference(source.get("secretRef")))
_OPTIONAL: Field = ("Optional:", _flag("optional"))
_PATH: Field = ("Path:", _text("path"))

_IN_POD = "that shares a pod's lifetime"

SOURCES: Mapping[str, tuple[str, tuple[Field, ...]]] = {
    "hostPath": (
        "HostPath (bare host directory volume)",
        (_PATH, ("HostPathType:", _text("type", NONE))),
    ),
    "emptyDir": (
        f"EmptyDir (a temporary directory {_IN_POD})",
        (("Medium:", _text("medium")), ("SizeLimit:", _size)),
    ),
    "gcePersistentDisk": (
        "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        (("PDName:", _text("pdName")), _FS, ("Partition:", _text("partition", 0)), _READ_ONLY),
    ),
    "awsElasticBlockStore": (
        "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        (("VolumeID:", _text("volumeID")), _FS, ("Partition:", _text("partition", 0)), _READ_ONLY),
    ),
    "gitRepo": (
        "GitRepo (a volume that is pulled from git when the pod is created)",
        (("Repository:", _text("repository")), ("Revision:", _text("revision"))),
    ),
    "secret": (
        "Secret (a volume populated by a Secret)",
        (("SecretName:", _text("secretName")), _OPTIONAL),
    ),
    "configMap": (
        "ConfigMap (a volume populated by a ConfigMap)",
        (("Name:", _text("name")), _OPTIONAL),
    ),
    "nfs": (
        "NFS (an NFS mount that lasts the lifetime of a pod)",
        (("Server:", _text("server")), _PATH, _READ_ONLY),
    ),
    "iscsi": (
        "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        (
            ("TargetPortal:", _text("targetPortal")),
            ("IQN:", _text("iqn")),
            ("Lun:", _text("lun", 0)),
            ("ISCSIInterface", _text("iscsiInterface")),
            _FS,
            _READ_ONLY,
            ("Portals:", _list("portals")),
            ("DiscoveryCHAPAuth:", _flag("chapAuthDiscovery")),
            ("SessionCHAPAuth:", _flag("chapAuthSession")),
            _SECRET,
            ("InitiatorName:", _text("initiatorName", NONE)),
        ),
    ),
    "glusterfs": (
        f"Glusterfs (a Glusterfs mount on the host {_IN_POD})",
        (("EndpointsName:", _text("endpoints")), _PATH, _READ_ONLY),
    ),
    "persistentVolumeClaim": (
        "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        (("ClaimName:", _text("claimName")), _READ_ONLY),
    ),
    "rbd": (
        f"RBD (a Rados Block Device mount on the host {_IN_POD})",
        (
            ("CephMonitors:", _list("monitors")),
            ("RBDImage:", _text("image")),
            _FS,
            ("RBDPool:", _text("pool")),
            ("RadosUser:", _text("user")),
            ("Keyring:", _text("keyring")),
            _SECRET,
            _READ_ONLY,
        ),
    ),
    "quobyte": (
        f"Quobyte (a Quobyte mount on the host {_IN_POD})",
        (("Registry:", _text("registry")), ("Volume:", _text("volume")), _READ_ONLY),
    ),
    "azureDisk": (
        "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        (
            ("DiskName:", _text("diskName")),
            ("DiskURI:", _text("diskURI")),
            ("Kind: ", _text("kind")),
            _FS,
            ("CachingMode:", _text("cachingMode")),
            _READ_ONLY,
        ),
    ),
    "vsphereVolume": (
        "vSphereVolume (a Persistent Disk resource in vSphere)",
        (("VolumePath:", _text("volumePath")), _FS, ("StoragePolicyName:", _text("storagePolicyName"))),
    ),
    "cinder": (
        "Cinder (a Persistent Disk resource in OpenStack)",
        (("VolumeID:", _text("volumeID")), _FS, _READ_ONLY, _SECRET),
    ),
    "photonPersistentDisk": (
        "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
        (("PdID:", _text("pdID")), _FS),
    ),
    "portworxVolume": (
        "PortworxVolume (a Portworx Volume resource)",
        (("VolumeID:", _text("volumeID")),),
    ),
    "scaleIO": (
        "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        (
            ("Gateway:", _text("gateway")),
            ("System:", _text("system")),
            ("Protection Domain:", _text("protectionDomain")),
            ("Storage Pool:", _text("storagePool")),
            ("Storage Mode:", _text("storageMode")),
            ("VolumeName:", _text("volumeName")),
            _FS,
            _READ_ONLY,
        ),
    ),
    "cephfs": (
        f"CephFS (a CephFS mount on the host {_IN_POD})",
        (
            ("Monitors:", _list("monitors")),
            _PATH,
            ("User:", _text("user")),
            ("SecretFile:", _text("secretFile")),
            _SECRET,
            _READ_ONLY,
        ),
    ),
    "storageos": (
        "StorageOS (a StorageOS Persistent Disk resource)",
        (
            ("VolumeName:", _text("volumeName")),
            ("VolumeNamespace:", _text("volumeNamespace")),
            _FS,
            _READ_ONLY,
        ),
    ),
    "fc": (
        "FC (a Fibre Channel disk)",
        (
            ("TargetWWNs:", lambda source: ", ".join(source.get("targetWWNs") or ())),
            ("LUN:", _text("lun", NONE)),
            _FS,
            _READ_ONLY,
        ),
    ),
    "azureFile": (
        "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        (("SecretName:", _text("secretName")), ("ShareName:", _text("shareName")), _READ_ONLY),
    ),
    "flexVolume": (
        "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        (
            ("Driver:", _text("driver")),
            _FS,
            _SECRET,
            _READ_ONLY,
            ("Options:", lambda source: table(source.get("options"))),
        ),
    ),
    "flocker": (
        "Flocker (a Flocker volume mounted by the Flocker agent)",
        (("DatasetName:", _text("datasetName")), ("DatasetUUID:", _text("datasetUUID"))),
    ),
    "image": (
        "Image (a container image or OCI artifact)",
        (("Reference:", _text("reference")), ("PullPolicy:", _text("pullPolicy"))),
    ),
}


def describe_volumes(sheet: Sheet, volumes: Iterable[Mapping[str, Any]] | None) -> None:
    """Write every volume of a pod."""
    shown = list(volumes or ())
    sheet.put(0, "Volumes:\n" if shown else f"Volumes:\t{NONE}\n")
    for volume in shown:
        sheet.put(1, f"{volume['name']}:\n")
        kind = next((key for key, value in volume.items() if key != "name" and value is not None), "")
        if kind in _OTHERS:
            _OTHERS[kind](sheet, volume[kind])
        elif kind in SOURCES:
            what, fields = SOURCES[kind]
            sheet.lines(2, what, ((name, show(volume[kind])) for name, show in fields))
        else:
            sheet.put(1, "<unknown>\n")


def _ephemeral(sheet: Sheet, source: Source) -> None:
    sheet.line(
        2,
        "Type",
        "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
    )
    if source.get("volumeClaimTemplate") is not None:
        _claim(sheet.nested(2), source["volumeClaimTemplate"])


def _claim(sheet: Sheet, template: Mapping[str, Any]) -> None:
    metadata, spec = template.get("metadata") or {}, template["spec"]
    annotations = metadata.get("annotations") or {}
    sheet.line(0, "StorageClass", annotations.get(_BETA_CLASS) or spec.get("storageClassName") or "")
    sheet.line(0, "Volume", spec.get("volumeName") or "")
    sheet.labels("Labels", metadata.get("labels"))
    sheet.annotations({name: value for name, value in annotations.items() if name != LAST_APPLIED})
    sheet.line(0, "Capacity", "0" if spec.get("volumeName") else "")
    sheet.line(0, "Access Modes", "")
    if spec.get("volumeMode") is not None:
        sheet.line(0, "VolumeMode", spec["volumeMode"])
    origin = spec.get("dataSource")
    if origin is not None:
        sheet.put(0, "DataSource:\n")
        if origin.get("apiGroup") is not None:
            sheet.line(1, "APIGroup", origin["apiGroup"])
        sheet.line(1, "Kind", origin.get("kind", ""))
        sheet.line(1, "Name", origin.get("name", ""))


_BETA_CLASS = "volume.beta.kubernetes.io/storage-class"


def _downward(sheet: Sheet, source: Source) -> None:
    sheet.line(2, "Type", "DownwardAPI (a volume populated by information about the pod)")
    sheet.put(2, "Items:\n")
    for item in source.get("items") or ():
        if item.get("fieldRef") is not None:
            sheet.put(3, f"{item['fieldRef'].get('fieldPath', '')} -> {item['path']}\n")
        if item.get("resourceFieldRef") is not None:
            sheet.put(3, f"{item['resourceFieldRef'].get('resource', '')} -> {item['path']}\n")


def _projected(sheet: Sheet, source: Source) -> None:
    sheet.line(2, "Type", "Projected (a volume that contains injected data from multiple sources)")
    for one in source.get("sources") or ():
        for key, name in (("secret", "SecretName"), ("downwardAPI", ""), ("configMap", "ConfigMapName")):
            if one.get(key) is None:
                continue
            if not name:
                sheet.line(2, "DownwardAPI", "true")
            else:
                sheet.line(2, name, one[key].get("name", ""))
                sheet.line(2, "Optional", yes(one[key].get("optional")))
            break
        else:
            if one.get("serviceAccountToken") is not None:
                sheet.line(2, "TokenExpirationSeconds", one["serviceAccountToken"].get("expirationSeconds", 0))


def _csi(sheet: Sheet, source: Source) -> None:
    fields = (("Driver:", source.get("driver", "")), ("FSType:", source.get("fsType") or ""))
    what = "CSI (a Container Storage Interface (CSI) volume source)"
    sheet.lines(2, what, (*fields, ("ReadOnly:", yes(source.get("readOnly")))))
    attributes = sorted((source.get("volumeAttributes") or {}).items())
    sheet.put(2, "VolumeAttributes:\t")
    if not attributes:
        sheet.put(0, f"{NONE}\n")
    for number, (name, value) in enumerate(attributes):
        if number:
            sheet.put(2, "")
            sheet.put(2, "\t")
        line = f"{name}={value}".encode()
        dots = "..." if len(line) > LONGEST else ""
        sheet.put(2, line[:LONGEST].decode("utf-8", "replace") + f"{dots}\n")


_OTHERS: Mapping[str, Callable[[Sheet, Source], None]] = {
    "ephemeral": _ephemeral,
    "downwardAPI": _downward,
    "projected": _projected,
    "csi": _csi,
}
